/** How long each storage of a graph lives: as the code has it, and as we run it. */
import { type Dim, sum, ZERO } from '../dim/index';
import { isView } from './steps';
import type { GraphNode, GraphScope, ShapeGraph, ValueRef } from './types';
import { bytesOf, outputRefs, refKey, refsOf } from './values';

/** One piece of memory: the tensor that made it and the views that share it. */
export interface Storage {
  readonly owner: ValueRef;
  readonly bytes: Dim;
  /** The node that makes it. */
  readonly from: number;
  /** The last node during which it is alive. */
  readonly to: number;
}

/** Says when each handle (a tensor; views are handles of their own) ends: the last node during which it is held. */
type Ends = (ref: ValueRef) => number;

function storageOwners(graph: ShapeGraph, nodes: readonly GraphNode[]): ReadonlyMap<string, ValueRef> {
  const owners = new Map<string, ValueRef>();
  for (const node of nodes) {
    const [first] = node.inputs;
    const shared = first && isView(graph, node) ? owners.get(refKey(first)) : undefined;
    for (const ref of refsOf(node)) owners.set(refKey(ref), shared ?? ref);
  }
  return owners;
}

function collect(graph: ShapeGraph, nodes: readonly GraphNode[], ends: Ends): readonly Storage[] {
  const owners = storageOwners(graph, nodes);
  const until = new Map<string, number>();
  for (const ref of nodes.flatMap(refsOf)) {
    const owner = refKey(owners.get(refKey(ref)) ?? ref);
    until.set(owner, Math.max(until.get(owner) ?? 0, ends(ref)));
  }
  return [...new Set(owners.values())].flatMap((owner) => {
    const node = graph.nodes[owner.node];
    const type = node?.outputs[owner.output];
    if (!node || !type || node.op === 'parameter') return [];
    return [{ owner, bytes: bytesOf(type), from: node.op === 'input' ? 0 : node.id, to: until.get(refKey(owner)) ?? owner.node }];
  });
}

/** The caller holds the inputs and gets the outputs: both live to the end. */
function heldByCaller(graph: ShapeGraph): ReadonlySet<string> {
  return new Set([...graph.inputs.map(({ ref }) => ref), ...outputRefs(graph)].map(refKey));
}

function lastUses(nodes: readonly GraphNode[]): ReadonlyMap<string, number> {
  const last = new Map<string, number>();
  for (const node of nodes) for (const input of node.inputs) last.set(refKey(input), node.id);
  return last;
}

/** The last node that uses each value, by key; values of the caller and results are used to the end. */
export function lastUsesAsRun(graph: ShapeGraph, steps: ReadonlySet<number>): ReadonlyMap<string, number> {
  const last = new Map(lastUses(graph.nodes.filter(({ id }) => steps.has(id))));
  for (const key of heldByCaller(graph)) last.set(key, graph.nodes.length);
  return last;
}

/** Storages where each tensor is freed at its last use among these steps. */
export function storagesAsRun(graph: ShapeGraph, steps: ReadonlySet<number>): readonly Storage[] {
  const last = lastUsesAsRun(graph, steps);
  const nodes = graph.nodes.filter(({ id }) => steps.has(id));
  return collect(graph, nodes, (ref) => last.get(refKey(ref)) ?? ref.node);
}

/** Storages as the code has it: a tensor lives until it is disposed of, or to the end of the `tidy` that it does not leave. */
export function storagesAsWritten(graph: ShapeGraph): readonly Storage[] {
  const scopes = new Map(graph.scopes.map((scope) => [scope.id, scope]));
  const last = lastUses(graph.nodes);
  const held = heldByCaller(graph);
  const disposed = new Map(graph.disposals.map(({ ref, step }) => [refKey(ref), step - 1]));
  const used = (ref: ValueRef): number => (held.has(refKey(ref)) ? graph.nodes.length : (last.get(refKey(ref)) ?? ref.node));
  return collect(graph, graph.nodes, (ref) => disposed.get(refKey(ref)) ?? endOfTidy(tidies(graph.nodes[ref.node], scopes), used(ref)) ?? graph.nodes.length);
}

/** The nodes between which a value's memory is alive; no `to` where it is held to the call's end. */
export interface Lifetime {
  readonly from: number;
  readonly to?: number;
}

/** How long the memory of a value that a step makes is alive as the code has it. */
export function lifetimeAsWritten(graph: ShapeGraph, ref: ValueRef): Lifetime | undefined {
  const owner = storageOwners(graph, graph.nodes).get(refKey(ref));
  const storage = owner && storagesAsWritten(graph).find((one) => refKey(one.owner) === refKey(owner));
  if (!storage || graph.nodes[storage.owner.node]?.op === 'input') return undefined;
  const { from, to } = storage;
  return to < graph.nodes.length ? { from, to } : { from };
}

function tidies(node: GraphNode | undefined, scopes: ReadonlyMap<number, GraphScope>): readonly GraphScope[] {
  if (node === undefined || node.op === 'input') return [];
  return node.scope.flatMap((id) => scopes.get(id) ?? []).filter(({ kind }) => kind === 'tidy');
}

/** The innermost tidy that the value's uses stay within frees it. */
function endOfTidy(around: readonly GraphScope[], lastUse: number): number | undefined {
  const innermost = [...around].reverse().find(({ to }) => lastUse < to);
  return innermost && innermost.to - 1;
}

/** The bytes that are alive while a node runs. */
export function liveBytes(storages: readonly Storage[], node: number): Dim {
  const live = storages.filter(({ from, to }) => from <= node && node <= to);
  return live.length === 0 ? ZERO : sum(live.map(({ bytes }) => bytes));
}
