/** The graph as JSON that stands alone: versioned, every size as text in the one syntax. */
import { format } from '../dim/index';
import type { DType } from '../ops/operator';
import type { Span } from '../program/types';
import { type AttributesJson, attributes, encodeAttributes, size } from './attributeJson';
import { count, type Decode, DecodeError, field, list, oneOf, optional, record, text, wanted } from './decoder';
import type {
  GraphAround,
  GraphCheckpoint,
  GraphDispose,
  GraphInput,
  GraphKeeping,
  GraphNeed,
  GraphNode,
  GraphRow,
  GraphScope,
  GraphState,
  GraphSymbol,
  GraphType,
  RowValue,
  ShapeGraph,
  ValueRef,
} from './types';

export interface GraphTypeJson {
  readonly shape: readonly string[] | null;
  readonly dtype: DType;
  readonly unknown?: string;
}

export type GraphNodeJson = Omit<GraphNode, 'attributes' | 'outputs'> & { readonly attributes: AttributesJson; readonly outputs: readonly GraphTypeJson[] };
export type GraphNeedJson = Omit<GraphNeed, 'left' | 'right'> & { readonly left: string; readonly right: string };
export type GraphStateJson = Omit<GraphState, 'type'> & { readonly type: GraphTypeJson };
export type GraphJson = Omit<ShapeGraph, 'nodes' | 'needs' | 'state'> & {
  readonly nodes: readonly GraphNodeJson[];
  readonly needs: readonly GraphNeedJson[];
  readonly state?: readonly GraphStateJson[];
};

const DTYPES: readonly DType[] = ['float32', 'float16', 'bfloat16', 'float64', 'int64', 'int32', 'int16', 'int8', 'uint8', 'bool', 'complex64', 'string'];
const DEEPEST_ROW = 64;

const encodeType = (type: GraphType): GraphTypeJson => ({ ...type, shape: type.shape === null ? null : type.shape.map(format) });

/** Writes a graph as plain JSON. */
export function encodeGraph({ state, ...graph }: ShapeGraph): GraphJson {
  return {
    ...graph,
    nodes: graph.nodes.map((node) => ({ ...node, attributes: encodeAttributes(node.attributes), outputs: node.outputs.map(encodeType) })),
    needs: graph.needs.map((need) => ({ ...need, left: format(need.left), right: format(need.right) })),
    ...(state ? { state: state.map((one) => ({ ...one, type: encodeType(one.type) })) } : {}),
  };
}

const span: Decode<Span> = (value, path) => {
  const of = record(value, path);
  const place = (name: string) => field(of, name, count, path);
  return { file: field(of, 'file', text, path), line: place('line'), column: place('column'), endLine: place('endLine'), endColumn: place('endColumn') };
};

const ref: Decode<ValueRef> = (value, path) => {
  const of = record(value, path);
  return { node: field(of, 'node', count, path), output: field(of, 'output', count, path) };
};

const type: Decode<GraphType> = (value, path) => {
  const of = record(value, path);
  const shape = of.shape === null ? null : field(of, 'shape', list(size), path);
  return { shape, dtype: field(of, 'dtype', oneOf(...DTYPES), path), ...optional(of, 'unknown', text, path) };
};

const yes: Decode<true> = (value, path) => {
  flag(value, path);
  return true;
};

const around: Decode<GraphAround> = (value, path) => {
  const of = record(value, path);
  return {
    ...optional(of, 'untracked', yes, path),
    ...optional(of, 'inference', yes, path),
    ...optional(of, 'checkpoint', count, path),
    ...optional(of, 'unknownInTraining', text, path),
    ...optional(of, 'unknown', text, path),
  };
};

const node: Decode<GraphNode> = (value, path) => {
  const of = record(value, path);
  return {
    id: field(of, 'id', count, path),
    op: field(of, 'op', text, path),
    inputs: field(of, 'inputs', list(ref), path),
    attributes: field(of, 'attributes', attributes, path),
    outputs: field(of, 'outputs', list(type), path),
    span: field(of, 'span', span, path),
    function: field(of, 'function', text, path),
    scope: field(of, 'scope', list(count), path),
    ...optional(of, 'api', text, path),
    ...optional(of, 'times', text, path),
    ...optional(of, 'around', around, path),
  };
};

