/** Edits of modules, run as they are and read by the analysis: which slips it catches, and where; which harmless changes it flags. */
import { readFileSync } from 'node:fs';
import { type CorpusCase, requestOf } from '../corpus/cases';
import { ask, boundRequest, type Finding, news } from './asking';
import { applyEdit, type Edit, harmless, slips } from './edits';
import { type Outcome, outcomeOf, workingCopy } from './truth';

export type Verdict = 'caught' | 'elsewhere' | 'missed';

export interface Mutant {
  readonly id: string;
  readonly edit: Edit;
  readonly before: string;
  readonly outcome: Outcome;
  readonly symbolic: Verdict;
  readonly bound: Verdict;
  readonly findings: readonly Finding[];
}

export interface FalseAlarm {
  readonly id: string;
  readonly edit?: Edit;
  readonly how: 'symbolic' | 'bound';
  readonly findings: readonly Finding[];
}

export interface Score {
  readonly mutants: readonly Mutant[];
  readonly controls: number;
  readonly alarms: readonly FalseAlarm[];
}

/** Numbers that are the same each time. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export interface Bounds {
  /** At most so many slips of a module that break it, and so many harmless changes. */
  readonly slips: number;
  readonly controls: number;
  readonly seed: number;
  /** Only kinds with this in their name. */
  readonly kind?: string;
}

/** Edits one module, each edit on its own. */
export async function scoreCase(item: CorpusCase, bounds: Bounds): Promise<Score> {
  const request = requestOf(item);
  const text = readFileSync(request.file, 'utf8');
  const copy = workingCopy(request, item.id);
  try {
    const base = await copy.run(text);
    if (base instanceof Error) throw new Error(`${item.id} does not run: ${base.message}`);
    const random = seeded(bounds.seed);
    const bound = await boundRequest({ ...request, file: copy.file });
    const asked = async (changed: string) => ({
      symbolic: await ask(copy.file, changed, copy.folder),
      bound: await ask(copy.file, changed, copy.folder, bound),
    });
    const clean = await asked(text);
    const alarms: FalseAlarm[] = (['symbolic', 'bound'] as const).flatMap((how) => (clean[how].length > 0 ? [{ id: item.id, how, findings: clean[how] }] : []));
    const mutants: Mutant[] = [];
    for (const edit of shuffled(slips(request.file, text), random)) {
      if (bounds.kind !== undefined && !edit.kind.includes(bounds.kind)) continue;
      if (mutants.filter(({ outcome }) => outcome.kind === 'throws').length >= bounds.slips) break;
      const changed = applyEdit(text, edit);
      const outcome = outcomeOf(await copy.run(changed), base, copy.folder);
      if (outcome.kind === 'same' || outcome.kind === 'rows') continue;
      const found = await asked(changed);
      const fresh = { symbolic: news(found.symbolic, clean.symbolic), bound: news(found.bound, clean.bound).filter(({ severity }) => severity === 'error') };
      const verdict = (how: 'symbolic' | 'bound') => verdictOf(fresh[how], edit, outcome, item.file);
      const before = text.slice(edit.start, edit.end);
      mutants.push({ id: item.id, edit, before, outcome, symbolic: verdict('symbolic'), bound: verdict('bound'), findings: fresh.symbolic });
    }
    let controls = 0;
    for (const edit of shuffled(harmless(request.file, text), random)) {
      if (controls >= bounds.controls) break;
      const changed = applyEdit(text, edit);
      if (['throws', 'outputs'].includes(outcomeOf(await copy.run(changed), base, copy.folder).kind)) continue;
      controls += 1;
      const found = await asked(changed);
      for (const how of ['symbolic', 'bound'] as const) {
        const findings = news(found[how], clean[how]);
        if (findings.length > 0) alarms.push({ id: item.id, edit, how, findings });
      }
    }
    return { mutants, controls, alarms };
  } finally {
    copy.remove();
  }
}

const shuffled = <T>(items: readonly T[], random: () => number): T[] =>
  items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);

/** On a line of the error's stack, or where the edit is: caught. */
function verdictOf(findings: readonly Finding[], edit: Edit, outcome: Outcome, file: string): Verdict {
  if (findings.length === 0) return 'missed';
  const right = [{ file, line: edit.line }, ...(outcome.kind === 'throws' ? outcome.places : [])];
  const isRight = findings.some((one) => one.places.some((place) => right.some((each) => each.file === place.file && each.line === place.line)));
  return isRight ? 'caught' : 'elsewhere';
}

const share = (some: number, all: number): number => (all === 0 ? 1 : some / all);

/** The figures over many modules. */
export function rates(scores: readonly Score[]) {
  const mutants = scores.flatMap((score) => score.mutants);
  const throwing = mutants.filter(({ outcome }) => outcome.kind === 'throws');
  const others = mutants.filter(({ outcome }) => outcome.kind === 'outputs');
  const caught = (list: readonly Mutant[], how: 'symbolic' | 'bound') => share(list.filter((one) => one[how] === 'caught').length, list.length);
  return {
    throwing: throwing.length,
    symbolic: caught(throwing, 'symbolic'),
    bound: caught(throwing, 'bound'),
    elsewhere: throwing.filter((one) => one.symbolic === 'elsewhere').length,
    changing: others.length,
    changingSymbolic: caught(others, 'symbolic'),
    controls: scores.reduce((sum, score) => sum + score.controls, 0),
    alarms: scores.reduce((sum, score) => sum + score.alarms.length, 0),
  };
}
