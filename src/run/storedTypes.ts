/** Element types of stored tensors, and their values as tfjs holds them: floats in 32 bits, whole numbers in 32 bits. Bytes are little-endian. */
import type { DType } from '../ops/operator';
import type { TensorData } from './types';

/** Bytes of one element, by the type's name in the file. */
export const WIDTHS = { F64: 8, F32: 4, F16: 2, BF16: 2, I64: 8, U64: 8, I32: 4, U32: 4, I16: 2, U16: 2, I8: 1, U8: 1, BOOL: 1 } as const;

export type Width = keyof typeof WIDTHS;

type Read = (part: DataView, at: number) => number;

const FLOATS: { readonly [type in Width]?: { readonly dtype: DType; readonly read: Read } } = {
  F64: { dtype: 'float64', read: (part, at) => part.getFloat64(at, true) },
  F32: { dtype: 'float32', read: (part, at) => part.getFloat32(at, true) },
  F16: { dtype: 'float16', read: (part, at) => half(part.getUint16(at, true)) },
  BF16: { dtype: 'bfloat16', read: (part, at) => brain(part.getUint16(at, true)) },
};

const WHOLES: { readonly [type in Width]?: { readonly dtype: DType; readonly read: Read } } = {
  I64: { dtype: 'int64', read: (part, at) => Number(part.getBigInt64(at, true)) },
  U64: { dtype: 'int64', read: (part, at) => Number(part.getBigUint64(at, true)) },
  I32: { dtype: 'int32', read: (part, at) => part.getInt32(at, true) },
  U32: { dtype: 'int64', read: (part, at) => part.getUint32(at, true) },
  I16: { dtype: 'int16', read: (part, at) => part.getInt16(at, true) },
  U16: { dtype: 'int32', read: (part, at) => part.getUint16(at, true) },
  I8: { dtype: 'int8', read: (part, at) => part.getInt8(at) },
  U8: { dtype: 'uint8', read: (part, at) => part.getUint8(at) },
};

/** The values of a tensor. */
export function unpacked(type: Width, count: number, part: DataView): Pick<TensorData, 'dtype' | 'data'> {
  const [float, whole] = [FLOATS[type], WHOLES[type]];
  if (float) return { dtype: float.dtype, data: filled(new Float32Array(count), type, part, float.read) };
  if (whole) return { dtype: whole.dtype, data: filled(new Int32Array(count), type, part, whole.read) };
  return { dtype: 'bool', data: filled(new Uint8Array(count), type, part, (from, at) => Number(from.getUint8(at) !== 0)) };
}

function filled<Values extends TensorData['data']>(values: Values, type: Width, part: DataView, read: Read): Values {
  const width = WIDTHS[type];
  for (let at = 0; at < values.length; at += 1) values[at] = read(part, at * width);
  return values;
}

/** Whether a whole number among them needs more than the 32 bits that tfjs has for it. */
export function isUnsafeInteger(type: Width, count: number, part: DataView): boolean {
  const whole = WHOLES[type];
  if (!whole || (type !== 'I64' && type !== 'U64' && type !== 'U32')) return false;
  for (let at = 0; at < count; at += 1) {
    const value = whole.read(part, at * WIDTHS[type]);
    if (value !== (value | 0)) return true;
  }
  return false;
}

/** An IEEE half as a number. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const WORD = new DataView(new ArrayBuffer(4));

/** The upper half of a 32-bit float as a number. */
function brain(bits: number): number {
  WORD.setUint32(0, bits << 16);
  return WORD.getFloat32(0);
}
