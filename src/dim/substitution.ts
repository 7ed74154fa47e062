/** Walks over an expression: its symbols, replacing them, and its value at given sizes. */
import { add, multiply, power } from './arithmetic';
import { floorNumbers, floorQuotient, modNumbers, remainder } from './division';
import { extreme } from './extrema';
import { type Atom, type Dim, ofAtom, ofTerms, type Term, UNKNOWN, ZERO } from './terms';

const symbolCache = new WeakMap<Dim, readonly string[]>();

/** Whether it is one name and nothing else. */
export const isName = (dim: Dim): boolean => symbolsOf(dim).length === 1 && symbolsOf(dim)[0] === dim.text;

/** The names in it, sorted, each once. */
export function symbolsOf(dim: Dim): readonly string[] {
  const held = symbolCache.get(dim);
  if (held) return held;
  const names = new Set<string>();
  for (const term of dim.terms ?? []) for (const { atom } of term.factors) for (const name of atomSymbols(atom)) names.add(name);
  const sorted = [...names].sort();
  symbolCache.set(dim, sorted);
  return sorted;
}

function atomSymbols(atom: Atom): readonly string[] {
  return atom.kind === 'symbol' ? [atom.name] : operands(atom).flatMap(symbolsOf);
}

/** The expressions inside an atom. */
export function operands(atom: Atom): readonly Dim[] {
  return atom.kind === 'symbol' ? [] : 'args' in atom ? atom.args : [atom.left, atom.right];
}

/** Rebuilds an expression with each atom replaced; where none changes, the expression itself. */
export function mapAtoms(dim: Dim, replace: (atom: Atom) => Dim | undefined): Dim {
  if (!dim.terms) return dim;
  let result: Dim = ZERO;
  const kept: Term[] = [];
  for (const term of dim.terms) {
    const replaced = term.factors.map((factor) => replace(factor.atom));
    if (replaced.every((each) => each === undefined)) {
      kept.push(term);
      continue;
    }
    let part = ofTerms([{ coefficient: term.coefficient, factors: [], text: '' }]);
    term.factors.forEach((factor, index) => {
      part = multiply(part, power(replaced[index] ?? ofAtom(factor.atom), factor.power));
    });
    result = add(result, part);
  }
  return kept.length === dim.terms.length ? dim : add(result, ofTerms(kept));
}

/** An atom of the same kind over changed operands; undefined where none changed. */
export function mapOperands(atom: Atom, change: (dim: Dim) => Dim): Dim | undefined {
  if (atom.kind === 'symbol') return undefined;
  const before = operands(atom);
  const after = before.map(change);
  if (after.every((dim, index) => dim.text === before[index]?.text)) return undefined;
  const [left = UNKNOWN, right = UNKNOWN] = after;
  if (atom.kind === 'floor') return floorQuotient(left, right);
  return atom.kind === 'mod' ? remainder(left, right) : extreme(atom.kind, after);
}

/** Replaces symbols by expressions, all at once. */
export function substitute(dim: Dim, by: ReadonlyMap<string, Dim>): Dim {
  if (by.size === 0 || !symbolsOf(dim).some((name) => by.has(name))) return dim;
  return mapAtoms(dim, (atom) => (atom.kind === 'symbol' ? by.get(atom.name) : mapOperands(atom, (inner) => substitute(inner, by))));
}

/** The value at given sizes; undefined where a size is missing, on overflow and on division by zero. */
export function evaluate(dim: Dim, sizes: { readonly [symbol: string]: number }): number | undefined {
  if (!dim.terms) return undefined;
  let total = 0;
  for (const term of dim.terms) {
    let value = term.coefficient;
    for (const { atom, power: times } of term.factors) {
      const factor = evaluateAtom(atom, sizes);
      if (factor === undefined) return undefined;
      for (let step = 0; step < times; step++) value *= factor;
      if (!Number.isSafeInteger(value)) return undefined;
    }
    total += value;
    if (!Number.isSafeInteger(total)) return undefined;
  }
  return total + 0;
}

function evaluateAtom(atom: Atom, sizes: { readonly [symbol: string]: number }): number | undefined {
  if (atom.kind === 'symbol') {
    const value = Object.hasOwn(sizes, atom.name) ? sizes[atom.name] : undefined;
    return Number.isSafeInteger(value) ? value : undefined;
  }
  const values = operands(atom).map((operand) => evaluate(operand, sizes));
  const known = values.filter((value) => value !== undefined);
  if (known.length < values.length) return undefined;
  const [left = 0, right = 0] = known;
  if (atom.kind === 'floor') return floorNumbers(left, right);
  if (atom.kind === 'mod') return modNumbers(left, right);
  return atom.kind === 'max' ? Math.max(...known) : Math.min(...known);
}
