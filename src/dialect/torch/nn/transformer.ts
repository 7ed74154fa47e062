/** Layers of transformers: made of other modules, whose names their weights bear. */
import { asConstant, type Dim } from '../../../dim/index';
import { isMissing, type ListValue, list, NULL, type TensorValue, type Value } from '../../common/values';
import { deepCopy } from './copying';
import { type Module, type ModuleKind, Undecided } from './kind';
import { child, through } from './parts';
import { contentsOf, setField } from './state';

const attention = (m: Module): Parameters<Module['library']>[1] => ({
  embed_dim: m.size('d_model'),
  num_heads: m.value('nhead'),
  dropout: m.value('dropout'),
  batch_first: m.value('batch_first'),
  bias: m.value('bias'),
});

function buildLayer(m: Module, decodes: boolean): void {
  const width = m.size('d_model');
  const [wide, bias, rate] = [m.size('dim_feedforward'), m.value('bias'), m.value('dropout')];
  child(m, 'self_attn', 'MultiheadAttention', attention(m));
  if (decodes) child(m, 'multihead_attn', 'MultiheadAttention', attention(m));
  child(m, 'linear1', 'Linear', { in_features: width, out_features: wide, bias });
  child(m, 'dropout', 'Dropout', { p: rate });
  child(m, 'linear2', 'Linear', { in_features: wide, out_features: width, bias });
  const count = decodes ? 3 : 2;
  for (let at = 1; at <= count; at += 1) child(m, `norm${at}`, 'LayerNorm', { normalized_shape: width, eps: m.value('layer_norm_eps'), bias });
  for (let at = 1; at <= count; at += 1) child(m, `dropout${at}`, 'Dropout', { p: rate });
}

/** The activation: a word, or a function. */
function activated(m: Module, x: TensorValue): TensorValue {
  const given = m.value('activation');
  if (given.kind === 'string') return m.step(given.value === 'gelu' ? 'gelu' : 'relu', [x], given.value === 'gelu' ? { approximate: false } : {});
  const made = m.host.invoke(given, x);
  if (made.kind !== 'tensor') throw new Undecided('the activation is not known');
  return made;
}

const add = (m: Module, a: TensorValue, b: TensorValue): TensorValue => m.step('add', [a, b]);

/** One block: the norm before it, or after its sum with what went in. */
function block(m: Module, x: TensorValue, norm: string, run: (x: TensorValue) => TensorValue): TensorValue {
  if (!isMissing(m.value('norm_first')) && m.flag('norm_first')) return add(m, x, run(through(m, norm, x)));
  return through(m, norm, add(m, x, run(x)));
}

const feedForward =
  (m: Module, dropout: string) =>
  (x: TensorValue): TensorValue =>
    through(m, dropout, through(m, 'linear2', through(m, 'dropout', activated(m, through(m, 'linear1', x)))));

/** A mask under the name that the attention has for it, or None. */
const masks = (m: Module, mask: string, padding: string): Readonly<Record<string, Value>> => ({
  attn_mask: isMissing(m.value(mask)) ? NULL : m.value(mask),
  key_padding_mask: isMissing(m.value(padding)) ? NULL : m.value(padding),
  need_weights: { kind: 'boolean', value: false },
});

function encode(m: Module): TensorValue {
  const x = m.ranked(m.tensor('src'), 3, 2);
  const attend = (each: TensorValue) => through(m, 'dropout1', through(m, 'self_attn', each, [each, each], masks(m, 'src_mask', 'src_key_padding_mask')));
  return block(m, block(m, x, 'norm1', attend), 'norm2', feedForward(m, 'dropout2'));
}

function decode(m: Module): TensorValue {
  const [x, memory] = [m.ranked(m.tensor('tgt'), 3, 2), m.ranked(m.tensor('memory'), 3, 2)];
  const attend = (each: TensorValue) => through(m, 'dropout1', through(m, 'self_attn', each, [each, each], masks(m, 'tgt_mask', 'tgt_key_padding_mask')));
  const cross = (each: TensorValue) =>
    through(m, 'dropout2', through(m, 'multihead_attn', each, [memory, memory], masks(m, 'memory_mask', 'memory_key_padding_mask')));
  return block(m, block(m, block(m, x, 'norm1', attend), 'norm2', cross), 'norm3', feedForward(m, 'dropout3'));
}

const LAYER =
  'd_model, nhead, dim_feedforward=2048, dropout=0.1, activation="relu", layer_norm_eps=1e-5, batch_first=False, norm_first=False, bias=True, device=None, dtype=None';
const ENCODES = 'src, src_mask=None, src_key_padding_mask=None, is_causal=False';
const DECODES =
  'tgt, memory, tgt_mask=None, memory_mask=None, tgt_key_padding_mask=None, memory_key_padding_mask=None, tgt_is_causal=False, memory_is_causal=False';

// ---- stacks ----

/** As many copies as there are layers; of a symbolic number one stands for all. */
function copies(m: Module, layer: Value, count: Dim): ListValue {
  const known = asConstant(count);
  if (known === undefined) return { ...list([deepCopy(layer, m.host)]), times: count };
  return list(Array.from({ length: known }, () => deepCopy(layer, m.host)));
}

function buildStack(m: Module, layer: string): void {
  const items = copies(m, m.value(layer), m.size('num_layers'));
  const layers = m.library('ModuleList', { modules: items });
  setField(m.self, 'layers', layers, m.host);
  setField(m.self, 'norm', isMissing(m.value('norm')) ? NULL : m.value('norm'), m.host);
}

