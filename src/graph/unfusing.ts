/** Attention in one step as the steps that torch makes of it where no fused kernel takes it (`_scaled_dot_product_attention_math`, aten/src/ATen/native/transformers/attention.cpp of pytorch/pytorch). */
import { applyReal, ONE, type Real, realOf } from '../dim/index';
import { isReal, readFlag, readNumber } from '../ops/attributes';
import type { Attributes } from '../ops/operator';
import type { OnPath } from './attentionPath';
import { lastSwapped, type Replacement, replaced, type StepMaker } from './insertion';
import type { GraphNode, ShapeGraph, ValueRef } from './types';

const GROUPED = 'its heads of keys and values are shared';

/** Queries and keys are each multiplied by the scale's root, so that no product overflows. */
function rootOfScale({ scale }: Attributes, steps: StepMaker, query: ValueRef): Real {
  if (isReal(scale) || typeof scale === 'number') return applyReal('sqrt', isReal(scale) ? scale : realOf(scale));
  const width = steps.typeOf(query)?.shape.at(-1) ?? ONE;
  return applyReal('sqrt', applyReal('div', realOf(1), applyReal('sqrt', realOf(width))));
}

/** What is hidden as a mask to be added, of one that says what is shown. */
const addable = (steps: StepMaker, mask: ValueRef): ValueRef => steps.add('where', [mask, steps.number(0), steps.number(null)]);

/** The mask of a causal attention. */
function causalMask(steps: StepMaker, scores: ValueRef): ValueRef {
  const shape = steps.typeOf(scores)?.shape.slice(-2) ?? [];
  const ones = steps.add('fill', [], { shape: shape.map((size) => ({ kind: 'size' as const, size })), value: true, dtype: 'bool' });
  return addable(steps, steps.add('bandPart', [ones], { upper: 0 }));
}

/** The steps of one attention. */
function lay({ inputs, attributes }: GraphNode, steps: StepMaker): ReturnType<Replacement['lay']> {
  const [query, keys, values, mask] = inputs.map((ref) => steps.given(ref));
  const rank = keys ? (steps.typeOf(keys)?.shape.length ?? 0) : 0;
  if (!query || !keys || !values || rank < 2) return undefined;
  const root = steps.number(rootOfScale(attributes, steps, query));
  const scaled = steps.add('mul', [query, root]);
  const given = mask && (steps.typeOf(mask)?.dtype === 'bool' ? addable(steps, mask) : mask);
  const turned = steps.add('mul', [steps.add('transpose', [keys], lastSwapped(rank)), root]);
  const scores = steps.add('matmul', [scaled, turned]);
  const added = readFlag(attributes, 'causal') ? causalMask(steps, scores) : given;
  const shown = added ? steps.add('add', [scores, added]) : scores;
  const shares = steps.add('softmax', [shown], { axis: -1 });
  // The function drops in any mode.
  const rate = readNumber(attributes, 'rate', 0);
  steps.add('matmul', [rate > 0 ? steps.add('dropout', [shares], { rate, always: true }) : shares, values]);
  const own = [scaled, ...(added && added !== mask ? [added] : [])];
  return { held: own, inPlace: added ? [{ result: shown, into: scores }] : [] };
}

/** The graph with each fused attention taken step by step, with its map. */
export function stepwise(graph: ShapeGraph): OnPath {
  const fused = graph.nodes.filter(({ op }) => op === 'scaledDotProductAttention');
  const isGrouped = (node: GraphNode): boolean => readFlag(node.attributes, 'grouped');
  const notes = fused.filter(isGrouped).map(({ span }) => `attention on line ${span.line} stays fused: ${GROUPED}`);
  const plain = fused.filter((node) => !isGrouped(node));
  return {
    graph: replaced(
      graph,
      plain.map((node) => ({ node, without: [], lay: (steps) => lay(node, steps) })),
    ),
    notes,
  };
}
