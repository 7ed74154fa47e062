/** Sizes under what a module needs of them, quickly: by putting one for the other, not by proof. */
import { assumeEqual, type Dim, exactDivide, type Facts, isName, minimum, NO_FACTS, product, same, simplify, substitute, symbolsOf } from '../dim/index';
import type { ShapeGraph } from './types';

/** What is known of sizes: symbols by what they have to equal, and what is no larger than what. */
export interface Known {
  readonly names: ReadonlyMap<string, Dim>;
  readonly bounds: Facts;
}

/** What a module's needs tell of its sizes. */
export function knownSizes({ needs }: ShapeGraph): Known {
  const names = new Map<string, Dim>();
  for (const { relation, left, right } of needs) {
    const [a, b] = [substitute(left, names), substitute(right, names)];
    const [from, to] = isName(a) ? [a, b] : [b, a];
    if (relation !== '==' || !isName(from) || symbolsOf(to).includes(from.text)) continue;
    const one = new Map([[from.text, to]]);
    for (const [name, size] of names) names.set(name, substitute(size, one));
    names.set(from.text, to);
  }
  const bounds = needs.reduce(
    (facts, { relation, left, right, text }) => (relation === '<=' ? assumeEqual(facts, minimum(left, right), left, text) : facts),
    NO_FACTS,
  );
  return { names, bounds };
}

/** A size as the module needs it to be. */
function settled(size: Dim, { names, bounds }: Known): Dim {
  const named = substitute(size, names);
  return /\bm(in|ax)\(/.test(named.text) ? simplify(named, bounds) : named;
}

/** Whether two sizes are surely the same. */
export const isSame = (a: Dim | undefined, b: Dim, known: Known): boolean => a !== undefined && (same(a, b) || same(settled(a, known), settled(b, known)));

/** Sizes but for some: one of them each, or a factor of one or of all; undefined where they are not among them. */
export function without(sizes: readonly Dim[], factors: readonly Dim[], known: Known): readonly Dim[] | undefined {
  let left: readonly Dim[] | undefined = sizes;
  for (const factor of factors) left = left && (leaving(left, factor) ?? factored(left, factor, known));
  return left;
}

function leaving(sizes: readonly Dim[], factor: Dim): readonly Dim[] | undefined {
  const at = sizes.findIndex((size) => same(size, factor));
  return at < 0 ? undefined : sizes.toSpliced(at, 1);
}

const NOTHING: Known = { names: new Map(), bounds: NO_FACTS };

function factored(sizes: readonly Dim[], factor: Dim, known: Known): readonly Dim[] | undefined {
  for (const [at, size] of sizes.entries()) {
    const quotient = divided(size, factor, NOTHING);
    if (quotient) return sizes.with(at, quotient);
  }
  const whole = divided(product(sizes), factor, known);
  return whole && [whole];
}

/** a over b where that is a whole number whatever the sizes are. */
function divided(a: Dim, b: Dim, known: Known): Dim | undefined {
  for (const [whole, by] of [[a, b] as const, [settled(a, known), settled(b, known)] as const]) {
    const found = exactDivide(whole, by, NO_FACTS);
    if (found && !found.needs) return found.quotient;
  }
  return undefined;
}
