/** Inputs whose rank nothing told: the likeliest ranks are tried, and what rests on a guess alone is not told. */
import type { ProblemInput } from '../../value/index';
import { type Evidence, evidenceOf } from '../learning/evidence';
import { hasFindings, isFinding, isWhole, misfit, oddness, pinsSamples } from '../learning/fitness';
import { likelyRank } from '../learning/likelihood';
import type { Settled } from './request';

/** Ranks that are tried, in this order, where nothing in the code tells one. */
const USUAL_RANKS = [3, 4, 2, 1, 5];
const MOST_CHOICES = 12;

/** Reads the module with these ranks. */
type Read = (ranks: ReadonlyMap<string, number>) => Settled;

interface Choice {
  readonly ranks: ReadonlyMap<string, number>;
  readonly reading: Settled;
  readonly faults: number;
  readonly usual: number;
}

/** The first choice of ranks that fits without a fault; else the one with the fewest, and of these the most usual. */
export function likeliest(evidence: Evidence, open: readonly string[], read: Read): Settled | undefined {
  let best: Choice | undefined;
  let passes = false;
  const tried: Choice[] = [];
  for (const ranks of rankChoices(evidence, open)) {
    const reading = read(ranks);
    const faults = misfit(reading);
    if (faults === 0) return reading;
    const usual = [...ranks.values()].filter((rank) => rank === USUAL_RANKS[0]).length;
    const choice = { ranks, reading, faults, usual };
    tried.push(choice);
    passes ||= isOpenTo(evidence, ranks) && isWhole(reading) && !hasFindings(reading) && !pinsSamples(reading);
    if (!best || faults < best.faults || (faults === best.faults && usual > best.usual && hasFindings(reading))) best = choice;
  }
  return passes && best ? withoutFindings(best.reading) : best && withoutGuessed(evidence, best, tried, read);
}

/** So many more choices are read to see whether a finding rests on one. */
const MOST_DOUBTS = 24;

/** What another choice of ranks does not find, and finds nothing else instead, rests on the guess too; so does what too many choices speak of. */
function withoutGuessed(evidence: Evidence, best: Choice, tried: readonly Choice[], read: Read): Settled {
  let { reading } = best;
  for (const choice of tried) reading = withoutDoubted(evidence, reading, best, choice);
  let left = MOST_DOUBTS;
  for (const [path, rank] of best.ranks) {
    for (const other of ranksFor(evidence, path)) {
      const ranks = new Map([...best.ranks, [path, other]]);
      if (other === rank || !isOpenTo(evidence, ranks) || !hasFindings(reading)) continue;
      if (left-- === 0) return withoutFindings(reading);
      const choice = { ...best, ranks, reading: read(ranks) };
      reading = withoutDoubted(evidence, reading, best, choice);
    }
  }
  return reading;
}

/** The findings that another choice has too, unless it finds something else as grave. */
function withoutDoubted(evidence: Evidence, reading: Settled, best: Choice, other: Choice): Settled {
  if (other.reading.stopped || !isOpenTo(evidence, other.ranks)) return reading;
  // Ranks at which the code asks for more that nobody means are not the ones it was written for.
  if (oddness(other.reading) > oddness(best.reading)) return reading;
  return [isError, isFinding].reduce((kept, counts) => withoutOthers(kept, placesOf(best.reading, counts), placesOf(other.reading, counts), counts), reading);
}

/** Without those of a sort that another reading has not, where it has no others of that sort. */
function withoutOthers(reading: Settled, found: ReadonlySet<string>, places: ReadonlySet<string>, counts: typeof isFinding): Settled {
  if ([...places].some((place) => !found.has(place))) return reading;
  const problems = reading.problems.filter((problem) => !counts(problem) || places.has(placeOf(problem)));
  return problems.length === reading.problems.length ? reading : { ...reading, problems };
}

const isError = ({ severity }: ProblemInput): boolean => severity === 'error';

const placesOf = ({ problems }: Settled, counts: typeof isFinding): ReadonlySet<string> => new Set(problems.filter(counts).map(placeOf));

const placeOf = ({ span }: ProblemInput): string => `${span.file}:${span.line}:${span.column}:${span.endLine}:${span.endColumn}`;

/** Whether nothing speaks against the ranks: a shape that is taken apart has as many axes as are named. */
const isOpenTo = (evidence: Evidence, ranks: ReadonlyMap<string, number>): boolean =>
  [...ranks].every(([path, rank]) => (evidenceOf(evidence, path).taken ?? rank) === rank);

/** What another rank would not have found rests on the guess alone. */
const withoutFindings = ({ sides: _, ...reading }: Settled): Settled => ({ ...reading, problems: reading.problems.filter((problem) => !isFinding(problem)) });

/** Ranks to try for the open inputs: each one's likeliest, then others of one input at a time, then one rank for all. */
function rankChoices(evidence: Evidence, open: readonly string[]): Map<string, number>[] {
  const likely = new Map(open.map((path) => [path, ranksFor(evidence, path)]));
  const first = new Map([...likely].map(([path, ranks]) => [path, ranks[0] ?? 3]));
  const one = [...likely].flatMap(([path, ranks]) => ranks.slice(1, open.length > 1 ? 4 : MOST_CHOICES).map((rank) => new Map([...first, [path, rank]])));
  const hasPart = (path: string) => likelyRank(evidence, path) !== undefined;
  const all = USUAL_RANKS.map(
    (rank) => new Map([...likely].map(([path, ranks]) => [path, ranks.includes(rank) && !hasPart(path) ? rank : (ranks[0] ?? rank)])),
  );
  return [first, ...(open.length > 1 ? all : []), ...one].slice(0, MOST_CHOICES);
}

/** A shape that is taken apart has that many axes, or more; else the usual ranks that the code allows. */
function ranksFor(evidence: Evidence, path: string): number[] {
  const { taken, least = 0, most = Number.POSITIVE_INFINITY } = evidenceOf(evidence, path);
  const likely = likelyRank(evidence, path);
  if (taken === undefined) {
    const allowed = [...new Set([...(likely === undefined ? [] : [likely]), ...USUAL_RANKS])].filter((rank) => rank >= least && rank <= Math.max(least, most));
    return allowed.length > 0 ? allowed : [least];
  }
  return [0, 1, 2].map((more) => Math.max(taken, least) + more);
}
