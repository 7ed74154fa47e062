/** Attention as one step. */
import { add, asConstant, constant, type Dim, multiply, ONE, product } from '../dim/index';
import { numberOf, readFlag, readNumber } from './attributes';
import { promote } from './dtypes';
import { broadcastTo, casted, operand, tidied } from './kernels';
import type { Attributes, BoundAttributes, Demand, Operator, RuleContext, ShapeResult, Tensor, TensorType, Tfjs } from './operator';
import { multiplyMatrices } from './products';
import { broadcast, failure, mustDivide, mustEqual, result, sizeAt, tensorType, withSize } from './rules';
import { kept } from './strides';

const NAME = 'scaledDotProductAttention';

/** Groups of queries share the heads of keys and values: these count as repeated. */
function headed(q: TensorType, other: TensorType, input: number, attributes: Attributes): { shape: readonly Dim[]; demands: Demand[] } {
  const axis = other.shape.length - 3;
  if (!readFlag(attributes, 'grouped') || axis < 0) return { shape: other.shape, demands: [] };
  const heads = sizeAt(q.shape, q.shape.length - 3);
  return { shape: withSize(other.shape, axis, heads), demands: mustDivide(sizeAt(other.shape, axis), heads, 'groups', [{ input, axis }]) };
}

function attentionShape(inputs: readonly TensorType[], attributes: Attributes, context: RuleContext): ShapeResult {
  const [q, k, v, mask] = inputs;
  if (!q || !k || !v) return failure(inputs.slice(0, 1), 'argument', { operator: NAME, reason: 'an operand is missing' });
  const dtype = promote([q, k, v], context.runtime);
  const short = [q, k, v].findIndex(({ shape }) => shape.length < 2);
  if (short >= 0)
    return failure([tensorType(q.shape, dtype)], 'rank', { operator: NAME, reason: `2 axes or more are wanted, ${inputs[short]?.shape.length} given` }, [
      { input: short },
    ]);
  const [keys, values] = [headed(q, k, 1, attributes), headed(q, v, 2, attributes)];
  const batch = broadcast(
    [q.shape, keys.shape, values.shape].map((shape, input) => ({ shape: shape.slice(0, -2), input })),
    context,
    'batch',
  );
  const last = (type: TensorType, fromEnd: number): number => type.shape.length - fromEnd;
  const [length, source] = [sizeAt(q.shape, last(q, 2)), sizeAt(k.shape, last(k, 2))];
  const pair = (a: number, left: TensorType, b: number, right: TensorType, fromEnd: number) => [
    { input: a, axis: last(left, fromEnd) },
    { input: b, axis: last(right, fromEnd) },
  ];
  const scores = [...batch.shape, length, source];
  const masked = mask ? maskDemands(mask, scores, context) : [];
  const output = [...batch.shape, length, sizeAt(v.shape, last(v, 1))];
  if (mask && mask.shape.length > scores.length)
    return failure([tensorType(output, dtype)], 'rank', { operator: NAME, reason: `${scores.length} axes at most are wanted, ${mask.shape.length} given` }, [
      { input: 3 },
    ]);
  return result(output, dtype, [
    ...keys.demands,
    ...values.demands,
    ...batch.demands,
    ...mustEqual(sizeAt(q.shape, last(q, 1)), sizeAt(k.shape, last(k, 1)), 'contraction', pair(0, q, 1, k, 1), context),
    ...mustEqual(source, sizeAt(v.shape, last(v, 2)), 'contraction', pair(1, k, 2, v, 2), context),
    ...masked,
  ]);
}

/** A mask broadcasts to the scores. */
function maskDemands(mask: TensorType, scores: readonly Dim[], context: RuleContext): Demand[] {
  const shift = scores.length - mask.shape.length;
  return mask.shape.flatMap((size, axis) =>
    asConstant(size) === 1 ? [] : mustEqual(sizeAt(scores, axis + shift), size, 'broadcast', [{ input: 0 }, { input: 3, axis }], context),
  );
}

/** Heads repeated so that there are as many as the queries have. */
function repeatHeads(tf: Tfjs, x: Tensor, heads: number): Tensor {
  const own = x.shape[x.rank - 3] ?? 1;
  if (own === heads) return x;
  const [before, after] = [x.shape.slice(0, -3), x.shape.slice(-2)];
  const wide = tf.reshape(x, [before.reduce((all, size) => all * size, 1) * own, 1, ...after]);
  return tf.reshape(tf.tile(wide, [1, heads / own, 1, 1]), [...before, heads, ...after]);
}

const HIDDEN = -1e30;

function weights(tf: Tfjs, q: Tensor, k: Tensor, mask: Tensor | undefined, attributes: BoundAttributes): Tensor {
  const scale = numberOf(attributes.scale) ?? 1 / Math.sqrt(q.shape.at(-1) ?? 1);
  const scores = tf.mul(multiplyMatrices(tf, q, k, false, true), scale);
  const [length, source] = scores.shape.slice(-2) as [number, number];
  const causal = readFlag(attributes, 'causal') ? tf.linalg.bandPart(tf.ones([length, source]), -1, 0) : undefined;
  const hidden = [causal, mask?.dtype === 'bool' ? mask : undefined].flatMap((each) => (each ? [casted(tf, each, 'float32')] : []));
  const shown = hidden.reduce((made, each) => tf.add(made, tf.mul(tf.sub(1, each), HIDDEN)), mask && mask.dtype !== 'bool' ? tf.add(scores, mask) : scores);
  return tf.softmax(shown);
}

/** The family, by name. */
export const attention = {
  scaledDotProductAttention: {
    name: NAME,
    autocast: 'lower',
    doc: 'softmax(q·kᵀ·scale + mask)·v: arxiv.org/abs/1706.03762, torch.nn.functional.scaled_dot_product_attention.',
    // The kernels lay the result out as the queries lie.
    strides: ([q], _attributes, outputs, facts) => outputs.map(({ shape }) => (q && q.shape.length === shape.length ? kept([q], shape, facts) : 'unknown')),
    shape: attentionShape,
    macs: (inputs, outputs) => {
      const [q, k] = inputs;
      const rows = product(outputs[0]?.shape.slice(0, -1) ?? []);
      const source = k?.shape.at(-2) ?? ONE;
      return multiply(multiply(rows, source), add(q?.shape.at(-1) ?? ONE, outputs[0]?.shape.at(-1) ?? ONE));
    },
    saved: (inputs, outputs) => ({
      inputs: inputs.map((_, at) => at),
      outputs: [0],
      extra: [{ name: 'statistics', bytes: multiply(constant(4), product(outputs[0]?.shape.slice(0, -1) ?? [])), always: true }],
    }),
    kernel: tidied((tf, inputs, attributes, { training, seed }) => {
      const [q, k, v, mask] = [operand(inputs, 0), operand(inputs, 1), operand(inputs, 2), inputs[3]];
      const heads = readFlag(attributes, 'grouped') ? (q.shape[q.rank - 3] ?? 1) : 0;
      const [keys, values] = [k, v].map((each) => (heads > 0 && each.rank > 2 ? repeatHeads(tf, each, heads) : each)) as [Tensor, Tensor];
      const shares = weights(tf, q, keys, mask, attributes);
      const rate = readNumber(attributes, 'rate', 0);
      const kept = training && rate > 0 ? tf.dropout(shares, rate, undefined, seed()) : shares;
      const spread = values.rank > kept.rank ? broadcastTo(tf, kept, [...values.shape.slice(0, -2), ...kept.shape.slice(-2)]) : kept;
      return multiplyMatrices(tf, spread, values);
    }),
  },
} satisfies Record<string, Operator>;
