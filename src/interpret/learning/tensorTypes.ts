/** Types that say a tensor's shape: jaxtyping's `Float[Tensor, "b c h w"]`, torchtyping's `TensorType["b", "n", 64]`, and the names of torch's own. */
import { constant } from '../../dim/index';
import type { DType } from '../../ops/operator';
import type { TypeNote } from '../../program/types';
import type { Run } from '../run';
import { evidenceOf, learnLeast, learnName, learnRank } from './evidence';

/** Element types by the word before `Tensor`, and jaxtyping's by theirs; what leaves the type open stands for none. */
const ELEMENTS: { readonly [word: string]: DType | undefined } = {
  Float: undefined,
  Double: undefined,
  Half: undefined,
  BFloat16: undefined,
  Float16: undefined,
  Float32: undefined,
  Float64: undefined,
  Shaped: undefined,
  Num: undefined,
  Real: undefined,
  Inexact: undefined,
  Complex: undefined,
  Integer: 'int64',
  Int: 'int32',
  Long: 'int64',
  Int32: 'int32',
  Int64: 'int64',
  Bool: 'bool',
};

const last = (type: TypeNote): string => type.name?.split('.').at(-1) ?? type.text;

/** One axis as it is written: its name, its size, any number of axes, or nothing. */
interface Axis {
  readonly name?: string;
  readonly size?: number;
  readonly many?: true;
}

/** What the type says of a tensor: its elements, and its axes where it lists them. */
export function tensorType(type: TypeNote): { readonly dtype?: DType; readonly axes?: readonly Axis[] } | undefined {
  const name = last(type);
  const own = /^([A-Z]\w*)Tensor$/.exec(name);
  const args = type.args ?? [];
  if (own && Object.hasOwn(ELEMENTS, own[1] ?? '') && args.length === 0) return ofElements(own[1] ?? '');
  if (name === 'TensorType' && args.length > 0) return { axes: args.flatMap(axisOf) };
  const [of, words] = args;
  if (!Object.hasOwn(ELEMENTS, name) || !of || !words || args.length > 2 || !isTensor(of)) return undefined;
  const text = /^[rbfRBF]*(["'])([\s\S]*)\1$/.exec(words.text)?.[2];
  return text === undefined ? undefined : { ...ofElements(name === 'Int' ? 'Integer' : name), axes: text.split(/\s+/).filter(Boolean).map(axisIn) };
}

const ofElements = (word: string) => {
  const dtype = ELEMENTS[word];
  return dtype === undefined ? {} : { dtype };
};

const isTensor = (type: TypeNote): boolean => (type.members ? type.members.every(isTensor) : /(?:Tensor|Array|ndarray|Parameter)$/.test(last(type)));

/** jaxtyping's words: `n`, `4`, `n=4`, `#n`, `*batch`, `...`, `_`. What is computed is not read. */
function axisIn(word: string): Axis {
  if (word === '...' || word.includes('*')) return { many: true };
  const [, marks = '', name, fixed] = /^([#?_]*)([A-Za-z]\w*)?(?:=?(\d+))?$/.exec(word) ?? [];
  if (fixed !== undefined && !marks.includes('#')) return { size: Number(fixed) };
  return name === undefined || marks.includes('#') || marks.includes('_') ? {} : { name };
}

/** torchtyping's arguments: names and sizes; element types and settings are no axes. */
function axisOf(type: TypeNote): readonly Axis[] {
  if (type.text === '...') return [{ many: true }];
  const word = /^(["'])([A-Za-z]\w*)\1$/.exec(type.text)?.[2];
  if (word !== undefined) return [{ name: word }];
  if (/^\d+$/.test(type.text)) return [{ size: Number(type.text) }];
  return type.text === '-1' || type.text === 'int' ? [{}] : [];
}

/** Notes what the type of a parameter says of the tensor that it is; true where it says that it is one. */
export function noteTensor(run: Run, path: string, type: TypeNote): boolean {
  const told = tensorType(type);
  if (!told) return false;
  const about = evidenceOf(run.evidence, path);
  about.kind ??= 'tensor';
  if (about.kind !== 'tensor') return true;
  if (told.dtype) about.dtype ??= told.dtype;
  if (told.axes && run.comments.heed) noteAxes(run, path, told.axes);
  return true;
}

function noteAxes(run: Run, path: string, axes: readonly Axis[]): void {
  run.comments.told = true;
  if (axes.some(({ many }) => many)) return learnLeast(run.evidence, path, axes.filter(({ many }) => !many).length);
  learnRank(run.evidence, path, axes.length, 'said');
  const about = evidenceOf(run.evidence, path);
  if (about.rank !== axes.length) return;
  axes.forEach(({ name, size }, axis) => {
    const first = name === undefined ? -1 : axes.findIndex((one) => one.name === name);
    if (size !== undefined && size > 0) about.sizes.set(axis, constant(size));
    else if (name !== undefined && first < axis) about.alike.set(axis, first);
    else if (name !== undefined) learnName(run.evidence, path, axis, name);
  });
}
