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
  const decides = (choice: readonly (readonly [string, number])[]) => choice.length > 0 && isDecided(run, left, right, choice);
  const alone = defaults.find((one) => decides([one]));
  const found = alone ? [alone] : decides(defaults) ? withoutSpare(defaults, decides) : undefined;
  return found?.map(([name, value]) => [symbol(name), constant(value)] as const);
}

/** What is left of a choice when each is let go of that it does without. */
const withoutSpare = <One>(choice: readonly One[], decides: (fewer: readonly One[]) => boolean): readonly One[] =>
  choice.reduce<readonly One[]>((kept, one) => {
    const fewer = kept.filter((other) => other !== one);
    return decides(fewer) ? fewer : kept;
  }, choice);

/** Whether the sides differ in arguments alone, and may agree. */
function isDecided(run: Run, left: Dim, right: Dim, choice: readonly (readonly [string, number])[]): boolean {
  const sizes = new Map(choice.map(([name, value]) => [name, constant(value)] as const));
  const rest = simplify(subtract(substitute(left, sizes), substitute(right, sizes)), NO_FACTS);
  if (isUnknown(rest)) return false;
  const known = asConstant(rest);
  if (known === undefined && exactly(run, rest).some((facts) => asConstant(simplify(rest, facts)) === 0)) return true;
  return known === undefined ? symbolsOf(rest).every((name) => run.symbols.get(name)?.role === 'argument') : known === 0;
}

/** What is known, and that what is divided in a size is so without a rest: all of it, or one alone. */
function exactly(run: Run, size: Dim): readonly Facts[] {
  const atoms = (size.terms ?? []).flatMap(({ factors }) => factors.flatMap(({ atom }) => (atom.kind === 'floor' ? [atom] : [])));
  const divided = [...new Map(atoms.map((atom) => [atom.text, atom] as const)).values()];
  const withOne = (facts: Facts, { left, right }: { readonly left: Dim; readonly right: Dim }) => assumeDivides(facts, right, left, '');
  return [divided.reduce(withOne, run.known.facts), ...(divided.length > 1 ? divided.map((one) => withOne(run.known.facts, one)) : [])];
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
