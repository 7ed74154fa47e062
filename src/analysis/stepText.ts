/** What a step does, in words and at sizes. */
import { type Dim, evaluate, isUnknown, symbolsOf } from '../dim/index';
import { type Sizes, shapeAt } from '../graph/bind';
import { figure } from '../graph/cost';
import { bytesText } from '../graph/quantities';
import type { GraphNode, ShapeGraph, ValueRef } from '../graph/types';
import { bytesOf, namesOf, refKey, tensorsOf, typeOf } from '../graph/values';
import type { Held } from '../interpret/index';
import { findOperator } from '../ops/table';
import type { Span } from '../program/types';
import { chosenText } from './figures';
import { lineText, rowTextAt, shapeText } from './shapeText';

/** Names by value, kept for as long as the graph is. */
const names = new WeakMap<ShapeGraph, ReturnType<typeof namesOf>>();

function nameOf(graph: ShapeGraph, ref: ValueRef): string | undefined {
  const all = names.get(graph) ?? namesOf(graph);
  names.set(graph, all);
  const { attributes, op } = graph.nodes[ref.node] ?? {};
  return all.get(refKey(ref)) ?? (op === 'parameter' && typeof attributes?.name === 'string' ? attributes.name : undefined);
}

function operandText(graph: ShapeGraph, node: GraphNode, ref: ValueRef, at: number): string {
  const turned = (at === 0 && node.attributes.transposeA === true) || (at === 1 && node.attributes.transposeB === true);
  const parts = [nameOf(graph, ref), shapeText(typeOf(graph, ref))].filter((part) => part !== undefined);
  return `\`${parts.join(' ')}${turned ? 'ᵀ' : ''}\``;
}

function axesText(graph: ShapeGraph, node: GraphNode): string {
  const word = findOperator(node.op)?.reads;
  const shape = node.inputs[0] && typeOf(graph, node.inputs[0])?.shape;
  const { axis, axes } = node.attributes;
  const given = typeof axis === 'number' ? [axis] : Array.isArray(axes) ? (axes as readonly unknown[]).filter((one) => typeof one === 'number') : [];
  if (word === undefined || word === 'product' || !shape || given.length === 0) return '';
  return ` ${word} ${given.map((one) => `axis ${one < 0 ? one + shape.length : one}`).join(', ')}`;
}

const OWN: { readonly [op: string]: string } = { input: 'An input of the module', constant: 'A constant' };

/** What made the value: `tf.matMul`: `q (b, n, d)` · `k (b, n, d)` transposed. From another place its line is added. */
export function stepText(graph: ShapeGraph, ref: ValueRef, at: Span): string | undefined {
  const node = graph.nodes[ref.node];
  if (!node || node.op === 'unknown') return undefined;
  if (node.op === 'parameter') return `A weight${typeof node.attributes.name === 'string' ? `, \`${node.attributes.name}\`` : ''}${elsewhere(node.span, at)}`;
  if (node.op === 'join') return `One or the other: it depends on ${textAttribute(node, 'condition')}`;
  const own = OWN[node.op];
  if (own !== undefined) return `${own}${elsewhere(node.span, at)}`;
  const operands = node.inputs.map((input, index) => operandText(graph, node, input, index));
  const pattern = typeof node.attributes.pattern === 'string' ? ` as \`${node.attributes.pattern}\`` : '';
  return `\`${node.api ?? node.op}\`${operands.length === 0 ? '' : `: ${operands.join(findOperator(node.op)?.reads === 'product' ? ' · ' : ', ')}`}${axesText(graph, node)}${pattern}${elsewhere(node.span, at)}`;
}

const textAttribute = (node: GraphNode, name: string): string => {
  const value = node.attributes[name];
  return typeof value === 'string' ? value : 'a branch that is not decided';
};

const elsewhere = (span: Span, at: Span): string => (span.line === at.line && span.file === at.file ? '' : ` — ${lineText(span, at)}`);

/** A size that is a symbol by itself: its number says it all. */
const isPlain = (held: Held): boolean => held.kind === 'size' && symbolsOf(held.size)[0] === held.size.text;

/** The value at sizes with its bytes; undefined where no symbol is in it, or one has no number. */
export function exampleText(graph: ShapeGraph, held: Held, sizes: Sizes | undefined): string | undefined {
  if (!sizes || held.kind === 'unknown') return undefined;
  const dims: readonly Dim[] =
    held.kind === 'size' ? [held.size] : held.kind === 'shape' ? held.sizes : tensorsOf(held).flatMap((ref) => typeOf(graph, ref)?.shape ?? []);
  const symbols = [...new Set(dims.flatMap(symbolsOf))];
  const numbers = dims.map((dim) => (isUnknown(dim) ? undefined : evaluate(dim, sizes)));
  if (dims.length === 0 || numbers.some((number) => number === undefined)) return undefined;
  const text = held.kind === 'size' ? String(numbers[0]) : held.kind === 'shape' ? `(${numbers.join(', ')})` : rowTextAt(graph, held, sizes);
  const bytes = held.kind === 'size' || held.kind === 'shape' ? undefined : bytesAt(graph, tensorsOf(held), sizes);
  return `\`${text}\`${bytes === undefined ? '' : ` · ${bytesText(bytes)}`}${symbols.length === 0 ? '' : isPlain(held) ? ' in the example' : ` at \`${chosenText(sizes, symbols)}\``}`;
}

function bytesAt(graph: ShapeGraph, refs: readonly ValueRef[], sizes: Sizes): number | undefined {
  const all = refs.map((ref) => {
    const type = typeOf(graph, ref);
    return type && shapeAt(type, sizes) ? figure(bytesOf(type), sizes).value : undefined;
  });
  return all.every((one) => one !== undefined) ? (all as number[]).reduce((sum, one) => sum + one, 0) : undefined;
}
