/** Helpers of kernels: tfjs's calls at any rank. Back ends stop at rank 4 to 6; above that, axes are folded around the call. */
import type { heldAs } from './dtypes';
import type { Operator, Tensor, Tfjs } from './operator';

type Kernel = Operator['kernel'];
/** A kernel that finishes at once. */
type DirectKernel = (tf: Tfjs, inputs: readonly Tensor[], attributes: Parameters<Kernel>[2], context: Parameters<Kernel>[3]) => Tensor | Tensor[];

/** The highest ranks that WebGL's kernels take. */
const LIMIT = { elementwise: 6, transpose: 6, tile: 5, pad: 4, where: 4 };

/** A kernel whose temporaries are freed when it ends. */
export function tidied(kernel: DirectKernel): Kernel {
  return (tf, inputs, attributes, context) => tf.tidy(() => kernel(tf, inputs, attributes, context));
}

/** Operand `index`, which the operator's rule has checked to be there. */
export function operand(inputs: readonly Tensor[], index: number): Tensor {
  const tensor = inputs[index];
  if (!tensor) throw new Error(`operand ${index} is missing`);
  return tensor;
}

/** The number of elements of a shape of numbers. */
export function count(shape: readonly number[]): number {
  return shape.reduce((total, size) => total * size, 1);
}

/** The axis counted from the front. */
export function fromFront(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** Whole indices counted from the front, as torch reads those below 0. */
export function wrapped(tf: Tfjs, indices: Tensor, size: number): Tensor {
  const counted = (each: Tensor) => tf.where(tf.less(each, tf.scalar(0, 'int32')), tf.add(each, tf.scalar(size, 'int32')), each);
  return elementwise(tf, [indices], counted, LIMIT.where);
}

/** The shape that shapes of numbers broadcast to. */
export function broadcastShape(shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => shapes.map((shape) => shape[axis - rank + shape.length] ?? 1).find((size) => size !== 1) ?? 1);
}

/** Shapes with neighbouring axes merged wherever all of them broadcast alike there. */
export function foldBroadcast(shapes: readonly (readonly number[])[]): number[][] {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  const folded: number[][] = shapes.map(() => []);
  let last = '';
  for (let axis = 0; axis < rank; axis++) {
    const sizes = shapes.map((shape) => shape[axis - rank + shape.length] ?? 1);
    if (sizes.every((size) => size === 1)) continue;
    const pattern = sizes.map((size) => (size === 1 ? '1' : 'n')).join('');
    for (const [index, size] of sizes.entries()) {
      const shape = folded[index] as number[];
      if (pattern === last) shape.push((shape.pop() as number) * size);
      else shape.push(size);
    }
    last = pattern;
  }
  return folded;
}

/** An elementwise call at any rank: `limit` is the highest that it takes. */
export function elementwise(tf: Tfjs, inputs: readonly Tensor[], call: (...inputs: Tensor[]) => Tensor, limit = LIMIT.elementwise): Tensor {
  if (inputs.every((input) => input.rank <= limit)) return call(...inputs);
  const shape = broadcastShape(inputs.map((input) => input.shape));
  const folded = foldBroadcast(inputs.map((input) => input.shape));
  if (folded.every((sizes) => sizes.length <= limit))
    return tf.reshape(call(...inputs.map((input, index) => tf.reshape(input, folded[index] as number[]))), shape);
  const size = [count(shape)];
  return tf.reshape(call(...inputs.map((input) => tf.reshape(broadcastTo(tf, input, shape), size))), shape);
}

/** `tf.where` at any rank. */
export const choose = (tf: Tfjs, truth: Tensor, a: Tensor, b: Tensor): Tensor =>
  elementwise(tf, [truth, a, b], (...each) => tf.where(operand(each, 0), operand(each, 1), operand(each, 2)), LIMIT.where);

