/** Attention: the function, and the module of many heads with its parameters under torch's names. */
import { applyReal, asConstant, constant, type Dim, multiply, realOf } from '../../../dim/index';
import type { Attribute, Attributes } from '../../../ops/operator';
import { list, NULL, type TensorValue, UNKNOWN_SIZE, type Value } from '../../common/values';
import { rateOf } from './activating';
import { type Module, type ModuleKind, realAttribute, sizeAttributes, XAVIER, ZEROS } from './kind';
import { setField } from './state';

/** `F.scaled_dot_product_attention(query, key, value, attn_mask, dropout_p, is_causal, scale, enable_gqa)`. */
export function scaledDotProductAttention(m: Module): TensorValue {
  const operands = ['query', 'key', 'value'].map((key) => m.tensor(key));
  const mask = m.maybeTensor('attn_mask');
  const attributes: Attributes = {
    rate: m.missing('dropout_p') ? 0 : rateOf(m, 'dropout_p'),
    causal: m.missing('is_causal') ? false : m.flag('is_causal'),
    grouped: m.missing('enable_gqa') ? false : m.flag('enable_gqa'),
    scale: m.missing('scale') ? null : realAttribute(m.real('scale')),
  };
  return m.step('scaledDotProductAttention', mask ? [...operands, mask] : operands, attributes);
}

// ---- the module ----

const sameSize = (m: Module, key: string, width: Dim): boolean => m.missing(key) || m.size(key).text === width.text;

function buildAttention(m: Module): void {
  const width = m.size('embed_dim');
  const [keys, values] = ['kdim', 'vdim'].map((key) => (m.missing(key) ? width : m.size(key))) as [Dim, Dim];
  m.divides(m.size('num_heads'), width);
  if (sameSize(m, 'kdim', width) && sameSize(m, 'vdim', width)) {
    m.weight('in_proj_weight', [multiply(constant(3), width), width], XAVIER);
    for (const name of ['q_proj_weight', 'k_proj_weight', 'v_proj_weight']) m.without(name);
  } else {
    m.weight('q_proj_weight', [width, width], XAVIER);
    m.weight('k_proj_weight', [width, keys], XAVIER);
    m.weight('v_proj_weight', [width, values], XAVIER);
    m.without('in_proj_weight');
  }
  const bias = m.flag('bias');
  if (bias) m.weight('in_proj_bias', [multiply(constant(3), width)], ZEROS);
  else m.without('in_proj_bias');
  buildOutput(m, width, bias);
  for (const name of ['bias_k', 'bias_v']) {
    if (m.flag('add_bias_kv')) m.weight(name, [constant(1), constant(1), width], { name: 'torchXavierNormal' });
    else m.without(name);
  }
}

/** `out_proj`: a linear map of its own, so that its weights bear its name. */
function buildOutput(m: Module, width: Dim, bias: boolean): void {
  const linear = m.library('Linear', { in_features: width, out_features: width, bias });
  setField(m.self, 'out_proj', linear, m.host);
  if (linear.kind === 'instance' && bias) {
    const zeros = m.host.parameter({ name: 'out_proj.bias', shape: [width], dtype: 'float32', trainable: true, initializer: ZEROS, span: m.args.span });
    setField(linear, 'bias', { ...zeros, role: 'variable' }, m.host);
  }
}

/** What the heads are made of: three tensors of [length, batch, width]. */
interface Heads {
  readonly q: TensorValue;
  readonly k: TensorValue;
  readonly v: TensorValue;
}

/** One weight for all three maps, where the call does not say that each has its own. */
const wholeWeight = (m: Module): TensorValue | undefined => (m.host.truth(m.value('use_separate_proj_weight')) === true ? undefined : m.held('in_proj_weight'));

const sameTensor = (a: TensorValue, b: TensorValue): boolean => a.ref.node === b.ref.node && a.ref.output === b.ref.output;

const mapped = (m: Module, x: TensorValue, weight: TensorValue | undefined, bias: TensorValue | undefined): TensorValue =>
  weight ? m.step('linear', bias ? [x, weight, bias] : [x, weight], { transposeWeight: true }) : m.fail('it has no weights');

