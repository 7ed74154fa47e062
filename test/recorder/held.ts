/** Pictures of values: the tensors in them, and nothing else. */
import type { SymbolicTensor, Tensor } from '@tensorflow/tfjs';
import type { Held, Sizes } from './types';

/** A symbolic tensor is a place in a model still to be run; its sizes come from the run. */
export type Picture =
  | Extract<Held, { kind: 'tensor' }>
  | { readonly kind: 'symbolic'; readonly tensor: SymbolicTensor }
  | { readonly kind: 'tuple'; readonly items: readonly Picture[] }
  | { readonly kind: 'dict'; readonly items: Readonly<Record<string, Picture>> };

const MAX_DEPTH = 5;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

export const isTensor = (value: unknown): value is Tensor =>
  isObject(value) && Array.isArray(value.shape) && 'dataId' in value && typeof value.dtype === 'string';

export const isSymbolic = (value: unknown): value is SymbolicTensor =>
  isObject(value) && 'sourceLayer' in value && 'nodeIndex' in value && Array.isArray(value.shape);

const isPlain = (value: Record<string, unknown>): boolean => {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
};

const dataOf = (tensor: Tensor): readonly number[] => (tensor.isDisposed ? [] : Array.from(tensor.dataSync() as ArrayLike<number>, Number));

/** The tensors that a value holds; undefined where it holds none. */
export function pictureOf(value: unknown, withData: boolean, depth = 0): Picture | undefined {
  if (isTensor(value)) {
    const picture = { kind: 'tensor', sizes: [...value.shape], dtype: value.dtype } as const;
    return withData ? { ...picture, data: dataOf(value) } : picture;
  }
  if (isSymbolic(value)) return { kind: 'symbolic', tensor: value };
  if (depth >= MAX_DEPTH) return undefined;
  if (Array.isArray(value)) {
    const items = value.map((item) => pictureOf(item, withData, depth + 1)).filter((item) => item !== undefined);
    return items.length > 0 ? { kind: 'tuple', items } : undefined;
  }
  if (!isObject(value) || !isPlain(value)) return undefined;
  const entries = Object.entries(value).flatMap(([key, item]) => {
    const picture = pictureOf(item, withData, depth + 1);
    return picture === undefined ? [] : [[key, picture] as const];
  });
  return entries.length > 0 ? { kind: 'dict', items: Object.fromEntries(entries) } : undefined;
}

/** A picture with its symbolic tensors replaced by what they were in the run. */
export function developed(picture: Picture, resolve: (tensor: SymbolicTensor) => Held | undefined): Held | undefined {
  if (picture.kind === 'tensor') return picture;
  if (picture.kind === 'symbolic') return resolve(picture.tensor);
  if (picture.kind === 'tuple') {
    const items = picture.items.map((item) => developed(item, resolve)).filter((item) => item !== undefined);
    return items.length > 0 ? { kind: 'tuple', items } : undefined;
  }
  const entries = Object.entries(picture.items).flatMap(([key, item]) => {
    const held = developed(item, resolve);
    return held === undefined ? [] : [[key, held] as const];
  });
  return entries.length > 0 ? { kind: 'dict', items: Object.fromEntries(entries) } : undefined;
}

/** The sizes as `trace` prints them: nested for lists; a dict's in the order of its keys. */
export function sizesOf(held: Held): Sizes {
  if (held.kind === 'tensor') return held.sizes;
  const items = held.kind === 'tuple' ? held.items : Object.values(held.items);
  return items.map(sizesOf);
}

/** The tensors of a value, in order. */
export function leaves(held: Held): Extract<Held, { kind: 'tensor' }>[] {
  if (held.kind === 'tensor') return [held];
  return (held.kind === 'tuple' ? held.items : Object.values(held.items)).flatMap(leaves);
}
