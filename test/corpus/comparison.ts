/** The truth of a run against the rows of `trace`: matched by file, line and name, shapes compared as sets. */

/** A row of `trace`, as far as it is compared. */
export interface TracedRow {
  readonly file: string;
  readonly line: number;
  readonly name: string;
  readonly sizes?: unknown;
  readonly kind?: string;
  readonly items?: unknown;
}

/** What `trace --json` prints, as far as it is compared. */
export interface TraceDocument {
  readonly modules: readonly {
    readonly values: readonly TracedRow[];
    readonly outputs: readonly { readonly sizes?: unknown }[];
  }[];
}

/** One place: what it held in the run, and what was traced there. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly name: string;
  readonly truth: readonly string[];
  readonly traced: readonly string[];
}

/** Every place of the truth, once, by how it was traced. */
export interface Comparison {
  /** The same set of shapes. */
  readonly right: readonly Place[];
  /** Nothing false is said, but a shape or a size is missing. */
  readonly unknown: readonly Place[];
  /** A shape that the run never had. */
  readonly wrong: readonly Place[];
  /** No row at all. */
  readonly missing: readonly Place[];
}

const UNKNOWN = '?';

/** The shape of a row as text, dicts by their items in order; `?` where any of it is not known. */
function shapeText(row: TracedRow): string {
  const sizes = row.kind === 'dict' && row.sizes === undefined ? itemSizes(row.items) : row.sizes;
  return isKnown(sizes) ? JSON.stringify(sizes) : UNKNOWN;
}

function itemSizes(items: unknown): unknown {
  const list = Array.isArray(items) ? items : typeof items === 'object' && items !== null ? Object.values(items) : [];
  const sizes = list.map((item: TracedRow) =>
    item.kind === 'dict' || (item.sizes === undefined && item.items !== undefined) ? itemSizes(item.items) : item.sizes,
  );
  return sizes.length > 0 ? sizes : undefined;
}

const isKnown = (sizes: unknown): boolean => Array.isArray(sizes) && sizes.every((size) => Number.isInteger(size) || isKnown(size));

const keyOf = (row: { file: string; line: number; name: string }) => `${row.file}:${row.line} ${row.name.replace(/^(this|self)\./, '')}`;

function byPlace(rows: readonly TracedRow[]): Map<string, { row: TracedRow; shapes: Set<string> }> {
  const places = new Map<string, { row: TracedRow; shapes: Set<string> }>();
  for (const row of rows) {
    const place = places.get(keyOf(row)) ?? { row, shapes: new Set() };
    place.shapes.add(shapeText(row));
    places.set(keyOf(row), place);
  }
  return places;
}

type Verdict = keyof Comparison;

function verdictOf(truth: ReadonlySet<string>, traced: ReadonlySet<string> | undefined): Verdict {
  if (traced === undefined) return 'missing';
  if ([...traced].some((shape) => shape !== UNKNOWN && !truth.has(shape))) return 'wrong';
  return traced.has(UNKNOWN) || traced.size < truth.size ? 'unknown' : 'right';
}

/** Compares; `returns: false` leaves the rows named `return` out. */
export function compareRows(truth: readonly TracedRow[], traced: readonly TracedRow[], { returns = true } = {}): Comparison {
  const found = byPlace(traced);
  const result: Record<Verdict, Place[]> = { right: [], unknown: [], wrong: [], missing: [] };
  for (const [key, { row, shapes }] of byPlace(truth)) {
    if (!returns && row.name === 'return') continue;
    const ours = found.get(key)?.shapes;
    const place = { file: row.file, line: row.line, name: row.name, truth: [...shapes], traced: [...(ours ?? [])] };
    result[verdictOf(shapes, ours)].push(place);
  }
  return result;
}

/** A document's rows, whichever module they are filed under. */
export const rowsOf = (document: TraceDocument): TracedRow[] => document.modules.flatMap((module) => module.values);

/** Whether the outputs are the run's, in order. */
export function sameOutputs(truth: readonly { readonly sizes: readonly number[] }[], document: TraceDocument): boolean {
  const traced = document.modules.flatMap((module) => module.outputs);
  return (
    truth.length > 0 && traced.length === truth.length && truth.every((output, index) => JSON.stringify(traced[index]?.sizes) === JSON.stringify(output.sizes))
  );
}

/** The places of a verdict, one to a line. */
export const describePlaces = (places: readonly Place[]): string[] =>
  places.map(({ file, line, name, truth, traced }) => `${file}:${line} ${name}: ran ${truth.join(' ')}, traced ${traced.join(' ') || 'nothing'}`);
