/** A module read with sizes bound beside the same module read without: which symbolic shape each number came from. */
import { asConstant, constant, type Dim, evaluate, format, isUnknown, same, substitute, symbolsOf } from '../dim/index';
import { needHolds } from '../graph/bind';
import { typeOf } from '../graph/index';
import type { GraphRow, GraphType, RowValue, ShapeGraph } from '../graph/types';
import type { Assumption } from '../interpret/index';

/** The reading without sizes, as far as it runs beside the one with them. */
export interface Beside {
  /** What the row's value is without sizes. */
  row(row: GraphRow): RowValue | undefined;
  input(name: string): RowValue | undefined;
  output(at: number): RowValue | undefined;
  /** A shape as symbols where these come to what it is with the sizes; undefined where they do not. */
  words(bound: GraphType, open: RowValue | undefined): readonly string[] | undefined;
  /** What is needed: as symbols where the reading without sizes is of the same program; a default that a binding replaces, or a rank, can make it another. */
  readonly needs: readonly string[];
}

type Found = Map<string, number>;

/** What is known of the reading with sizes besides its graph. */
export interface Given {
  /** The numbers, flags and words that arguments are bound to, by their paths, as the source would have them. */
  readonly literals: ReadonlyMap<string, string>;
  /** Whether what is not given stands at its default. */
  readonly defaults: boolean;
  /** What the reading without sizes took for granted. */
  readonly assumed: readonly Assumption[];
  /** Whether the reading with sizes found a fault: then it may be the sizes that break a need. */
  readonly hasFault: boolean;
}

/** Puts both readings side by side. */
export function beside(bound: ShapeGraph, open: ShapeGraph, given: Given): Beside {
  const rows = pairedRows(bound, open);
  const inputs = new Map(open.inputs.map(({ name, ref }) => [name, { kind: 'tensor', ref } as const]));
  const pairs: readonly (readonly [RowValue, RowValue | undefined])[] = [
    ...bound.inputs.map(({ name, ref }) => [{ kind: 'tensor', ref }, inputs.get(name)] as const),
    ...bound.rows.map((row) => [row.value, rows.get(row)] as const),
  ];
  const found = givenSizes(open, given);
  for (const [value, other] of pairs) learn(found, bound, value, open, other);
  if (given.defaults) for (const { name, example } of open.symbols) if (example !== undefined && !found.has(name)) found.set(name, example);
  const sizes = new Map([...found].map(([name, value]) => [name, constant(value)] as const));
  const isReplaced = given.assumed.some((one) => one.kind === 'default' && (given.literals.get(one.name) ?? one.value) !== one.value);
  const isBroken = open.needs.some((need) => needHolds(need, Object.fromEntries(found)) === false);
  const compared = given.hasFault ? pairs.slice(0, bound.inputs.length) : pairs;
  const isOther = isReplaced || compared.some(([value, other]) => differs(sizes, bound, value, open, other)) || (isBroken && !given.hasFault);
  return {
    row: (row) => rows.get(row),
    input: (name) => inputs.get(name),
    output: (at) => (open.outputs.length === bound.outputs.length ? open.outputs[at] : undefined),
    words: (type, value) => (value?.kind === 'tensor' ? words(sizes, type, typeOf(open, value.ref)) : undefined),
    needs: (isOther ? bound : open).needs.map(({ text }) => text),
  };
}

/** The arguments that a number is given for; the fields of an only object may be given as they are. */
function givenSizes(open: ShapeGraph, { literals }: Given): Found {
  const pathOf = (origin: string): string => /^argument `(.*)`$/.exec(origin)?.[1] ?? '';
  return new Map(
    open.symbols.flatMap(({ name, role, origin }) => {
      const path = role === 'argument' ? pathOf(origin) : '';
      const value = Number(literals.get(path) ?? literals.get(path.slice(path.indexOf('.') + 1)));
      return Number.isSafeInteger(value) && value >= 0 ? [[name, value] as const] : [];
    }),
  );
}

