/** Attention: the function, and the module of many heads with its parameters under torch's names. */
import { applyReal, constant, type Dim, multiply, realOf } from '../../../dim/index';
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

/** What the heads are made of: three tensors of [length, batch, width], and the weights. */
interface Heads {
  readonly q: TensorValue;
  readonly k: TensorValue;
  readonly v: TensorValue;
}

/** One weight for all three maps, where the call does not say that each has its own. */
const wholeWeight = (m: Module): TensorValue | undefined => (m.host.truth(m.value('use_separate_proj_weight')) === true ? undefined : m.held('in_proj_weight'));

/** The three maps, from one weight for all or from one for each. */
function projections(m: Module): { readonly weights: readonly (TensorValue | undefined)[]; readonly biases: readonly (TensorValue | undefined)[] } {
  const whole = wholeWeight(m);
  const weights = whole ? m.steps('split', [whole], { sizes: 3, axis: 0 }, 3) : ['q_proj_weight', 'k_proj_weight', 'v_proj_weight'].map((name) => m.held(name));
  const bias = m.held('in_proj_bias');
  return { weights, biases: bias ? m.steps('split', [bias], { sizes: 3, axis: 0 }, 3) : [] };
}

/** Query, key and value through their maps; where all are one tensor, in one step. */
function projected(m: Module, query: TensorValue, key: TensorValue, value: TensorValue): Heads {
  const isOne = [key, value].every(({ ref }) => ref.node === query.ref.node && ref.output === query.ref.output);
  const whole = wholeWeight(m);
  if (isOne && whole) {
    const bias = m.held('in_proj_bias');
    const made = m.step('linear', bias ? [query, whole, bias] : [query, whole], { transposeWeight: true });
    const [q, k, v] = m.steps('split', [made], { sizes: 3, axis: -1 }, 3);
    return { q: q ?? made, k: k ?? made, v: v ?? made };
  }
  const { weights, biases } = projections(m);
  const [q, k, v] = [query, key, value].map((x, at) => {
    const [weight, bias] = [weights[at], biases[at]];
    if (!weight) return m.fail('it has no weights');
    return m.step('linear', bias ? [x, weight, bias] : [x, weight], { transposeWeight: true });
  });
  return { q: q ?? query, k: k ?? key, v: v ?? value };
}

/** One row more at the end of the keys or values: of a weight, or of zeros. */
function withRow(m: Module, x: TensorValue, name: string): TensorValue {
  const extra = m.held(name);
  const [, batch = UNKNOWN_SIZE, width = UNKNOWN_SIZE] = x.shape ?? [];
  const shape = sizeAttributes([constant(1), batch, width]);
  const rows = [
    x,
    ...(extra ? [m.step('broadcastTo', [extra], { shape })] : []),
    ...(addsZeros(m) ? [m.step('fill', [], { shape, value: 0, dtype: 'float32' })] : []),
  ];
  return rows.length === 1 ? x : m.step('concat', rows, { axis: 0 });
}

const addsZeros = (m: Module): boolean => !m.missing('add_zero_attn') && m.flag('add_zero_attn');

/** [length, batch, width] as [batch, heads, length, width/heads]. */
function split(m: Module, x: TensorValue, heads: Dim, each: Dim): TensorValue {
  const [length = UNKNOWN_SIZE, batch = UNKNOWN_SIZE] = x.shape ?? [];
  const apart = m.step('reshape', [x], { shape: sizeAttributes([length, batch, heads, each]) });
  return m.step('transpose', [apart], { perm: [1, 2, 0, 3] });
}

/** A mask of booleans hides where it is true: as the attention's mask it shows where it is true. */
const shown = (m: Module, mask: TensorValue): TensorValue => (mask.dtype === 'bool' ? m.step('logicalNot', [mask]) : mask);

/** Both masks as one that broadcasts to [batch, heads, length, source]. */
function maskOf(m: Module, heads: Dim, batch: Dim, length: Dim, source: Dim): TensorValue | undefined {
  const [mask, padding] = [m.maybeTensor('attn_mask'), m.maybeTensor('key_padding_mask')];
  const attending = mask && attendingMask(m, mask, heads, batch, length, source);
  const hiding = padding && paddingMask(m, padding, batch, source);
  if (!attending || !hiding) return attending ?? hiding;
  const [left, right] = [attending, hiding].map((each) => (each.dtype === 'bool' ? shownAsNumbers(m, each) : each)) as [TensorValue, TensorValue];
  return m.step('add', [left, right]);
}

