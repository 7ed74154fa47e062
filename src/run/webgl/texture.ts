/**
 * How many bytes a tensor's texture takes. Packed, a texel holds two by two values of the last two axes, which are rounded up to even sizes; unpacked,
 * one value: `getTextureShapeFromLogicalShape` in webgl_util.ts and `computeBytes` in texture_manager.ts of tfjs-backend-webgl.
 */
import { count } from '../../ops/kernels';

/** What a device's textures are like. */
export interface TextureLimits {
  /** The largest side. */
  readonly maxTextureSize: number;
  /** Bytes of one value: 2 where the device cannot draw into textures of float32. */
  readonly valueBytes: 2 | 4;
}

type Sides = readonly [number, number];

const even = (size: number): number => size + (size % 2);

/** The sides nearest to a square that hold so many. */
function squarish(size: number): Sides {
  const width = Math.ceil(Math.sqrt(size));
  return [width, Math.ceil(size / width)];
}

/** Rows and columns that hold the axes as they are, where no side is too long. */
function plainSides(shape: readonly number[], most: number): Sides | undefined {
  const [a = 1, b = 1, c = 1, d = 1] = shape;
  const ways: readonly (readonly Sides[])[] = [
    [[1, 1]],
    [[1, a]],
    [[a, b]],
    [
      [a * b, c],
      [a, b * c],
    ],
    [
      [a * b * c, d],
      [a, b * c * d],
    ],
  ];
  return ways[shape.length]?.find((sides) => Math.max(...sides) <= most);
}

/** A matrix keeps its axes; of others those of size 1 are left out. */
const squeezed = (shape: readonly number[]): readonly number[] => (shape.length === 2 ? shape : shape.filter((size) => size !== 1));

/** Rows and columns of the texture; a packed texel takes two of each. */
function sidesOf(shape: readonly number[], packed: boolean, most: number): Sides {
  if (!packed) return plainSides(squeezed(shape), most) ?? squarish(count(shape));
  const evened = shape.map((size, axis) => (axis >= shape.length - 2 ? even(size) : size));
  const whole = squeezed(evened.length === 1 ? [2, ...evened] : evened);
  const plain = plainSides(whole, most * 2);
  if (plain) return plain;
  const [rows, columns] = squarish(count(whole) / 4);
  return [rows * 2, columns * 2];
}

const packedTexels = ([rows, columns]: Sides): number => Math.max(1, Math.ceil(rows / 2)) * Math.max(1, Math.ceil(columns / 2));

/** The bytes of the texture that holds a tensor of this shape. */
export function textureBytes(shape: readonly number[], packed: boolean, { maxTextureSize, valueBytes }: TextureLimits): number {
  const sides = sidesOf(shape, packed, maxTextureSize);
  return (packed ? packedTexels(sides) * 4 : sides[0] * sides[1]) * valueBytes;
}

/** The bytes of the texture in which values come to the device, of float32 without gaps: `uploadToGPU` in backend_webgl.ts. */
export const uploadBytes = (shape: readonly number[], packed: boolean, { maxTextureSize }: TextureLimits): number =>
  packedTexels(sidesOf(shape, packed, maxTextureSize)) * 16;

/** Whether values stay where they are in a packed texture when its tensor is given another shape: `isReshapeFree` in webgl_util.ts. */
export function staysPacked(before: readonly number[], after: readonly number[]): boolean {
  const [left, right] = [before.slice(-2), after.slice(-2)];
  if (left.length === 0 || right.length === 0 || [...left, ...right].includes(0)) return true;
  if (left.length === right.length && left.every((size, axis) => size === right[axis])) return true;
  const [rows = 1, columns = 1] = left.length === 2 ? left : [1, left[0]];
  const [otherRows = 1, otherColumns = 1] = right.length === 2 ? right : [1, right[0]];
  if (left.length !== right.length) return columns === otherColumns || (columns % 2 === 0 && otherColumns % 2 === 0 && (left[0] === 1 || right[0] === 1));
  return left.length === 2 && columns === otherColumns && rows % 2 === 0 && otherRows % 2 === 0;
}

/** The last two axes with all others as one. */
export const asMatrices = (shape: readonly number[]): number[] => [count(shape.slice(0, -2)), shape.length > 1 ? (shape.at(-2) ?? 1) : 1, shape.at(-1) ?? 1];
