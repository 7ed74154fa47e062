/** Equalities that the defaults of arguments decide: a block that adds its input to its result asks for a stride of 1. */
import {
  asConstant,
  assumeDivides,
  constant,
  type Dim,
  type Facts,
  isUnknown,
  NO_FACTS,
  simplify,
  substitute,
  subtract,
  symbol,
  symbolsOf,
} from '../../dim/index';
import type { Run } from '../run';

/** The fewest arguments whose defaults leave nothing of the inputs' sizes in the difference of two sizes; undefined where none do. */
export function decidedByDefaults(run: Run, left: Dim, right: Dim): readonly (readonly [Dim, Dim])[] | undefined {
  const names = [...new Set([...symbolsOf(left), ...symbolsOf(right)])];
  if (!symbolsOf(subtract(left, right)).some((name) => run.symbols.get(name)?.role === 'data')) return undefined;
  const defaults = names.flatMap((name) => {
    const record = run.symbols.get(name);
    return record?.role === 'argument' && record.example !== undefined ? [[name, record.example] as const] : [];
  });
  const choices = defaults.length > 1 ? [...defaults.map((one) => [one]), defaults] : [defaults];
  const found = choices.find((choice) => choice.length > 0 && isDecided(run, left, right, choice));
  return found?.map(([name, value]) => [symbol(name), constant(value)] as const);
}

/** Whether the sides differ in arguments alone, and may agree. */
function isDecided(run: Run, left: Dim, right: Dim, choice: readonly (readonly [string, number])[]): boolean {
  const sizes = new Map(choice.map(([name, value]) => [name, constant(value)] as const));
  const rest = simplify(subtract(substitute(left, sizes), substitute(right, sizes)), NO_FACTS);
  if (isUnknown(rest)) return false;
  const known = asConstant(rest);
  if (known === undefined && asConstant(simplify(rest, exactly(run, rest))) === 0) return true;
  return known === undefined ? symbolsOf(rest).every((name) => run.symbols.get(name)?.role === 'argument') : known === 0;
}

/** What is known, and that all that is divided in a size is so without a rest. */
function exactly(run: Run, size: Dim): Facts {
  const atoms = (size.terms ?? []).flatMap(({ factors }) => factors.map(({ atom }) => atom));
  return atoms.reduce((facts, atom) => (atom.kind === 'floor' ? assumeDivides(facts, atom.right, atom.left, '') : facts), run.known.facts);
}

/** Reads what may not happen, a side of a test say; what it needs of arguments against their defaults is not asked where the defaults do not take it. */
export function asUnusual<T>(run: Run, isUnusual: boolean, side: () => T): T {
  if (isUnusual) run.unusual++;
  try {
    return side();
  } finally {
    if (isUnusual) run.unusual--;
  }
}
