/** Reductions, order, and running totals. */
import { constant, type Dim, floorDivide, subtract } from '../../../dim/index';
import { sizeOf } from '../../../ops/attributes';
import type { Attribute, Attributes } from '../../../ops/operator';
import type { OperatorName } from '../../../ops/table';
import { isMissing, steps, type TensorValue, UNKNOWN_SIZE, unknown, type Value } from '../../common/values';
import type { Bound } from '../binder';
import { castAs, castFirst, composed, either, type Line, type Lines, namedTuple, op, opaque, outputs, taking, typedStep } from '../line';

const AXES = 'dim: axes = None, keepdim: keep = false';
const PLACES = ['values', 'indices'] as const;

const reduction = (name: OperatorName): Line => op(name, `input, ${AXES}, *, dtype: cast = None`);
const overAxis = (name: OperatorName): Line => op(name, 'input, dim: axis = None, keepdim: keep = false');

/** Along one axis the extreme values and their places; over all the extreme; of two tensors the elementwise one. */
function extreme(values: 'max' | 'min', indices: 'argMax' | 'argMin', elementwise: 'maximum' | 'minimum'): Line {
  const along = composed(
    'input, dim: axis, keepdim: keep = false',
    (bound) => {
      const { keepDims = false, axis = null } = bound.attributes;
      const take = taking(bound);
      return namedTuple(PLACES, [take(values, bound.operands, { axes: [axis], keepDims, places: true }), take(indices, bound.operands, { axis, keepDims })]);
    },
    'list',
  );
  return either(op(values, 'input'), along, op(elementwise, 'input, other'));
}

/** Spread about the mean: of a sample by default (`correction` 1). */
function spread(run: (bound: Bound, attributes: Attributes) => Value, yields: Line['yields'] = 'tensor'): Line {
  const line = (signature: string): Line =>
    composed(
      signature,
      (bound) => {
        const { correction, ...attributes } = bound.attributes;
        return run(bound, { ...attributes, correction: correction ?? (bound.attribute('unbiased') === false ? 0 : 1) });
      },
      yields,
    );
  const positional = line('input, dim: axes = None, unbiased: flag as - = true, keepdim: keep = false, *, correction: int = None');
  return either(positional, line('input, unbiased: flag as -'));
}

const spreadOf = (name: 'std' | 'variance'): Line => spread((bound, attributes) => taking(bound)(name, bound.operands, attributes));

/** Spread and mean together. */
const spreadAndMean = (name: 'std' | 'variance', word: string): Line =>
  spread((bound, attributes) => {
    const { correction: _, ...axes } = attributes;
    const take = taking(bound);
    return namedTuple([word, 'mean'], [take(name, bound.operands, attributes), take('mean', bound.operands, axes)]);
  }, 'list');

/** The size of an axis; unknown where there is none. */
const sizeAt = (x: TensorValue, axis: number): Dim => x.shape?.at(axis) ?? UNKNOWN_SIZE;

/** What stands at one place of an axis. */
function placed(bound: Bound, x: TensorValue, axis: number, place: Dim, keep: boolean): TensorValue {
  if (x.shape === null) return bound.host.unknownTensor(x.reason ?? 'the rank is not known', [x]);
  const at = axis < 0 ? axis + x.shape.length : axis;
  const attributes = {
    begin: x.shape.map((_, index): Attribute => (index === at ? { kind: 'size', size: place } : 0)),
    size: x.shape.map((_, index) => (index === at ? 1 : -1)),
  };
  const take = taking(bound);
  const one = take('slice', [x], attributes);
  return keep || x.shape.length === 0 ? one : take('squeeze', [one], { axes: [at] });
}

/** The value of such a rank along an axis, and where it was. */
function ranked(bound: Bound, place: (size: Dim) => Dim): Value {
  const axis = (bound.attributes['axis'] ?? -1) as number;
  const sorted = steps(bound.host, 'sort', bound.operands, { axis }, bound.args, 2);
  const at = place(sizeAt(bound.tensor('input'), axis));
  const keep = bound.attribute('keepdim') === true;
  return namedTuple(
    PLACES,
    sorted.map((x) => placed(bound, x, axis, at, keep)),
  );
}

/** The lower of the two in the middle. */
const middle = (size: Dim): Dim => floorDivide(subtract(size, constant(1)), constant(2));

const medianOfAll: Line = composed('input', (bound) => {
  const flat = taking(bound)('reshape', bound.operands, { shape: [-1] });
  const [sorted] = steps(bound.host, 'sort', [flat], { axis: 0 }, bound.args, 2);
  return placed(bound, sorted ?? flat, 0, middle(sizeAt(flat, 0)), false);
});

const MEDIAN = either(
  medianOfAll,
  composed('input, dim: axis, keepdim: keep = false', (bound) => ranked(bound, middle), 'list'),
);

