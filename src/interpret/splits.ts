/** Tests that nothing decides and whose sides leave tensors of different shapes: what comes after is read for either side on its own, too. */
import type { Asked, Value } from '../value/index';
import type { Run } from './run';

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
  const isFlag = test.parameter !== undefined && !test.options && (test.type === undefined || test.type === 'boolean');
  return isFlag ? { what: test.parameter ?? '', holds: true } : undefined;
}

const PLAIN = { '==': ['==', true], '!=': ['==', false], '<': ['<', true], '>=': ['<', false], '>': ['>', true], '<=': ['>', false] } as const;

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

/** Whether a finding speaks of what surely happens: in a reading that takes a test one way, another that is not decided may exclude it. */
export const isSure = (run: Run): boolean => run.decisions.length === 0 || run.journal.stretches.length === 0;
