/** What the code tells of the parameters of an entry. Where reading on needs to know it, the module is read again from the start with it. */
import type { Dim } from '../../dim/index';
import type { DType } from '../../ops/operator';

export type ParameterKind = 'tensor' | 'number' | 'string' | 'list' | 'dict' | 'function';

/** How sure a rank is; a surer one replaces a weaker. */
export type Sureness = 'guessed' | 'said' | 'exact';
const ORDER: readonly Sureness[] = ['guessed', 'said', 'exact'];

export interface ParameterEvidence {
  kind?: ParameterKind;
  rank?: number;
  rankBy?: Sureness;
  /** The least rank that the code allows. */
  least?: number;
  /** The largest rank that the code allows. */
  most?: number;
  /** The rank that the part it plays speaks for: tried first where nothing decides. */
  likely?: number;
  /** An input that it is joined to, and how many axes it has more. */
  like?: { readonly input: string; readonly more: number };
  /** How many sizes of its shape are taken apart: the rank, unless something else tells of more axes. */
  taken?: number;
  /** The user's names of axes, by axis from the front. */
  readonly names: Map<number, string>;
  /** Names that comments give to axes: shown where the code has none. */
  readonly words: Map<number, string>;
  /** Axes that have the size of an earlier one, by what a comment says. */
  readonly alike: Map<number, number>;
  /** Sizes that are fixed (a comment's or a type's numbers). */
  readonly sizes: Map<number, Dim>;
  dtype?: DType;
  /** The shorter name that a field is stored under. */
  alias?: string;
  /** The default in the code. */
  example?: number;
  /** Used where a number must be known (an axis): stands for its default. */
  fixed?: boolean;
  /** A flag, a word or a fraction that stands at its default, as the source has it. */
  standsAt?: string;
  /** It is read with its default, which no symbol stands for. */
  leftOut?: true;
  /** Its type is a class of settings: a field of it called as a tensor's member is a field. */
  settings?: true;
  /** The code uses it as something where its default is nothing: it is given. */
  given?: true;
  /** Of a list: how many items. */
  length?: number;
  /** It has exactly so many; else at least. */
  counted?: true;
  /** Its type says so many; the code takes it apart into others, so that the type tells nothing of them. */
  notedLength?: number;
  misnoted?: true;
  /** The code asks whether it is a list, and goes on for a tensor too. */
  mayBeList?: true;
  /** The list is a tuple. */
  tuple?: true;
  /** That it is a list its type alone says. */
  noted?: true;
}

export type Evidence = Map<string, ParameterEvidence>;

/** Evidence of its own, for a trial. */
export const copyOf = (evidence: Evidence): Evidence =>
  new Map(
    [...evidence].map(([path, about]) => [
      path,
      { ...about, names: new Map(about.names), words: new Map(about.words), alike: new Map(about.alike), sizes: new Map(about.sizes) },
    ]),
  );

/** Thrown when something was learnt that what was already read depends on. No Error: nobody reads its stack, which is dear to make. */
export class ReadAgain {}

export function evidenceOf(evidence: Evidence, path: string): ParameterEvidence {
  const found: ParameterEvidence = evidence.get(path) ?? { names: new Map(), words: new Map(), alike: new Map(), sizes: new Map() };
  evidence.set(path, found);
  return found;
}

/** Notes a kind; true where it is news. The first use decides. */
export function learnKind(evidence: Evidence, path: string, kind: ParameterKind): boolean {
  const about = evidenceOf(evidence, path);
  if (about.kind !== undefined) return false;
  about.kind = kind;
  return true;
}

/** Notes a rank; true where it is news. */
export function learnRank(evidence: Evidence, path: string, rank: number, by: Sureness): boolean {
  const about = evidenceOf(evidence, path);
  if (about.rankBy !== undefined && ORDER.indexOf(by) <= ORDER.indexOf(about.rankBy)) return false;
  const news = about.rank !== rank;
  about.rank = rank;
  about.rankBy = by;
  about.kind ??= 'tensor';
  return news;
}

/** Notes a least rank: it decides nothing, but bounds what is tried where nothing decides. What goes against what was learnt before is a mistake. */
export function learnLeast(evidence: Evidence, path: string, rank: number): void {
  const about = evidenceOf(evidence, path);
  if (rank > (about.most ?? rank)) return;
  about.least = Math.max(about.least ?? 0, rank);
}

/** Notes a largest rank: it bounds what is tried, as the least one does. */
export function learnMost(evidence: Evidence, path: string, rank: number): void {
  const about = evidenceOf(evidence, path);
  if (rank < (about.least ?? rank)) return;
  about.most = Math.min(about.most ?? rank, rank);
}

/** Notes the user's name of an axis; the first one stays. True where it is news. */
export function learnName(evidence: Evidence, path: string, axis: number, name: string): boolean {
  const about = evidenceOf(evidence, path);
  if (about.names.has(axis) || [...about.names.values()].includes(name)) return false;
  about.names.set(axis, name);
  return true;
}
