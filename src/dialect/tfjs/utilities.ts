/** `tf.util`: functions on shapes. */
import { add, compare, ONE, product } from '../../dim/index';
import { opaqueThing } from '../common/opaque';
import { argument, asSizes, entry, FALSE, fn, noEffect, number, size, TRUE, UNDEFINED, unknown, type Value } from '../common/values';

const SHAPE_UNKNOWN = 'the shape is not known';

const sizeFromShape = fn('sizeFromShape', (args) => {
  const sizes = asSizes(argument(args, 0));
  return sizes === undefined ? unknown(SHAPE_UNKNOWN, 'number') : size(product(sizes));
});

/** Whether two lists of sizes are the same, where that is decided. */
const arraysEqual = fn('arraysEqual', (args, host) => {
  const [left, right] = [asSizes(argument(args, 0)), asSizes(argument(args, 1))];
  if (left === undefined || right === undefined) return unknown(SHAPE_UNKNOWN, 'boolean');
  if (left.length !== right.length) return FALSE;
  const verdicts = left.map((one, at) => compare(add(one, ONE), add(right[at] ?? one, ONE), host.facts));
  if (verdicts.includes('different')) return FALSE;
  return verdicts.includes('unknown') ? unknown('whether the sizes are equal is not known', 'boolean') : TRUE;
});

const known: Readonly<Record<string, Value>> = {
  sizeFromShape,
  arraysEqual,
  assert: noEffect('assert'),
  assertShapesMatch: noEffect('assertShapesMatch'),
  assertNonNull: noEffect('assertNonNull'),
  now: fn('now', () => unknown('it is measured at run time', 'number')),
  shuffle: fn('shuffle', () => UNDEFINED),
  isScalarShape: fn('isScalarShape', (args) => {
    const shape = argument(args, 0);
    return shape.kind === 'list' && shape.open === undefined ? { kind: 'boolean', value: shape.items.length === 0 } : unknown(SHAPE_UNKNOWN, 'boolean');
  }),
  bytesPerElement: fn('bytesPerElement', (args) => {
    const dtype = argument(args, 0);
    return dtype.kind === 'string' ? number(dtype.value === 'bool' ? 1 : dtype.value === 'complex64' ? 8 : 4) : unknown('the dtype is not known', 'number');
  }),
};

/** A member of `tf.util`. */
export const utility = (name: string): Value => entry(known, name) ?? opaqueThing(`tf.util.${name}`);
