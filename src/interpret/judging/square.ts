/** Square images: an argument that one of their sides was asked to be is asked of the other. */
import { type Dim, same, simplify, substitute, symbol, symbolsOf } from '../../dim/index';
import type { Run, SymbolRecord } from '../run';
import { rankOf } from './roles';

/** The two sides of an image that are equal where both are what one argument says; `given` as the operands have them, `known` by what is known. */
export function squareByArgument(run: Run, given: readonly [Dim, Dim], known: readonly [Dim, Dim]): readonly [Dim, Dim] | undefined {
  for (const [at, other] of [
    [0, 1],
    [1, 0],
  ] as const) {
    const isArgument = symbolsOf(given[at]).some((name) => run.symbols.get(name)?.role === 'argument' && !symbolsOf(known[at]).includes(name));
    const [first, second] = [sideOf(run, known[at]), sideOf(run, known[other])];
    if (!isArgument || !first || !second || first.input !== second.input || Math.abs((first.axis ?? 0) - (second.axis ?? 0)) !== 1) continue;
    const turned = substitute(known[at], new Map([[first.name, symbol(second.name)]]));
    if (same(simplify(turned, run.known.facts), known[other])) return [symbol(first.name), symbol(second.name)];
  }
  return undefined;
}

/** The only side of an image that a size speaks of. */
function sideOf(run: Run, size: Dim): SymbolRecord | undefined {
  const sides = [...new Set(symbolsOf(size))].flatMap((name) => run.symbols.get(name) ?? []).filter(({ role }) => role === 'data');
  const [side, more] = sides;
  return side && !more && rankOf(run, side.input) >= 4 && (side.axis ?? 0) >= 1 ? side : undefined;
}