/** Several maps in one step, each then in memory of its own behind the other. */
function packed(m: Module, x: TensorValue, weight: TensorValue | undefined, bias: TensorValue | undefined, count: number): readonly TensorValue[] {
  const made = mapped(m, x, weight, bias);
  const [length = UNKNOWN_SIZE, batch = UNKNOWN_SIZE] = made.shape ?? [];
  const apart = m.step('reshape', [made], { shape: sizeAttributes([length, batch, constant(count), m.size('embed_dim')]) });
  const first = m.step('identity', [m.step('transpose', [apart], { perm: [2, 0, 1, 3] })], { contiguous: true });
  m.host.letGo(made);
  return Array.from({ length: count }, (_, at) => m.step('stridedSlice', [first], { begin: [at], end: [at + 1], strides: [1], shrinkAxes: [0] }));
}

/** A weight or bias cut into the parts for queries and for keys with values, or for each of the three. */
const cut = (m: Module, whole: TensorValue | undefined, sizes: Attribute): readonly (TensorValue | undefined)[] =>
  whole ? m.steps('split', [whole], { sizes, axis: 0 }, Array.isArray(sizes) ? sizes.length : 3) : [];

/** Query, key and value through their maps; where some are one tensor, in one step (without a batch torch takes none for another). */
function projected(m: Module, query: TensorValue, key: TensorValue, value: TensorValue, alone: boolean): Heads {
  const [whole, bias] = [wholeWeight(m), m.held('in_proj_bias')];
  const areOne = !alone && sameTensor(key, value);
  if (whole && areOne && sameTensor(query, key)) {
    const [q = query, k = key, v = value] = packed(m, query, whole, bias, 3);
    return { q, k, v };
  }
  if (whole && areOne) {
    const width = m.size('embed_dim');
    const parts = sizeAttributes([width, multiply(constant(2), width)]);
    const [[weight, weights], [first, others]] = [cut(m, whole, parts), cut(m, bias, parts)];
    const q = mapped(m, query, weight, first);
    const [k = key, v = value] = packed(m, key, weights, others, 2);
    return { q, k, v };
  }
  const weights = whole ? cut(m, whole, 3) : ['q_proj_weight', 'k_proj_weight', 'v_proj_weight'].map((name) => m.held(name));
  const biases = cut(m, bias, 3);
  const [q = query, k = key, v = value] = [query, key, value].map((x, at) => mapped(m, x, weights[at], biases[at]));
  return { q, k, v };
}

/** One row more at the end of the keys or values, of a weight. */
function withRow(m: Module, x: TensorValue, name: string): TensorValue {
  const extra = m.held(name);
  if (!extra) return x;
  const row = m.step('tile', [extra], { reps: sizeAttributes([constant(1), x.shape?.[1] ?? UNKNOWN_SIZE, constant(1)]) });
  return m.step('concat', [x, row], { axis: 0 });
}

const addsZeros = (m: Module): boolean => !m.missing('add_zero_attn') && m.flag('add_zero_attn');

/** A row of zeros at the end of what is [batch · heads, length, width / heads]. */
function withZeros(m: Module, x: TensorValue): TensorValue {
  if (!addsZeros(m)) return x;
  const [rows = UNKNOWN_SIZE, , each = UNKNOWN_SIZE] = x.shape ?? [];
  const zeros = m.step('fill', [], { shape: sizeAttributes([rows, constant(1), each]), value: 0, dtype: x.dtype });
  return m.step('concat', [x, zeros], { axis: 1 });
}

/** [length, batch, width] as [batch · heads, length, width / heads]. */
function split(m: Module, x: TensorValue, each: Dim): TensorValue {
  const [length = UNKNOWN_SIZE, batch = UNKNOWN_SIZE] = x.shape ?? [];
  const apart = m.step('reshape', [x], { shape: sizeAttributes([length, multiply(batch, m.size('num_heads')), each]) });
  return m.step('transpose', [apart], { perm: [1, 0, 2] });
}

/** Zero where a mask of booleans shows, far below where it hides (where it is true), in the query's type. */
function asNumbers(m: Module, mask: TensorValue): TensorValue {
  if (mask.dtype !== 'bool') return mask;
  const { dtype } = m.tensor('query');
  const zeros = m.step('fill', [], { shape: sizeAttributes(mask.shape ?? []), value: 0, dtype });
  return m.host.replace(zeros, m.step('where', [mask, m.host.constant([], dtype, [-1e30]), zeros]));
}