const kthvalue: Line = composed(
  'input, k: size as -, dim: axis = -1, keepdim: keep = false',
  (bound) => {
    const k = bound.attribute('k');
    return ranked(bound, () => subtract(k === null ? UNKNOWN_SIZE : sizeOf(k), constant(1)));
  },
  'list',
);

/** The pairs of rows that lie so far apart. */
function distances(bound: Bound): Value {
  const take = taking(bound);
  const apart = take('sub', [take('expandDims', [bound.tensor('x1')], { axis: -2 }), take('expandDims', [bound.tensor('x2')], { axis: -3 })]);
  return take('norm', [apart], { axes: [-1], ord: bound.attribute('p'), keepDims: false });
}

/** Values without repetition: how many there are, the values decide. */
function unique(bound: Bound): Value {
  if (bound.attribute('dim') !== null || bound.tensor('input').shape === null) return unknown(`no rule for \`${bound.args.api}\` along an axis`);
  const wanted = ['return_inverse', 'return_counts'].map((name) => bound.attribute(name) === true);
  const [values, inverse, counts] = steps(bound.host, 'unique', bound.operands, {}, bound.args, 3);
  const more = [wanted[0] ? inverse : undefined, wanted[1] ? counts : undefined].filter((one) => one !== undefined);
  if (values === undefined) return unknown('the values decide', 'tensor');
  return more.length === 0 ? values : { kind: 'list', tuple: true, items: [values, ...more] };
}

const UNIQUE = composed(
  'input, sorted: any = None, return_inverse: flag as - = false, return_counts: flag as - = false, dim: axis as - = None',
  unique,
  'other',
);

/** The places of what is not 0: how many there are, the values decide. */
function nonzero(bound: Bound): Value {
  const x = bound.tensor('input');
  return bound.attribute('as_tuple') === true ? nonzeroColumns(bound, x) : taking(bound)('nonzero', [x]);
}

/** The same, with the places along each axis apart. */
export function nonzeroColumns(bound: Bound, x: TensorValue): Value {
  const places = taking(bound)('nonzero', [x]);
  if (x.shape === null) return unknown(x.reason ?? 'the rank of the tensor is not known', 'list');
  const columns = steps(bound.host, 'unstack', [places], { axis: 1 }, bound.args, x.shape.length);
  return { kind: 'list', tuple: true, items: columns };
}

const softmaxOf = (name: 'softmax' | 'logSoftmax'): Line =>
  composed('input, dim: axis = None, _stacklevel: any = None, dtype: cast = None', (bound) => {
    const rank = bound.tensor('input').shape?.length;
    const axis = bound.attributes['axis'] ?? (rank === undefined ? null : [0, 1, 3].includes(rank) ? 0 : 1);
    return typedStep(name, bound, { axis });
  });

const QUANTILE: Line = either(
  op('quantile', 'input, q: numbers, dim: axis = None, keepdim: keep = false, *, interpolation: any = None'),
  opaque('input, q, dim: axis = None, keepdim: keep = false, *, interpolation: any = None'),
);

/** The tensor with what is to stand before and after it. */
function withEnds(bound: Bound): TensorValue {
  const x = bound.tensor('input');
  const given = ['prepend', 'append'].map((name) => bound.value(name));
  if (given.every(isMissing)) return x;
  const [before, after] = given.map((value) => (value?.kind === 'tensor' ? [value] : []));
  if (given.some((value) => !isMissing(value) && value?.kind !== 'tensor')) return bound.host.unknownTensor('what stands at its ends is not known', [x]);
  return taking(bound)('concat', [...(before ?? []), x, ...(after ?? [])], { axis: bound.attribute('dim') as number });
}

/** Each element less the one before it. */
function differences(bound: Bound): Value {
  const x = withEnds(bound);
  const times = bound.attribute('n');
  const axis = bound.attribute('dim') as number;
  if (x.shape === null || times !== 1) return bound.host.unknownTensor(x.reason ?? `no rule for \`${bound.args.api}\` here`, [x]);
  const at = axis < 0 ? axis + x.shape.length : axis;
  const part = (begin: number): TensorValue => {
    const size = { kind: 'size' as const, size: subtract(sizeAt(x, at), constant(1)) };
    return taking(bound)('slice', [x], {
      begin: (x.shape ?? []).map((_, index) => (index === at ? begin : 0)),
      size: (x.shape ?? []).map((_, index) => (index === at ? size : -1)),
    });
  };
  return taking(bound)('sub', [part(1), part(0)]);
}

