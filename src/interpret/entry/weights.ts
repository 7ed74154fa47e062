/** Weights: tensors that a program keeps and changes, each under a name of its own. */
import type { GraphNode } from '../../graph/types';
import type { Attribute, Attributes } from '../../ops/operator';
import type { TensorValue, Value } from '../../value/index';
import { setTrained } from '../gradients';
import { addNode, tensorOf } from '../graph';
import { someAncestor } from '../judging/ancestry';
import type { Run, Surroundings } from '../run';

/** Steps that fill a tensor by themselves: a weight that starts as one of them is filled in the same way. */
const FILLING = new Set(['random', 'fill', 'constant', 'eye', 'parameter']);

/** Makes a weight of what a tensor holds, in its place; what depends on an input is none. */
export function variableFrom(run: Run, tensor: TensorValue, trainable: boolean, name: string | undefined): TensorValue {
  const node = run.nodes[tensor.ref.node];
  if (!node || tensor.ref.output !== 0 || node.outputs.length !== 1 || someAncestor(run.nodes, tensor.ref, ({ op }) => op === 'input' || op === 'unknown'))
    return tensor;
  const attributes: Attributes = { name: name ?? 'variable', trainable, initializer: initializerOf(run, node) };
  if (node.op === 'parameter') return asTrained(run, node, addNode(run, 'parameter', [], attributes, node.outputs, run.span)[0] ?? tensor);
  run.nodes[node.id] = { ...node, op: 'parameter', inputs: [], attributes };
  return tensorOf(tensor.ref, node.outputs[0] ?? { shape: tensor.shape, dtype: tensor.dtype });
}

/** A copy of a weight is trained where the weight is. */
function asTrained(run: Run, { id }: GraphNode, copy: TensorValue): TensorValue {
  const frozen = run.untrained.frozen.get(id);
  if (frozen !== undefined) setTrained(run, copy, typeof frozen === 'string' ? frozen : !frozen);
  return copy;
}

/** Notes how a weight starts, where the code fills it after it was made. */
export function startsAs(run: Run, weight: TensorValue, initializer: Attributes): void {
  const node = run.nodes[weight.ref.node];
  if (node?.op === 'parameter') run.nodes[node.id] = { ...node, attributes: { ...node.attributes, initializer } };
}

/** How a weight is filled that starts as this step's result: as the step does, times a number where that is all that follows. */
function initializerOf(run: Run, node: GraphNode, depth = 4): Attribute {
  if (node.op === 'parameter') return node.attributes.initializer ?? {};
  if (FILLING.has(node.op)) return { ...node.attributes, name: node.op };
  const [of, by] = node.inputs.map(({ node: id }) => run.nodes[id]);
  if (depth === 0 || !of) return { name: 'custom' };
  if (node.op === 'identity' || node.op === 'cast') return initializerOf(run, of, depth - 1);
  const factor = by?.op === 'constant' && Array.isArray(by.attributes.values) && by.attributes.values.length === 1 ? by.attributes.values[0] : undefined;
  if (typeof factor !== 'number' || (node.op !== 'mul' && node.op !== 'div')) return { name: 'custom' };
  const inner = initializerOf(run, of, depth - 1);
  if (inner === null || typeof inner !== 'object' || !('name' in inner) || inner.name === 'custom' || 'factor' in inner) return { name: 'custom' };
  return { ...(inner as Attributes), factor: node.op === 'mul' ? factor : 1 / factor };
}

const DEEPEST = 12;
const join = (path: string, key: string): string => (path === '' ? key : key === '' ? path : `${path}.${key}`);

/** The weights under an object, by the path from it: `query.kernel`, `blocks.0.scale`. */
function pathsFrom(nodes: readonly GraphNode[], root: Value, surroundings: Surroundings): ReadonlyMap<number, string> {
  const paths = new Map<number, string>();
  const seen = new Set<Value>();
  const walk = (value: Value, path: string, depth: number): void => {
    if (value.kind === 'tensor') {
      if (nodes[value.ref.node]?.op === 'parameter' && !paths.has(value.ref.node)) paths.set(value.ref.node, path);
      return;
    }
    if (depth > DEEPEST || seen.has(value)) return;
    seen.add(value);
    for (const [key, item] of [...ownParts(value), ...surroundings.partsOf(value)]) walk(item, join(path, key), depth + 1);
  };
  walk(root, '', 0);
  return paths;
}

function ownParts(value: Value): readonly (readonly [string, Value])[] {
  if (value.kind === 'instance') return [...value.members];
  if (value.kind === 'dict') return [...value.entries];
  return value.kind === 'list' && !value.times ? value.items.map((item, at) => [String(at), item] as const) : [];
}

/** The nodes with every weight under a name that no other has: its path from the module, else its owner's name, counted. */
export function nameWeights(nodes: readonly GraphNode[], root: Value | undefined, surroundings: Surroundings): readonly GraphNode[] {
  const paths = root ? pathsFrom(nodes, root, surroundings) : new Map<number, string>();
  const taken = new Set(paths.values());
  const free = (wanted: string): string => {
    const [owner = wanted, ...rest] = wanted.split('.');
    for (let count = 0; ; count += 1) {
      const name = [count === 0 ? owner : `${owner}_${count}`, ...rest].join('.');
      if (taken.has(name)) continue;
      taken.add(name);
      return name;
    }
  };
  return nodes.map((node) =>
    node.op === 'parameter' ? { ...node, attributes: { ...node.attributes, name: paths.get(node.id) || free(String(node.attributes.name)) } } : node,
  );
}
