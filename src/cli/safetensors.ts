/** Reading and writing safetensors files. https://github.com/huggingface/safetensors#format */
import type { DType } from '../ops/operator';
import type { NamedTensors, TensorData } from '../run/index';
import { Failure } from './failure';

const WIDTH: { readonly [dtype: string]: number } = { F32: 4, F16: 2, BF16: 2, F64: 8, I64: 8, I32: 4, U8: 1, I8: 1, BOOL: 1 };
const WRITTEN: { readonly [dtype in DType]?: string } = {
  float32: 'F32',
  float16: 'F32',
  bfloat16: 'F32',
  int32: 'I32',
  int64: 'I64',
  bool: 'BOOL',
  uint8: 'U8',
};

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly offsets: readonly [number, number];
}

/** The tensors of a file by name. */
export function readTensors(bytes: Uint8Array, name: string): NamedTensors {
  const bad = (why: string) => new Failure('bad-argument', `${name} is not a safetensors file: ${why}`);
  if (bytes.length < 8) throw bad('it is too short');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (!Number.isSafeInteger(length) || 8 + length > bytes.length) throw bad('its header is longer than the file');
  const header = parseHeader(new TextDecoder().decode(bytes.subarray(8, 8 + length)), bad);
  const body = bytes.subarray(8 + length);
  return new Map([...header].map(([key, entry]) => [key, tensorOf(key, entry, body, bad)]));
}

function parseHeader(text: string, bad: (why: string) => Failure): Map<string, Entry> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw bad('its header is not JSON');
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw bad('its header is not an object');
  return new Map(
    Object.entries(json)
      .filter(([key]) => key !== '__metadata__')
      .map(([key, value]) => [key, entryOf(key, value, bad)]),
  );
}

const isWholes = (value: unknown): value is number[] => Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);

function entryOf(key: string, value: unknown, bad: (why: string) => Failure): Entry {
  const {
    dtype,
    shape,
    data_offsets: offsets,
  } = (typeof value === 'object' && value !== null ? value : {}) as { dtype?: unknown; shape?: unknown; data_offsets?: unknown };
  if (typeof dtype !== 'string' || WIDTH[dtype] === undefined) throw bad(`${key} has the dtype ${String(dtype)}, which is not read`);
  if (!isWholes(shape) || !isWholes(offsets) || offsets.length !== 2) throw bad(`${key} has no shape or no offsets`);
  return { dtype, shape, offsets: [offsets[0] ?? 0, offsets[1] ?? 0] };
}

function tensorOf(key: string, { dtype, shape, offsets }: Entry, body: Uint8Array, bad: (why: string) => Failure): TensorData {
  const count = shape.reduce((product, size) => product * size, 1);
  const width = WIDTH[dtype] ?? 1;
  const [from, to] = offsets;
  if (to > body.length || to - from !== count * width) throw bad(`${key} does not fit its offsets`);
  const part = new DataView(body.buffer, body.byteOffset + from, to - from);
  return { shape, ...values(dtype, count, part) };
}

function values(dtype: string, count: number, part: DataView): Pick<TensorData, 'dtype' | 'data'> {
  const float = (read: (at: number) => number) => ({ dtype: 'float32' as const, data: Float32Array.from({ length: count }, (_, at) => read(at)) });
  const int = (name: DType, read: (at: number) => number) => ({ dtype: name, data: Int32Array.from({ length: count }, (_, at) => read(at)) });
  switch (dtype) {
    case 'F32':
      return float((at) => part.getFloat32(at * 4, true));
    case 'F64':
      return float((at) => part.getFloat64(at * 8, true));
    case 'F16':
      return float((at) => half(part.getUint16(at * 2, true)));
    case 'BF16':
      return float((at) => brain(part.getUint16(at * 2, true)));
    case 'I64':
      return int('int32', (at) => Number(part.getBigInt64(at * 8, true)));
    case 'I32':
      return int('int32', (at) => part.getInt32(at * 4, true));
    case 'I8':
      return int('int32', (at) => part.getInt8(at));
    case 'U8':
      return int('int32', (at) => part.getUint8(at));
    default:
      return { dtype: 'bool', data: Uint8Array.from({ length: count }, (_, at) => part.getUint8(at)) };
  }
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

function brain(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits << 16);
  return view.getFloat32(0);
}

/** A file's bytes. Float types are written as F32. */
export function writeTensors(tensors: NamedTensors): Uint8Array {
  const header: { [name: string]: unknown } = {};
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const [name, tensor] of tensors) {
    const dtype = WRITTEN[tensor.dtype] ?? 'F32';
    const bytes = packed(dtype, tensor.data);
    header[name] = { dtype, shape: tensor.shape, data_offsets: [offset, offset + bytes.length] };
    parts.push(bytes);
    offset += bytes.length;
  }
  const text = new TextEncoder().encode(padded(JSON.stringify(header)));
  const head = new Uint8Array(8);
  new DataView(head.buffer).setBigUint64(0, BigInt(text.length), true);
  return Buffer.concat([head, text, ...parts]);
}

/** The header ends on a multiple of 8, filled with spaces. */
const padded = (text: string): string => text + ' '.repeat((8 - (Buffer.byteLength(text) % 8)) % 8);

function packed(dtype: string, data: TensorData['data']): Uint8Array {
  const width = WIDTH[dtype] ?? 4;
  const bytes = new Uint8Array(data.length * width);
  const view = new DataView(bytes.buffer);
  data.forEach((value: number, at: number) => {
    if (dtype === 'F32') view.setFloat32(at * 4, value, true);
    else if (dtype === 'I32') view.setInt32(at * 4, value, true);
    else if (dtype === 'I64') view.setBigInt64(at * 8, BigInt(value), true);
    else view.setUint8(at, value);
  });
  return bytes;
}
