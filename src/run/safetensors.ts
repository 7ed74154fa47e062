/** Reading and writing safetensors files: bytes in, bytes out. A file may lie about anything; nothing is believed unchecked. https://github.com/huggingface/safetensors#format */
import type { DType } from '../ops/operator';
import { type RefusalKey, Refused, refuse } from './refusal';
import { isUnsafeInteger, unpacked, WIDTHS, type Width } from './storedTypes';
import type { NamedTensors, Refusal, TensorData } from './types';

interface Entry {
  readonly name: string;
  readonly dtype: Width;
  readonly shape: readonly number[];
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** The longest header that the format allows. */
const MOST_HEADER = 100_000_000;
/** `{` */
const OBJECT = 0x7b;

/** The tensors of a file by name, or what is wrong with it. `file` is what the file is called in words. */
export function readTensors(bytes: Uint8Array, file: string): { readonly tensors: NamedTensors } | { readonly refusal: Refusal } {
  try {
    return { tensors: tensorsIn(bytes, file) };
  } catch (error) {
    if (error instanceof Refused) return { refusal: error.refusal };
    throw error;
  }
}

type FileProblem = Extract<RefusalKey, `file${string}`>;

function tensorsIn(bytes: Uint8Array, file: string): NamedTensors {
  const bad = (key: FileProblem, args: Refusal['args'] = {}) => new Refused(refuse(key, { file, ...args }));
  // The header is an object: another format's first bytes may be a length as good as any.
  const other = bytes[8] === OBJECT ? undefined : otherFormat(bytes);
  if (other !== undefined) throw bad('fileOther', { format: other });
  if (bytes.length < 8) throw bad('fileShort');
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  if (length > MOST_HEADER || 8 + length > bytes.length) throw bad('fileHeader');
  const body = bytes.subarray(8 + length);
  const entries = [...headerOf(bytes.subarray(8, 8 + length), bad)].map(([name, value]) => entryOf(name, value, bad));
  checkPlaces(entries, body.length, bad);
  return new Map(
    entries.map((entry) => {
      const part = new DataView(body.buffer, body.byteOffset + entry.from, entry.to - entry.from);
      if (isUnsafeInteger(entry.dtype, entry.count, part)) throw bad('fileInteger', { name: entry.name });
      return [entry.name, { shape: entry.shape, ...unpacked(entry.dtype, entry.count, part) }] as const;
    }),
  );
}

type Bad = (key: FileProblem, args?: Refusal['args']) => Refused;

const OTHERS: readonly (readonly [string, readonly number[]])[] = [
  ['PyTorch', [0x50, 0x4b, 0x03, 0x04]],
  ['pickle', [0x80, 0x02]],
  ['pickle', [0x80, 0x04]],
  ['HDF5', [0x89, 0x48, 0x44, 0x46]],
  ['GGUF', [0x47, 0x47, 0x55, 0x46]],
  ['Git LFS', [...'version https://git-lfs'].map((letter) => letter.charCodeAt(0))],
];

/** What other kind of file it is, by its first bytes. */
const otherFormat = (bytes: Uint8Array): string | undefined => OTHERS.find(([, magic]) => magic.every((byte, at) => bytes[at] === byte))?.[0];

function headerOf(bytes: Uint8Array, bad: Bad): readonly (readonly [string, unknown])[] {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw bad('fileJson');
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw bad('fileObject');
  return Object.entries(json).filter(([name]) => name !== '__metadata__');
}

const isWholes = (value: unknown): value is readonly number[] => Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);

const isRead = (dtype: unknown): dtype is Width => typeof dtype === 'string' && Object.hasOwn(WIDTHS, dtype);

function entryOf(name: string, value: unknown, bad: Bad): Entry {
  const { dtype, shape, data_offsets: offsets } = (typeof value === 'object' && value !== null ? value : {}) as { readonly [field: string]: unknown };
  if (!isRead(dtype)) throw bad('fileDtype', { name, dtype: typeof dtype === 'string' ? dtype : '?' });
  if (!isWholes(shape)) throw bad('fileShape', { name });
  if (!isWholes(offsets) || offsets.length !== 2) throw bad('fileOffsets', { name });
  const [from = 0, to = 0] = offsets;
  const count = shape.reduce((all, size) => all * size, 1);
  if (!Number.isSafeInteger(count * WIDTHS[dtype]) || to - from !== count * WIDTHS[dtype]) throw bad('fileBytes', { name });
  return { name, dtype, shape, from, to, count };
}

/** Each tensor begins where the one before it ends, and the last one ends with the file: what overlaps or leaves gaps is no such file. */
function checkPlaces(entries: readonly Entry[], length: number, bad: Bad): void {
  let end = 0;
  for (const { name, from, to } of [...entries].sort((one, other) => one.from - other.from || one.to - other.to)) {
    if (to > length) throw bad('fileBeyond', { name });
    if (from !== end) throw bad('filePlaces', { name });
    end = to;
  }
  if (end !== length) throw bad('fileRest', { bytes: length - end });
}

const WRITTEN: { readonly [dtype in DType]?: Width } = {
  float32: 'F32',
  float16: 'F32',
  bfloat16: 'F32',
  float64: 'F32',
  int64: 'I64',
  int32: 'I32',
  int16: 'I16',
  int8: 'I8',
  uint8: 'U8',
  bool: 'BOOL',
};

/** A file's bytes. Float types are written as F32, all others as what they are. */
export function writeTensors(tensors: NamedTensors): Uint8Array {
  const header: [string, unknown][] = [];
  let end = 0;
  for (const [name, { dtype, shape, data }] of tensors) {
    const type = WRITTEN[dtype] ?? 'F32';
    const to = end + data.length * WIDTHS[type];
    header.push([name, { dtype: type, shape, data_offsets: [end, to] }]);
    end = to;
  }
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  // The header ends on a multiple of 8, filled with spaces.
  const length = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(8 + length + end).fill(0x20, 8, 8 + length);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(length), true);
  bytes.set(text, 8);
  let at = 8 + length;
  for (const { dtype, data } of tensors.values()) at = pack(WRITTEN[dtype] ?? 'F32', data, view, at);
  return bytes;
}

function pack(type: Width, data: TensorData['data'], view: DataView, start: number): number {
  const width = WIDTHS[type];
  for (const [index, value] of data.entries()) {
    const at = start + index * width;
    if (type === 'F32') view.setFloat32(at, value, true);
    else if (type === 'I32') view.setInt32(at, value, true);
    else if (type === 'I64') view.setBigInt64(at, BigInt(Math.trunc(value)), true);
    else if (type === 'I16') view.setInt16(at, value, true);
    else view.setUint8(at, value);
  }
  return start + data.length * width;
}
