/** Reductions, normalisations over an axis, and running sums. */

import { flagged, type Read, realNumber, sized, someAxes, whole } from '../../common/reading';
import { record, step, steps, type Value } from '../../common/values';
import { type Bound, option, tensor } from '../binder';
import { warnOfSingleSoftmax } from '../checks';
import { composed, type Line, type Lines, op, rankWith, tellRank } from '../line';

const AXES = option('axis', someAxes, null, 'axes');
const KEEP = option('keepDims', flagged, false);

/** The axes tell the least rank. */
function tellAxes(bound: Bound): void {
  const axes = bound.attribute('axis');
  const ranks = (Array.isArray(axes) ? axes : [axes]).filter((axis) => typeof axis === 'number').map(rankWith);
  if (ranks.length > 0) tellRank(bound.host, bound.operands[0], Math.max(...ranks), 'at least');
}

const reduction = (name: string): Line => op(name, [tensor('x'), AXES, KEEP], {}, tellAxes);
const overAxis = (name: string): Line => op(name, [tensor('x'), option('axis', whole, 0)], { keepDims: false }, tellAxes);
const running = (name: string): Line =>
  op(name, [tensor('x', { least: 1 }), option('axis', whole, 0), option('exclusive', flagged, false), option('reverse', flagged, false)], {}, tellAxes);

/** softmax works on the last axis alone: an axis that is counted from the front tells the rank. */
function softmax(name: string, operand: string, axis: string): Line {
  const run = ({ host, args, operands, attribute }: Bound): Value => {
    const given = attribute(axis) as number;
    const [logits] = operands;
    tellRank(host, logits, given >= 0 ? given + 1 : 1, given >= 0 ? 'exactly' : 'at least');
    if (logits !== undefined) warnOfSingleSoftmax(host, args, logits, given);
    return step(host, name, operands, { axis: given }, args);
  };
  return composed([tensor(operand), option(axis, whole, -1)], run);
}

function moments(bound: Bound): Value {
  tellAxes(bound);
  const [mean, variance] = steps(bound.host, 'moments', bound.operands, bound.attributes, bound.args, 2);
  return record({ mean: mean ?? bound.tensor('x'), variance: variance ?? bound.tensor('x') });
}

function topk(bound: Bound): Value {
  const [values, indices] = steps(bound.host, 'topk', bound.operands, bound.attributes, bound.args, 2);
  return record({ values: values ?? bound.tensor('x'), indices: indices ?? bound.tensor('x') });
}

/** The order of a norm: a number, or one of tfjs's words. */
const order: Read = (value, host) => (value.kind === 'string' ? { value: value.value } : realNumber(value, host));

/** Reductions, by name. */
export const reductions: Lines = {
  ...Object.fromEntries(['sum', 'mean', 'max', 'min', 'prod', 'logSumExp'].map((name) => [name, reduction(name)])),
  any: op('any', [tensor('x', { dtype: 'bool' }), AXES, KEEP], {}, tellAxes),
  all: op('all', [tensor('x', { dtype: 'bool' }), AXES, KEEP], {}, tellAxes),
  argMax: overAxis('argMax'),
  argMin: overAxis('argMin'),
  norm: op('norm', [tensor('x'), option('ord', order, 'euclidean'), AXES, KEEP], {}, tellAxes),
  euclideanNorm: op('norm', [tensor('x'), AXES, KEEP], { ord: 'euclidean' }, tellAxes),
  moments: composed([tensor('x'), AXES, KEEP], moments, 'other'),
  softmax: softmax('softmax', 'logits', 'dim'),
  logSoftmax: softmax('logSoftmax', 'logits', 'axis'),
  cumsum: running('cumsum'),
  cumprod: running('cumprod'),
  topk: composed([tensor('x', { least: 1 }), option('k', sized, 1), option('sorted', flagged, true)], topk, 'other'),
};
