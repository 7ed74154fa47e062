/** What a reading took for granted, and the code does not tell: ranks that were tried, arguments that stand at their defaults. */
import type { ShapeGraph } from '../../graph/types';
import type { Span } from '../../program/types';
import { type Evidence, evidenceOf } from '../learning/evidence';
import { inputName } from '../learning/inputs';
import { likelyRank } from '../learning/likelihood';
import type { Run } from '../run';

/** An argument that is read with its default; or the rank that an input is taken for, by the part it plays or as the usual one. */
export type Assumption = { readonly name: string; readonly span?: Span } & (
  | { readonly kind: 'default'; readonly value: string }
  | { readonly kind: 'rank'; readonly rank: number; readonly byPart: boolean }
  /** A test of arguments that is taken as their defaults have it. */
  | { readonly kind: 'side'; readonly holds: boolean }
);

/** What was taken for granted of the parameters that nothing is bound to. */
export function assumptions(run: Run): readonly Assumption[] {
  return [...run.evidence].flatMap(([path, about]): readonly Assumption[] => {
    const span = run.inputSpans.get(path);
    const at = { name: inputName(run, path), ...(span && { span }) };
    const value = about.standsAt ?? (about.fixed && about.example !== undefined ? String(about.example) : undefined);
    if (value !== undefined) return [{ kind: 'default', ...at, value }];
    // A shape that is taken apart tells how many sizes it has.
    if (about.rank === undefined || about.rankBy !== 'guessed' || about.rank === about.taken || !run.inputs.has(path)) return [];
    return [{ kind: 'rank', ...at, rank: about.rank, byPart: isByPart(run.evidence, path) }];
  });
}

/** Whether the part that it plays speaks for its rank. */
function isByPart(evidence: Evidence, path: string): boolean {
  return likelyRank(evidence, path) === evidenceOf(evidence, path).rank;
}

/** The inputs whose rank was guessed. */
export const guessedInputs = (assumed: readonly Assumption[], graph: ShapeGraph) =>
  assumed.flatMap((one) => {
    const input = one.kind === 'rank' ? graph.inputs.find(({ name }) => name === one.name) : undefined;
    return one.kind === 'rank' && input ? [{ ...one, ref: input.ref }] : [];
  });
