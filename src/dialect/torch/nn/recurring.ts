/** Recurrent layers and their cells. */
import { constant, type Dim, multiply } from '../../../dim/index';
import type { Attributes } from '../../../ops/operator';
import { gatesOfCell } from '../../../ops/sequences';
import { list, type TensorValue, type Value } from '../../common/values';
import { type Module, type ModuleKind, sizeAttribute, uniformWithin } from './kind';

type Cell = 'rnn' | 'gru' | 'lstm';

/** Layers by directions, with the endings that their weights' names have. */
function parts(m: Module): readonly { readonly layer: number; readonly ending: string }[] {
  const ways = m.flag('bidirectional') ? ['', '_reverse'] : [''];
  return Array.from({ length: m.number('num_layers') }, (_, layer) => ways.map((way) => ({ layer, ending: `_l${layer}${way}` }))).flat();
}

/** The width of each output: the hidden size, unless it is projected. */
function outputWidth(m: Module): Dim {
  const projected = m.missing('proj_size') ? 0 : m.number('proj_size');
  return projected > 0 ? m.size('proj_size') : m.size('hidden_size');
}

const isProjected = (m: Module): boolean => !m.missing('proj_size') && m.number('proj_size') > 0;

function build(m: Module, cell: Cell): void {
  const [features, hidden, outer] = [m.size('input_size'), m.size('hidden_size'), outputWidth(m)];
  const wide = multiply(hidden, constant(gatesOfCell(cell)));
  const initial = uniformWithin(sizeAttribute(hidden));
  const directions = constant(m.flag('bidirectional') ? 2 : 1);
  for (const { layer, ending } of parts(m)) {
    m.weight(`weight_ih${ending}`, [wide, layer === 0 ? features : multiply(outer, directions)], initial);
    m.weight(`weight_hh${ending}`, [wide, outer], initial);
    if (m.flag('bias')) for (const name of ['bias_ih', 'bias_hh']) m.weight(`${name}${ending}`, [wide], initial);
    if (isProjected(m)) m.weight(`weight_hr${ending}`, [outer, hidden], initial);
  }
}

/** The weights in the operator's order. */
function weights(m: Module): readonly TensorValue[] {
  const names = ['weight_ih', 'weight_hh', ...(m.flag('bias') ? ['bias_ih', 'bias_hh'] : []), ...(isProjected(m) ? ['weight_hr'] : [])];
  return parts(m).flatMap(({ ending }) => names.flatMap((name) => m.held(`${name}${ending}`) ?? []));
}

/** The states that it begins with. */
function initialStates(m: Module, cell: Cell): readonly TensorValue[] {
  if (m.missing('hx')) return [];
  const given = m.value('hx');
  if (cell !== 'lstm') return [m.tensor('hx')];
  const items = m.host.iterate(given);
  return 'unknown' in items ? [] : items.filter((item): item is TensorValue => item.kind === 'tensor');
}

function forward(m: Module, cell: Cell): Value {
  const x = m.ranked(m.tensor(), 3, 2);
  const states = initialStates(m, cell);
  const attributes: Attributes = {
    cell,
    layers: m.number('num_layers'),
    bidirectional: m.flag('bidirectional'),
    bias: m.flag('bias'),
    batchFirst: m.flag('batch_first'),
    projects: isProjected(m),
    initial: states.length,
    ...(cell === 'rnn' ? { nonlinearity: m.word('nonlinearity') } : {}),
  };
  const [output, hidden, carry] = m.steps('recurrentStack', [x, ...weights(m), ...states], attributes, cell === 'lstm' ? 3 : 2);
  const made = output ?? x;
  const last = hidden ?? made;
  return list([made, cell === 'lstm' ? list([last, carry ?? last], true) : last], true);
}

const SETTINGS = 'num_layers=1, bias=True, batch_first=False, dropout=0.0, bidirectional=False';

const layers = (cell: Cell, signature: string): ModuleKind => ({
  signature: `${signature}, device=None, dtype=None`,
  takes: 'input, hx=None',
  build: (m) => build(m, cell),
  forward: (m) => forward(m, cell),
});

// ---- cells ----

function buildCell(m: Module, cell: Cell): void {
  const [features, hidden] = [m.size('input_size'), m.size('hidden_size')];
  const wide = multiply(hidden, constant(gatesOfCell(cell)));
  const initial = uniformWithin(sizeAttribute(hidden));
  m.weight('weight_ih', [wide, features], initial);
  m.weight('weight_hh', [wide, hidden], initial);
  for (const name of ['bias_ih', 'bias_hh']) {
    if (m.flag('bias')) m.weight(name, [wide], initial);
    else m.without(name);
  }
}

/** One step, as a sequence of one: [batch, features] stands as [1, batch, features]. */
function cellForward(m: Module, cell: Cell): Value {
  const x = m.ranked(m.tensor(), 2, 1);
  const alone = x.shape?.length === 1;
  const longer = (each: TensorValue): TensorValue => m.step('expandDims', [alone ? m.step('expandDims', [each], { axis: 0 }) : each], { axis: 0 });
  const shorter = (each: TensorValue): TensorValue => m.step('squeeze', [each], { axes: alone ? [0, 1] : [0] });
  const held = ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh'].flatMap((name) => m.held(name) ?? []);
  const states = initialStates(m, cell).map(longer);
  const attributes: Attributes = { cell, layers: 1, bidirectional: false, bias: m.flag('bias'), batchFirst: false, projects: false, initial: states.length };
  const nonlinearity = cell === 'rnn' ? { nonlinearity: m.word('nonlinearity') } : {};
  const [, hidden, carry] = m.steps('recurrentStack', [longer(x), ...held, ...states], { ...attributes, ...nonlinearity }, cell === 'lstm' ? 3 : 2);
  const last = shorter(hidden ?? x);
  return cell === 'lstm' ? list([last, shorter(carry ?? x)], true) : last;
}

const oneCell = (cell: Cell, signature: string): ModuleKind => ({
  signature: `${signature}, device=None, dtype=None`,
  takes: 'input, hx=None',
  build: (m) => buildCell(m, cell),
  forward: (m) => cellForward(m, cell),
});

export const RECURRENT_KINDS: Readonly<Record<string, ModuleKind>> = {
  RNN: layers('rnn', `input_size, hidden_size, num_layers=1, nonlinearity="tanh", ${SETTINGS.replace('num_layers=1, ', '')}`),
  GRU: layers('gru', `input_size, hidden_size, ${SETTINGS}`),
  LSTM: layers('lstm', `input_size, hidden_size, ${SETTINGS}, proj_size=0`),
  RNNCell: oneCell('rnn', 'input_size, hidden_size, bias=True, nonlinearity="tanh"'),
  GRUCell: oneCell('gru', 'input_size, hidden_size, bias=True'),
  LSTMCell: oneCell('lstm', 'input_size, hidden_size, bias=True'),
};
