/** Adds to the graph: nodes, rows, scopes. */
import { format, product } from '../dim/index';
import type { GraphType, RowValue, ValueRef } from '../graph/types';
import type { Attributes, DType } from '../ops/operator';
import type { Span } from '../program/types';
import type { TensorValue, Value } from '../value/index';
import { nativeBase } from './calls/lineage';
import type { Run } from './run';

/** Adds one step and gives its outputs as tensors. */
export function addNode(
  run: Run,
  op: string,
  inputs: readonly ValueRef[],
  attributes: Attributes,
  outputs: readonly GraphType[],
  span: Span,
  api?: string,
): TensorValue[] {
  const id = run.nodes.length;
  run.nodes.push({
    id,
    op,
    inputs,
    attributes,
    outputs,
    span,
    function: run.frames.at(-1)?.name ?? '',
    scope: [...run.openScopes],
    ...(api ? { api } : {}),
    ...(run.turns.length > 0 ? { times: format(product(run.turns)) } : {}),
    ...(run.around ? { around: run.around } : {}),
  });
  return outputs.map((type, output) => tensorOf({ node: id, output }, type));
}

/** A tensor value of a graph type. */
export function tensorOf(ref: ValueRef, type: GraphType): TensorValue {
  const tensor = { kind: 'tensor' as const, ref, shape: type.shape, dtype: type.dtype };
  return type.unknown === undefined ? tensor : { ...tensor, reason: type.unknown };
}

/** A mapping of more than so many is a table of settings, not of tensors. */
const MOST_HELD = 128;

/** What a name holds as far as it is tensors; undefined where it holds none. */
export function rowValue(given: Value, depth = 0): RowValue | undefined {
  const value = withItems(given);
  if (value.kind === 'tensor') return { kind: 'tensor', ref: value.ref };
  if (value.kind === 'unknown') return value.type === 'tensor' ? { kind: 'unknown', reason: value.reason } : undefined;
  if (depth > 4) return undefined;
  if (value.kind === 'list') {
    if (value.times) return undefined;
    const items = value.items.map((item) => rowValue(item, depth + 1)).filter((item) => item !== undefined);
    return items.length > 0 ? { kind: 'list', items } : undefined;
  }
  if (value.kind === 'dict' && value.entries.size <= MOST_HELD) {
    const items = [...value.entries].flatMap(([key, item]) => {
      const held = rowValue(item, depth + 1);
      return held ? [{ key, value: held }] : [];
    });
    return items.length > 0 ? { kind: 'dict', items } : undefined;
  }
  return undefined;
}

/** A tuple with names is told by its items. */
export function withItems(value: Value): Value {
  if (value.kind !== 'instance') return value;
  const base = value.native ?? (value.cls && nativeBase(value.cls));
  return base?.told?.(value) ?? value;
}

/** Whether a function runs that a script's own statements called: of these alone it is told what they hold. */
export const isInsideScript = ({ entry, frames }: Run): boolean => entry === 'file' && frames.length > 1;

/** Notes an assignment that ran. */
export function addRow(run: Run, name: string, value: Value, span: Span, statement: Span): void {
  if (!run.recording || isInsideScript(run)) return;
  const held = rowValue(value);
  if (!held) return;
  run.rows.push({ span, statement, function: run.frames.at(-1)?.name ?? '', name, value: held, step: run.nodes.length });
}

/** Runs `body` as a scope of the graph. */
export function inScope<T>(run: Run, kind: 'tidy' | 'layer' | 'function', name: string, span: Span, body: () => T): T {
  const id = run.scopes.length;
  run.scopes.push({ id, kind, name, span, from: run.nodes.length, to: run.nodes.length });
  run.openScopes.push(id);
  try {
    return body();
  } finally {
    run.openScopes.pop();
    const scope = run.scopes[id];
    if (scope) run.scopes[id] = { ...scope, to: run.nodes.length };
  }
}

/** The graph type of a tensor value. */
export function typeOf(tensor: TensorValue): GraphType {
  return tensor.reason === undefined ? { shape: tensor.shape, dtype: tensor.dtype } : { shape: tensor.shape, dtype: tensor.dtype, unknown: tensor.reason };
}

export type { DType };
