/** What the free sizes of a model's own inputs stand for: those of the tensors that the model is applied to, where it always is to the same. */
import { type Dim, same, substitute, symbolsOf } from '../../dim/index';
import type { GraphNode } from '../../graph/types';
import type { TensorValue } from '../../value/index';
import type { Run } from '../run';

/** Notes that a declared input stands for a tensor; a size that stands for several is left as it is. */
export function standsFor(run: Run, declared: TensorValue, given: TensorValue): void {
  if (!run.declared.has(declared.ref.node) || declared.shape?.length !== given.shape?.length) return;
  declared.shape?.forEach((size, axis) => {
    const [name, ...more] = symbolsOf(size);
    const meant = given.shape?.[axis];
    if (name === undefined || more.length > 0 || size.text !== name || !meant || same(size, meant) || !isFree(run, name)) return;
    const known = run.standing.get(name);
    run.standing.set(name, known === undefined ? meant : known !== null && same(known, meant) ? known : null);
  });
}

/** Whether a size is a declared input's own. */
const isFree = (run: Run, name: string): boolean => run.symbols.get(name)?.input?.startsWith('%declared') ?? false;

/** The steps with those sizes in place; the module's own are its caller's to choose. */
export function withStanding(run: Run, nodes: readonly GraphNode[], own: ReadonlySet<string>): readonly GraphNode[] {
  const sizes = new Map<string, Dim>();
  for (const [name, meant] of run.standing) if (meant && !own.has(name) && !symbolsOf(meant).includes(name)) sizes.set(name, meant);
  if (sizes.size === 0) return nodes;
  return nodes.map((node) => ({
    ...node,
    outputs: node.outputs.map((type) => (type.shape ? { ...type, shape: type.shape.map((size) => substitute(size, sizes)) } : type)),
  }));
}
