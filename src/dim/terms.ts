/** The normal form: a sum of products of atoms, sorted, each with its text cached. Plain data, immutable. */

/** An integer expression over sizes. `terms` is null where it is not known. */
export interface Dim {
  readonly terms: readonly Term[] | null;
  /** Its one text, which is also its key. */
  readonly text: string;
}

/** `coefficient` times the product of the factors; no factors for a constant. */
export interface Term {
  readonly coefficient: number;
  readonly factors: readonly Factor[];
  /** The product without its coefficient; empty for a constant. */
  readonly text: string;
}

export interface Factor {
  readonly atom: Atom;
  readonly power: number;
}

/** What a product is made of: a symbol, or a function that has no polynomial form. */
export type Atom =
  | { readonly kind: 'symbol'; readonly name: string; readonly text: string }
  | { readonly kind: 'floor' | 'mod'; readonly left: Dim; readonly right: Dim; readonly text: string }
  | { readonly kind: 'max' | 'min'; readonly args: readonly Dim[]; readonly text: string };

/** Beyond these an expression is not known: nobody reads it, and it would cost a keystroke. */
const LIMITS = { terms: 400, products: 4000, characters: 8000, degree: 64, nesting: 60 };

/** Not known; absorbs in every operation. */
export const UNKNOWN: Dim = { terms: null, text: '?' };
export const ZERO: Dim = { terms: [], text: '0' };

const SMALL = Array.from({ length: 1025 }, (_, value) => (value === 0 ? ZERO : constantOf(value)));
export const ONE: Dim = SMALL[1] as Dim;

function constantOf(value: number): Dim {
  return { terms: [{ coefficient: value, factors: [], text: '' }], text: String(value) };
}

/** A known whole number; unknown where it is not one that numbers hold exactly. */
export function constant(value: number): Dim {
  if (!Number.isSafeInteger(value)) return UNKNOWN;
  return (value >= 0 ? SMALL[value] : undefined) ?? constantOf(value);
}

const BARE = /^[\p{L}_$][\p{L}\p{N}_$]*(\.[\p{L}\p{N}_$]+)*$/u;

/** A size with a name. Names that are not dotted identifiers stand between backticks in the text. */
export function symbol(name: string): Dim {
  const text = BARE.test(name) ? name : `\`${name.replace(/[\\`]/g, '\\$&')}\``;
  return ofAtom({ kind: 'symbol', name, text });
}

/** The expression that is one atom. Unknown where it is nested too deep to walk over. */
export function ofAtom(atom: Atom): Dim {
  if (atom.kind !== 'symbol' && nesting(atom.text) > LIMITS.nesting) return UNKNOWN;
  return ofTerm(1, [{ atom, power: 1 }]);
}

function nesting(text: string): number {
  let open = 0;
  let most = 0;
  for (const sign of text) {
    if (sign === '(') most = Math.max(most, ++open);
    else if (sign === ')') open--;
  }
  return most;
}

/** The expression that is one product, its factors already sorted. */
export function ofTerm(coefficient: number, factors: readonly Factor[]): Dim {
  return ofTerms([{ coefficient, factors, text: productText(factors) }]);
}

/** Adds terms up into a normal form. Unknown on overflow and blow-up. */
export function ofTerms(parts: readonly Term[]): Dim {
  const first = parts[0];
  if (parts.length === 1 && first) return finish(first.coefficient === 0 ? [] : [first]);
  const byText = new Map<string, Term>();
  for (const part of parts) {
    const held = byText.get(part.text);
    const coefficient = part.coefficient + (held?.coefficient ?? 0);
    byText.set(part.text, held ? { ...part, coefficient } : part);
  }
  return finish([...byText.values()].filter((term) => term.coefficient !== 0).sort(compareTerms));
}

