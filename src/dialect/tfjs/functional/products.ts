/** Matrix products and linear algebra. */

import { flagged, realNumber, word } from '../../common/reading';
import { step, type Value } from '../../common/values';
import { type Bound, given, option, plain, tensor } from '../binder';
import { composed, type Lines, op, opaque, tellRank, unmodelled } from '../line';
import { asTensor } from '../tensorLike';

/** Each term of the equation tells its operand's rank. */
function einsum({ host, args, attributes }: Bound): Value {
  const operands = args.positional.slice(1).map((value) => asTensor(host.expect(value, 'tensor'), host));
  const terms = String(attributes['equation']).split('->')[0]?.split(',') ?? [];
  terms.forEach((term, index) => tellRank(host, operands[index], term.includes('.') ? undefined : term.replace(/\s/g, '').length, 'exactly'));
  return step(host, 'einsum', operands, attributes, args);
}

/** Matrix products, by name. */
export const products: Lines = {
  matMul: op('matmul', [tensor('a', { least: 2 }), tensor('b', { least: 2 }), option('transposeA', flagged, false), option('transposeB', flagged, false)]),
  dot: op('dot', [tensor('t1', { least: 1 }), tensor('t2', { least: 1 })]),
  outerProduct: op('outerProduct', [tensor('v1', { exactly: 1 }), tensor('v2', { exactly: 1 })]),
  einsum: composed([given('equation', word), plain('tensors')], einsum),
};

/** `tf.linalg`, by name. */
export const linalg: Lines = {
  bandPart: op('bandPart', [tensor('a', { least: 2 }), given('numLower', realNumber, 'lower'), given('numUpper', realNumber, 'upper')]),
  gramSchmidt: unmodelled([tensor('xs')]),
  qr: opaque([tensor('x', { least: 2 }), plain('fullMatrices')]),
};
