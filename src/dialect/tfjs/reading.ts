/** Readings of plain arguments as tfjs has them: dtypes, paddings, data formats. */
import { asConstant, sizeOfReal } from '../../dim/index';
import type { DType } from '../../ops/operator';
import { oneOf, pairs, type Read, unread } from '../common/reading';
import type { Value } from '../common/values';

const DTYPES: readonly DType[] = ['float32', 'int32', 'bool', 'complex64', 'string'];

/** A dtype of tfjs. */
export const dtypeOf: Read = oneOf(...DTYPES);

/** tfjs's `pad`: 'same', 'valid', a number, or explicit pairs over all axes. */
export const padding: Read = (value, host) => {
  if (value.kind === 'string') return oneOf('same', 'valid')(value, host);
  if (value.kind !== 'number') return value.kind === 'list' ? pairs(value, host) : unread(value, 'the padding');
  const size = sizeOfReal(value.real);
  return { value: size !== undefined && asConstant(size) === 0 ? 'valid' : value.real };
};

/** tfjs's data formats in the operators' words. */
export const dataFormat: Read = (value, host) => {
  const reading = oneOf('NHWC', 'NCHW', 'NWC', 'NCW', 'NDHWC', 'NCDHW', 'channelsLast', 'channelsFirst')(value, host);
  if (!('value' in reading)) return reading;
  return { value: reading.value === 'channelsFirst' || String(reading.value).startsWith('NC') ? 'channelsFirst' : 'channelsLast' };
};

/** Reads a dtype, falling back where it is not one. */
export function readDType(value: Value | undefined, fallback: DType): DType {
  return value?.kind === 'string' && DTYPES.includes(value.value as DType) ? (value.value as DType) : fallback;
}