function finish(terms: readonly Term[]): Dim {
  if (terms.length === 0) return ZERO;
  const only = terms[0] as Term;
  if (terms.length === 1 && only.text === '') return constant(only.coefficient);
  if (terms.length > LIMITS.terms || !terms.every((term) => Number.isSafeInteger(term.coefficient) && degree(term) <= LIMITS.degree)) return UNKNOWN;
  const text = sumText(terms);
  return text.length > LIMITS.characters ? UNKNOWN : { terms, text };
}

/** Whether a product of expressions with so many terms is worth forming. */
export function fits(left: number, right: number): boolean {
  return left * right <= LIMITS.products;
}

/** The number of factors, counted with their powers. */
export function degree(term: Term): number {
  let total = 0;
  for (const factor of term.factors) total += factor.power;
  return total;
}

/** Larger products first, then by text; a constant comes last. */
export function compareTerms(a: Term, b: Term): number {
  return degree(b) - degree(a) || (a.text < b.text ? -1 : a.text > b.text ? 1 : 0);
}

/** Symbols before other atoms, then by text. */
export function compareAtoms(a: Atom, b: Atom): number {
  const rank = Number(a.kind !== 'symbol') - Number(b.kind !== 'symbol');
  return rank || (a.text < b.text ? -1 : a.text > b.text ? 1 : 0);
}

// ---- text ----

function factorText({ atom, power }: Factor, alone: boolean): string {
  const base = !alone && (atom.kind === 'floor' || atom.kind === 'mod') ? `(${atom.text})` : atom.text;
  return power === 1 ? base : power === 2 ? `${base}*${base}` : `${base}**${power}`;
}

/** The text of a product without its coefficient. */
export function productText(factors: readonly Factor[]): string {
  const first = factors[0];
  if (factors.length === 1 && first) return factorText(first, first.power === 1);
  return factors.map((factor) => factorText(factor, false)).join('*');
}

function termText({ coefficient, factors, text }: Term, leading: boolean): string {
  const size = Math.abs(coefficient);
  const negative = leading && coefficient < 0;
  if (text === '') return `${negative ? '-' : ''}${size}`;
  const sole = factors.length === 1 && factors[0]?.power === 1 && (factors[0].atom.kind === 'floor' || factors[0].atom.kind === 'mod');
  const body = sole && (size !== 1 || negative) ? `(${text})` : text;
  return `${negative ? '-' : ''}${size === 1 ? '' : `${size}*`}${body}`;
}

/** The first positive term leads, so that `1 - x` does not begin with a minus. */
function sumText(terms: readonly Term[]): string {
  const lead = Math.max(
    0,
    terms.findIndex((term) => term.coefficient > 0),
  );
  let text = termText(terms[lead] as Term, true);
  terms.forEach((term, index) => {
    if (index !== lead) text += `${term.coefficient < 0 ? ' - ' : ' + '}${termText(term, false)}`;
  });
  return text;
}

/** An operand of `//` or `%`: bare where it needs no parentheses; products only on the left. */
function operandText(dim: Dim, products: boolean): string {
  const only = dim.terms?.length === 1 ? dim.terms[0] : undefined;
  if (dim.text === '0' || (only && only.coefficient > 0 && isPlain(only, products))) return dim.text;
  return `(${dim.text})`;
}

function isPlain(term: Term, products: boolean): boolean {
  if (!term.factors.every(({ atom, power }) => atom.kind === 'symbol' && power <= 2)) return false;
  return products || term.text === '' || (term.coefficient === 1 && degree(term) === 1);
}

/** The atom of a floor division or a remainder whose operands are in lowest form. */
export function divisionAtom(kind: 'floor' | 'mod', left: Dim, right: Dim): Atom {
  const sign = kind === 'floor' ? '//' : ' % ';
  return { kind, left, right, text: `${operandText(left, true)}${sign}${operandText(right, false)}` };
}

/** The atom of a maximum or minimum of sorted arguments. */
export function extremeAtom(kind: 'max' | 'min', args: readonly Dim[]): Atom {
  return { kind, args, text: `${kind}(${args.map((arg) => arg.text).join(', ')})` };
}
