/** A graph at sizes: symbols bound to numbers. */
import { type Dim, evaluate, evaluateReal, isUnknown, type Real, symbolsOf } from '../dim/index';
import type { Attribute, Attributes, BoundAttribute, BoundAttributes } from '../ops/operator';
import type { GraphNeed, GraphNode, GraphType, ShapeGraph } from './types';
import { ancestors, outputRefs } from './values';

/** A number for each symbol. */
export type Sizes = { readonly [symbol: string]: number };

/** A shape at sizes; undefined where its rank or one of its sizes is not known. */
export function shapeAt(type: Pick<GraphType, 'shape'>, sizes: Sizes): readonly number[] | undefined {
  if (type.shape === null) return undefined;
  const shape = type.shape.map((size) => evaluate(size, sizes));
  return shape.every((size) => size !== undefined) ? (shape as number[]) : undefined;
}

const isReal = (attribute: object): attribute is Real => 'kind' in attribute;

/** An operator's setting at sizes; undefined where a number in it is not known. */
export function attributeAt(attribute: Attribute, sizes: Sizes): BoundAttribute | undefined {
  if (attribute === null || typeof attribute !== 'object') return attribute;
  if (Array.isArray(attribute)) {
    const items = (attribute as readonly Attribute[]).map((item) => attributeAt(item, sizes));
    return items.every((item) => item !== undefined) ? (items as BoundAttribute[]) : undefined;
  }
  if (isReal(attribute)) return evaluateReal(attribute, sizes);
  return attributesAt(attribute as Attributes, sizes);
}

/** All settings of an operator at sizes; undefined where a number in one is not known. */
export function attributesAt(attributes: Attributes, sizes: Sizes): BoundAttributes | undefined {
  const entries = Object.entries(attributes).map(([name, value]) => [name, attributeAt(value, sizes)] as const);
  return entries.every(([, value]) => value !== undefined) ? (Object.fromEntries(entries) as BoundAttributes) : undefined;
}

function needSymbols(need: GraphNeed): readonly string[] {
  return [...symbolsOf(need.left), ...symbolsOf(need.right)];
}

function shapeSymbols(nodes: readonly GraphNode[]): readonly string[] {
  const shapes = nodes.flatMap((node) => node.outputs.flatMap((type) => type.shape ?? []));
  return shapes.flatMap((size) => (isUnknown(size) ? [] : symbolsOf(size)));
}

function realSymbols(real: Real): readonly string[] {
  if (real.kind === 'apply') return real.args.flatMap(realSymbols);
  return real.kind === 'size' && !isUnknown(real.size) ? symbolsOf(real.size) : [];
}

function attributeSymbols(attribute: Attribute): readonly string[] {
  if (attribute === null || typeof attribute !== 'object') return [];
  if (Array.isArray(attribute)) return (attribute as readonly Attribute[]).flatMap(attributeSymbols);
  return isReal(attribute) ? realSymbols(attribute) : Object.values(attribute as Attributes).flatMap(attributeSymbols);
}

/** Every symbol, those that the graph describes first. */
export function symbolNames(graph: ShapeGraph): readonly string[] {
  return [...new Set([...graph.symbols.map(({ name }) => name), ...graph.needs.flatMap(needSymbols), ...shapeSymbols(graph.nodes)])];
}

/** The symbols that must be bound: those of what the results need. */
function neededSymbols(graph: ShapeGraph): readonly string[] {
  const needed = ancestors(graph, [...outputRefs(graph), ...graph.inputs.map(({ ref }) => ref)]);
  const nodes = graph.nodes.filter(({ id }) => needed.has(id));
  const used = new Set([
    ...graph.needs.flatMap(needSymbols),
    ...shapeSymbols(nodes),
    ...nodes.flatMap((node) => Object.values(node.attributes).flatMap(attributeSymbols)),
  ]);
  return symbolNames(graph).filter((name) => used.has(name));
}

/** A need that sizes break, with both sides' values. */
export interface BrokenNeed {
  readonly need: GraphNeed;
  readonly left: number;
  readonly right: number;
}

/** Whether the need holds for these values of its sides. */
function holds(relation: GraphNeed['relation'], left: number, right: number): boolean {
  if (relation === '==') return left === right;
  return relation === '<=' ? left <= right : left !== 0 && right % left === 0;
}

/** Both sides of a need at sizes; undefined where one is not known. */
export function sidesAt(need: GraphNeed, sizes: Sizes): { readonly left: number; readonly right: number } | undefined {
  const [left, right] = [valueAt(need.left, sizes), valueAt(need.right, sizes)];
  return left === undefined || right === undefined ? undefined : { left, right };
}

const valueAt = (size: Dim, sizes: Sizes): number | undefined => (isUnknown(size) ? undefined : evaluate(size, sizes));

/** Whether a need holds at sizes; undefined where one of its symbols is not bound. */
export function needHolds(need: GraphNeed, sizes: Sizes): boolean | undefined {
  const sides = sidesAt(need, sizes);
  return sides && holds(need.relation, sides.left, sides.right);
}

/** The needs that do not hold at these sizes. */
export function brokenNeeds(graph: ShapeGraph, sizes: Sizes): readonly BrokenNeed[] {
  return graph.needs.flatMap((need) => {
    const sides = sidesAt(need, sizes);
    return sides === undefined || holds(need.relation, sides.left, sides.right) ? [] : [{ need, ...sides }];
  });
}

/** What torch and tfjs count in 32 bits still. */
export const LARGEST_SIZE = 2 ** 31 - 1;

/** Whether a number can be a size: tensors may be empty. */
export const isSize = (size: number | undefined): boolean => size !== undefined && Number.isSafeInteger(size) && size >= 0 && size <= LARGEST_SIZE;

/** The first symbol that sizes leave out, or bind to something that is no size (a whole number from 0 on, below 2³¹). */
export function badSize(graph: ShapeGraph, sizes: Sizes): string | undefined {
  return neededSymbols(graph).find((name) => !isSize(sizes[name]));
}