/** Zero where it shows, far below where it hides. */
const shownAsNumbers = (m: Module, mask: TensorValue): TensorValue =>
  m.step('where', [mask, m.host.constant([], 'float32', [0]), m.host.constant([], 'float32', [-1e30])]);

function attendingMask(m: Module, mask: TensorValue, heads: Dim, batch: Dim, length: Dim, source: Dim): TensorValue {
  const given = shown(m, mask);
  if (given.shape === null) return given;
  const rank = given.shape.length;
  if (rank !== 2 && rank !== 3) return m.fail(`\`attn_mask\` has ${rank} axes, 2 or 3 are wanted`);
  const wanted = rank === 2 ? [length, source] : [multiply(batch, heads), length, source];
  if (!requireShape(m, given, wanted, 'attn_mask')) return m.host.unknownTensor('the shape of `attn_mask` is wrong', [given]);
  return rank === 2 ? given : m.step('reshape', [given], { shape: sizeAttributes([batch, heads, length, source]) });
}

function paddingMask(m: Module, mask: TensorValue, batch: Dim, source: Dim): TensorValue {
  const given = shown(m, mask);
  if (given.shape === null) return given;
  if (given.shape.length === 1) return m.step('reshape', [given], { shape: [1, 1, 1, ...sizeAttributes(given.shape)] });
  if (given.shape.length !== 2) return m.fail(`\`key_padding_mask\` has ${given.shape.length} axes, 2 are wanted`);
  if (!requireShape(m, given, [batch, source], 'key_padding_mask')) return m.host.unknownTensor('the shape of `key_padding_mask` is wrong', [given]);
  return m.step('reshape', [given], { shape: sizeAttributes([batch, constant(1), constant(1), source]) });
}

function requireShape(m: Module, mask: TensorValue, wanted: readonly Dim[], name: string): boolean {
  return wanted.every((size, at) => m.host.require('==', mask.shape?.[at] ?? size, size, 'mask-shape', { api: m.args.api, name }, m.args.span));
}

/** Attention step by step, so that its weights can be handed out. */
function attend(
  m: Module,
  q: TensorValue,
  k: TensorValue,
  v: TensorValue,
  mask: TensorValue | undefined,
  each: Dim,
): { made: TensorValue; weights: TensorValue } {
  const root = m.host.constant([], 'float32', [applyReal('pow', realOf(each), realOf(-0.5))]);
  const scores = m.step('matmul', [m.step('mul', [q, root]), k], { transposeB: true });
  const added = mask?.dtype === 'bool' ? shownAsNumbers(m, mask) : mask;
  const weights = m.step('softmax', [added ? m.step('add', [scores, added]) : scores], { axis: -1 });
  const dropped = m.missing('dropout') ? weights : m.step('dropout', [weights], { rate: rateOf(m, 'dropout') });
  return { made: m.step('matmul', [dropped, v]), weights };
}

/** Weights of all heads, or their mean. */
function weightsGiven(m: Module, weights: TensorValue, alone: boolean): TensorValue {
  const averages = m.missing('average_attn_weights') || m.flag('average_attn_weights');
  const made = averages ? m.step('mean', [weights], { axes: [1] }) : weights;
  return alone ? m.step('squeeze', [made], { axes: [0] }) : made;
}

/** Axes as [length, batch, width]; without a batch one is put in. */
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

