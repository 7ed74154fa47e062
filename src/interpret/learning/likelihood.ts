/** The likeliest rank of an input that nothing decides: by the part that it plays in a product or a sum. */
import type { GraphNode } from '../../graph/types';
import type { Attributes } from '../../ops/operator';
import type { TensorValue } from '../../value/index';
import type { Run } from '../run';
import { type Evidence, evidenceOf } from './evidence';

const WEIGHT = /^w(?:$|[_A-Z\dqkvo])|weight|kernel|proj|embedding|table|matrix/i;
const BIAS = /^b(?:$|[_A-Z\dqkvo])|bias|^beta|^gamma|^g$|shift/i;
const SCALAR = /^(?:eps\w*|temp\w*|tau|alpha|lambda|scal\w*|rate|factor)$/i;
/** What weights are not called. */
const DATA = /^[qkvxyt]$|value|key|quer|mem|context|ctx|input|state|enc|dec|src|tgt|seq|tokens|feature|att|score|prob/i;
/** Steps that leave scores scores. */
const PASSES = new Set(['identity', 'mul', 'div', 'sub', 'add', 'where', 'dropout', 'cast', 'reshape', 'expandDims', 'squeeze', 'clip', 'neg']);
const SUMS = new Set(['add', 'sub', 'mul', 'div', 'where', 'maximum', 'minimum', 'logicalAnd', 'logicalOr']);

/** Notes what a step says of the ranks of its open operands. */
export function noteLikely(run: Run, operator: string, inputs: readonly TensorValue[], attributes: Attributes): void {
  inputs.forEach((tensor, at) => {
    if (tensor.shape !== null || !tensor.ranked) return;
    const rank = operator === 'matmul' ? productRank(run, inputs, at, attributes) : SUMS.has(operator) ? sumRank(run, inputs, at) : undefined;
    const about = evidenceOf(run.evidence, tensor.ranked.input);
    if (rank !== undefined && rank >= tensor.ranked.offset) about.likely ??= rank - tensor.ranked.offset;
    else if (rank === undefined && at > 0) noteLike(run, operator, tensor, inputs[0]);
  });
}

/** An operator that takes images with and without a batch is given them with it: everyone means that. */
export function noteBatched(run: Run, tensor: TensorValue, ranks: readonly number[]): void {
  const [alone, batched] = ranks;
  if (ranks.length !== 2 || alone === undefined || batched !== alone + 1 || !tensor.ranked || batched < tensor.ranked.offset) return;
  evidenceOf(run.evidence, tensor.ranked.input).likely ??= batched - tensor.ranked.offset;
}

/** The rank that its part speaks for, or that of what it is joined to. */
export function likelyRank(evidence: Evidence, path: string, depth = 8): number | undefined {
  const { likely, like } = evidenceOf(evidence, path);
  if (likely !== undefined || depth === 0) return likely;
  const { input, more } = like ?? { input: queryOf(evidence, path), more: 0 };
  if (input === undefined) return undefined;
  const { rank, taken } = evidenceOf(evidence, input);
  const other = rank ?? taken ?? likelyRank(evidence, input, depth - 1);
  return other === undefined || other + more < 0 ? undefined : other + more;
}

/** Keys and values have as many axes as the queries beside them. */
function queryOf(evidence: Evidence, path: string): string | undefined {
  if (!/(?:^|\.)(?:k|v|keys?|values?)$/i.test(path)) return undefined;
  const before = path.slice(0, path.lastIndexOf('.') + 1);
  return [...evidence.keys()].find((other) => other.startsWith(before) && /^(?:q|query|queries)$/i.test(other.slice(before.length)));
}

/** What is joined to an earlier input of open rank has as many axes. */
function noteLike(run: Run, operator: string, tensor: TensorValue, other: TensorValue | undefined): void {
  if (!tensor.ranked || !other?.ranked || other.shape !== null || other.ranked.input === tensor.ranked.input) return;
  if (operator !== 'matmul' && !SUMS.has(operator)) return;
  if (evidenceOf(run.evidence, other.ranked.input).like?.input === tensor.ranked.input) return;
  evidenceOf(run.evidence, tensor.ranked.input).like ??= { input: other.ranked.input, more: other.ranked.offset - tensor.ranked.offset };
}

const nodeOf = (run: Run, tensor: TensorValue | undefined): GraphNode | undefined => tensor && run.nodes[tensor.ref.node];

const nameOf = (tensor: TensorValue): string => tensor.ranked?.input.split('.').at(-1) ?? '';

/** A field of an object of weights: `weights.q`, `params.attn.k`. */
const isHeld = (tensor: TensorValue): boolean => /(?:^|\.)(?:w|weights?|params?|p|kernels?|vars|variables)(?=[.[])/i.test(tensor.ranked?.input ?? '');

/** A matrix of weights has two axes; what is multiplied with data has as many as the data. */
function productRank(run: Run, inputs: readonly TensorValue[], at: number, { transposeA, transposeB }: Attributes): number | undefined {
  const tensor = inputs[at];
  const other = inputs[1 - at];
  if (!tensor || nodeOf(run, tensor)?.op !== 'input') return undefined;
  if (isHeld(tensor)) return 2;
  const name = nameOf(tensor);
  const isPlain = at === 1 && transposeA !== true && transposeB !== true && !comesFrom(run, other, 'softmax');
  if (!DATA.test(name) && (isPlain || WEIGHT.test(name))) return 2;
  return other?.shape && other.shape.length > 2 ? other.shape.length : undefined;
}

/** A bias has one axis; a mask, a residual and the like those of what they are joined to. */
function sumRank(run: Run, inputs: readonly TensorValue[], at: number): number | undefined {
  const tensor = inputs[at];
  const others = inputs.filter((other) => other !== tensor);
  if (!tensor) return undefined;
  const name = nameOf(tensor);
  if (SCALAR.test(name)) return 0;
  const isAdded = BIAS.test(name) || WEIGHT.test(name) || isHeld(tensor);
  if (isAdded && nodeOf(run, tensor)?.op === 'input' && !others.some((other) => isScores(run, other))) return 1;
  const known = others.flatMap((other) => (other.shape && other.shape.length > 0 && nodeOf(run, other)?.op !== 'parameter' ? [other.shape.length] : []));
  return known.length === 0 ? undefined : Math.max(...known);
}

/** Whether the nearest step but such as pass scores on is this one. */
function comesFrom(run: Run, tensor: TensorValue | undefined, op: string): boolean {
  let node = nodeOf(run, tensor);
  for (let step = 0; node && step < 20; step++) {
    if (node.op === op) return true;
    const [first] = node.inputs;
    if (!PASSES.has(node.op) || !first) return false;
    node = run.nodes[first.node];
  }
  return false;
}

/** A product of two results, none of them a weight. */
function isScores(run: Run, tensor: TensorValue): boolean {
  let node = nodeOf(run, tensor);
  for (let step = 0; node && step < 20; step++) {
    const [first, second] = node.inputs;
    if (node.op === 'matmul' || node.op === 'einsum') return second !== undefined && !isWeight(run, run.nodes[second.node]);
    if (!PASSES.has(node.op) || !first) return false;
    node = run.nodes[first.node];
  }
  return false;
}

function isWeight(run: Run, node: GraphNode | undefined): boolean {
  if (node?.op !== 'input') return node?.op === 'parameter';
  const name = String(node.attributes.name);
  return WEIGHT.test(name.split('.').at(-1) ?? '') || evidenceOf(run.evidence, name).likely === 2 || node.outputs[0]?.shape?.length === 2;
}