const scope: Decode<GraphScope> = (value, path) => {
  const of = record(value, path);
  return {
    id: field(of, 'id', count, path),
    kind: field(of, 'kind', oneOf('function', 'tidy', 'layer'), path),
    name: field(of, 'name', text, path),
    span: field(of, 'span', span, path),
    from: field(of, 'from', count, path),
    to: field(of, 'to', count, path),
  };
};

const rowValue =
  (depth: number): Decode<RowValue> =>
  (value, path) => {
    if (depth > DEEPEST_ROW) throw new DecodeError(path, 'is nested too deeply');
    const of = record(value, path);
    if (of.kind === 'tensor') return { kind: 'tensor', ref: field(of, 'ref', ref, path) };
    if (of.kind === 'list') return { kind: 'list', items: field(of, 'items', list(rowValue(depth + 1)), path) };
    if (of.kind === 'dict') return { kind: 'dict', items: field(of, 'items', list(dictItem(depth + 1)), path) };
    if (of.kind === 'unknown') return { kind: 'unknown', reason: field(of, 'reason', text, path) };
    return wanted(`${path}.kind`, '"tensor", "list", "dict" or "unknown"', of.kind);
  };

const dictItem =
  (depth: number): Decode<{ readonly key: string; readonly value: RowValue }> =>
  (value, path) => {
    const of = record(value, path);
    return { key: field(of, 'key', text, path), value: field(of, 'value', rowValue(depth), path) };
  };

const row: Decode<GraphRow> = (value, path) => {
  const of = record(value, path);
  return {
    span: field(of, 'span', span, path),
    statement: field(of, 'statement', span, path),
    function: field(of, 'function', text, path),
    name: field(of, 'name', text, path),
    value: field(of, 'value', rowValue(0), path),
    step: field(of, 'step', count, path),
  };
};

const dispose: Decode<GraphDispose> = (value, path) => {
  const of = record(value, path);
  return { ref: field(of, 'ref', ref, path), step: field(of, 'step', count, path) };
};

const keeping: Decode<GraphKeeping> = (value, path) => {
  const of = record(value, path);
  return {
    start: field(of, 'start', count, path),
    letGo: field(of, 'letGo', list(dispose), path),
    kept: field(of, 'kept', list(ref), path),
    inPlace: field(of, 'inPlace', list(inPlace), path),
    ...optional(of, 'checkpoints', list(checkpoint), path),
  };
};

const checkpoint: Decode<GraphCheckpoint> = (value, path) => {
  const of = record(value, path);
  return { number: field(of, 'number', count, path), given: field(of, 'given', list(ref), path), ...optional(of, 'reentrant', yes, path) };
};

const inPlace: Decode<GraphKeeping['inPlace'][number]> = (value, path) => {
  const of = record(value, path);
  return { result: field(of, 'result', ref, path), into: field(of, 'into', ref, path) };
};

const symbolOf: Decode<GraphSymbol> = (value, path) => {
  const of = record(value, path);
  return {
    name: field(of, 'name', text, path),
    role: field(of, 'role', oneOf('data', 'argument'), path),
    origin: field(of, 'origin', text, path),
    ...optional(of, 'example', count, path),
    ...optional(of, 'span', span, path),
  };
};

const need: Decode<GraphNeed> = (value, path) => {
  const of = record(value, path);
  return {
    text: field(of, 'text', text, path),
    left: field(of, 'left', size, path),
    relation: field(of, 'relation', oneOf('==', 'divides', '<='), path),
    right: field(of, 'right', size, path),
    span: field(of, 'span', span, path),
  };
};

const input: Decode<GraphInput> = (value, path) => {
  const of = record(value, path);
  return { name: field(of, 'name', text, path), ref: field(of, 'ref', ref, path), span: field(of, 'span', span, path) };
};

const flag: Decode<boolean> = (value, path) => (typeof value === 'boolean' ? value : wanted(path, 'true or false', value));

const state: Decode<GraphState> = (value, path) => {
  const of = record(value, path);
  return {
    name: field(of, 'name', text, path),
    type: field(of, 'type', type, path),
    trainable: field(of, 'trainable', flag, path),
    ...optional(of, 'node', count, path),
  };
};

