/** Several steps in the place of one: the last takes its number's place, so that whoever uses its result finds it. */
import { NO_FACTS } from '../dim/index';
import type { Attributes, TensorType } from '../ops/operator';
import { findOperator } from '../ops/table';
import { renumbered } from './renumber';
import type { GraphKeeping, GraphNode, ShapeGraph, ValueRef } from './types';
import { typeOf } from './values';

/** What Python or torch hold of the steps, beside what steps themselves tell. */
type Keeps = Pick<GraphKeeping, 'inPlace'> & {
  /** Values that are held until the last of the steps is done. */
  readonly held: readonly ValueRef[];
};

/** Lays out steps one after the other; types follow from the operators' own rules. */
export interface StepMaker {
  readonly node: GraphNode;
  /** Values that the node, or what goes with it, works on. */
  given(ref: ValueRef): ValueRef;
  typeOf(ref: ValueRef): TensorType | undefined;
  add(op: string, inputs: readonly ValueRef[], attributes?: Attributes): ValueRef;
  /** A number of the language's own. */
  number(value: Attributes['value']): ValueRef;
}

/** What is put in a node's place: `lay` lays its steps, the last of which gives the node's result; `without` are the nodes that it makes needless. */
export interface Replacement {
  readonly node: GraphNode;
  readonly without: readonly GraphNode[];
  lay(steps: StepMaker): Keeps | undefined;
}

const UNKNOWN_TYPE = { shape: null, dtype: 'float32' } as const;

/** Nodes of a replacement as they are laid from a place on. `moved` are the new places of the graph's own values. */
class Layer implements StepMaker {
  readonly made: GraphNode[] = [];
  private readonly types = new Map<number, TensorType>();

  constructor(
    private readonly graph: ShapeGraph,
    readonly node: GraphNode,
    private readonly first: number,
    private readonly places: ReadonlyMap<number, number>,
  ) {}

  given(ref: ValueRef): ValueRef {
    const place = this.places.get(ref.node) ?? ref.node;
    const type = typeOf(this.graph, ref);
    if (type?.shape) this.types.set(keyOf({ node: place, output: ref.output }), { shape: type.shape, dtype: type.dtype });
    return { node: place, output: ref.output };
  }

  typeOf(ref: ValueRef): TensorType | undefined {
    return this.types.get(keyOf(ref));
  }

  add(op: string, inputs: readonly ValueRef[], attributes: Attributes = {}): ValueRef {
    const given = inputs.flatMap((ref) => this.typeOf(ref) ?? []);
    const rule = given.length === inputs.length ? findOperator(op)?.shape(given, attributes, { facts: NO_FACTS, runtime: 'torch' }) : undefined;
    return this.push(op, inputs, attributes, rule?.outputs[0]);
  }

  number(value: Attributes['value']): ValueRef {
    return this.push('constant', [], { values: [value ?? 0], plain: true }, { shape: [], dtype: 'float32' });
  }

  private push(op: string, inputs: readonly ValueRef[], attributes: Attributes, type: TensorType | undefined): ValueRef {
    const { span, function: within, scope, api, around } = this.node;
    const ref = { node: this.first + this.made.length, output: 0 };
    this.made.push({
      id: ref.node,
      op,
      inputs,
      attributes,
      outputs: [type ?? UNKNOWN_TYPE],
      span,
      function: within,
      scope,
      ...(api === undefined ? {} : { api }),
      ...(around === undefined ? {} : { around }),
    });
    if (type) this.types.set(keyOf(ref), type);
    return ref;
  }
}

/** More outputs than any step has. */
const OUTPUTS = 2 ** 16;

const keyOf = ({ node, output }: ValueRef): number => node * OUTPUTS + output;

/** The graph with other steps in the place of some nodes; as it is where one cannot be laid. */
export function replaced(graph: ShapeGraph, replacements: readonly Replacement[]): ShapeGraph {
  if (replacements.length === 0) return graph;
  const at = new Map(replacements.map((one) => [one.node.id, one]));
  const out = new Set(replacements.flatMap(({ without }) => without.map(({ id }) => id)));
  const places = new Map<number, number>();
  const added: GraphNode[] = [];
  const last: GraphNode[] = [];
  const [letGo, inPlace]: [GraphKeeping['letGo'][number][], GraphKeeping['inPlace'][number][]] = [[], []];
  let next = 0;
  for (const node of graph.nodes) {
    if (out.has(node.id)) continue;
    const replacement = at.get(node.id);
    const layer = new Layer(graph, node, next, places);
    const keeps = replacement?.lay(layer);
    if (replacement && !keeps) return graph;
    next += Math.max(0, layer.made.length - 1);
    places.set(node.id, next++);
    added.push(...layer.made.slice(0, -1));
    last.push(...layer.made.slice(-1));
    letGo.push(...(keeps?.held ?? []).map((ref) => ({ ref, step: next })));
    inPlace.push(...(keeps?.inPlace ?? []));
  }
  const left = renumbered(graph, places, added);
  const lastById = new Map(last.map((node) => [node.id, node]));
  const { keeping } = left;
  return {
    ...left,
    nodes: left.nodes.map((node) => lastById.get(node.id) ?? node),
    ...(keeping ? { keeping: { ...keeping, letGo: [...keeping.letGo, ...letGo], inPlace: [...keeping.inPlace, ...inPlace] } } : {}),
  };
}

/** Swaps the last two axes. */
export const lastSwapped = (rank: number): Attributes => ({ perm: [...Array.from({ length: rank - 2 }, (_, axis) => axis), rank - 1, rank - 2] });
