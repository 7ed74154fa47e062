/** Sizes at the end of a reading: a quotient that what was learnt after it makes plain is told plainly. */
import { asConstant, assumeDivides, assumeEqual, type Dim, type Facts, isUnknown, NO_FACTS, simplify, symbolsOf } from '../../dim/index';
import type { GraphNeed, GraphNode } from '../../graph/types';

/** The nodes, quotients in their shapes by what the module needs: `b*n*c//(h*w*c)` is `b` where `h*w == n` is needed further on. */
export function byNeeds(nodes: readonly GraphNode[], needs: readonly GraphNeed[]): readonly GraphNode[] {
  const facts = needs.reduce(withNeed, NO_FACTS);
  if (facts.list.length === 0) return nodes;
  return nodes.map((node) =>
    node.outputs.some(({ shape }) => shape?.some(isQuotient)) ? { ...node, outputs: node.outputs.map((type) => plainly(type, facts)) } : node,
  );
}

function withNeed(facts: Facts, { left, right, relation, text }: GraphNeed): Facts {
  // A size that must be one number is more often a mistake than a rule.
  if (relation === '==') return asConstant(left) === undefined && asConstant(right) === undefined ? assumeEqual(facts, left, right, text) : facts;
  return relation === 'divides' ? assumeDivides(facts, left, right, text) : facts;
}

const plainly = (type: GraphNode['outputs'][number], facts: Facts): GraphNode['outputs'][number] =>
  type.shape ? { ...type, shape: type.shape.map((size) => (isQuotient(size) ? shorter(size, simplify(size, facts)) : size)) } : type;

const isQuotient = ({ text }: Dim): boolean => /\/\/|%/.test(text);

/** In no other names than its own. */
function shorter(size: Dim, other: Dim): Dim {
  if (isUnknown(other) || other.text.length >= size.text.length) return size;
  const own = symbolsOf(size);
  return symbolsOf(other).every((name) => own.includes(name)) ? other : size;
}
