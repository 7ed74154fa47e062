/** Shows that inequalities over integers cannot hold together: Fourier–Motzkin elimination, each product a variable of its own. */
import { subtract } from './arithmetic';
import type { Context } from './context';
import { gcd } from './division';
import { relevantInequalities } from './linearization';
import type { Dim } from './terms';

/** Coefficients by variable, the constant last; the sum is at least 0. */
type Row = readonly number[];

const LIMITS = { variables: 24, rows: 160, pairs: 600, cases: 2, sides: 4 };

/** Whether no sizes that the facts allow make all of these at least 0. False says nothing. */
export function refute(goals: readonly Dim[], context: Context): boolean {
  if (goals.some((goal) => goal.terms === null)) return false;
  const id = goals.map((goal) => goal.text).join(' & ');
  const held = context.refutations.get(id);
  return held ?? context.refutations.set(id, refuteCases(goals, context, []));
}

/** A maximum is one of its arguments: where nothing else helps, each case is refuted for itself. */
function refuteCases(goals: readonly Dim[], context: Context, decided: readonly string[]): boolean {
  const { inequalities, extremes } = relevantInequalities(goals, context);
  if (contradict(inequalities)) return true;
  const extreme = extremes.find(({ value }) => !decided.includes(value.text));
  if (!extreme || decided.length === LIMITS.cases || extreme.cases.length > LIMITS.sides) return false;
  const now = [...decided, extreme.value.text];
  return extreme.cases.every((side) => refuteCases([...goals, subtract(extreme.value, side), subtract(side, extreme.value)], context, now));
}

function contradict(inequalities: readonly Dim[]): boolean {
  const variables = new Map<string, number>();
  for (const { terms } of inequalities) for (const { text } of terms ?? []) if (text !== '' && !variables.has(text)) variables.set(text, variables.size);
  if (variables.size > LIMITS.variables) return false;
  let rows = tidy(inequalities.map((each) => rowOf(each, variables)));
  const open = new Set(variables.values());
  while (rows && open.size > 0 && rows.length <= LIMITS.rows) {
    const next = cheapest(rows, open);
    open.delete(next);
    const left = eliminate(rows, next);
    if (!left) return false;
    rows = tidy(left);
  }
  return rows === undefined;
}

function rowOf({ terms }: Dim, variables: ReadonlyMap<string, number>): number[] {
  const row = new Array<number>(variables.size + 1).fill(0);
  for (const { text, coefficient } of terms ?? []) row[variables.get(text) ?? variables.size] = coefficient;
  return row;
}

/** Rows in lowest terms, the strongest of parallel ones alone; undefined where one is a contradiction. */
function tidy(rows: readonly Row[]): Row[] | undefined {
  const strongest = new Map<string, Row>();
  for (const row of rows) {
    const low = lowest(row);
    if (!low) continue;
    const constant = low[low.length - 1] as number;
    const slopes = low.slice(0, -1);
    if (slopes.every((value) => value === 0)) {
      if (constant < 0) return undefined;
      continue;
    }
    const id = slopes.join();
    const held = strongest.get(id);
    if (!held || constant < (held[held.length - 1] as number)) strongest.set(id, low);
  }
  return [...strongest.values()];
}

/** Divides by what the coefficients share; whole numbers let the constant be rounded down. */
function lowest(row: Row): Row | undefined {
  if (!row.every(Number.isSafeInteger)) return undefined;
  const last = row.length - 1;
  let shared = 0;
  for (let index = 0; index < last; index++) shared = gcd(shared, Math.abs(row[index] as number));
  return shared <= 1 ? row : row.map((value, index) => (index < last ? value / shared : Math.floor(value / shared)));
}

function cheapest(rows: readonly Row[], open: ReadonlySet<number>): number {
  let best = -1;
  let bestCost = Infinity;
  for (const variable of open) {
    const cost = eliminationCost(rows, variable);
    if (cost < bestCost) [best, bestCost] = [variable, cost];
  }
  return best;
}

/** Eliminating a variable with units on one side loses no whole solution; others wait, so that rounding can still tell. */
function eliminationCost(rows: readonly Row[], variable: number): number {
  const values = rows.map((row) => row[variable] as number);
  const above = values.filter((value) => value > 0);
  const below = values.filter((value) => value < 0);
  const exact = above.every((value) => value === 1) || below.every((value) => value === -1);
  return above.length * below.length - above.length - below.length + (exact ? 0 : LIMITS.rows * LIMITS.rows);
}

function eliminate(rows: readonly Row[], variable: number): Row[] | undefined {
  const above = rows.filter((row) => (row[variable] as number) > 0);
  const below = rows.filter((row) => (row[variable] as number) < 0);
  if (above.length * below.length > LIMITS.pairs) return undefined;
  const rest = rows.filter((row) => row[variable] === 0);
  return [...rest, ...above.flatMap((up) => below.map((down) => combine(up, down, variable)))];
}

function combine(up: Row, down: Row, variable: number): Row {
  const a = up[variable] as number;
  const b = -(down[variable] as number);
  return up.map((value, index) => value * b + (down[index] as number) * a);
}
