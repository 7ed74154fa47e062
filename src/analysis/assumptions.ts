/** What a reading took for granted, in words: it is told beside what was read with it. */
import { symbolsOf } from '../dim/index';
import type { GraphNeed, ShapeGraph } from '../graph/types';
import { typeOf } from '../graph/values';
import { type Assumption, guessedInputs } from '../interpret/index';
import type { ModuleAnalysis } from './types';

/** One assumption as a sentence. */
export function assumptionText(one: Assumption): string {
  if (one.kind === 'default') return `Read with \`${one.name} = ${one.value}\`, its default.`;
  if (one.kind === 'side') return `Read ${one.holds ? 'with' : 'without'} \`${one.name}\`, as the defaults have it.`;
  return `\`${one.name}\` is taken for rank ${one.rank}${one.byPart ? ' by the part that it plays' : ''}: nothing in the code tells it.`;
}

/** All of a module, in one line. */
export const assumptionsText = ({ assumed = [] }: ModuleAnalysis): string => assumed.map(assumptionText).join(' ');

/** The inputs of guessed rank whose sizes the needs name: `gamma` taken for rank 3, … */
export function guessesIn(needs: readonly GraphNeed[], graph: ShapeGraph, assumed: readonly Assumption[]): string {
  const named = new Set(needs.flatMap(({ left, right }) => [...symbolsOf(left), ...symbolsOf(right)]));
  const used = guessedInputs(assumed, graph).filter(
    ({ ref, byPart }) => !byPart && typeOf(graph, ref)?.shape?.some((size) => symbolsOf(size).some((name) => named.has(name))),
  );
  return used.map(({ name, rank }) => `\`${name}\` taken for rank ${rank}`).join(', ');
}
