/** Kinds of parameters: what an argument is read as. */
import type { DType } from '../../ops/operator';
import { distance, flagged, listOf, perAxis, type Read, realNumber, reasonOf, shaped, sized, someAxes, unread, whole, word } from '../common/reading';
import { asNumber, type Value } from '../common/values';
import { dtypeNamed } from './dtypes';

/** What an argument is. */
export interface Kind {
  readonly name: string;
  readonly role: 'operand' | 'operands' | 'attribute' | 'plain';
  readonly read?: Read;
  /** The operator's name for it, where it does not take the parameter's; null: the operator does not want it. */
  readonly as?: string | null;
  /** A number does as well as a tensor. */
  readonly term?: true;
  /** An axis of the first operand, or of what has so many axes more: it tells the operand's rank. */
  readonly spare?: number;
  /** The rank that the operand has, or has at least. */
  readonly rank?: { readonly rank: number; readonly how: 'exactly' | 'at least' };
  /** A list: what stands alone for it where nothing is known of it. */
  readonly alone?: 'list' | 'size';
}

/** A dtype of torch: `torch.float32`, also as Python's own `float`. */
const dtype: Read = (value) => {
  const known = dtypeNamed(value);
  return known === undefined ? unread(value, 'the dtype') : { value: known satisfies DType };
};

/** A list of numbers, or one. */
const numbers: Read = (value, host) => (value.kind === 'list' ? listOf(realNumber, 'the number')(value, host) : realNumber(value, host));

/** Sizes, or one for a list of one. */
const sizes: Read = (value, host) => {
  if (value.kind !== 'number') return shaped(value, host);
  const reading = sized(value, host);
  return 'value' in reading ? { value: [reading.value] } : reading;
};

/** A size where it is one, else a list of sizes: `split(2)`, `split([1, 2])`. */
const parts: Read = (value, host) => (value.kind === 'list' || value.kind === 'shape' ? shaped(value, host) : sized(value, host));

/** A number or a word: `ord='fro'`, `padding='same'`. Infinities are words. */
const numberOrWord: Read = (value, host) => {
  if (value.kind === 'string') return word(value, host);
  const known = asNumber(value);
  if (known === Number.POSITIVE_INFINITY || known === Number.NEGATIVE_INFINITY) return { value: known > 0 ? 'inf' : '-inf' };
  return realNumber(value, host);
};

/** One number for all axes, or one each, or a word. */
const eachOrWord =
  (count: number): Read =>
  (value, host) =>
    value.kind === 'string' ? word(value, host) : perAxis(count)(value, host);

/** A flag: torch takes no number for one. */
const flag: Read = (value, host) => (value.kind === 'number' ? { wants: 'True or False' } : flagged(value, host));

const ANY: Read = (value: Value) => ({ unknown: reasonOf(value, 'the argument') });

const attribute = (read: Read, as?: string | null): Omit<Kind, 'name'> => (as === undefined ? { role: 'attribute', read } : { role: 'attribute', read, as });

const KINDS: Readonly<Record<string, Omit<Kind, 'name'>>> = {
  tensor: { role: 'operand' },
  /** A tensor or a number. */
  term: { role: 'operand', term: true },
  tensors: { role: 'operands' },
  axis: { ...attribute(whole, 'axis'), spare: 0 },
  axes: { ...attribute(someAxes, 'axes'), spare: 0, alone: 'list' },
  /** An axis of the result, which has one more. */
  newAxis: { ...attribute(whole, 'axis'), spare: 1 },
  keep: attribute(flag, 'keepDims'),
  int: attribute(whole),
  ints: { ...attribute(listOf(whole, 'the numbers')), alone: 'list' },
  /** A whole number that may be one over sizes. */
  distance: attribute(distance),
  size: attribute(sized),
  /** Sizes; what is not known is a list of them. */
  sizes: { ...attribute(sizes), alone: 'list' },
  /** Sizes; what is not known is one. */
  extents: { ...attribute(sizes), alone: 'size' },
  parts: attribute(parts),
  number: attribute(realNumber),
  numbers: attribute(numbers),
  flag: attribute(flag),
  word: attribute(word),
  numberOrWord: attribute(numberOrWord),
  dtype: attribute(dtype, 'dtype'),
  /** The dtype that the operand is brought to before anything else. */
  cast: attribute(dtype, null),
  each1: attribute(perAxis(1)),
  each2: attribute(perAxis(2)),
  each3: attribute(perAxis(3)),
  eachOrWord1: attribute(eachOrWord(1)),
  eachOrWord2: attribute(eachOrWord(2)),
  eachOrWord3: attribute(eachOrWord(3)),
  /** What the line reads itself, or what shapes do not depend on. */
  any: { role: 'plain', read: ANY, as: null },
};

const RANKED = /^rank (\d+)(\+?)$/;

/** The kind of that name; `rank 3` and `rank 3+` are tensors of that rank. */
export function kindOf(name: string): Kind {
  const ranked = RANKED.exec(name);
  if (ranked) return { name: 'tensor', role: 'operand', rank: { rank: Number(ranked[1]), how: ranked[2] === '+' ? 'at least' : 'exactly' } };
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
  if (kind === undefined) throw new Error(`There is no kind of parameter named ${name}`);
  return { name, ...kind };
}
