/** Functions that change a tensor's axes. */
import type { Attribute } from '../../../ops/operator';
import { listOf, oneOf, pairs, realNumber, shaped, someAxes, whole } from '../../common/reading';
import { step } from '../../common/values';
import { type Bound, given, option, plain, tensor } from '../binder';
import { composed, type Line, type Lines, op, rankWith, tellRank, unmodelled } from '../line';

const lengthOf = (value: Attribute): number | undefined => (Array.isArray(value) ? value.length : undefined);

/** The list has one item for each axis: its length is the rank. */
const tellLength =
  (name: string) =>
  (bound: Bound): void =>
    tellRank(bound.host, bound.operands[0], lengthOf(bound.attribute(name)), 'exactly');

const tellAxis =
  (name: string, spare = 0) =>
  (bound: Bound): void => {
    const axes = bound.attribute(name);
    const ranks = (Array.isArray(axes) ? axes : [axes]).filter((axis) => typeof axis === 'number').map((axis) => rankWith(axis) - spare);
    if (ranks.length > 0) tellRank(bound.host, bound.operands[0], Math.max(...ranks), 'at least');
  };

const perm = listOf(whole, 'the permutation');

/** `tf.pad1d` takes one pair, the others a list of pairs. */
const pad = (rank?: number): Line =>
  op(
    'pad',
    [
      rank === undefined ? tensor('x', { least: 1 }) : tensor('x', { exactly: rank }),
      given('paddings', pairs),
      option('constantValue', realNumber, 0, 'value'),
    ],
    { mode: 'constant' },
    tellLength('paddings'),
  );

const pad1d = composed([tensor('x', { exactly: 1 }), given('paddings', shaped, null), option('constantValue', realNumber, 0, 'value')], (bound) =>
  step(bound.host, 'pad', bound.operands, { ...bound.attributes, mode: 'constant', paddings: [bound.attribute('paddings')] }, bound.args),
);

const reverse = (rank: number): Line => op('reverse', [tensor('x', { exactly: rank }), option('axis', someAxes, null, 'axes')], {}, tellAxis('axis'));

/** Functions on axes, by name. */
export const shaping: Lines = {
  reshape: op('reshape', [tensor('x'), given('shape', shaped)]),
  expandDims: op('expandDims', [tensor('x'), option('axis', whole, 0)], {}, tellAxis('axis', 1)),
  squeeze: op('squeeze', [tensor('x'), option('axis', someAxes, null, 'axes')], {}, tellAxis('axis')),
  transpose: op('transpose', [tensor('x'), option('perm', perm, null), plain('conjugate')], {}, tellLength('perm')),
  broadcastTo: op('broadcastTo', [tensor('x'), given('shape', shaped)]),
  ensureShape: composed([tensor('x'), plain('shape', false)], (bound) => bound.tensor('x')),
  tile: op('tile', [tensor('x'), given('reps', shaped)], {}, tellLength('reps')),
  pad: pad(),
  pad1d,
  pad2d: pad(2),
  pad3d: pad(3),
  pad4d: pad(4),
  mirrorPad: op(
    'pad',
    [tensor('x', { least: 1 }), given('paddings', pairs), given('mode', oneOf('reflect', 'symmetric'))],
    { value: 0 },
    tellLength('paddings'),
  ),
  reverse: op('reverse', [tensor('x'), option('axis', someAxes, null, 'axes')], {}, tellAxis('axis')),
  reverse1d: op('reverse', [tensor('x', { exactly: 1 })], { axes: [0] }),
  reverse2d: reverse(2),
  reverse3d: reverse(3),
  reverse4d: reverse(4),
  diag: op('diag', [tensor('x')]),
  spaceToBatchND: unmodelled([tensor('x'), plain('blockShape', false), plain('paddings', false)]),
  batchToSpaceND: unmodelled([tensor('x'), plain('blockShape', false), plain('crops', false)]),
  broadcastArgs: unmodelled([tensor('s0'), tensor('s1')], 'int32'),
};
