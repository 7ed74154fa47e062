/** Filters that are given: a map that keeps its size without padding asks for a window of one. */
import { compare, type Dim, NO_FACTS, ONE, simplify, substitute, symbol, symbolsOf } from '../../dim/index';
import type { Run } from '../run';
import { withoutCommonFactors } from './needs';

const CONVOLUTIONS = new Set(['conv', 'depthwiseConv']);

/** The windows of given filters that must be one for two sizes to agree, and what is left to ask then; undefined where that makes them no more alike. */
export function windowsOfOne(run: Run, left: Dim, right: Dim): { readonly windows: readonly Dim[]; readonly rest: readonly [Dim, Dim] } | undefined {
  const met = new Set([...symbolsOf(left), ...symbolsOf(right)]);
  const windows = windowSizes(run).filter((name) => met.has(name));
  if (windows.length === 0 || windows.includes(left.text) || windows.includes(right.text)) return undefined;
  const ones = new Map(windows.map((name) => [name, ONE] as const));
  const rest = withoutCommonFactors(simplify(substitute(left, ones), run.known.facts), simplify(substitute(right, ones), run.known.facts), run.known.facts);
  const agrees = compare(rest[0], rest[1], NO_FACTS) === 'equal' || rest.every((size) => run.symbols.has(size.text));
  return agrees ? { windows: windows.map(symbol), rest } : undefined;
}

/** The free sizes of the windows of filters that are the module's own inputs. */
function windowSizes(run: Run): string[] {
  const filters = new Set(run.nodes.flatMap(({ op, inputs }) => (CONVOLUTIONS.has(op) && inputs[1] ? [inputs[1].node] : [])));
  return [...run.inputs.values()].flatMap(({ ref, shape }) =>
    filters.has(ref.node) ? (shape ?? []).slice(0, -2).flatMap((size) => (run.symbols.has(size.text) ? [size.text] : [])) : [],
  );
}
