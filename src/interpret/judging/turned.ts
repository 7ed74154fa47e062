/** Weights that are taken the wrong way round: turned, all sizes would agree. */
import { type Dim, same, simplify, symbolsOf } from '../../dim/index';
import type { GraphNode } from '../../graph/types';
import type { Run } from '../run';

/** Steps that hand a weight on as it is. */
const PASSES = new Set(['identity', 'cast']);

/** Whether two arguments' sizes would have to agree that are a weight's two axes, one of which a free size of an input has met: turned, nothing would have to. */
export function weightTurned(run: Run, left: Dim, right: Dim): boolean {
  const areArguments = [left, right].every((side) => symbolsOf(side).length > 0 && symbolsOf(side).every((name) => run.symbols.get(name)?.role === 'argument'));
  return areArguments && run.nodes.some((node) => node.op === 'matmul' && isTurned(run, node, left, right));
}

function isTurned(run: Run, node: GraphNode, left: Dim, right: Dim): boolean {
  const [a, b] = weightOf(run, node)?.outputs[0]?.shape ?? [];
  if (!a || !b || same(a, b)) return false;
  const [inner, outer] = node.attributes.transposeB === true ? [b, a] : [a, b];
  const isPair = (same(inner, left) && same(outer, right)) || (same(inner, right) && same(outer, left));
  return isPair && [...run.needs.values()].some((need) => need.span.line === node.span.line && met(run, inner, need.left, need.right));
}

/** The matrix of weights that a product's second operand is. */
function weightOf(run: Run, { inputs }: GraphNode): GraphNode | undefined {
  let node = run.nodes[inputs[1]?.node ?? -1];
  while (node && PASSES.has(node.op) && node.inputs[0]) node = run.nodes[node.inputs[0].node];
  return node?.op === 'parameter' && node.outputs[0]?.shape?.length === 2 ? node : undefined;
}

/** Whether the need says that a free size of an input is the weight's. */
function met(run: Run, inner: Dim, left: Dim, right: Dim): boolean {
  const isData = (size: Dim) => run.symbols.get(size.text)?.role === 'data';
  const isInner = (size: Dim) => same(size, inner) || same(simplify(size, run.known.facts), simplify(inner, run.known.facts));
  return (isData(left) && isInner(right)) || (isData(right) && isInner(left));
}
