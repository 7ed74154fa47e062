/** Sizes that are one of two, by a test that nothing decides: which is not known, but it is the same wherever it goes. */
import { asConstant, type Dim, isPositive, isUnknown, sizeOfReal, symbol, symbolsOf } from '../../dim/index';
import { type NumberValue, size, type Value } from '../../value/index';
import type { Run } from '../run';

/** The number that is either, as a size of its own; undefined where it may be no size, or says too little. */
export function hiddenSize(run: Run, left: NumberValue, right: NumberValue, why: string, called: string | undefined): Value | undefined {
  const [sides] = run.sides.slice(-1);
  const options = [sizeOfReal(left.real), sizeOfReal(right.real)];
  if (!sides || isBound(run) || !options.every((option, at) => option !== undefined && isSize(option, sides[at === 0 ? 0 : 1]))) return undefined;
  const sizes = options as readonly Dim[];
  if (sizes.every((one) => asConstant(one) !== undefined)) return undefined;
  const texts = sizes.map(({ text }) => text);
  // The same test between the same two gives the same one; of a test that has no words nothing tells whether it comes out alike.
  const key = sides[2] ? [sides[2].what, sides[2].value ?? '', ...(sides[2].holds ? texts : [...texts].reverse())].join('|') : `${run.hidden.size}|${why}`;
  const known = run.hidden.get(key);
  if (known) return size(known.size);
  const made = symbol(freeName(run, called ?? `either(${texts.join(', ')})`));
  run.hidden.set(key, { size: made, of: [...new Set(sizes.flatMap((one) => ofHidden(run, one)))] });
  return size(made);
}

/** Whether a size is, or is made of, one that is hidden, or one that is rounded in a way that is not followed. */
export const isHidden = (run: Run, ...sizes: readonly Dim[]): boolean =>
  sizes.flatMap(symbolsOf).some((name) => recordOf(run, name) !== undefined || (!run.symbols.has(name) && isRounded(name)));

/** The names that a size is made of, of hidden ones those of what they may be. */
export const ofHidden = (run: Run, dim: Dim): readonly string[] =>
  symbolsOf(dim).flatMap((name) => recordOf(run, name)?.of ?? (isRounded(name) ? namesIn(name) : [name]));

/** `round(0.3*c)`: no name of the program's has parentheses. */
const isRounded = (name: string): boolean => name.endsWith(')');

const namesIn = (text: string): readonly string[] => text.match(/[\p{L}_$][\p{L}\p{N}_$.]*/gu) ?? [];

const recordOf = (run: Run, name: string) => [...run.hidden.values()].find((one) => symbolsOf(one.size)[0] === name);

/** Where sizes are given, what is shown is what they come to. */
const isBound = ({ bindings }: Run): boolean => bindings.args !== undefined || bindings.inputs !== undefined || bindings.sizes !== undefined;

const isSize = (dim: Dim, facts: Run['known']['facts']): boolean => !isUnknown(dim) && isPositive(dim, facts);

/** What it is called where it is made, or that with a number, so that no other size has the name. */
function freeName(run: Run, wanted: string): string {
  const isFree = (name: string) => !run.symbols.has(name) && recordOf(run, name) === undefined;
  let at = 1;
  while (!isFree(at === 1 ? wanted : `${wanted}_${at}`)) at++;
  return at === 1 ? wanted : `${wanted}_${at}`;
}
