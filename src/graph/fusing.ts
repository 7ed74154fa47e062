/** `softmax(q·kᵀ·scale + mask)·v`, found by structure, as the one step that torch.nn.functional.scaled_dot_product_attention makes of it. */

import { attentionMaps } from './attention';
import type { OnPath } from './attentionPath';
import { lastSwapped, type Replacement, replaced, type StepMaker } from './insertion';
import type { GraphNode, ShapeGraph, ValueRef } from './types';
import { outputRefs, refKey, typeOf } from './values';

/** Attention in steps: the product of queries and keys, what goes on between, the product with the values. */
interface Chain {
  readonly scores: GraphNode;
  /** The steps from the scores to the values' product, both left out. */
  readonly between: readonly GraphNode[];
  readonly mask?: ValueRef;
  readonly consumer: GraphNode;
  /** The values stand on the left, and the map is turned. */
  readonly isTurned: boolean;
  readonly rate: number;
}

interface Reader {
  readonly graph: ShapeGraph;
  readonly users: ReadonlyMap<string, readonly GraphNode[]>;
  /** What the module's caller or fields get. */
  readonly held: ReadonlySet<string>;
}

function readerOf(graph: ShapeGraph): Reader {
  const users = new Map<string, GraphNode[]>();
  for (const node of graph.nodes) for (const input of node.inputs) users.set(refKey(input), [...(users.get(refKey(input)) ?? []), node]);
  return { graph, users, held: new Set([...outputRefs(graph), ...(graph.keeping?.kept ?? [])].map(refKey)) };
}

const rankOf = (graph: ShapeGraph, ref: ValueRef | undefined): number => (ref ? (typeOf(graph, ref)?.shape?.length ?? 0) : 0);

const isData = ({ graph }: Reader, ref: ValueRef): boolean => rankOf(graph, ref) > 0;

/** The one step that uses a value; why it is not one alone. */
function onlyUser({ users, held }: Reader, ref: ValueRef): GraphNode | string {
  const using = users.get(refKey(ref)) ?? [];
  if (held.has(refKey(ref))) return 'its map is handed on';
  const [user] = using;
  return using.length === 1 && user ? user : 'its map is used more than once';
}

/** Which of a step's operands goes through it to the softmax, and the mask beside it; undefined where the step is none of attention's. */
function through(reader: Reader, node: GraphNode): { readonly inner: ValueRef; readonly mask?: ValueRef } | undefined {
  const [first, second, third] = node.inputs;
  if (node.op === 'where' && first && third && second && !isData(reader, second)) return { inner: third, mask: first };
  if (!first) return undefined;
  if (node.op === 'cast' || node.op === 'identity') return { inner: first };
  if (!second) return undefined;
  if (node.op === 'mul' || node.op === 'div') {
    if (!isData(reader, second)) return { inner: first };
    return node.op === 'mul' && !isData(reader, first) ? { inner: second } : undefined;
  }
  if (node.op !== 'add') return undefined;
  const isScore = reader.graph.nodes[first.node]?.op === 'matmul' || through(reader, reader.graph.nodes[first.node] ?? node) !== undefined;
  return isScore ? { inner: first, mask: second } : { inner: second, mask: first };
}

/** Back from the softmax to the product of queries and keys. */
function scoresOf(reader: Reader, softmax: GraphNode): Pick<Chain, 'scores' | 'between' | 'mask'> | string {
  const between: GraphNode[] = [];
  let mask: ValueRef | undefined;
  let ref = softmax.inputs[0];
  for (let user = softmax; ref; ) {
    const node = reader.graph.nodes[ref.node];
    const only = onlyUser(reader, ref);
    if (typeof only === 'string') return only;
    if (!node || only.id !== user.id) break;
    if (node.op === 'matmul') return { scores: node, between, ...(mask ? { mask } : {}) };
    const passed = through(reader, node);
    if (!passed) return `\`${node.api ?? node.op}\` stands before its softmax`;
    if (passed.mask && mask) return 'it has more than one mask';
    mask ??= passed.mask;
    between.push(node);
    [ref, user] = [passed.inner, node];
  }
  return 'no product of queries and keys stands before its softmax';
}

