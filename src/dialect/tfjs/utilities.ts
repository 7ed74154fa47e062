/** `tf.util`: functions on shapes. */
import { product } from '../../dim/index';
import { opaqueThing } from './opaque';
import { argument, asSizes, entry, fn, noEffect, number, size, UNDEFINED, unknown, type Value } from './values';

const SHAPE_UNKNOWN = 'the shape is not known';

const sizeFromShape = fn('sizeFromShape', (args) => {
  const sizes = asSizes(argument(args, 0));
  return sizes === undefined ? unknown(SHAPE_UNKNOWN, 'number') : size(product(sizes));
});

const known: Readonly<Record<string, Value>> = {
  sizeFromShape,
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
