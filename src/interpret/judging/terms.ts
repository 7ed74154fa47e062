/** What the two sides of an equality are made of: rounded divisions, and terms that stand on both. */
import { addedAndSubtracted, asConstant, type Dim, divides, multiply, same, subtract, symbolsOf } from '../../dim/index';
import type { Run } from '../run';

/** The sizes inside rounded divisions by constants, each with the product of what it is divided by, one inside the other. */
export function gatherDivisors(dim: Dim, outer: number, found: Map<string, number>): void {
  for (const { size, divisor } of quotientsIn(dim)) {
    const by = (asConstant(divisor) ?? 0) * outer;
    if (by <= 1 || by > 4096) continue;
    for (const name of symbolsOf(size)) found.set(name, Math.max(found.get(name) ?? 1, by));
    gatherDivisors(size, by, found);
  }
}

/** `h - k + 1 == h` is `1 == k`: what stands on both sides is left out; undefined where nothing does. */
export function withoutCommonTerms(left: Dim, right: Dim): [Dim, Dim] | undefined {
  const rest = subtract(left, right).terms;
  if (!rest || rest.length >= (left.terms?.length ?? 0) + (right.terms?.length ?? 0)) return undefined;
  const [a, b] = addedAndSubtracted(subtract(left, right));
  // What a number has of a size is nothing as a rule: left beside nothing at all, it is no size, which would be 1 or more.
  const mayVanish = [a, b].some((side) => asConstant(side) === 0) && [a, b].some(({ text }) => /\b\d+\/\/\(?[a-z_]/i.test(text));
  return same(a, left) || same(b, left) || mayVanish ? undefined : [a, b];
}

/** `p == x//y` where y divides x is `p*y == x`. */
export function withoutQuotient(run: Run, left: Dim, right: Dim): [Dim, Dim] | undefined {
  for (const [side, other] of [
    [left, right],
    [right, left],
  ] as const) {
    const [term, ...more] = side.terms ?? [];
    const atom = term?.factors[0]?.atom;
    if (!term || more.length > 0 || term.factors.length !== 1 || term.coefficient !== 1 || term.factors[0]?.power !== 1 || atom?.kind !== 'floor') continue;
    if (divides(atom.right, atom.left, run.known.facts) === 'yes') return [multiply(other, atom.right), atom.left];
  }
  return undefined;
}

/** The rounded divisions `size // divisor` inside an expression. */
export function quotientsIn(dim: Dim): { size: Dim; divisor: Dim; text: string }[] {
  const atoms = (dim.terms ?? []).flatMap((term) => term.factors.map((factor) => factor.atom));
  return atoms.flatMap((atom) => (atom.kind === 'floor' && asConstant(atom.right) !== 0 ? [{ size: atom.left, divisor: atom.right, text: atom.text }] : []));
}