function isLastAxis({ attributes, inputs }: GraphNode, graph: ShapeGraph): boolean {
  const { axis } = attributes;
  return axis === -1 || axis === rankOf(graph, inputs[0]) - 1;
}

const swaps = ({ attributes: { perm } }: GraphNode): boolean =>
  Array.isArray(perm) && perm.every((axis, at) => axis === (at < perm.length - 2 ? at : at === perm.length - 2 ? perm.length - 1 : perm.length - 2));

/** On from the softmax to the product with the values. */
function valuesOf(reader: Reader, softmax: GraphNode): Pick<Chain, 'between' | 'consumer' | 'isTurned' | 'rate'> | string {
  const between = [softmax];
  let [isSwapped, rate] = [false, 0];
  for (let ref: ValueRef = { node: softmax.id, output: 0 }; ; ) {
    const node = onlyUser(reader, ref);
    if (typeof node === 'string') return node;
    if (node.op === 'matmul') {
      const isLeft = node.inputs[0] !== undefined && refKey(node.inputs[0]) === refKey(ref);
      return isLeft === isSwapped ? 'it sums over its queries' : { between, consumer: node, isTurned: !isLeft, rate };
    }
    if (node.op === 'transpose' && swaps(node)) isSwapped = !isSwapped;
    else if (node.op === 'dropout' && typeof node.attributes.rate === 'number') rate = node.attributes.rate;
    else if (node.op !== 'cast' && node.op !== 'identity') return `\`${node.api ?? node.op}\` stands after its softmax`;
    between.push(node);
    ref = { node: node.id, output: 0 };
  }
}

/** The chain around a softmax, or why it cannot be one step. */
function chainOf(reader: Reader, softmax: GraphNode): Chain | string {
  if (softmax.op !== 'softmax' || !isLastAxis(softmax, reader.graph)) return 'its softmax is not over the keys';
  const scores = scoresOf(reader, softmax);
  if (typeof scores === 'string') return scores;
  const values = valuesOf(reader, softmax);
  if (typeof values === 'string') return values;
  return { ...values, ...scores, between: [...scores.between, ...values.between] };
}

/** The steps that take a chain's place. */
function lay({ scores, consumer, mask, isTurned, rate }: Chain, steps: StepMaker): ReturnType<Replacement['lay']> {
  const [query, keys, values] = [...scores.inputs, consumer.inputs[isTurned ? 0 : 1]].map((ref) => ref && steps.given(ref));
  if (!query || !keys || !values) return undefined;
  const turned = (ref: ValueRef): ValueRef => steps.add('transpose', [ref], lastSwapped(steps.typeOf(ref)?.shape.length ?? 2));
  const operands = [query, turned(keys), isTurned ? turned(values) : values, ...(mask ? [steps.given(mask)] : [])];
  const made = steps.add('scaledDotProductAttention', operands, { rate, causal: false, grouped: false, scale: null });
  if (isTurned) turned(made);
  return { held: [], inPlace: [] };
}

/** The graph with each attention that can be one step as one; notes say which cannot, and why. */
export function fused(graph: ShapeGraph): OnPath {
  const reader = readerOf(graph);
  const [chains, notes]: [Chain[], string[]] = [[], []];
  for (const map of attentionMaps(graph)) {
    const softmax = graph.nodes[map.ref.node];
    if (!softmax || map.kind === 'fused') continue;
    const chain = map.kind === 'gate' ? 'it is a gate' : chainOf(reader, softmax);
    if (typeof chain !== 'string') chains.push(chain);
    else notes.push(`attention on line ${softmax.span.line} is not fused: ${chain}`);
  }
  const replacements = chains.map(
    (chain): Replacement => ({ node: chain.consumer, without: [chain.scores, ...chain.between], lay: (steps) => lay(chain, steps) }),
  );
  return { graph: replaced(graph, replacements), notes };
}
