/** Graphs made by hand: each step's shape comes from the operator's own rule. */
import { type Dim, NO_FACTS, parse } from '../../src/dim/index';
import type { GraphNeed, GraphNode, GraphScope, GraphSymbol, GraphType, RowValue, ShapeGraph, ValueRef } from '../../src/graph/index';
import type { Attributes, DType, TensorType } from '../../src/ops/operator';
import { findOperator } from '../../src/ops/table';

/** A size from its text. */
export function dim(text: string | number): Dim {
  const parsed = parse(String(text));
  if (parsed === undefined) throw new Error(`${text} is no size`);
  return parsed;
}

export const place = (line: number) => ({ file: 'hand.ts', line, column: 3, endLine: line, endColumn: 20 });

/** Adds steps and gives the values that they make. */
export class Builder {
  readonly nodes: GraphNode[] = [];
  readonly inputs: ShapeGraph['inputs'][number][] = [];
  readonly rows: ShapeGraph['rows'][number][] = [];
  readonly scopes: GraphScope[] = [];
  readonly disposals: ShapeGraph['disposals'][number][] = [];
  readonly symbols: GraphSymbol[] = [];
  readonly needs: GraphNeed[] = [];
  private open: number[] = [];

  node(op: string, inputs: readonly ValueRef[], attributes: Attributes, outputs: readonly GraphType[]): ValueRef {
    const id = this.nodes.length;
    this.nodes.push({ id, op, inputs, attributes, outputs, span: place(id + 10), function: 'Hand.call', scope: [...this.open] });
    return { node: id, output: 0 };
  }

  input(name: string, shape: readonly (string | number)[], dtype: DType = 'float32'): ValueRef {
    const ref = this.node('input', [], {}, [{ shape: shape.map(dim), dtype }]);
    this.inputs.push({ name, ref, span: place(2) });
    return ref;
  }

  parameter(name: string, shape: readonly (string | number)[], initializer: Attributes = { name: 'glorotUniform' }, trainable = true): ValueRef {
    return this.node('parameter', [], { name, trainable, initializer }, [{ shape: shape.map(dim), dtype: 'float32' }]);
  }

  constant(shape: readonly number[], values: readonly number[]): ValueRef {
    return this.node('constant', [], { values }, [{ shape: shape.map(dim), dtype: 'float32' }]);
  }

  type(ref: ValueRef): GraphType {
    const type = this.nodes[ref.node]?.outputs[ref.output];
    if (!type) throw new Error('no such value');
    return type;
  }

  op(name: string, inputs: readonly ValueRef[], attributes: Attributes = {}, row?: string): ValueRef {
    const operator = findOperator(name);
    if (!operator) throw new Error(`no operator ${name}`);
    const types = inputs.map((input): TensorType => ({ shape: this.type(input).shape ?? [], dtype: this.type(input).dtype }));
    const result = operator.shape(types, attributes, { facts: NO_FACTS, runtime: 'tfjs' });
    if (result.problem) throw new Error(JSON.stringify(result.problem));
    const ref = this.node(name, inputs, attributes, result.outputs);
    if (row) this.name(row, ref);
    return ref;
  }

  name(name: string, ref: ValueRef): void {
    this.rows.push({
      span: place(ref.node + 10),
      statement: place(ref.node + 10),
      function: 'Hand.call',
      name,
      value: { kind: 'tensor', ref },
      step: this.nodes.length,
    });
  }

  /** A list under one name. */
  names(name: string, refs: readonly ValueRef[]): void {
    const at = place((refs[0]?.node ?? 0) + 10);
    const value: RowValue = { kind: 'list', items: refs.map((ref) => ({ kind: 'tensor', ref })) };
    this.rows.push({ span: at, statement: at, function: 'Hand.call', name, value, step: this.nodes.length });
  }

  need(left: string, relation: GraphNeed['relation'], right: string): void {
    const sign = relation === 'divides' ? `${right} % ${left} == 0` : `${left} ${relation} ${right}`;
    this.needs.push({ text: sign, left: dim(left), relation, right: dim(right), span: place(4) });
  }

  symbol(name: string, role: GraphSymbol['role'], example?: number): void {
    this.symbols.push({ name, role, origin: name, ...(example === undefined ? {} : { example }) });
  }

  tidy<T>(body: () => T): T {
    const id = this.scopes.length;
    const from = this.nodes.length;
    this.scopes.push({ id, kind: 'tidy', name: 'tidy', span: place(5), from, to: from });
    this.open.push(id);
    const value = body();
    this.open.pop();
    this.scopes[id] = { id, kind: 'tidy', name: 'tidy', span: place(5), from, to: this.nodes.length };
    return value;
  }

  dispose(ref: ValueRef): void {
    this.disposals.push({ ref, step: this.nodes.length });
  }

  graph(outputs: readonly (ValueRef | RowValue)[]): ShapeGraph {
    const results = outputs.map((each): RowValue => ('kind' in each ? each : { kind: 'tensor', ref: each }));
    const { nodes, inputs, rows, scopes, disposals, symbols, needs } = this;
    return {
      version: 1,
      runtime: 'tfjs',
      language: 'typescript',
      name: 'Hand',
      span: place(1),
      inputs,
      nodes,
      outputs: results,
      rows,
      scopes,
      disposals,
      symbols,
      needs,
    };
  }
}

/** Plain self attention with one head: `softmax(q kᵀ / √d) v`. */
export function selfAttention(builder = new Builder()): ShapeGraph {
  builder.symbol('b', 'data');
  builder.symbol('n', 'data');
  builder.symbol('c', 'data');
  const x = builder.input('x', ['b', 'n', 'c']);
  const project = (name: string) => builder.op('matmul', [x, builder.parameter(name, ['c', 'c'])], { transposeA: false, transposeB: false }, name);
  const [q, k, v] = [project('q'), project('k'), project('v')];
  const scores = builder.op('matmul', [q, k], { transposeA: false, transposeB: true }, 'scores');
  const scaled = builder.op('div', [scores, builder.constant([], [4])], {}, 'scaled');
  const attention = builder.op('softmax', [scaled], { axis: -1 }, 'attention');
  return builder.graph([builder.op('matmul', [attention, v], { transposeA: false, transposeB: false }, 'out')]);
}
