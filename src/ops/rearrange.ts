/** einops' operations: axes taken apart, brought into another order, reduced, repeated and put together by a pattern. */
import { asConstant, constant, type Dim, exactDivide, floorDivide, isUnknown, NO_FACTS, ONE, product, UNKNOWN, ZERO } from '../dim/index';
import { listOf, readText, sizeOf } from './attributes';
import { computedIn } from './dtypes';
import { count, operand, tidied, tile, transpose } from './kernels';
import { reshapedStrides } from './layouts';
import type {
  Attributes,
  BoundAttributes,
  Demand,
  KernelContext,
  LayoutRule,
  Operator,
  RuleContext,
  ShapeResult,
  Tensor,
  TensorType,
  Tfjs,
  TorchStep,
} from './operator';
import { groupsAt, namesIn, type PatternAxis, type PatternGroup, type PatternTask, readPattern } from './pattern';
import { sizesAttribute } from './productSteps';
import { reductions } from './reduction';
import { failure, mustDivide, mustEqual, results, sizeAt, tensorType, unknownShape } from './rules';
import { named, rowByRow, stridesOf } from './strides';

type Lengths = Map<string, Dim>;

const taskOf = (attributes: Attributes): PatternTask => readText(attributes, 'task', 'rearrange') as PatternTask;

/** The lengths that are given beside the pattern, by axis. */
function givenLengths(attributes: Attributes): Lengths {
  const lengths = listOf(attributes.lengths);
  return new Map(listOf(attributes.axes).flatMap((axis, at) => (typeof axis === 'string' ? [[axis, sizeOf(lengths[at])] as const] : [])));
}

interface Read {
  readonly left: readonly PatternGroup[];
  readonly right: readonly PatternGroup[];
  readonly lengths: Lengths;
  readonly demands: readonly Demand[];
}

/** The pattern at the tensor's shape: every axis with its length, and what must hold for it. */
function readAt(shape: readonly Dim[], attributes: Attributes, context: RuleContext): Read | { readonly problem: string; readonly rank: number } {
  const lengths = givenLengths(attributes);
  const pattern = readPattern(readText(attributes, 'pattern'), taskOf(attributes), [...lengths.keys()], attributes.open === true);
  if ('problem' in pattern) return { problem: pattern.problem, rank: shape.length };
  const groups = groupsAt(pattern, shape.length);
  if ('problem' in groups) return { problem: groups.problem, rank: pattern.right.length };
  for (const { name, length } of [...groups.left, ...groups.right].flatMap(({ axes }) => axes)) if (length !== undefined) lengths.set(name, constant(length));
  const demands = groups.left.flatMap((group, axis) => fill(group, sizeAt(shape, axis), axis, lengths, context));
  return { ...groups, lengths, demands };
}

/** Takes one axis of the tensor apart: the one length that is not given follows. */
function fill({ axes }: PatternGroup, size: Dim, axis: number, lengths: Lengths, context: RuleContext): Demand[] {
  const open = axes.filter(({ name }) => !lengths.has(name));
  const known = product(axes.flatMap(({ name }) => lengths.get(name) ?? []));
  const at = [{ input: 0, axis }];
  const [only, second] = open;
  if (only === undefined) return mustEqual(size, known, 'pattern', at, context);
  for (const { name } of open) lengths.set(name, second !== undefined ? UNKNOWN : quotient(size, known, context));
  if (second !== undefined || axes.length === 1) return [];
  const division = exactDivide(size, known, context.facts);
  return division && !division.needs ? [] : mustDivide(known, size, 'pattern', at);
}

function quotient(size: Dim, by: Dim, { facts }: RuleContext): Dim {
  if (isUnknown(size) || isUnknown(by)) return UNKNOWN;
  return exactDivide(size, by, facts)?.quotient ?? floorDivide(size, by, facts);
}