const whole: Decode<ShapeGraph> = (value, path) => {
  const of = record(value, path);
  return {
    version: field(of, 'version', oneOf(1 as const), path),
    runtime: field(of, 'runtime', oneOf('torch', 'tfjs'), path),
    language: field(of, 'language', oneOf('typescript', 'python'), path),
    name: field(of, 'name', text, path),
    span: field(of, 'span', span, path),
    inputs: field(of, 'inputs', list(input), path),
    nodes: field(of, 'nodes', list(node), path),
    outputs: field(of, 'outputs', list(rowValue(0)), path),
    rows: field(of, 'rows', list(row), path),
    scopes: field(of, 'scopes', list(scope), path),
    disposals: field(of, 'disposals', list(dispose), path),
    ...optional(of, 'keeping', keeping, path),
    symbols: field(of, 'symbols', list(symbolOf), path),
    needs: field(of, 'needs', list(need), path),
    ...optional(of, 'outputPaths', list(text), path),
    ...optional(of, 'state', list(state), path),
  };
};

/** A ref must name an output that exists, made before node number `before`. */
function checkRef(graph: ShapeGraph, { node: id, output }: ValueRef, before: number, path: string): void {
  if (id >= before) throw new DecodeError(path, `names step ${id}, which does not stand before it`);
  if (output >= (graph.nodes[id]?.outputs.length ?? 0)) throw new DecodeError(path, `names output ${output} of step ${id}, which has none such`);
}

function checkRow(graph: ShapeGraph, value: RowValue, path: string): void {
  if (value.kind === 'tensor') checkRef(graph, value.ref, graph.nodes.length, `${path}.ref`);
  if (value.kind === 'list') value.items.forEach((item, index) => checkRow(graph, item, `${path}.items[${index}]`));
  if (value.kind === 'dict') value.items.forEach((item, index) => checkRow(graph, item.value, `${path}.items[${index}].value`));
}

function checkLinks(graph: ShapeGraph): void {
  const scopes = new Set(graph.scopes.map(({ id }) => id));
  graph.nodes.forEach(({ id, inputs, scope: within }, index) => {
    if (id !== index) throw new DecodeError(`graph.nodes[${index}].id`, `is ${id}: a step's id is its place`);
    inputs.forEach((each, place) => checkRef(graph, each, index, `graph.nodes[${index}].inputs[${place}]`));
    const missing = within.find((each) => !scopes.has(each));
    if (missing !== undefined) throw new DecodeError(`graph.nodes[${index}].scope`, `names scope ${missing}, which is not there`);
  });
  graph.inputs.forEach((each, index) => checkRef(graph, each.ref, graph.nodes.length, `graph.inputs[${index}].ref`));
  graph.disposals.forEach((each, index) => checkRef(graph, each.ref, graph.nodes.length, `graph.disposals[${index}].ref`));
  graph.keeping?.letGo.forEach((each, index) => checkRef(graph, each.ref, graph.nodes.length, `graph.keeping.letGo[${index}].ref`));
  graph.keeping?.kept.forEach((each, index) => checkRef(graph, each, graph.nodes.length, `graph.keeping.kept[${index}]`));
  graph.keeping?.inPlace.forEach(({ result, into }, index) => {
    for (const each of [result, into]) checkRef(graph, each, graph.nodes.length, `graph.keeping.inPlace[${index}]`);
  });
  graph.outputs.forEach((each, index) => checkRow(graph, each, `graph.outputs[${index}]`));
  graph.state?.forEach(({ node: id }, index) => {
    if (id !== undefined) checkRef(graph, { node: id, output: 0 }, graph.nodes.length, `graph.state[${index}].node`);
  });
  graph.rows.forEach((each, index) => checkRow(graph, each.value, `graph.rows[${index}].value`));
}

/** Reads a graph from untrusted JSON: the graph, or what is wrong and where. Never throws. */
export function decodeGraph(value: unknown): { readonly graph: ShapeGraph } | { readonly error: string } {
  try {
    const graph = whole(value, 'graph');
    checkLinks(graph);
    return { graph };
  } catch (error) {
    if (error instanceof DecodeError) return { error: error.message };
    return { error: `graph: cannot be read (${error instanceof Error ? error.message : String(error)})` };
  }
}
