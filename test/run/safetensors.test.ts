/** safetensors files: what is stored comes back, and a file that lies is told so. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type NamedTensors, readTensors, refusalText, writeTensors } from '../../src/run/index';

/** A file with this header, written as it stands, and a body. */
function file(header: unknown, body: Uint8Array | number = 0): Uint8Array {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, typeof body === 'number' ? Buffer.alloc(body) : body]);
}

function read(bytes: Uint8Array): NamedTensors {
  const found = readTensors(bytes, 'w.safetensors');
  if ('refusal' in found) throw new Error(refusalText(found.refusal));
  return found.tensors;
}

function refused(bytes: Uint8Array): string {
  const found = readTensors(bytes, 'w.safetensors');
  if ('tensors' in found) throw new Error('it was read');
  expect(found.refusal.code).toBe('file');
  return refusalText(found.refusal);
}

const one = (dtype: unknown, shape: unknown, offsets: unknown) => ({ x: { dtype, shape, data_offsets: offsets } });
const values = (dtype: string, body: Uint8Array, count: number) => {
  const found = read(file(one(dtype, [count], [0, body.length]), body)).get('x');
  return { dtype: found?.dtype, data: [...(found?.data ?? [])] };
};
const bytesOf = (array: ArrayBufferView): Uint8Array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

describe('a file', () => {
  it.each([
    ['F32', bytesOf(Float32Array.of(1.5, -2)), 'float32', [1.5, -2]],
    ['F64', bytesOf(Float64Array.of(1.5, -2)), 'float64', [1.5, -2]],
    ['F16', bytesOf(Uint16Array.of(0x3e00, 0xc000, 0x0001, 0x7c00)), 'float16', [1.5, -2, 2 ** -24, Number.POSITIVE_INFINITY]],
    ['BF16', bytesOf(Uint16Array.of(0x3fc0, 0xc000)), 'bfloat16', [1.5, -2]],
    ['I64', bytesOf(BigInt64Array.of(7n, -1n)), 'int64', [7, -1]],
    ['I32', bytesOf(Int32Array.of(7, -1)), 'int32', [7, -1]],
    ['I16', bytesOf(Int16Array.of(7, -1)), 'int16', [7, -1]],
    ['I8', bytesOf(Int8Array.of(7, -1)), 'int8', [7, -1]],
    ['U8', Uint8Array.of(7, 255), 'uint8', [7, 255]],
    ['BOOL', Uint8Array.of(0, 1, 2), 'bool', [0, 1, 1]],
  ])('of %s is read', (dtype, body, type, numbers) => {
    expect(values(dtype, body, numbers.length)).toEqual({ dtype: type, data: numbers });
  });

  it('with metadata, without tensors, with tensors of no axes and of no values is read', () => {
    expect(read(file({ __metadata__: { format: 'pt' } })).size).toBe(0);
    const header = { a: { dtype: 'F32', shape: [], data_offsets: [0, 4] }, b: { dtype: 'F32', shape: [0, 3], data_offsets: [4, 4] } };
    const found = read(file(header, bytesOf(Float32Array.of(3))));
    expect(found.get('a')).toEqual({ shape: [], dtype: 'float32', data: Float32Array.of(3) });
    expect(found.get('b')?.shape).toEqual([0, 3]);
  });

  it('is read wherever its bytes begin, and whatever order its header has', () => {
    const header = { b: { dtype: 'U8', shape: [1], data_offsets: [2, 3] }, a: { dtype: 'I16', shape: [1], data_offsets: [0, 2] } };
    const plain = file(`${JSON.stringify(header)} `, Uint8Array.of(5, 0, 9));
    const shifted = new Uint8Array(plain.length + 3);
    shifted.set(plain, 3);
    const found = read(shifted.subarray(3));
    expect([...(found.get('a')?.data ?? [])]).toEqual([5]);
    expect([...(found.get('b')?.data ?? [])]).toEqual([9]);
  });

  it('with a header of any length is no other format', () => {
    // A length of 640 begins with the bytes of a pickle.
    const text = JSON.stringify({ x: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }).padEnd(0x280);
    expect(read(file(text, 4)).size).toBe(1);
  });
});

describe('what is written', () => {
  it('comes back', () => {
    const dtype = fc.constantFrom('float32', 'int64', 'int32', 'int16', 'int8', 'uint8', 'bool');
    const tensor = fc.record({ dtype, shape: fc.array(fc.nat(3), { maxLength: 3 }), seed: fc.nat(99) }).map((made) => {
      const count = made.shape.reduce((all, size) => all * size, 1);
      const numbers = Array.from({ length: count }, (_, at) => (made.dtype === 'bool' ? (made.seed + at) % 2 : (made.seed + at) % 128));
      const data = made.dtype === 'float32' ? Float32Array.from(numbers) : made.dtype === 'bool' ? Uint8Array.from(numbers) : Int32Array.from(numbers);
      return { dtype: made.dtype, shape: made.shape, data };
    });
    fc.assert(
      fc.property(fc.dictionary(fc.string(), tensor), (tensors) => {
        const named = new Map(Object.entries(tensors).filter(([name]) => name !== '__metadata__')) as NamedTensors;
        expect(new Map(read(writeTensors(named)))).toEqual(named);
      }),
    );
  });

  it('has its floats in 32 bits, and a header that ends on a multiple of 8', () => {
    const bytes = writeTensors(new Map([['y', { shape: [1], dtype: 'bfloat16', data: Float32Array.of(0.5) }]]));
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    expect(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)))).toEqual({ y: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } });
  });
});