const place = ({ statement, span, name }: GraphRow): string => `${statement.file}:${span.line}:${span.column}:${name}`;

/** The k-th row of a place is the k-th of the other reading. */
function pairedRows(bound: ShapeGraph, open: ShapeGraph): ReadonlyMap<GraphRow, RowValue> {
  const byPlace = new Map<string, RowValue[]>();
  for (const row of open.rows) byPlace.set(place(row), [...(byPlace.get(place(row)) ?? []), row.value]);
  return new Map(
    bound.rows.flatMap((row) => {
      const value = byPlace.get(place(row))?.shift();
      return value ? [[row, value] as const] : [];
    }),
  );
}

/** What a symbol is, from the first size that it alone decides. */
function learn(found: Found, bound: ShapeGraph, value: RowValue, open: ShapeGraph, other: RowValue | undefined): void {
  if (value.kind === 'list' && other?.kind === 'list') value.items.forEach((item, at) => learn(found, bound, item, open, other.items[at]));
  if (value.kind === 'dict' && other?.kind === 'dict') value.items.forEach((item, at) => learn(found, bound, item.value, open, other.items[at]?.value));
  if (value.kind !== 'tensor' || other?.kind !== 'tensor') return;
  const [numbers, sizes] = [typeOf(bound, value.ref)?.shape, typeOf(open, other.ref)?.shape];
  if (!numbers || numbers.length !== sizes?.length) return;
  sizes.forEach((size, axis) => learnSize(found, size, numbers[axis]));
}

function learnSize(found: Found, size: Dim, number: Dim | undefined): void {
  const value = number && asConstant(number);
  if (value === undefined || isUnknown(size)) return;
  const names = symbolsOf(size).filter((name) => !found.has(name));
  const [name] = names;
  if (name === undefined || names.length > 1) return;
  const at = (guess: number) => evaluate(size, { ...Object.fromEntries(found), [name]: guess });
  const [first, second] = [at(1), at(2)];
  if (first === undefined || second === undefined || first === second) return;
  const root = 1 + (value - first) / (second - first);
  if (Number.isSafeInteger(root) && root >= 0 && at(root) === value) found.set(name, root);
}

type Numbers = ReadonlyMap<string, Dim>;

/** Whether a size comes to what it is with the numbers; undefined where a symbol in it was not found. */
function agrees(numbers: Numbers, size: Dim, bound: Dim): boolean | undefined {
  if (isUnknown(size) || isUnknown(bound)) return undefined;
  const value = substitute(size, numbers);
  if (same(value, bound)) return true;
  const isOpen = isUnknown(value) || symbolsOf(value).some((name) => !symbolsOf(bound).includes(name));
  return isOpen ? undefined : false;
}

function words(numbers: Numbers, bound: GraphType, open: GraphType | undefined): readonly string[] | undefined {
  const sizes = bound.shape;
  if (!sizes || sizes.length !== open?.shape?.length) return undefined;
  return open.shape.every((size, axis) => agrees(numbers, size, sizes[axis] ?? size) === true) ? open.shape.map(format) : undefined;
}

/** Whether a value is surely another in the two readings: of another rank, or with a size that does not come to the number. */
function differs(numbers: Numbers, bound: ShapeGraph, value: RowValue, open: ShapeGraph, other: RowValue | undefined): boolean {
  if (value.kind === 'list' && other?.kind === 'list') return value.items.some((item, at) => differs(numbers, bound, item, open, other.items[at]));
  if (value.kind === 'dict' && other?.kind === 'dict') return value.items.some((item, at) => differs(numbers, bound, item.value, open, other.items[at]?.value));
  if (value.kind !== 'tensor' || other?.kind !== 'tensor') return false;
  const [sizes, symbols] = [typeOf(bound, value.ref)?.shape, typeOf(open, other.ref)?.shape];
  if (!sizes || !symbols) return false;
  return sizes.length !== symbols.length || symbols.some((size, axis) => agrees(numbers, size, sizes[axis] ?? size) === false);
}