const lengthsOf = (axes: readonly PatternAxis[], lengths: Lengths): Dim[] => axes.map(({ name }) => lengths.get(name) ?? UNKNOWN);
const sizesOf = (groups: readonly PatternGroup[], lengths: Lengths): Dim[] =>
  groups.map(({ axes }) => (axes.length === 0 ? ONE : product(lengthsOf(axes, lengths))));

function reductionOf(attributes: Attributes): Operator | undefined {
  const name = readText(attributes, 'reduction');
  return Object.hasOwn(reductions, name) ? (reductions as Record<string, Operator>)[name] : undefined;
}

function ruleOf(x: TensorType, attributes: Attributes, context: RuleContext): ShapeResult {
  const read = readAt(x.shape, attributes, context);
  if ('problem' in read)
    return failure([tensorType(unknownShape(read.rank), x.dtype)], 'pattern', { operator: 'rearrange', reason: read.problem }, [{ input: 0 }]);
  const shape = sizesOf(read.right, read.lengths);
  const reduced = namesIn(read.left).some((name) => !namesIn(read.right).includes(name));
  const rule = reduced ? reductionOf(attributes)?.shape([x], { axes: null, keepDims: false }, context) : undefined;
  const made = results([tensorType(shape, computedIn(attributes, rule?.outputs[0]?.dtype ?? x.dtype))], read.demands);
  return rule?.problem ? { ...made, problem: rule.problem } : made;
}

const numbers = (dims: readonly Dim[]): number[] => dims.map((dim) => asConstant(dim) ?? Number.NaN);

/** The reduction's own kernel over axes of a tensor. */
function reduce(tf: Tfjs, x: Tensor, axes: number[], attributes: BoundAttributes, context: KernelContext): Tensor {
  const reduction = reductionOf(attributes);
  if (axes.length === 0 || reduction === undefined) return x;
  return reduction.kernel(tf, [x], { axes, keepDims: false }, context) as Tensor;
}

function rearranged(tf: Tfjs, x: Tensor, attributes: BoundAttributes, context: KernelContext): Tensor {
  const read = readAt(x.shape.map(constant), attributes, { facts: NO_FACTS, runtime: context.runtime });
  if ('problem' in read) throw new Error(read.problem);
  const { left, right, lengths } = read;
  const [before, after] = [namesIn(left), namesIn(right)];
  const split = tf.reshape(
    x,
    numbers(
      lengthsOf(
        left.flatMap(({ axes }) => axes),
        lengths,
      ),
    ),
  );
  const gone = before.flatMap((name, axis) => (after.includes(name) ? [] : [axis]));
  const kept = before.filter((name) => after.includes(name));
  const order = after.filter((name) => before.includes(name)).map((name) => kept.indexOf(name));
  const moved = transpose(tf, reduce(tf, split, gone, attributes, context), order);
  const full = numbers(
    lengthsOf(
      right.flatMap(({ axes }) => axes),
      lengths,
    ),
  );
  const narrow = full.map((length, axis) => (before.includes(after[axis] ?? '') ? length : 1));
  const wide =
    count(full) === count(narrow)
      ? moved
      : tile(
          tf,
          tf.reshape(moved, narrow),
          full.map((length, axis) => length / (narrow[axis] as number)),
        );
  return tf.reshape(wide, numbers(sizesOf(right, lengths)));
}

/** Whether the strides allow what is put together on the right: neighbours on the left, in their order. */
function isView([x]: readonly TensorType[], attributes: Attributes): boolean {
  const read = readAt(x?.shape ?? [], attributes, { facts: NO_FACTS, runtime: 'torch' });
  if ('problem' in read) return false;
  const before = namesIn(read.left);
  const stays = namesIn(read.right).every((name) => before.includes(name)) && before.length === namesIn(read.right).length;
  return (
    stays && read.right.every(({ axes }) => axes.every(({ name }, at) => at === 0 || before.indexOf(name) === before.indexOf(axes[at - 1]?.name ?? '') + 1))
  );
}

