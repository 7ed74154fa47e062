/** What kernels share: operators of any rank on back ends whose own have a limit, by folding axes around them. Callers tidy. */
import type { Tensor, Tfjs } from './operator';

/** WebGL's transpose and its broadcasting reach six axes. */
const RANK_LIMIT = 6;

/** The product of plain sizes. */
export const volume = (shape: readonly number[]): number => shape.reduce((all, size) => all * size, 1);

/** A copy of the list that a tfjs function may keep. */
export const sizes = (shape: readonly number[]): number[] => [...shape];

/** Permutes the axes, whatever the rank: sizes of 1 vanish and axes that stay neighbours count as one. */
export function transpose(tf: Tfjs, x: Tensor, permutation: readonly number[]): Tensor {
  if (x.rank <= RANK_LIMIT) return tf.transpose(x, sizes(permutation));
  const target = permutation.map((axis) => x.shape[axis] ?? 1);
  const folded = foldPermutation(x.shape, permutation);
  const reshaped = tf.reshape(x, folded.shape);
  const moved = folded.shape.length <= RANK_LIMIT ? tf.transpose(reshaped, folded.permutation) : transposeByMoves(tf, reshaped, folded.permutation);
  return tf.reshape(moved, target);
}

function foldPermutation(shape: readonly number[], permutation: readonly number[]): { shape: number[]; permutation: number[] } {
  const runs: number[][] = [];
  let last = Number.NaN;
  for (const axis of permutation.filter((at) => shape[at] !== 1)) {
    const run = runs.at(-1);
    const between = shape.slice(last + 1, axis);
    if (run !== undefined && axis > last && between.every((size) => size === 1)) run.push(axis);
    else runs.push([axis]);
    last = axis;
  }
  const order = runs.map((run, index) => ({ first: run[0] ?? 0, size: volume(run.map((axis) => shape[axis] ?? 1)), index })).sort((a, b) => a.first - b.first);
  return { shape: order.map(({ size }) => size), permutation: runs.map((_, index) => order.findIndex((entry) => entry.index === index)) };
}

/** One axis at a time is brought to its place, as a transpose of four. */
function transposeByMoves(tf: Tfjs, x: Tensor, permutation: readonly number[]): Tensor {
  const order = x.shape.map((size, axis) => ({ axis, size }));
  let moved = x;
  permutation.forEach((axis, place) => {
    const from = order.findIndex((entry) => entry.axis === axis);
    if (from === place) return;
    const all = order.map(({ size }) => size);
    const blocks = [volume(all.slice(0, place)), volume(all.slice(place, from)), all[from] ?? 1, volume(all.slice(from + 1))];
    moved = tf.transpose(tf.reshape(moved, blocks), [0, 2, 1, 3]);
    order.splice(place, 0, ...order.splice(from, 1));
  });
  return moved;
}

/** The permutation that undoes the other. */
export const inverse = (permutation: readonly number[]): number[] => permutation.map((_, axis) => permutation.indexOf(axis));

/** The permutation that moves the axes, in their order, behind all others. */
export function axesLast(rank: number, axes: readonly number[]): number[] {
  const others = Array.from({ length: rank }, (_, axis) => axis).filter((axis) => !axes.includes(axis));
  return [...others, ...axes];
}

/** Runs `run` on the tensor with one axis moved to the end, and moves it back: for kernels that know the last axis alone. */
export function onLastAxis(tf: Tfjs, x: Tensor, axis: number, run: (x: Tensor) => Tensor): Tensor {
  if (axis === x.rank - 1) return run(x);
  const permutation = axesLast(x.rank, [axis]);
  return transpose(tf, run(transpose(tf, x, permutation)), inverse(permutation));
}

/** The tensor as three axes: what stands before the axis, the axis, what stands after it. */
export function aroundAxis(tf: Tfjs, x: Tensor, axis: number): Tensor {
  return tf.reshape(x, [volume(x.shape.slice(0, axis)), x.shape[axis] ?? 1, volume(x.shape.slice(axis + 1))]);
}

/** numpy's broadcasting of plain shapes that are known to fit. */
export function broadcastSizes(shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  const aligned = shapes.map((shape) => alignedTo(shape, rank));
  return Array.from({ length: rank }, (_, axis) => aligned.reduce((size, shape) => (size === 1 ? (shape[axis] ?? 1) : size), 1));
}

const alignedTo = (shape: readonly number[], rank: number): number[] => [...Array.from({ length: rank - shape.length }, () => 1), ...shape];

/** Runs an elementwise kernel with numpy's broadcasting over any rank, `limit` being the rank that the kernel reaches by itself. */
export function broadcasted(tf: Tfjs, inputs: readonly Tensor[], run: (...inputs: Tensor[]) => Tensor, limit = RANK_LIMIT): Tensor {
  const shape = broadcastSizes(inputs.map((input) => input.shape));
  if (shape.length <= limit) return run(...inputs);
  const aligned = inputs.map((input) => alignedTo(input.shape, shape.length));
  const groups = foldGroups(aligned, shape);
  const ready = inputs.map((input, at) => {
    const own = aligned[at] ?? [];
    return groups.length <= limit ? tf.reshape(input, foldShape(own, groups)) : tf.reshape(spread(tf, input, own, shape), [-1]);
  });
  return tf.reshape(run(...ready), shape);
}

/** Neighbouring axes that all operands treat alike (each full, or each 1) go together. */
function foldGroups(aligned: readonly (readonly number[])[], shape: readonly number[]): number[][] {
  const groups: number[][] = [];
  let pattern = '';
  shape.forEach((size, axis) => {
    const own = aligned.map((operand) => operand[axis] === size).join();
    const group = groups.at(-1);
    if (group !== undefined && (own === pattern || size === 1)) group.push(axis);
    else groups.push([axis]);
    if (size !== 1 || group === undefined) pattern = own;
  });
  return groups;
}

const foldShape = (shape: readonly number[], groups: readonly (readonly number[])[]): number[] => groups.map((group) => volume(group.map((axis) => shape[axis] ?? 1)));

/** The tensor repeated along its axes of size 1 until it has the shape: each axis in a tile of three. */
export function spread(tf: Tfjs, x: Tensor, aligned: readonly number[], shape: readonly number[]): Tensor {
  const own = [...aligned];
  let spreadOut = x;
  shape.forEach((size, axis) => {
    if (own[axis] === size) return;
    spreadOut = tf.tile(tf.reshape(spreadOut, [volume(own.slice(0, axis)), 1, volume(own.slice(axis + 1))]), [1, size, 1]);
    own[axis] = size;
  });
  return tf.reshape(spreadOut, sizes(shape));
}
