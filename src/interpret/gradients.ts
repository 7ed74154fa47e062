/** Where autograd follows the code, and which weights it trains. */
import type { GraphAround, GraphNode } from '../graph/types';
import type { Expression } from '../program/types';
import type { Around, FunctionValue, NativeValue, TensorValue, Value } from '../value/index';
import { evaluate } from './expressions/evaluate';
import type { Run } from './run';
import { write } from './statements/journal';
import type { Scope } from './statements/scope';

/** Weights that are not trained, by node: true, or why that is not known. */
export type Frozen = ReadonlyMap<number, boolean | string>;

/** Runs `body`: its steps have this around them, beside what there is already. */
export function inside<T>(run: Run, { untracked, ...more }: Around, body: () => T): T {
  const before = run.around;
  const { untracked: was, ...rest } = before ?? {};
  const isOff = untracked ?? was;
  const around: GraphAround = { ...rest, ...more, ...(isOff ? { untracked: true } : {}) };
  run.around = Object.keys(around).length === 0 ? undefined : around;
  try {
    return body();
  } finally {
    run.around = before;
  }
}

const CHANGED = 'whether a gradient is wanted changes on the way';

/** Runs `body` as one checkpoint, which keeps what it is given; in another one, or where autograd does not follow, it is as if there were none. */
export function checkpointed<T>(run: Run, given: readonly TensorValue[], reentrant: boolean, body: () => T): T {
  if (run.around?.checkpoint !== undefined || run.around?.untracked) return body();
  const { length: number } = run.nodes;
  run.keeping.checkpoints.push({ number, given: given.map(({ ref }) => ref), ...(reentrant ? { reentrant } : {}) });
  return inside(run, { checkpoint: number }, body);
}

/** From now on a weight is trained, or is not. */
export function setTrained(run: Run, { ref }: TensorValue, trains: boolean | string): void {
  const op = run.nodes[ref.node]?.op;
  if (op !== 'parameter' && op !== 'input') return;
  // What is given wants a gradient, and so do weights at the start: what the forward itself changes goes for the steps after it.
  const changes = (run.untrained.frozen.get(ref.node) ?? false) !== (trains !== true);
  const state = typeof trains === 'string' ? trains : changes && (op === 'input' || run.start > 0) ? CHANGED : !trains;
  write(run.journal, run.untrained, 'frozen', new Map(run.untrained.frozen).set(ref.node, state));
}

/** What two sides of a test leave: where they differ it is not known. */
export function joinFrozen(left: Frozen, right: Frozen, why: string): Frozen {
  const of = (side: Frozen, node: number) => side.get(node) ?? false;
  return new Map(
    [...left.keys(), ...right.keys()].map((node) => [
      node,
      of(left, node) === of(right, node) ? of(left, node) : `whether a weight is trained depends on ${why}`,
    ]),
  );
}

/** The nodes with what is said of weights that are not trained. */
export function withTraining({ untrained: { frozen } }: Run, nodes: readonly GraphNode[]): readonly GraphNode[] {
  if (frozen.size === 0) return nodes;
  return nodes.map((node) => {
    const state = frozen.get(node.id);
    return state ? { ...node, attributes: { ...node.attributes, frozen: state } } : node;
  });
}

/** Runs the body of a `with`. */
export function withContext<T>(run: Run, context: Value, body: () => T): T {
  if (context.kind === 'native' && context.within) return context.within(body, run.host);
  const isOpen = context.kind === 'unknown' && context.options?.some((option) => option.kind === 'native' && option.within);
  return isOpen ? inside(run, { unknown: `which context it runs in: ${context.reason}` }, body) : body();
}

/** Runs a function's body in the contexts that it is decorated with. */
export function inContexts<T>(run: Run, { definition, scope }: FunctionValue, body: () => T): T {
  const contexts = definition.decorators.flatMap((decorator) => contextOf(run, decorator, scope as Scope) ?? []);
  return contexts.reduceRight<() => T>((inner, context) => () => context.within?.(inner, run.host) ?? inner(), body)();
}

/** A decorator that is a context of the library's: no other is asked again what it is. */
function contextOf(run: Run, decorator: Expression, scope: Scope): NativeValue | undefined {
  const named = decorator.kind === 'call' ? decorator.callee : decorator;
  if (!isPath(named)) return undefined;
  const found = evaluate(run, named, scope);
  if (found.kind !== 'native' || !found.within) return undefined;
  const made = decorator.kind === 'call' ? evaluate(run, decorator, scope) : found;
  return made.kind === 'native' && made.within ? made : undefined;
}

const isPath = (expression: Expression): boolean => expression.kind === 'name' || (expression.kind === 'attribute' && isPath(expression.object));