/** A reshape, another order, a reduction, what is repeated, and a reshape: each as torch lays it out. */
const patternLayout: LayoutRule = ([x], attributes, [output], facts) => {
  const read = x && readAt(x.shape, attributes, { facts, runtime: 'torch' });
  if (!x || !output || !read || 'problem' in read) return ['unknown'];
  const { left, right, lengths } = read;
  const [before, after] = [namesIn(left), namesIn(right)];
  const split = lengthsOf(
    left.flatMap(({ axes }) => axes),
    lengths,
  );
  const parts = stridesOf({ ...x, shape: split, strides: reshapedStrides(x, split, facts) });
  const full = lengthsOf(
    right.flatMap(({ axes }) => axes),
    lengths,
  );
  if (parts === undefined) return ['unknown'];
  const reduces = before.some((name) => !after.includes(name));
  const kept = rowByRow(full.filter((_, axis) => before.includes(after[axis] ?? '')));
  let at = 0;
  const strides = after.map((name) => {
    const from = before.indexOf(name);
    return from < 0 ? ZERO : reduces ? (kept[at++] ?? ONE) : (parts[from] ?? ONE);
  });
  return [reshapedStrides({ ...x, shape: full, strides: named(full, strides) }, output.shape, facts)];
};

/** What einops makes of a pattern that reduces nothing: a reshape, another order, what is repeated, and a reshape (einops.rocks, `_apply_recipe`). */
function patternSteps(x: TensorType, attributes: Attributes): readonly TorchStep[] | undefined {
  const read = readAt(x.shape, attributes, { facts: NO_FACTS, runtime: 'torch' });
  if ('problem' in read) return undefined;
  const { left, right, lengths } = read;
  const [before, after] = [namesIn(left), namesIn(right)];
  if (before.some((name) => !after.includes(name))) return undefined;
  const made: TorchStep[] = [];
  const add = (operator: string, settings: Attributes): void => {
    made.push({ operator, inputs: [made.length], attributes: settings });
  };
  const lengthsIn = (groups: typeof left): readonly Dim[] =>
    lengthsOf(
      groups.flatMap(({ axes }) => axes),
      lengths,
    );
  const full = lengthsIn(right);
  add('reshape', sizesAttribute(lengthsIn(left)));
  add('transpose', { perm: after.filter((name) => before.includes(name)).map((name) => before.indexOf(name)) });
  if (after.length > before.length) {
    add('reshape', sizesAttribute(full.map((length, axis) => (before.includes(after[axis] ?? '') ? length : ONE))));
    add('broadcastTo', sizesAttribute(full));
  }
  add('reshape', sizesAttribute(sizesOf(right, lengths)));
  return made;
}

const rearrange: Operator = {
  name: 'rearrange',
  autocast: (attributes) => (['sum', 'prod'].includes(readText(attributes, 'reduction')) ? 'within' : undefined),
  strides: patternLayout,
  doc: 'Axes by a pattern such as `b n (h d) -> b h n d`, with the lengths of `axes` given; those that go are reduced, new ones repeat: einops.rocks/api/rearrange.',
  shape: ([x], attributes, context) =>
    x ? ruleOf(x, attributes, context) : failure([], 'argument', { operator: 'rearrange', reason: 'an operand is missing' }),
  storage: { torch: (inputs, attributes) => (isView(inputs, attributes) ? 'view' : 'copy'), tfjs: 'copy' },
  saved: (_, __, attributes) => (['max', 'min', 'prod', 'logSumExp'].includes(readText(attributes, 'reduction')) ? { inputs: [0], outputs: [0] } : {}),
  torchSteps: ([x], _at, attributes) => (x ? patternSteps(x, attributes) : undefined),
  kernel: tidied((tf, inputs, attributes, context) => rearranged(tf, operand(inputs, 0), attributes, context)),
};

/** Axes by patterns. */
export const patterns = { rearrange } satisfies Record<string, Operator>;