/** A mask of what more is at the end of the keys: it shows that. */
function padded(m: Module, mask: TensorValue): TensorValue {
  const count = (m.held('bias_k') ? 1 : 0) + (addsZeros(m) ? 1 : 0);
  const rank = mask.shape?.length ?? 0;
  const widths = Array.from({ length: rank }, (_, axis): Attribute => [0, axis === rank - 1 ? 1 : 0]);
  return Array.from({ length: count }).reduce<TensorValue>((made) => m.step('pad', [made], { paddings: widths, mode: 'constant', value: 0 }), mask);
}

/** What masks the scores, as [1 or batch · heads, 1 or length, source]: each mask is made numbers before all else, and joined with the other when it is asked for. */
function maskOf(m: Module, batch: Dim, length: Dim, source: Dim): { readonly held: TensorValue[]; readonly join: () => TensorValue | undefined } {
  const [padding, mask] = [m.maybeTensor('key_padding_mask'), m.maybeTensor('attn_mask')];
  const heads = m.size('num_heads');
  const hiding = padding && paddingNumbers(m, padding, batch, source);
  const attending = mask && attendingNumbers(m, mask, multiply(batch, heads), length, source);
  const join = () => {
    const shown = attending && padded(m, attending.shape?.length === 2 ? m.step('expandDims', [attending], { axis: 0 }) : attending);
    const spread = hiding && forHeads(m, padded(m, hiding), batch, heads);
    const joined = shown && spread ? m.step('add', [shown, spread]) : (shown ?? spread);
    held.push(...[shown, spread, joined].filter((one) => one !== undefined));
    return joined;
  };
  const held = [hiding, attending].filter((one) => one !== undefined);
  return { held, join };
}

function attendingNumbers(m: Module, mask: TensorValue, rows: Dim, length: Dim, source: Dim): TensorValue {
  if (mask.shape === null) return mask;
  const rank = mask.shape.length;
  if (rank !== 2 && rank !== 3) return m.fail(`\`attn_mask\` has ${rank} axes, 2 or 3 are wanted`);
  if (requireShape(m, mask, rank === 2 ? [length, source] : [rows, length, source], 'attn_mask')) return asNumbers(m, mask);
  return m.host.unknownTensor('the shape of `attn_mask` is wrong', [mask]);
}

function paddingNumbers(m: Module, mask: TensorValue, batch: Dim, source: Dim): TensorValue {
  if (mask.shape === null) return mask;
  const rank = mask.shape.length;
  if (rank !== 1 && rank !== 2) return m.fail(`\`key_padding_mask\` has ${rank} axes, 2 are wanted`);
  if (requireShape(m, mask, rank === 1 ? [source] : [batch, source], 'key_padding_mask')) return asNumbers(m, mask);
  return m.host.unknownTensor('the shape of `key_padding_mask` is wrong', [mask]);
}

/** A mask of what is padding, for each head. */
function forHeads(m: Module, mask: TensorValue, batch: Dim, heads: Dim): TensorValue {
  if (mask.shape === null) return mask;
  const keys = mask.shape.at(-1) ?? UNKNOWN_SIZE;
  const apart = m.step('reshape', [mask], { shape: sizeAttributes([batch, constant(1), constant(1), keys]) });
  const spread = m.step('broadcastTo', [apart], { shape: sizeAttributes([batch, heads, constant(1), keys]) });
  return m.step('reshape', [spread], { shape: sizeAttributes([multiply(batch, heads), constant(1), keys]) });
}

function requireShape(m: Module, mask: TensorValue, wanted: readonly Dim[], name: string): boolean {
  return wanted.every((size, at) => m.host.require('==', mask.shape?.[at] ?? size, size, 'mask-shape', { api: m.args.api, name }, m.args.span));
}

/** Operands that lie otherwise are turned to [length, batch, width]; without a batch one is put in. */
function arranged(m: Module, x: TensorValue, batchFirst: boolean): TensorValue {
  if (x.shape?.length === 2) return m.step('expandDims', [x], { axis: 1 });
  return batchFirst ? m.step('transpose', [x], { perm: [1, 0, 2] }) : x;
}

function requireLengths(m: Module, q: TensorValue, k: TensorValue, v: TensorValue): void {
  const pairs: readonly (readonly [TensorValue, TensorValue, number])[] = [
    [k, v, 0],
    [q, k, 1],
    [k, v, 1],
  ];
  for (const [left, right, axis] of pairs) {
    const [a, b] = [left.shape?.[axis], right.shape?.[axis]];
    if (a && b) m.host.require('==', a, b, 'attention-lengths', { api: m.args.api }, m.args.span);
  }
}