/** Calls each layer with what the last gave. Layers keep the shape, so that one stands for a symbolic number. */
function runStack(m: Module, key: string, call: (layer: Value, x: TensorValue) => Value): TensorValue {
  const held = m.host.member(m.self, 'layers');
  const contents = held.kind === 'instance' ? contentsOf(held) : undefined;
  let x = m.tensor(key);
  const turn = (layer: Value): void => {
    const made = call(layer, x);
    if (made.kind !== 'tensor') throw new Undecided('a layer gives no tensor');
    x = made;
  };
  if (contents?.kind !== 'list' || contents.open !== undefined) throw new Undecided('the layers are not known');
  const [first] = contents.items;
  if (contents.times && first) m.host.repeat(contents.times, () => turn(first));
  else for (const layer of contents.items) turn(layer);
  return isMissing(m.host.member(m.self, 'norm')) ? x : through(m, 'norm', x);
}

const named = (m: Module, positional: readonly Value[], values: Readonly<Record<string, string>>) => ({
  ...m.args,
  positional,
  spans: positional.map(() => m.args.span),
  named: new Map(Object.entries(values).map(([name, key]) => [name, isMissing(m.value(key)) ? NULL : m.value(key)] as const)),
  api: `${m.args.api}.layers`,
});

const runEncoder = (m: Module, key = 'src'): TensorValue =>
  runStack(m, key, (layer, x) => m.host.call(layer, named(m, [x], { src_mask: 'mask', src_key_padding_mask: 'src_key_padding_mask' })));

const runDecoder = (m: Module): TensorValue =>
  runStack(m, 'tgt', (layer, x) => {
    const memory = m.tensor('memory');
    const keys = ['tgt_mask', 'memory_mask', 'tgt_key_padding_mask', 'memory_key_padding_mask'];
    return m.host.call(layer, named(m, [x, memory], Object.fromEntries(keys.map((key) => [key, key]))));
  });

// ---- the whole ----

function buildWhole(m: Module): void {
  const settings = (layer: string) =>
    m.library(layer, {
      d_model: m.size('d_model'),
      nhead: m.value('nhead'),
      dim_feedforward: m.size('dim_feedforward'),
      dropout: m.value('dropout'),
      activation: m.value('activation'),
      layer_norm_eps: m.value('layer_norm_eps'),
      batch_first: m.value('batch_first'),
      norm_first: m.value('norm_first'),
      bias: m.value('bias'),
    });
  const norm = () => m.library('LayerNorm', { normalized_shape: m.size('d_model'), eps: m.value('layer_norm_eps'), bias: m.value('bias') });
  const given = (key: string, make: () => Value): Value => (isMissing(m.value(key)) ? make() : m.value(key));
  const encoder = given('custom_encoder', () =>
    m.library('TransformerEncoder', { encoder_layer: settings('TransformerEncoderLayer'), num_layers: m.value('num_encoder_layers'), norm: norm() }),
  );
  const decoder = given('custom_decoder', () =>
    m.library('TransformerDecoder', { decoder_layer: settings('TransformerDecoderLayer'), num_layers: m.value('num_decoder_layers'), norm: norm() }),
  );
  setField(m.self, 'encoder', encoder, m.host);
  setField(m.self, 'decoder', decoder, m.host);
}

function runWhole(m: Module): Value {
  const memory = m.host.call(m.host.member(m.self, 'encoder'), named(m, [m.tensor('src')], { mask: 'src_mask', src_key_padding_mask: 'src_key_padding_mask' }));
  const keys = ['tgt_mask', 'memory_mask', 'tgt_key_padding_mask', 'memory_key_padding_mask'];
  return m.host.call(m.host.member(m.self, 'decoder'), named(m, [m.tensor('tgt'), memory], Object.fromEntries(keys.map((key) => [key, key]))));
}

export const TRANSFORMER_KINDS: Readonly<Record<string, ModuleKind>> = {
  TransformerEncoderLayer: { signature: LAYER, takes: ENCODES, build: (m) => buildLayer(m, false), forward: encode },
  TransformerDecoderLayer: { signature: LAYER, takes: DECODES, build: (m) => buildLayer(m, true), forward: decode },
  TransformerEncoder: {
    signature: 'encoder_layer, num_layers, norm=None, enable_nested_tensor=True, mask_check=True',
    takes: 'src, mask=None, src_key_padding_mask=None, is_causal=None',
    build: (m) => buildStack(m, 'encoder_layer'),
    forward: (m) => runEncoder(m),
  },
  TransformerDecoder: {
    signature: 'decoder_layer, num_layers, norm=None',
    takes: DECODES.replace('tgt_is_causal=False', 'tgt_is_causal=None'),
    build: (m) => buildStack(m, 'decoder_layer'),
    forward: runDecoder,
  },
  Transformer: {
    signature:
      'd_model=512, nhead=8, num_encoder_layers=6, num_decoder_layers=6, dim_feedforward=2048, dropout=0.1, activation="relu", custom_encoder=None, custom_decoder=None, layer_norm_eps=1e-5, batch_first=False, norm_first=False, bias=True, device=None, dtype=None',
    takes:
      'src, tgt, src_mask=None, tgt_mask=None, memory_mask=None, src_key_padding_mask=None, tgt_key_padding_mask=None, memory_key_padding_mask=None, src_is_causal=None, tgt_is_causal=None, memory_is_causal=False',
    build: buildWhole,
    forward: runWhole,
  },
};