describe('a file that lies', () => {
  const LIES: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ['is too short', Buffer.from([1, 2, 3]), /too short/],
    ['is empty', Buffer.alloc(0), /too short/],
    ['has a header longer than itself', Buffer.from([255, 255, 255, 255, 255, 255, 255, 127, 123, 125]), /longer than the file/],
    ['has a header of more than 2^53 bytes', Buffer.from([255, 255, 255, 255, 255, 255, 255, 255, 123, 125]), /longer than the file/],
    ['has a header that is no JSON', file('{"x":'), /not JSON/],
    ['has a header that is no text', file('{"\u0000', Buffer.from([0xff])), /not JSON/],
    ['has a header that is a list', file([]), /not an object/],
    ['has a header that is null', file('null'), /not an object/],
    ['names a type that is none', file(one('F31', [1], [0, 4]), 4), /`x`.*F31/],
    ['names a type that everything has', file(one('toString', [1], [0, 4]), 4), /`x`.*toString/],
    ['names a number as a type', file(one(32, [1], [0, 4]), 4), /`x`.*type/],
    ['has a tensor that is null', file({ x: null }), /`x`/],
    ['has no shape', file({ x: { dtype: 'F32', data_offsets: [0, 4] } }, 4), /`x`.*no shape/],
    ['has no offsets', file({ x: { dtype: 'F32', shape: [1] } }, 4), /`x`.*no offsets/],
    ['has three offsets', file(one('F32', [1], [0, 4, 8]), 4), /`x`.*no offsets/],
    ['has offsets beyond itself', file(one('F32', [2], [0, 8]), 4), /`x`.*beyond/],
    ['has offsets backwards', file(one('F32', [1], [8, 4]), 12), /`x`.*bytes/],
    ['has fewer bytes than a shape takes', file(one('F32', [3], [0, 4]), 4), /`x`.*bytes/],
    ['has more bytes than a shape takes', file(one('F32', [1], [0, 8]), 8), /`x`.*bytes/],
    ['has a size below 0', file(one('F32', [-1], [0, 4]), 4), /`x`.*shape/],
    ['has a size that is no whole number', file(one('F32', [0.5], [0, 2]), 2), /`x`.*shape/],
    ['has a shape too large to count', file(one('F32', [2 ** 40, 2 ** 40], [0, 4]), 4), /`x`.*bytes/],
    ['has tensors that overlap', file({ ...one('F32', [2], [0, 8]), y: { dtype: 'F32', shape: [1], data_offsets: [4, 8] } }, 8), /`y`.*begin/],
    ['has a gap between its tensors', file({ ...one('U8', [1], [0, 1]), y: { dtype: 'U8', shape: [1], data_offsets: [2, 3] } }, 3), /`y`.*begin/],
    ['has bytes that belong to nothing', file(one('U8', [1], [0, 1]), 9), /8 bytes more/],
    ['holds a number that does not fit 32 bits', file(one('I64', [1], [0, 8]), bytesOf(BigInt64Array.of(2n ** 40n))), /`x`.*32 bits/],
  ];

  it.each(LIES)('%s', (_, bytes, words) => expect(refused(bytes)).toMatch(words));

  it.each([
    ['PyTorch', [0x50, 0x4b, 0x03, 0x04]],
    ['pickle', [0x80, 0x02, 0x8a, 0x0a]],
    ['HDF5', [0x89, 0x48, 0x44, 0x46]],
    ['Git LFS', [...Buffer.from('version https://git-lfs.github.com/spec/v1\n')]],
  ])('is told to be a %s file where it is one', (format, magic) => {
    expect(refused(Buffer.concat([Buffer.from(magic), Buffer.alloc(64)]))).toContain(`${format} file`);
  });

  it('never throws, whatever its bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.boolean(), (bytes, whole) => {
        readTensors(whole ? bytes : file('{}', bytes), 'w.safetensors');
      }),
    );
  });

  it('never throws, whatever its header says', () => {
    const entry = fc.record({ dtype: fc.constantFrom('F32', 'I64', 'BOOL', 'X'), shape: fc.array(fc.integer()), data_offsets: fc.array(fc.nat(32)) });
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.oneof(entry, fc.anything())), (header) => {
        readTensors(file(JSON.stringify(header) ?? 'null', 16), 'w.safetensors');
      }),
    );
  });
});
