/** A module read with sizes bound beside the same module read without: which symbolic shape each number came from. */
import { asConstant, type Dim, evaluate, format, isUnknown, symbolsOf } from '../dim/index';
import { typeOf } from '../graph/index';
import type { GraphRow, GraphType, RowValue, ShapeGraph } from '../graph/types';

/** The reading without sizes, as far as it runs beside the one with them. */
export interface Beside {
  /** What the row's value is without sizes. */
  row(row: GraphRow): RowValue | undefined;
  input(name: string): RowValue | undefined;
  output(at: number): RowValue | undefined;
  /** A shape as symbols where these come to the numbers; undefined where they do not. */
  words(bound: GraphType, open: RowValue | undefined): readonly string[] | undefined;
  readonly needs: readonly string[];
}

type Found = Map<string, number>;

/** Puts both readings side by side. */
export function beside(bound: ShapeGraph, open: ShapeGraph): Beside {
  const rows = pairedRows(bound, open);
  const inputs = new Map(open.inputs.map(({ name, ref }) => [name, { kind: 'tensor', ref } as const]));
  const found: Found = new Map();
  const learnPair = (value: RowValue, other: RowValue | undefined) => learn(found, bound, value, open, other);
  for (const { name, ref } of bound.inputs) learnPair({ kind: 'tensor', ref }, inputs.get(name));
  for (const row of bound.rows) learnPair(row.value, rows.get(row));
  return {
    row: (row) => rows.get(row),
    input: (name) => inputs.get(name),
    output: (at) => (open.outputs.length === bound.outputs.length ? open.outputs[at] : undefined),
    words: (type, value) => (value?.kind === 'tensor' ? words(found, type, typeOf(open, value.ref)) : undefined),
    needs: open.needs.map(({ text }) => text),
  };
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

function words(found: Found, bound: GraphType, open: GraphType | undefined): readonly string[] | undefined {
  if (!bound.shape || bound.shape.length !== open?.shape?.length) return undefined;
  const sizes = Object.fromEntries(found);
  const agrees = open.shape.every((size, axis) => !isUnknown(size) && evaluate(size, sizes) === asConstant(bound.shape?.[axis] ?? size));
  return agrees ? open.shape.map(format) : undefined;
}