/** Functions of `torch` that tensors have as methods too. */
export const reductions: Lines = {
  sum: reduction('sum'),
  nansum: composed(`input, ${AXES}, *, dtype: cast = None`, (bound) =>
    bound.host.uncast(() => taking(bound)('sum', [taking(bound)('nanToNumber', castFirst(bound))], bound.attributes)),
  ),
  mean: reduction('mean'),
  nanmean: reduction('mean'),
  prod: either(op('prod', 'input, *, dtype: cast = None'), reduction('prod')),
  amax: op('max', `input, ${AXES}`),
  amin: op('min', `input, ${AXES}`),
  max: extreme('max', 'argMax', 'maximum'),
  min: extreme('min', 'argMin', 'minimum'),
  aminmax: composed(
    `input, *, dim: axis as - = None, keepdim: keep = false`,
    (bound) => {
      const dim = bound.attribute('dim');
      const attributes = { ...bound.attributes, axes: dim === null ? null : [dim] };
      return namedTuple(['min', 'max'], [taking(bound)('min', bound.operands, attributes), taking(bound)('max', bound.operands, attributes)]);
    },
    'list',
  ),
  std: spreadOf('std'),
  var: spreadOf('variance'),
  std_mean: spreadAndMean('std', 'std'),
  var_mean: spreadAndMean('variance', 'var'),
  norm: op('norm', `input, p: numberOrWord as ord = 'euclidean', ${AXES}, dtype: cast = None`),
  dist: composed('input, other, p: numberOrWord as ord = 2', (bound) => taking(bound)('norm', [taking(bound)('sub', bound.operands)], bound.attributes)),
  logsumexp: op('logSumExp', 'input, dim: axes, keepdim: keep = false'),
  any: op('any', `input, ${AXES}`),
  all: op('all', `input, ${AXES}`),
  count_nonzero: composed('input, dim: axes = None', (bound) =>
    taking(bound)('sum', [taking(bound)('notEqual', [bound.tensor('input'), 0])], bound.attributes),
  ),
  argmax: overAxis('argMax'),
  argmin: overAxis('argMin'),
  cumsum: op('cumsum', 'input, dim: axis, *, dtype: cast = None'),
  cumprod: op('cumprod', 'input, dim: axis, *, dtype: cast = None'),
  cummax: outputs('cumMax', PLACES, 'input, dim: axis'),
  cummin: outputs('cumMin', PLACES, 'input, dim: axis'),
  logcumsumexp: composed('input, dim: axis', (bound) => {
    const take = taking(bound);
    return take('log', [take('cumsum', [take('exp', bound.operands)], bound.attributes)]);
  }),
  diff: composed('input, n: int = 1, dim: axis as - = -1, prepend: any = None, append: any = None', differences),
  median: MEDIAN,
  nanmedian: MEDIAN,
  mode: outputs('mode', PLACES, 'input, dim: axis = -1, keepdim: keep = false'),
  quantile: QUANTILE,
  nanquantile: QUANTILE,
  kthvalue,
  topk: outputs('topk', PLACES, 'input, k: size, dim: axis = -1, largest: flag = true, sorted: flag = true'),
  sort: outputs('sort', PLACES, 'input, dim: axis = -1, descending: flag = false, stable: any = None'),
  argsort: composed(
    'input, dim: axis = -1, descending: flag = false, stable: any = None',
    ({ host, args, operands, attributes, tensor }) => steps(host, 'sort', operands, attributes, args, 2)[1] ?? tensor('input'),
  ),
  msort: composed('input', ({ host, args, operands, tensor }) => steps(host, 'sort', operands, { axis: 0 }, args, 2)[0] ?? tensor('input')),
  unique: UNIQUE,
  unique_consecutive: opaque('input, return_inverse: any = None, return_counts: any = None, dim: any = None'),
  nonzero: composed('input, *, as_tuple: flag as - = false', nonzero, 'other'),
  argwhere: composed('input', nonzero),
  bincount: opaque('input, weights: any = None, minlength: any = None'),
  histc: opaque('input, bins: any = None, min: any = None, max: any = None'),
  trace: composed('input: rank 2', (bound) => bound.host.uncast(() => taking(bound)('sum', [taking(bound)('diag', bound.operands)]))),
};

/** Functions of `torch` alone. */
export const reductionFunctions: Lines = {
  cdist: castAs('float32', composed('x1, x2, p: numberOrWord = 2, compute_mode: any = None', distances)),
  searchsorted: op('searchSorted', 'sorted_sequence, input: term, *, out_int32: any = None, right: flag = false, side: any = None, sorter: any = None'),
  bucketize: composed('input, boundaries, *, out_int32: any = None, right: flag = false', (bound) =>
    taking(bound)('searchSorted', [bound.tensor('boundaries'), bound.tensor('input')], bound.attributes),
  ),
};

/** Functions of `torch.nn.functional`. */
export const reductionFunctional: Lines = {
  softmax: softmaxOf('softmax'),
  log_softmax: softmaxOf('logSoftmax'),
  pdist: opaque('input, p: any = None'),
};
