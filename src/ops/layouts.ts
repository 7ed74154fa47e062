/** How views and copies of torch lie in memory: the layout rules that operators' definitions name. */
import { asConstant, compare, constant, type Dim, type Facts, isUnknown, multiply, ONE, same, ZERO } from '../dim/index';
import { listOf, numberOf, readFlag, readNumber, readNumbers, readSize, readText } from './attributes';
import { readEquation } from './equation';
import { fromFront } from './kernels';
import type { Attributes, LayoutRule, TensorType } from './operator';
import { axisOf } from './rules';
import { channelsLast, isChannelsLast, kept, type Laid, named, rowByRow, type Strides, stridesOf, viewed } from './strides';

/** A rule on the first operand's strides, where they are followed; row by row it is asked only where `always`. */
const onStrides =
  (
    rule: (strides: readonly Dim[], x: Laid, attributes: Attributes, outputs: readonly TensorType[], facts: Facts) => readonly (readonly Dim[])[] | undefined,
  ): LayoutRule =>
  ([x], attributes, outputs, facts) => {
    const strides = x && stridesOf(x);
    const made = strides && x ? rule(strides, x, attributes, outputs, facts) : undefined;
    return outputs.map(({ shape }, at) => {
      const own = made?.[at];
      return own === undefined || own.length !== shape.length ? 'unknown' : named(shape, own);
    });
  };

/** Axes in another order. */
export const permuted = onStrides((strides, x, attributes) => {
  const perm = readNumbers(attributes, 'perm') ?? [...x.shape.keys()].reverse();
  const moved = perm.map((axis) => strides[fromFront(axis, x.shape.length)]);
  return moved.every((stride) => stride !== undefined) ? [moved as Dim[]] : undefined;
});

/** The stride of a new axis of size 1 before `axis`. */
const newStride = (shape: readonly Dim[], strides: readonly Dim[], axis: number): Dim => {
  const [size, stride] = [shape[axis], strides[axis]];
  return size && stride ? multiply(size, stride) : ONE;
};

/** One more axis of size 1. */
export const widened = onStrides((strides, x, attributes) => {
  const axis = fromFront(readNumber(attributes, 'axis', 0), x.shape.length + 1);
  return [strides.toSpliced(axis, 0, newStride(x.shape, strides, axis))];
});

/** Without axes of size 1: those that the result does not have. */
export const narrowed = onStrides((strides, x, attributes, [output]) => {
  const given = readNumbers(attributes, 'axes') ?? [];
  const axes = given.length === 0 ? [...x.shape.keys()] : given.map((axis) => fromFront(axis, x.shape.length));
  const gone = axes.filter((axis) => asConstant(x.shape[axis] ?? ZERO) === 1);
  return x.shape.length - gone.length === output?.shape.length ? [strides.filter((_, axis) => !gone.includes(axis))] : undefined;
});

/** Repeated without a copy: the stride of what is repeated is 0. */
export const repeated = onStrides((strides, x, _, [output], facts) => {
  const shape = output?.shape ?? [];
  const more = shape.length - x.shape.length;
  const made: Dim[] = [];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const [size, own] = [shape[axis] ?? ONE, x.shape[axis - more]];
    const isOne = own === undefined ? asConstant(size) === 1 : compare(own, ONE, facts) === 'equal';
    if (own !== undefined && !isOne) made.unshift(strides[axis - more] ?? ONE);
    else if (asConstant(size) === 1)
      made.unshift(
        own === undefined ? newStride(shape, made.length > 0 ? [...Array<Dim>(axis + 1).fill(ONE), ...made] : [], axis + 1) : (strides[axis - more] ?? ONE),
      );
    else made.unshift(ZERO);
  }
  return [made];
});

/** Windows along an axis: their distance is a step's, and in them the axis is as it was. */
export const windowed = onStrides((strides, x, attributes) => {
  const axis = fromFront(readNumber(attributes, 'axis', 0), x.shape.length);
  const stride = strides[axis] ?? ONE;
  return [[...strides.with(axis, multiply(stride, readSize(attributes, 'step'))), stride]];
});

/** A part along axes, each output alike. */
export const parted = onStrides((strides, _, __, outputs) => outputs.map(() => strides));

/** One for each place of an axis. */
export const unstacked = onStrides((strides, x, attributes, outputs) => {
  const axis = axisOf(readNumber(attributes, 'axis', 0), x.shape.length);
  return axis === undefined ? undefined : outputs.map(() => strides.toSpliced(axis, 1));
});

/** A subscript's ranges, places and new axes. */
export const subscriptLayout = onStrides((strides, x, attributes) => {
  const [begins, ends, steps] = [listOf(attributes.begin), listOf(attributes.end), listOf(attributes.strides)];
  const [made, dropped] = [readNumbers(attributes, 'newAxes') ?? [], readNumbers(attributes, 'shrinkAxes') ?? []];
  const given = Math.max(begins.length, ends.length);
  const spare = x.shape.length - (given - made.length);
  const ellipsis = readNumber(attributes, 'ellipsis', given);
  const layout: Dim[] = [];
  let axis = 0;
  const whole = () => {
    for (let at = 0; at < spare; at++) layout.push(strides[axis++] ?? ONE);
  };
  for (let at = 0; at <= given; at++) {
    if (at === ellipsis) whole();
    if (at === given) break;
    if (made.includes(at)) layout.push(newStride(x.shape, strides, axis));
    else if (dropped.includes(at)) axis++;
    else {
      const step = numberOf(steps[at] ?? 1);
      if (step === undefined) return undefined;
      layout.push(multiply(strides[axis++] ?? ONE, constant(step)));
    }
  }
  return [layout];
});