/** What a call of many heads is given, and what it comes to. */
interface Call {
  readonly heads: Heads;
  readonly mask: TensorValue | undefined;
  readonly length: Dim;
  readonly batch: Dim;
  readonly each: Dim;
  /** It drops in evaluation too. */
  readonly always: boolean;
}

/** Attention step by step, so that its weights can be handed out: what is joined again, and the weights of all heads. */
function stepwise(m: Module, { heads: { q, k, v }, mask, batch, length, each, always }: Call): { readonly joined: TensorValue; readonly weights: TensorValue } {
  const root = m.host.constant([], q.dtype, [applyReal('pow', realOf(each), realOf(-0.5))], true);
  const scaled = m.step('mul', [q, root]);
  const product = m.step('matmul', [scaled, m.step('transpose', [k], { perm: [0, 2, 1] })]);
  // One step adds the mask and multiplies: there are no scores without it.
  const scores = mask ? m.host.replace(product, m.step('add', [product, mask])) : product;
  m.host.letGo(scaled);
  m.host.letGo(k);
  const weights = m.step('softmax', [scores], { axis: -1 });
  m.host.letGo(scores);
  const dropped = m.missing('dropout') ? weights : m.step('dropout', [weights], { rate: rateOf(m, 'dropout'), ...(always && { always }) });
  const made = m.step('matmul', [dropped, v]);
  m.host.letGo(v);
  const turned = m.step('transpose', [made], { perm: [1, 0, 2] });
  const joined = m.step('reshape', [turned], { shape: sizeAttributes([multiply(length, batch), m.size('embed_dim')]) });
  return { joined, weights: dropped };
}

/** What the one step drops, which asks for no mode: in evaluation the module gives it nothing to drop. */
function droppedInOneStep(m: Module, always: boolean): Attribute {
  const rate = m.missing('dropout') ? 0 : rateOf(m, 'dropout');
  return rate === 0 || always || m.host.training ? rate : 0;
}

/** Attention in one step. */
function fused(m: Module, { heads: { q, k, v }, mask, batch, length, each, always }: Call, causal: boolean): TensorValue {
  const heads = m.size('num_heads');
  const apart = (x: TensorValue) => m.step('reshape', [x], { shape: sizeAttributes([batch, heads, x.shape?.[1] ?? UNKNOWN_SIZE, each]) });
  const rows = mask?.shape?.[0];
  const shown =
    mask && rows && asConstant(rows) === 1
      ? m.step('expandDims', [mask], { axis: 0 })
      : mask && m.step('reshape', [mask], { shape: sizeAttributes([batch, heads, ...(mask.shape?.slice(1) ?? [])]) });
  const operands = [q, k, v].map(apart);
  const rate = droppedInOneStep(m, always);
  const made = m.step('scaledDotProductAttention', shown ? [...operands, shown] : operands, { rate, causal });
  for (const x of [q, k, v]) m.host.letGo(x);
  return m.step('reshape', [m.step('transpose', [made], { perm: [2, 0, 1, 3] })], { shape: sizeAttributes([multiply(batch, length), m.size('embed_dim')]) });
}

/** Weights of all heads, or their mean. */
function weightsGiven(m: Module, weights: TensorValue, batch: Dim, alone: boolean): TensorValue {
  const shape = [batch, m.size('num_heads'), ...(weights.shape?.slice(1) ?? [])];
  const apart = m.step('reshape', [weights], { shape: sizeAttributes(shape) });
  const averages = m.missing('average_attn_weights') || m.flag('average_attn_weights');
  const made = averages ? m.step('mean', [apart], { axes: [1] }) : apart;
  m.host.letGo(weights);
  return alone ? m.step('squeeze', [made], { axes: [0] }) : made;
}

/** Through `out_proj`: the function is given its weights. */
function projectedOut(m: Module, x: TensorValue): Value {
  const [weight, bias] = [m.value('out_proj_weight'), m.value('out_proj_bias')];
  if (weight.kind === 'tensor') return m.step('linear', bias.kind === 'tensor' ? [x, weight, bias] : [x, weight], { transposeWeight: true });
  return m.host.call(m.host.member(m.self, 'out_proj'), { ...m.args, positional: [x], spans: [m.args.span], named: new Map() });
}

/** Whether a causal mask is left to the one step: where nothing else masks. */
const isLeftCausal = (m: Module, asks: boolean): boolean =>
  !asks && !m.missing('is_causal') && m.flag('is_causal') && m.missing('key_padding_mask') && !m.missing('attn_mask');

