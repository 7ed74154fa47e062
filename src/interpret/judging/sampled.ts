/** Sizes whose forms do not show that they are equal, and that are equal whatever is put in: rounded divisions and remainders hide what rules can see. */
import { type Dim, evaluate, type Fact, format, isName, symbolsOf } from '../../dim/index';
import type { Run } from '../run';

const TRIED = 600;
/** So many that fit the facts must agree, of so many different ones. */
const ENOUGH = 24;
const LARGEST = 96;

/** At what share of the sizes that are tried, and go with what is known, both sides are equal. Only asked of sides with rounded parts. */
export function equalWhereTried(run: Run, left: Dim, right: Dim): number {
  if (!isRounded(left) && !isRounded(right)) return 0;
  const facts = factsOf(run, [...symbolsOf(left), ...symbolsOf(right)]);
  const names = [...new Set([left, right, ...facts.flatMap((fact) => [fact.left, fact.right])].flatMap(symbolsOf))].sort();
  const own = [...new Set([...symbolsOf(left), ...symbolsOf(right)])];
  const met = new Map<string, boolean>();
  const draw = numbers();
  for (let turn = 0; turn < TRIED && met.size < ENOUGH; turn++) {
    const sizes = fitted(facts, Object.fromEntries(names.map((name) => [name, draw()])));
    if (!facts.every((fact) => holds(fact, sizes))) continue;
    const values = [evaluate(left, sizes), evaluate(right, sizes)];
    if (values[0] === undefined || values[1] === undefined) return 0;
    met.set(own.map((name) => sizes[name]).join(), values[0] === values[1]);
  }
  return met.size >= ENOUGH ? [...met.values()].filter((isEqual) => isEqual).length / met.size : 0;
}

/** The facts that speak of these sizes, directly or through others. */
function factsOf(run: Run, names: readonly string[]): readonly Fact[] {
  const met = new Set(names);
  const list = run.known.facts.list.map((fact) => ({ fact, own: [...symbolsOf(fact.left), ...symbolsOf(fact.right)] }));
  const found = new Set<Fact>();
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const { fact, own } of list) {
      if (found.has(fact) || !own.some((name) => met.has(name))) continue;
      found.add(fact);
      for (const name of own) met.add(name);
    }
  }
  return [...found];
}

/** A name that is said to be something is that, and one that is said to be divided is a multiple. */
function fitted(facts: readonly Fact[], sizes: { readonly [name: string]: number }): { readonly [name: string]: number } {
  const fit: { [name: string]: number } = { ...sizes };
  for (const { relation, left, right } of facts) {
    const [from, to] = [evaluate(left, fit), evaluate(right, fit)];
    if (from === undefined || to === undefined) continue;
    if (relation === '==' && isName(left)) fit[format(left)] = to;
    else if (relation === '==' && isName(right)) fit[format(right)] = from;
    else if (relation === 'divides' && isName(right) && !symbolsOf(left).includes(format(right))) fit[format(right)] = from * to;
  }
  return fit;
}

const isRounded = (dim: Dim): boolean =>
  (dim.terms ?? []).some(({ factors }) =>
    factors.some(({ atom }) => atom.kind === 'floor' || atom.kind === 'mod' || atom.kind === 'max' || atom.kind === 'min'),
  );

function holds({ relation, left, right }: Fact, sizes: { readonly [name: string]: number }): boolean {
  const [a, b] = [evaluate(left, sizes), evaluate(right, sizes)];
  if (a === undefined || b === undefined) return false;
  return relation === '==' ? a === b : relation === '<=' ? a <= b : a !== 0 && b % a === 0;
}

/** The same numbers at each reading, small ones more often, so that divisibilities are met. */
function numbers(): () => number {
  let state = 20_011;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    const unit = state / 2_147_483_647;
    return 1 + Math.floor(LARGEST * unit * unit);
  };
}