/** Another shape: a view where the strides allow one, else a copy row by row; what was asked to be a view is taken for one. */
export const reshapedLayout: LayoutRule = ([x], _, outputs, facts) => outputs.map(({ shape }) => (x ? reshapedStrides(x, shape, facts) : 'unknown'));

/** The layout under another shape, by a view or else a copy. */
export function reshapedStrides(x: Laid, shape: readonly Dim[], facts: Facts): Strides {
  const view = viewed(x, shape, facts);
  if (view.kind === 'view') return view.strides;
  return view.kind === 'none' && view.sure ? 'contiguous' : 'unknown';
}

/** The operand itself, a copy that keeps the order of its axes, or one row by row. */
export const copied: LayoutRule = (inputs, attributes, outputs, facts) =>
  outputs.map(({ shape }) => {
    if (attributes.contiguous === null) return 'unknown';
    if (readFlag(attributes, 'contiguous')) return 'contiguous';
    return readFlag(attributes, 'copy') ? kept(inputs, shape, facts) : (inputs[0]?.strides ?? 'unknown');
  });

/** The operand itself where it has the type already. */
export const castLayout: LayoutRule = (inputs, attributes, outputs, facts) =>
  outputs.map(({ shape }) => (inputs[0]?.dtype === readText(attributes, 'dtype') ? inputs[0].strides : kept(inputs, shape, facts)));

/** The operand itself in one mode, a copy in the other: followed where both lie alike. */
export const alikeLayout: LayoutRule = (inputs, _, outputs, facts) =>
  outputs.map(({ shape }) => {
    const [own, copy] = [inputs[0]?.strides ?? 'unknown', kept(inputs.slice(0, 1), shape, facts)];
    if (own === copy) return own;
    const isSame =
      Array.isArray(own) && Array.isArray(copy) && (own as readonly Dim[]).every((stride, axis) => same(stride, (copy as readonly Dim[])[axis] ?? ONE));
    return isSame ? own : 'unknown';
  });

/** By the condition, where that lies row by row and is as large as the result. */
export const whereLayout: LayoutRule = (inputs, _, outputs) => {
  const [condition] = inputs;
  const all = inputs.every(({ strides }) => strides === 'contiguous');
  return outputs.map(({ shape }) => {
    const full =
      condition?.strides === 'contiguous' && condition.shape.length === shape.length && condition.shape.every((size, axis) => same(size, shape[axis] ?? ONE));
    return all || (full && !shape.some(isUnknown)) ? 'contiguous' : 'unknown';
  });
};

/** A product of more axes on the right is made the other way round. */
export const productLayout: LayoutRule = ([a, b], _, outputs) =>
  outputs.map(() => ((a?.shape.length ?? 0) >= (b?.shape.length ?? 0) ? 'contiguous' : 'unknown'));

/** Images with their channels last stay so; what lies row by row gives what does. */
export const imagesKept: LayoutRule = (inputs, _, outputs) => {
  const all = inputs.every(({ strides }) => strides === 'contiguous');
  const [x] = inputs;
  return outputs.map(({ shape }) =>
    all ? 'contiguous' : x && isChannelsLast(x) && shape.length === x.shape.length ? named(shape, channelsLast(shape)) : 'unknown',
  );
};

/** Images may lie with their channels last: other tensors lie row by row. */
export const imageLayout: LayoutRule = (inputs, _, outputs) => {
  const all = inputs.every(({ strides }) => strides === 'contiguous');
  return outputs.map(({ shape }) => (all || shape.length < 4 || shape.length > 5 ? 'contiguous' : 'unknown'));
};

/** A contraction of two: batches, then the axes of the one that comes first in the result, then the other's, brought into the order that is asked for. */
export const einsumLayout: LayoutRule = (inputs, attributes, outputs) => {
  const [output] = outputs;
  const equation = readEquation(
    readText(attributes, 'equation'),
    inputs.map(({ shape }) => shape.length),
  );
  const shape = output?.shape ?? [];
  if ('reason' in equation || inputs.length !== 2 || inputs.some((input) => input.shape.some((size) => isUnknown(size) || asConstant(size) === 1)))
    return outputs.map(() => 'unknown');
  const [left = [], right = []] = equation.operands;
  const distinct = [left, right].every((labels) => new Set(labels).size === labels.length);
  const gone = [...new Set([...left, ...right])].filter((label) => !equation.output.includes(label));
  if (!distinct || gone.length === 0 || gone.some((label) => !left.includes(label) || !right.includes(label))) return outputs.map(() => 'unknown');
  const among = (inLeft: boolean, inRight: boolean) => equation.output.filter((label) => left.includes(label) === inLeft && right.includes(label) === inRight);
  const [batch, own, other] = [among(true, true), among(true, false), among(false, true)];
  const isBefore = (first: readonly string[], second: readonly string[]) =>
    Math.max(-1, ...first.map((label) => equation.output.indexOf(label))) < Math.min(...second.map((label) => equation.output.indexOf(label)));
  if (!isBefore(own, other) && !isBefore(other, own)) return outputs.map(() => 'unknown');
  const natural = isBefore(own, other) ? [...batch, ...own, ...other] : [...batch, ...other, ...own];
  const rows = rowByRow(natural.map((label) => shape[equation.output.indexOf(label)] ?? ONE));
  return [
    named(
      shape,
      equation.output.map((label) => rows[natural.indexOf(label)] ?? ONE),
    ),
  ];
};
