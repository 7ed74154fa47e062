/** Notes what is needed of sizes, and what is known of them from there on. */
import { asConstant, assumeAtMost, assumeDivides, assumeEqual, atMost, type Dim, evaluate, isUnknown, symbolsOf } from '../../dim/index';
import type { Span } from '../../program/types';
import type { Run } from '../run';
import { write } from '../statements/journal';
import { needText } from './needs';
import { keptFirst } from './orientation';

/** Takes an equality or a divisibility as given: a test in the user's code that throws otherwise. */
export function take(run: Run, relation: '==' | 'divides' | '<=', left: Dim, right: Dim, words: string, span: Span, asNeed: boolean): void {
  if (isUnknown(left) || isUnknown(right)) return;
  if (asNeed) addNeed(run, left, relation, right, span);
  const facts = run.known.facts;
  if (relation === '==') {
    const [stays, goes] = keptFirst(run, left, right);
    learn(run, 'facts', assumeEqual(facts, goes, stays, words));
  } else if (relation === 'divides') learn(run, 'facts', assumeDivides(facts, left, right, words));
  // Of a size that is at most what it is at least, more is known: `!(ratio > 1)` says that it is 1.
  else if (atMost(right, left, facts) === 'yes') learn(run, 'facts', assumeEqual(facts, left, right, words));
  else learn(run, 'facts', assumeAtMost(facts, left, right, words));
}

export function learn(run: Run, field: 'facts', facts: Run['known']['facts']): void {
  write(run.journal, run.known, field, facts);
}

/** Notes what is needed of sizes; one that speaks of a loop's own counter is no need of the module's. A fixed size stands on the right. */
export function addNeed(run: Run, left: Dim, relation: '==' | 'divides' | '<=', right: Dim, span: Span): boolean {
  if (relation === '==' && asConstant(left) !== undefined && asConstant(right) === undefined) return addNeed(run, right, relation, left, span);
  if ([...symbolsOf(left), ...symbolsOf(right)].some((name) => !run.symbols.has(name))) return false;
  const text = needText(left, relation, right);
  if (run.needs.has(text) || (run.unusual > 0 && breaksDefaults(run, left, relation, right))) return false;
  run.needs.set(text, { text, left, relation, right, span });
  return true;
}

/** Whether the defaults of arguments go against it. */
export function breaksDefaults(run: Run, left: Dim, relation: '==' | 'divides' | '<=', right: Dim): boolean {
  const sizes: { [name: string]: number } = {};
  for (const name of [...symbolsOf(left), ...symbolsOf(right)]) {
    const record = run.symbols.get(name);
    if (record?.role !== 'argument' || record.example === undefined) return false;
    sizes[name] = record.example;
  }
  const [a, b] = [evaluate(left, sizes), evaluate(right, sizes)];
  if (a === undefined || b === undefined || Object.keys(sizes).length === 0) return false;
  return relation === '==' ? a !== b : relation === '<=' ? a > b : a === 0 || b % a !== 0;
}
