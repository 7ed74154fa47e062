/** Functions that make tensors. */
import { constant, type Dim, sizeOfReal } from '../../../dim/index';
import { isReal, numberOf } from '../../../ops/attributes';
import type { Attribute, Attributes, DType } from '../../../ops/operator';
import type { TensorValue, Value } from '../../common/values';
import type { Bound } from '../binder';
import { composed, either, type Line, type Lines, op, taking } from '../line';
import { literalOf } from '../literals';
import { numberType } from '../operands';

const DTYPE = '*, dtype: dtype = None, generator: any = None';
const dtypeIn = (bound: Bound, fallback: DType): DType => (bound.attributes['dtype'] ?? fallback) as DType;

/** `zeros(2, 3)`, `zeros((2, 3))`, `zeros(size=(2, 3))`. */
const made = (operator: 'fill' | 'random', attributes: Attributes): Line =>
  op(operator, `*size: extents as shape, ${DTYPE}`, { dtype: 'float32', ...attributes });

/** One value everywhere: its own dtype where none is given. */
function full(bound: Bound, fallback?: DType): Value {
  const value = bound.value('fill_value');
  const dtype = dtypeIn(bound, fallback ?? numberType(value) ?? (value.kind === 'tensor' ? value.dtype : 'float32'));
  const take = taking(bound);
  const { shape = [] } = bound.attributes;
  if (value.kind === 'tensor') return take('broadcastTo', [value], { shape });
  const number = value.kind === 'number' ? value.real : value.kind === 'boolean' ? Number(value.value) : undefined;
  return number === undefined ? bound.host.constant(sizes(shape), dtype, null) : take('fill', [], { shape, value: number, dtype });
}

const sizes = (shape: Attribute): Dim[] =>
  (Array.isArray(shape) ? shape : [shape]).map((size) => (isReal(size) ? sizeOfReal(size) : undefined) ?? constant(Number(size)));

const FULL = composed(`size: extents as shape, fill_value: any, ${DTYPE}`, (bound) => full(bound));

/** The operand's shape, where its rank is known. */
const shapeOf = (x: TensorValue): Attribute | undefined => x.shape?.map((size): Attribute => ({ kind: 'size', size }));

/** A tensor like another: its shape, and its dtype where none is given. */
function like(bound: Bound, operator: 'fill' | 'random', attributes: (bound: Bound) => Attributes): Value {
  const x = bound.tensor('input');
  const shape = shapeOf(x);
  if (shape === undefined) return bound.host.unknownTensor(x.reason ?? 'the rank of the tensor is not known', [x], x.dtype);
  return taking(bound)(operator, [], { ...attributes(bound), shape, dtype: dtypeIn(bound, x.dtype) });
}

const alike = (operator: 'fill' | 'random', attributes: Attributes, more = ''): Line =>
  composed(`input, ${more}${DTYPE}, memory_format: any = None`, (bound) => like(bound, operator, () => attributes));

const filled = (bound: Bound): Attributes => {
  const value = bound.value('fill_value');
  return { value: value.kind === 'number' ? value.real : value.kind === 'boolean' ? Number(value.value) : 0 };
};

/** Of zeros and ones the operator keeps the operand as its own input. */
const likeStep = (operator: 'zerosLike' | 'onesLike'): Line =>
  composed(`input, ${DTYPE}, memory_format: any = None`, (bound) => {
    const take = taking(bound);
    const x = take(operator, [bound.tensor('input')]);
    const dtype = dtypeIn(bound, x.dtype);
    return dtype === x.dtype ? x : take('cast', [x], { dtype });
  });

/** A new tensor of the operand's dtype. */
const fresh = (attributes: Attributes): Line =>
  composed(`input, *size: extents as shape, dtype: dtype = None`, (bound) =>
    taking(bound)('fill', [], { ...attributes, ...bound.attributes, dtype: dtypeIn(bound, bound.tensor('input').dtype) }),
  );

