/** `trace`: every shape of a module as plain rows. */
import { asConstant, type Dim, format, isUnknown } from '../dim/index';
import { typeOf } from '../graph/index';
import type { GraphType, RowValue, ShapeGraph } from '../graph/types';
import type { Beside } from './beside';
import type { ModuleAnalysis } from './types';

export interface TraceShape {
  readonly shape: ShapeTree;
  readonly sizes?: SizeTree;
  readonly dtype?: string;
  readonly kind?: 'tuple' | 'dict';
  readonly items?: readonly unknown[];
}

export type ShapeTree = readonly (string | ShapeTree)[] | null;
export type SizeTree = readonly (number | SizeTree)[];

export interface TraceRow extends TraceShape {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly function: string;
  readonly name: string;
  readonly op?: string;
  readonly times: number;
}

export interface TraceUnknown {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly name: string;
  readonly reason: string;
}

export interface ModuleTrace {
  readonly file: string;
  readonly line: number;
  readonly name: string;
  readonly language: string;
  readonly inputs: readonly (TraceShape & { readonly name: string })[];
  readonly outputs: readonly TraceShape[];
  readonly requires: readonly string[];
  readonly values: readonly TraceRow[];
  readonly unknown: readonly TraceUnknown[];
  readonly diagnostics: readonly unknown[];
}

/** A module's rows; `bound` adds sizes, `symbolic` words for them. Paths pass through `relative`. */
export function traceModule(
  module: ModuleAnalysis,
  bound: boolean,
  relative: (file: string) => string,
  diagnostics: readonly unknown[],
  symbolic?: Beside,
): ModuleTrace {
  const { graph } = module;
  const values = rows(graph, bound, relative, symbolic);
  return {
    file: relative(module.span.file),
    line: module.span.line,
    name: module.name,
    language: module.language,
    inputs: graph.inputs.map((input) => ({
      name: input.name,
      ...described(graph, { kind: 'tensor', ref: input.ref }, bound, symbolic && { symbolic, value: symbolic.input(input.name) }),
    })),
    outputs: graph.outputs.map((output, at) => described(graph, output, bound, symbolic && { symbolic, value: symbolic.output(at) })),
    requires: symbolic?.needs ?? graph.needs.map((need) => need.text),
    values,
    unknown: unknowns(module, relative),
    diagnostics,
  };
}

/** Rows in order; a line that ran again with the same shape is counted. */
function rows(graph: ShapeGraph, bound: boolean, relative: (file: string) => string, symbolic?: Beside): TraceRow[] {
  const found = new Map<string, TraceRow>();
  for (const row of graph.rows) {
    const shape = described(graph, row.value, bound, symbolic && { symbolic, value: symbolic.row(row) });
    const key = JSON.stringify([
      row.statement.file,
      row.statement.line,
      row.span.line,
      row.span.column,
      row.name,
      symbolic ? described(graph, row.value, bound) : shape,
    ]);
    const known = found.get(key);
    const { span } = row;
    const op = row.value.kind === 'tensor' ? graph.nodes[row.value.ref.node]?.op : undefined;
    found.set(
      key,
      known
        ? { ...known, times: known.times + 1 }
        : {
            file: relative(row.statement.file),
            line: row.statement.line,
            column: span.column,
            endLine: span.endLine,
            endColumn: span.endColumn,
            function: row.function,
            name: row.name,
            ...(op ? { op } : {}),
            ...shape,
            times: 1,
          },
    );
  }
  return [...found.values()];
}

/** What a value is without sizes. */
interface Open {
  readonly symbolic: Beside;
  readonly value: RowValue | undefined;
}

/** Of an item, what it is without sizes. */
function openItem(open: Open | undefined, at: number): Open | undefined {
  const { value } = open ?? {};
  if (!open || (value?.kind !== 'list' && value?.kind !== 'dict')) return undefined;
  const item = value.items[at];
  return { symbolic: open.symbolic, value: item && 'value' in item ? item.value : item };
}

/** A value's shape, sizes and dtype; the shape in symbols where `open` has them. */
export function described(graph: ShapeGraph, value: RowValue, bound: boolean, open?: Open): TraceShape {
  if (value.kind === 'unknown') return { shape: null };
  if (value.kind === 'tensor') return ofTensor(typeOf(graph, value.ref), bound, open);
  const parts = value.items.map((item, at) => described(graph, 'value' in item ? item.value : item, bound, openItem(open, at)));
  const shape = parts.map((part) => part.shape ?? []) as ShapeTree;
  const sizes = parts.every((part) => part.sizes !== undefined) ? { sizes: parts.map((part) => part.sizes ?? []) } : {};
  if (value.kind === 'dict') return { shape, ...sizes, kind: 'dict', items: value.items.map((item, at) => ({ key: item.key, ...parts[at] })) };
  return { shape: parts.some((part) => part.shape === null) ? null : shape, ...sizes, kind: 'tuple' };
}

function ofTensor(type: GraphType | undefined, bound: boolean, open?: Open): TraceShape {
  if (!type?.shape) return { shape: null, ...(type ? { dtype: type.dtype } : {}) };
  const sizes = bound ? numbersOf(type.shape) : undefined;
  return { shape: open?.symbolic.words(type, open.value) ?? type.shape.map(text), ...(sizes ? { sizes } : {}), dtype: type.dtype };
}

const text = (size: Dim): string => (isUnknown(size) ? '?' : format(size));

function numbersOf(shape: readonly Dim[]): number[] | undefined {
  const sizes = shape.map(asConstant);
  return sizes.every((size) => size !== undefined) ? (sizes as number[]) : undefined;
}

function unknowns({ graph, span }: ModuleAnalysis, relative: (file: string) => string): TraceUnknown[] {
  const found = new Map<string, TraceUnknown>();
  for (const row of graph.rows) {
    const reason = unknownReason(graph, row.value);
    if (reason === undefined) continue;
    const entry = { file: relative(row.statement.file), line: row.statement.line, column: row.span.column, name: row.name, reason };
    found.set(`${entry.file}:${entry.line}:${entry.column}:${entry.name}`, entry);
  }
  // A result that no row speaks of is said at the module.
  const result = graph.outputs.find(({ kind }) => kind === 'unknown');
  if (result?.kind === 'unknown' && ![...found.values()].some(({ name }) => name === 'return'))
    found.set('', { file: relative(span.file), line: span.line, column: span.column, name: 'return', reason: result.reason });
  return [...found.values()];
}

/** Why a value, or a size in it, is not known. */
export function unknownReason(graph: ShapeGraph, value: RowValue): string | undefined {
  if (value.kind === 'unknown') return value.reason;
  if (value.kind === 'tensor') {
    const type = typeOf(graph, value.ref);
    return type?.shape && !type.shape.some(isUnknown) ? undefined : (type?.unknown ?? 'a size is not known');
  }
  for (const item of value.items) {
    const reason = unknownReason(graph, 'value' in item ? item.value : item);
    if (reason !== undefined) return reason;
  }
  return undefined;
}