/** The forward of `nn.MultiheadAttention`: the output, and the weights where they are asked for. */
function multiHead(m: Module): Value {
  const given = ['query', 'key', 'value'].map((key) => m.ranked(m.tensor(key), 3, 2)) as [TensorValue, TensorValue, TensorValue];
  if (given.some(({ shape }) => shape === null)) {
    const reason = given.find(({ shape }) => shape === null)?.reason ?? 'the rank of an operand is not known';
    return list([m.host.unknownTensor(reason, given), m.host.unknownTensor(reason, given)], true);
  }
  const isOne = given.every(({ ref }) => ref.node === given[0].ref.node && ref.output === given[0].ref.output);
  const alone = given[0].shape?.length === 2;
  const first = arranged(m, given[0], m.flag('batch_first'));
  const [query, key, value] = isOne ? [first, first, first] : [first, ...given.slice(1).map((x) => arranged(m, x, m.flag('batch_first')))];
  if (!key || !value) return m.fail('an operand is missing');
  requireLengths(m, query, key, value);
  const heads = m.size('num_heads');
  const each = m.share(m.size('embed_dim'), heads);
  const { q, k, v } = projected(m, query, key, value);
  const [keys, values] = [withRow(m, k, 'bias_k'), withRow(m, v, 'bias_v')];
  return finish(m, [q, keys, values].map((x) => split(m, x, heads, each)) as [TensorValue, TensorValue, TensorValue], q, each, alone);
}

/** Through `out_proj`: the function is given its weights. */
function projectedOut(m: Module, x: TensorValue): Value {
  const [weight, bias] = [m.value('out_proj_weight'), m.value('out_proj_bias')];
  if (weight.kind === 'tensor') return m.step('linear', bias.kind === 'tensor' ? [x, weight, bias] : [x, weight], { transposeWeight: true });
  return m.host.call(m.host.member(m.self, 'out_proj'), { ...m.args, positional: [x], spans: [m.args.span], named: new Map() });
}

function finish(m: Module, [q, k, v]: readonly [TensorValue, TensorValue, TensorValue], before: TensorValue, each: Dim, alone: boolean): Value {
  const [length = UNKNOWN_SIZE, batch = UNKNOWN_SIZE] = before.shape ?? [];
  const extra = (m.held('bias_k') ? 1 : 0) + (addsZeros(m) ? 1 : 0);
  const source = k.shape?.[2] ?? UNKNOWN_SIZE;
  const mask = extra > 0 ? undefined : maskOf(m, m.size('num_heads'), batch, length, source);
  const asks = m.missing('need_weights') || m.flag('need_weights');
  const stepwise = asks ? attend(m, q, k, v, mask, each) : undefined;
  const rate: Attribute = m.missing('dropout') ? 0 : rateOf(m, 'dropout');
  const made = stepwise?.made ?? m.step('scaledDotProductAttention', mask ? [q, k, v, mask] : [q, k, v], { rate, causal: false });
  const joined = m.step('reshape', [m.step('transpose', [made], { perm: [2, 0, 1, 3] })], { shape: sizeAttributes([length, batch, m.size('embed_dim')]) });
  const output = projectedOut(m, joined);
  if (output.kind !== 'tensor') return list([output, NULL], true);
  const result = alone ? m.step('squeeze', [output], { axes: [1] }) : m.flag('batch_first') ? m.step('transpose', [output], { perm: [1, 0, 2] }) : output;
  return list([result, stepwise ? weightsGiven(m, stepwise.weights, alone) : NULL], true);
}

/** `F.multi_head_attention_forward`: the module's work with weights that are given; the length comes first. */
export function multiHeadFunction(m: Module): Value {
  const names: Readonly<Record<string, string>> = { embed_dim: 'embed_dim_to_check', dropout: 'dropout_p' };
  const called = (key: string): string => names[key] ?? key;
  return multiHead({
    ...m,
    value: (key) => m.value(called(key)),
    size: (key) => m.size(called(key)),
    missing: (key) => (key === 'dropout' ? m.host.truth(m.value('training')) === false : m.missing(called(key))),
    flag: (key) => (key === 'batch_first' ? false : m.flag(called(key))),
  });
}

export const ATTENTION_KINDS: Readonly<Record<string, ModuleKind>> = {
  MultiheadAttention: {
    signature:
      'embed_dim, num_heads, dropout=0.0, bias=True, add_bias_kv=False, add_zero_attn=False, kdim=None, vdim=None, batch_first=False, device=None, dtype=None',
    takes: 'query, key, value, key_padding_mask=None, need_weights=True, attn_mask=None, average_attn_weights=True, is_causal=False',
    build: buildAttention,
    forward: multiHead,
    fields: (m) => ({ head_dim: { kind: 'number', real: { kind: 'size', size: m.share(m.size('embed_dim'), m.size('num_heads')) } } }),
  },
};