/** Whole numbers by default, unless one of the three is none. */
function arange(bound: Bound): Value {
  const types = ['start', 'end', 'step'].map((name) => numberType(bound.value(name)));
  const dtype = dtypeIn(bound, types.includes('float32') ? 'float32' : 'int64');
  const { start = 0, end = 0, step = 1 } = bound.attributes;
  return taking(bound)('range', [], { start, stop: end, step, dtype });
}

/** As a range, its end included. */
const closedRange: Line = composed('start: number = 0, end: number, step: number = 1, *, dtype: dtype = None', (bound) => {
  const { start = 0, end = 0, step = 1 } = bound.attributes;
  const last = numberOf(end);
  return taking(bound)('range', [], { start, stop: last === undefined ? end : last + 1, step, dtype: dtypeIn(bound, 'float32') });
});

/** Nested lists, numbers and tensors as a tensor. */
function fromData(bound: Bound): Value {
  const data = bound.value('data');
  const take = taking(bound);
  if (data.kind === 'tensor') {
    const dtype = dtypeIn(bound, data.dtype);
    return dtype === data.dtype ? take('identity', [data], { copy: true }) : take('cast', [data], { dtype });
  }
  const literal = literalOf(data, bound.host);
  if (typeof literal === 'string') return bound.host.unknownTensor(literal, [], dtypeIn(bound, 'float32'));
  return bound.host.constant(literal.shape, dtypeIn(bound, literal.dtype), literal.values);
}

const FROM_DATA = composed('data: any, *, dtype: dtype = None', fromData);
const AS_TENSOR = composed('data: any, dtype: dtype = None', (bound) => {
  const data = bound.value('data');
  return data.kind === 'tensor' && dtypeIn(bound, data.dtype) === data.dtype ? data : fromData(bound);
});

const eye: Line = composed(`n: size, m: size = None, ${DTYPE}`, (bound) => {
  const { n = 0, m } = bound.attributes;
  return taking(bound)('eye', [], { rows: n, columns: m ?? n, dtype: dtypeIn(bound, 'float32') });
});

/** Drawn at the given probabilities. */
const bernoulli: Line = composed('input, p: any = None, *, generator: any = None', (bound) => {
  const x = bound.tensor('input');
  const shape = shapeOf(x);
  if (shape === undefined) return bound.host.unknownTensor(x.reason ?? 'the rank of the tensor is not known', [x], x.dtype);
  const take = taking(bound);
  const drawn = take('random', [], { shape, distribution: 'uniform', dtype: 'float32' });
  return take('cast', [take('less', [drawn, x])], { dtype: x.dtype });
});

const linspace: Line = op('linspace', 'start: number, end: number as stop, steps: size as count, *, dtype: dtype = None');

/** Values of a window: their number is known. */
const windowOf: Line = composed('window_length: size, periodic: any = None, *args: any, dtype: dtype = None', (bound) =>
  bound.host.constant(sizes(bound.attributes['window_length'] ?? 0), dtypeIn(bound, 'float32'), null),
);