/** The forward of `nn.MultiheadAttention`: the output, and the weights where they are asked for. It drops in training, or `always`. */
function multiHead(m: Module, always: boolean): Value {
  const given = ['query', 'key', 'value'].map((key) => m.ranked(m.tensor(key), 3, 2)) as [TensorValue, TensorValue, TensorValue];
  if (given.some(({ shape }) => shape === null)) {
    const reason = given.find(({ shape }) => shape === null)?.reason ?? 'the rank of an operand is not known';
    return list([m.host.unknownTensor(reason, given), m.host.unknownTensor(reason, given)], true);
  }
  const alone = given[0].shape?.length === 2;
  const batchFirst = m.flag('batch_first') && !alone;
  const [query, key, value] = arrangedAll(m, given, batchFirst);
  requireLengths(m, query, key, value);
  const [length = UNKNOWN_SIZE, batch = UNKNOWN_SIZE] = query.shape ?? [];
  const masks = maskOf(m, batch, length, key.shape?.[0] ?? UNKNOWN_SIZE);
  const heads = projected(m, query, key, value, alone);
  const each = m.share(m.size('embed_dim'), m.size('num_heads'));
  const asks = m.missing('need_weights') || m.flag('need_weights');
  const causal = isLeftCausal(m, asks);
  const [keys, values] = [withRow(m, heads.k, 'bias_k'), withRow(m, heads.v, 'bias_v')];
  const [q, k, v] = [heads.q, keys, values].map((x) => split(m, x, each)) as [TensorValue, TensorValue, TensorValue];
  const mask = causal ? undefined : masks.join();
  const call: Call = { heads: { q, k: withZeros(m, k), v: withZeros(m, v) }, mask, length, batch, each, always };
  const { joined, weights } = asks ? stepwise(m, call) : { joined: fused(m, call, causal), weights: undefined };
  const output = projectedOut(m, joined);
  if (output.kind !== 'tensor') return list([output, NULL], true);
  const apart = m.step('reshape', [output], { shape: sizeAttributes([length, batch, output.shape?.at(-1) ?? m.size('embed_dim')]) });
  const handed = weights ? weightsGiven(m, weights, batch, alone) : NULL;
  for (const held of [...(asks ? [q] : []), ...masks.held, ...given]) m.host.letGo(held);
  const result = alone ? m.step('squeeze', [apart], { axes: [1] }) : batchFirst ? m.step('transpose', [apart], { perm: [1, 0, 2] }) : apart;
  return list([result, handed], true);
}

/** The operands with their lengths first; what is one tensor stays one. */
function arrangedAll(
  m: Module,
  [query, key, value]: readonly [TensorValue, TensorValue, TensorValue],
  batchFirst: boolean,
): [TensorValue, TensorValue, TensorValue] {
  const k = arranged(m, key, batchFirst);
  const q = sameTensor(query, key) && sameTensor(key, value) ? k : arranged(m, query, batchFirst);
  return [q, k, sameTensor(key, value) ? k : arranged(m, value, batchFirst)];
}

/** `F.multi_head_attention_forward`: the module's work with weights that are given; the length comes first. */
export function multiHeadFunction(m: Module): Value {
  const names: Readonly<Record<string, string>> = { embed_dim: 'embed_dim_to_check', dropout: 'dropout_p' };
  const called = (key: string): string => names[key] ?? key;
  const given: Module = {
    ...m,
    value: (key) => m.value(called(key)),
    size: (key) => m.size(called(key)),
    missing: (key) => (key === 'dropout' ? m.host.truth(m.value('training')) === false : m.missing(called(key))),
    flag: (key) => (key === 'batch_first' ? false : m.flag(called(key))),
  };
  return multiHead(given, m.host.truth(m.value('training')) === true);
}

export const ATTENTION_KINDS: Readonly<Record<string, ModuleKind>> = {
  MultiheadAttention: {
    signature:
      'embed_dim, num_heads, dropout=0.0, bias=True, add_bias_kv=False, add_zero_attn=False, kdim=None, vdim=None, batch_first=False, device=None, dtype=None',
    takes: 'query, key, value, key_padding_mask=None, need_weights=True, attn_mask=None, average_attn_weights=True, is_causal=False',
    build: buildAttention,
    forward: (m) => multiHead(m, false),
    fields: (m) => ({ head_dim: { kind: 'number', real: { kind: 'size', size: m.share(m.size('embed_dim'), m.size('num_heads')) } } }),
  },
};
