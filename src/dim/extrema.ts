/** Maximum and minimum: flat, sorted, constants folded. */
import { add, asConstant, isUnknown, subtract } from './arithmetic';
import { type Atom, constant, type Dim, extremeAtom, ofAtom, UNKNOWN } from './terms';

/** The largest of both. */
export function maximum(a: Dim, b: Dim): Dim {
  return extreme('max', [a, b]);
}

/** The smallest of both. */
export function minimum(a: Dim, b: Dim): Dim {
  return extreme('min', [a, b]);
}

/** The largest or smallest of one or more. Of arguments that differ by a number one is kept. */
export function extreme(kind: 'max' | 'min', args: readonly Dim[]): Dim {
  const kept = new Map<string, { base: Dim; offset: number }>();
  for (const arg of args.flatMap((each) => flatten(kind, each))) {
    if (isUnknown(arg)) return UNKNOWN;
    const last = arg.terms?.[arg.terms.length - 1];
    const offset = last?.text === '' ? last.coefficient : 0;
    const base = subtract(arg, constant(offset));
    const held = kept.get(base.text)?.offset ?? offset;
    kept.set(base.text, { base, offset: kind === 'max' ? Math.max(held, offset) : Math.min(held, offset) });
  }
  const left = [...kept.values()].map(({ base, offset }) => add(base, constant(offset)));
  if (left.length === 1) return left[0] as Dim;
  return ofAtom(extremeAtom(kind, left.sort(compareArgs)));
}

/** Numbers last, the rest by text. */
function compareArgs(a: Dim, b: Dim): number {
  const rank = Number(asConstant(a) !== undefined) - Number(asConstant(b) !== undefined);
  return rank || (a.text < b.text ? -1 : 1);
}

function flatten(kind: 'max' | 'min', dim: Dim): readonly Dim[] {
  const atom = soleAtom(dim);
  return atom?.kind === kind && 'args' in atom ? atom.args : [dim];
}

/** The atom that the whole expression is. */
export function soleAtom(dim: Dim): Atom | undefined {
  const only = dim.terms?.length === 1 ? dim.terms[0] : undefined;
  const factor = only?.coefficient === 1 && only.factors.length === 1 ? only.factors[0] : undefined;
  return factor?.power === 1 ? factor.atom : undefined;
}