/** `tf.transpose` at any rank. */
export function transpose(tf: Tfjs, x: Tensor, perm: readonly number[]): Tensor {
  if (x.rank <= LIMIT.transpose) return tf.transpose(x, [...perm]);
  const shape = perm.map((axis) => x.shape[axis] as number);
  const order = x.shape.map((_, axis) => axis);
  let moved = tf.reshape(x, [-1]);
  for (const [to, axis] of perm.entries()) {
    const from = order.indexOf(axis);
    if (from === to) continue;
    const part = (start: number, end: number) => count(order.slice(start, end).map((source) => x.shape[source] as number));
    moved = tf.transpose(tf.reshape(moved, [part(0, to), part(to, from), part(from, from + 1), part(from + 1, x.rank)]), [0, 2, 1, 3]);
    order.splice(to, 0, ...order.splice(from, 1));
  }
  return tf.reshape(moved, shape);
}

/** `tf.broadcastTo` at any rank. */
export function broadcastTo(tf: Tfjs, x: Tensor, shape: readonly number[]): Tensor {
  if (shape.length <= LIMIT.tile) return tf.broadcastTo(x, [...shape]);
  const padded = [...Array<number>(shape.length - x.rank).fill(1), ...x.shape];
  return tile(
    tf,
    tf.reshape(x, padded),
    shape.map((size, axis) => (padded[axis] === 1 ? size : 1)),
  );
}

/** `tf.tile` at any rank. */
export function tile(tf: Tfjs, x: Tensor, reps: readonly number[]): Tensor {
  if (x.rank <= LIMIT.tile) return tf.tile(x, [...reps]);
  return reps.reduce<Tensor>(
    (tiled, times, axis) => (times === 1 ? tiled : alongAxis(tf, tiled, axis, (folded) => tf.tile(folded, [1, times, 1]))),
    tf.clone(x),
  );
}

/** Runs `call` with the axes before and after `axis` folded: it sees rank 3 and works on axis 1, whose size it may change. */
export function alongAxis(tf: Tfjs, x: Tensor, axis: number, call: (folded: Tensor) => Tensor): Tensor {
  const at = fromFront(axis, x.rank);
  const before = x.shape.slice(0, at);
  const after = x.shape.slice(at + 1);
  const result = call(tf.reshape(x, [count(before), x.shape[at] as number, count(after)]));
  return tf.reshape(result, [...before, result.shape[1] as number, ...after]);
}

/** `tf.pad` at any rank. */
export function padded(tf: Tfjs, x: Tensor, pairs: readonly (readonly [number, number])[], value = 0): Tensor {
  const sides = pairs.map(([before, after]): [number, number] => [before, after]);
  if (x.rank <= LIMIT.pad) return tf.pad(x, sides, value);
  return sides.reduce<Tensor>(
    (wide, [before, after], axis) =>
      before === 0 && after === 0
        ? wide
        : alongAxis(tf, wide, axis, (folded) =>
            tf.pad(
              folded,
              [
                [0, 0],
                [before, after],
                [0, 0],
              ],
              value,
            ),
          ),
    tf.clone(x),
  );
}

/** The permutation that undoes the other. */
export const inverse = (perm: readonly number[]): number[] => perm.map((_, axis) => perm.indexOf(axis));

/** The permutation that moves the axes, in their order, behind all others. */
export function axesLast(rank: number, axes: readonly number[]): number[] {
  const others = Array.from({ length: rank }, (_, axis) => axis).filter((axis) => !axes.includes(axis));
  return [...others, ...axes];
}

/** Runs `call` on the tensor with one axis moved to the end, and moves it back: for kernels that know the last axis alone. Of many axes the others are folded into one. */
export function onLastAxis(tf: Tfjs, x: Tensor, axis: number, call: (moved: Tensor) => Tensor): Tensor {
  if (axis === x.rank - 1) return onRows(tf, x, call);
  const perm = axesLast(x.rank, [axis]);
  return transpose(tf, onRows(tf, transpose(tf, x, perm), call), inverse(perm));
}

function onRows(tf: Tfjs, x: Tensor, call: (rows: Tensor) => Tensor): Tensor {
  if (x.rank <= LIMIT.elementwise) return call(x);
  const others = x.shape.slice(0, -1);
  const made = call(tf.reshape(x, [count(others), x.shape[x.rank - 1] as number]));
  return tf.reshape(made, [...others, ...made.shape.slice(1)]);
}

/** `tf.cast` at any rank. */
export const casted = (tf: Tfjs, x: Tensor, dtype: ReturnType<typeof heldAs>): Tensor => elementwise(tf, [x], (each) => tf.cast(each, dtype));