/** Functions of `torch` alone. */
export const creation: Lines = {
  zeros: made('fill', { value: 0 }),
  ones: made('fill', { value: 1 }),
  empty: made('fill', { value: 0 }),
  rand: made('random', { distribution: 'uniform' }),
  randn: made('random', { distribution: 'normal' }),
  full: FULL,
  empty_strided: op('fill', `size: extents as shape, stride: any, ${DTYPE}`, { value: 0, dtype: 'float32' }),
  randint: either(
    op('random', `high: number as max, size: extents as shape, ${DTYPE}`, { distribution: 'uniform', min: 0, dtype: 'int64' }),
    op('random', `low: number as min, high: number as max, size: extents as shape, ${DTYPE}`, { distribution: 'uniform', dtype: 'int64' }),
  ),
  randperm: composed(`n: size, ${DTYPE}`, (bound) => bound.host.constant(sizes(bound.attributes['n'] ?? 0), dtypeIn(bound, 'int64'), null)),
  normal: either(
    op('random', 'mean: number, std: number, size: extents as shape, *, dtype: dtype = None', { distribution: 'normal', dtype: 'float32' }),
    composed('input: tensor, std: term = None', (bound) => like(bound, 'random', () => ({ distribution: 'normal' }))),
  ),
  arange: either(
    composed('end: number, *, dtype: dtype = None', arange),
    composed('start: number, end: number, step: number = 1, *, dtype: dtype = None', arange),
  ),
  range: closedRange,
  linspace,
  logspace: composed('start: number, end: number as stop, steps: size as count, base: number as - = 10, *, dtype: dtype = None', (bound) => {
    const take = taking(bound);
    const base = numberOf(bound.attribute('base')) ?? 10;
    return take('exp', [take('mul', [take('linspace', [], bound.attributes), Math.log(base)])]);
  }),
  eye,
  tensor: FROM_DATA,
  scalar_tensor: FROM_DATA,
  as_tensor: AS_TENSOR,
  asarray: AS_TENSOR,
  from_numpy: composed('data: any', fromData),
  hann_window: windowOf,
  hamming_window: windowOf,
  blackman_window: windowOf,
  bartlett_window: windowOf,
  zeros_like: likeStep('zerosLike'),
  ones_like: likeStep('onesLike'),
  empty_like: likeStep('zerosLike'),
  full_like: composed(`input, fill_value: any, ${DTYPE}, memory_format: any = None`, (bound) => like(bound, 'fill', filled)),
  rand_like: alike('random', { distribution: 'uniform' }),
  randn_like: alike('random', { distribution: 'normal' }),
  randint_like: alike('random', { distribution: 'uniform' }, 'low: any = None, high: any = None, '),
  bernoulli,
};

/** Methods alone. */
export const creationMethods: Lines = {
  // Of a tensor's own type; of a list it would be the data.
  new: fresh({ value: 0 }),
  new_zeros: fresh({ value: 0 }),
  new_ones: fresh({ value: 1 }),
  new_empty: fresh({ value: 0 }),
  new_full: composed('input, size: extents as shape, fill_value: any, dtype: dtype = None', (bound) => full(bound, bound.tensor('input').dtype)),
  new_tensor: composed('input, data: any, dtype: dtype = None', (bound) =>
    fromData({ ...bound, attributes: { dtype: bound.tensor('input').dtype, ...bound.attributes } }),
  ),
  bernoulli,
};

/** Random values in place of a tensor's own: `x.normal_()`. */
export const REFILLS: Readonly<Record<string, Line>> = {
  normal: composed('input, mean: number = 0, std: number = 1, *, generator: any = None', (bound) =>
    like(bound, 'random', ({ attributes }) => ({ ...attributes, distribution: 'normal' })),
  ),
  uniform: composed('input, from: number as min = 0, to: number as max = 1, *, generator: any = None', (bound) =>
    like(bound, 'random', ({ attributes }) => ({ ...attributes, distribution: 'uniform' })),
  ),
  random: composed('input, *args: any, generator: any = None', (bound) => like(bound, 'random', () => ({ distribution: 'uniform', min: 0, max: 2 ** 24 }))),
  exponential: composed('input, lambd: any = None, *, generator: any = None', (bound) => like(bound, 'random', () => ({ distribution: 'uniform' }))),
  bernoulli: composed('input, p: any = None, *, generator: any = None', (bound) => like(bound, 'random', () => ({ distribution: 'bernoulli' }))),
  fill: composed('input, value: any', (bound) => like(bound, 'fill', ({ value }) => filled({ ...bound, value: () => value('value') }))),
  zero: composed('input', (bound) => like(bound, 'fill', () => ({ value: 0 }))),
  copy: composed('input, src: term, non_blocking: any = None', (bound) => {
    const x = bound.tensor('input');
    const shape = shapeOf(x);
    const take = taking(bound);
    const source = bound.tensor('src');
    const cast = source.dtype === x.dtype ? source : take('cast', [source], { dtype: x.dtype });
    return shape === undefined ? x : take('broadcastTo', [cast], { shape });
  }),
};
