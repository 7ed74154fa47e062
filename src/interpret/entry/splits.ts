/** Tests that nothing decides and whose sides leave tensors of different shapes: what comes after is read for either side on its own, too. */
import { evaluate, symbolsOf } from '../../dim/index';
import type { Asked, Condition, Value } from '../../value/index';
import { plainComparison } from '../expressions/arithmetic';
import type { Run } from '../run';

/** What a test asks: of sizes its relation, of a parameter its value. */
export function askedOf(test: Value): Asked | undefined {
  if (test.kind !== 'unknown') return undefined;
  if (test.asked) return test.asked;
  const { condition } = test;
  if (condition?.kind === 'divides') return { what: `${condition.divisor.text} | ${condition.size.text}`, holds: !condition.negated };
  if (condition?.kind === 'relation') {
    const { left, right, relation } = condition;
    const [plain, holds] = PLAIN[relation];
    return { what: `${left.text} ${plain} ${right.text}`, holds };
  }
  if (condition?.kind === 'all' || condition?.kind === 'any') return askedOfSeveral(condition);
  const isFlag = test.parameter !== undefined && !test.options && (test.type === undefined || test.type === 'boolean');
  return isFlag ? { what: test.parameter ?? '', holds: true } : undefined;
}

/** What several conditions together ask; any of them is not all of their contraries. */
function askedOfSeveral({ kind, conditions }: Condition & { kind: 'all' | 'any' }): Asked | undefined {
  const parts = conditions.map((condition) => askedOf({ kind: 'unknown', reason: '', condition }));
  if (!parts.every((part) => part !== undefined)) return undefined;
  const isAll = kind === 'all';
  const words = parts.map(({ what, holds }) => (holds === isAll ? what : `not ${what}`)).sort();
  return { what: words.join(' and '), holds: isAll };
}

const PLAIN = { '==': ['==', true], '!=': ['==', false], '<': ['<', true], '>=': ['<', false], '>': ['>', true], '<=': ['>', false] } as const;

/** What a test asks, and how it usually comes out. */
export function asks(run: Run, test: Value): Asked | undefined {
  const asked = askedOf(test);
  const truth = test.kind === 'unknown' && test.condition ? atDefaults(run, test.condition) : undefined;
  return asked && truth !== undefined ? { ...asked, usual: truth === asked.holds } : asked;
}

/** Whether a test is so at the defaults of the arguments that it speaks of alone. */
export const usually = (run: Run, test: Value): boolean | undefined =>
  test.kind === 'unknown' && test.condition ? atDefaults(run, test.condition) : undefined;

/** Whether a condition on arguments alone is so at their defaults; undefined where one has none. */
function atDefaults(run: Run, condition: Condition): boolean | undefined {
  if (condition.kind === 'all' || condition.kind === 'any') {
    const parts = condition.conditions.map((part) => atDefaults(run, part));
    const decisive = condition.kind === 'any';
    return parts.includes(decisive) ? decisive : parts.includes(undefined) ? undefined : !decisive;
  }
  if (condition.kind !== 'relation' && condition.kind !== 'divides') return undefined;
  const [left, right] = condition.kind === 'relation' ? [condition.left, condition.right] : [condition.divisor, condition.size];
  const records = [...symbolsOf(left), ...symbolsOf(right)].map((name) => run.symbols.get(name));
  if (!records.every((record) => record?.role === 'argument' && record.example !== undefined)) return undefined;
  const sizes = Object.fromEntries(records.flatMap((record) => (record?.example === undefined ? [] : [[record.name, record.example]])));
  const [a, b] = [evaluate(left, sizes), evaluate(right, sizes)];
  if (a === undefined || b === undefined) return undefined;
  return condition.kind === 'relation' ? plainComparison(condition.relation, a, b) : (b % a === 0) !== condition.negated;
}

/** How a test comes out in a reading that takes it, or one that it follows from, one way. */
export function decided(run: Run, test: Value): boolean | undefined {
  const asked = run.decisions.length > 0 ? askedOf(test) : undefined;
  if (!asked) return undefined;
  for (const { what, value, holds } of run.decisions) {
    if (what !== asked.what) continue;
    if (value === asked.value) return holds === asked.holds;
    // What is one value is no other.
    if (value !== undefined && asked.value !== undefined && holds) return !asked.holds;
  }
  return undefined;
}

/** The sides of the test that is being joined leave no one shape. */
export function noteSplit(run: Run): void {
  const asked = run.sides.at(-1)?.[2];
  if (asked && !run.inputSpans.has(asked.what)) run.splits.set(`${asked.what} ${asked.value ?? ''}`, asked);
}

/** One side of the test that is being joined leaves something where the other leaves nothing, or another number: what comes later asks for it. */
export function noteOption(run: Run): void {
  const asked = run.sides.at(-1)?.[2];
  if (asked?.usual !== undefined) run.options.set(asked.what, asked);
}

/** The tests that blur a reading and that defaults decide, as they decide them. */
export const usualSides = (run: Run): readonly Asked[] =>
  [...run.options.values(), ...run.splits.values()].flatMap((asked) => (asked.usual === undefined ? [] : [{ ...asked, holds: asked.usual }]));

/** Whether a finding speaks of what surely happens: in a reading that takes a test one way, another that is not decided may exclude it. */
export const isSure = (run: Run): boolean => !run.explores || run.journal.stretches.length === 0;
