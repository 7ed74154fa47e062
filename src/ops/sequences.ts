/** Stacks of recurrent layers as torch defines them. */
import { add, constant, type Dim, multiply, sum, ZERO } from '../dim/index';
import { readFlag, readNumber, readText } from './attributes';
import { operand, tidied } from './kernels';
import type { Attributes, BoundAttributes, Demand, Operator, RuleContext, ShapeResult, Tensor, TensorType, Tfjs } from './operator';
import { failure, mustEqual, results, sizeAt, tensorType } from './rules';

const NAME = 'recurrentStack';

/** Blocks of rows in each weight. */
const GATES: Readonly<Record<string, number>> = { lstm: 4, gru: 3, rnn: 1 };

interface Settings {
  readonly cell: string;
  readonly layers: number;
  readonly directions: number;
  readonly bias: boolean;
  readonly batchFirst: boolean;
  readonly projects: boolean;
  /** How many states are given: none, one (hidden) or two (cell state too). */
  readonly initial: number;
  /** The operands of one layer and direction. */
  readonly each: number;
}

function settingsOf(attributes: Attributes): Settings {
  const [bias, projects] = [readFlag(attributes, 'bias'), readFlag(attributes, 'projects')];
  return {
    cell: readText(attributes, 'cell', 'rnn'),
    layers: readNumber(attributes, 'layers', 1),
    directions: readFlag(attributes, 'bidirectional') ? 2 : 1,
    bias,
    batchFirst: readFlag(attributes, 'batchFirst'),
    projects,
    initial: readNumber(attributes, 'initial', 0),
    each: 2 + (bias ? 2 : 0) + (projects ? 1 : 0),
  };
}

/** Where the batch stands; a sequence alone has none. */
const batchAxis = (rank: number, { batchFirst }: Settings): number | undefined => (rank === 2 ? undefined : batchFirst ? 0 : 1);

function stackShape(inputs: readonly TensorType[], attributes: Attributes, context: RuleContext): ShapeResult {
  const settings = settingsOf(attributes);
  const [x, first, recurrent] = inputs;
  if (!x || !first || !recurrent) return failure(inputs.slice(0, 1), 'argument', { operator: NAME, reason: 'an operand is missing' });
  const rank = x.shape.length;
  const hidden = sizeAt(recurrent.shape, 1);
  const cells = settings.projects ? sizeAt(inputs[settings.each]?.shape ?? [], 1) : hidden;
  const batch = batchAxis(rank, settings);
  const wide = multiply(hidden, constant(settings.directions));
  const output = x.shape.map((size, axis) => (axis === rank - 1 ? wide : size));
  const stacked = constant(settings.layers * settings.directions);
  const middle = batch === undefined ? [] : [sizeAt(x.shape, batch)];
  const state = tensorType([stacked, ...middle, hidden], x.dtype);
  const carry = tensorType([stacked, ...middle, cells], x.dtype);
  const outputs = [tensorType(output, x.dtype), state, ...(settings.cell === 'lstm' ? [carry] : [])];
  if (rank !== 2 && rank !== 3) return failure(outputs, 'rank', { operator: NAME, reason: `2 or 3 axes are wanted, ${rank} given` }, [{ input: 0 }]);
  const wanted = wantedShapes(sizeAt(x.shape, rank - 1), cells, hidden, settings);
  if (inputs.length !== 1 + wanted.length + settings.initial)
    return failure(outputs, 'argument', { operator: NAME, reason: `${1 + wanted.length + settings.initial} operands are wanted, ${inputs.length} given` });
  const states = [state, carry].slice(0, settings.initial).map(({ shape }) => shape);
  const all = [...wanted, ...states];
  const wrong = all.findIndex((shape, at) => inputs[at + 1]?.shape.length !== shape.length);
  if (wrong >= 0) {
    const reason = `${all[wrong]?.length} axes are wanted, ${inputs[wrong + 1]?.shape.length} given`;
    return failure(outputs, 'rank', { operator: NAME, reason }, [{ input: wrong + 1 }]);
  }
  return results(
    outputs,
    all.flatMap((shape, at) => shapeDemands(inputs[at + 1] ?? x, shape, at + 1, at >= wanted.length, context)),
  );
}

/** The shapes of all weights, in order: the first layer takes the input's features, the others the outputs of both directions. */
function wantedShapes(features: Dim, cells: Dim, hidden: Dim, { cell, layers, directions, bias, projects }: Settings): Dim[][] {
  const wide = multiply(cells, constant(gatesOfCell(cell)));
  return Array.from({ length: layers * directions }, (_, at) => [
    [wide, at < directions ? features : multiply(hidden, constant(directions))],
    [wide, hidden],
    ...(bias ? [[wide], [wide]] : []),
    ...(projects ? [[hidden, cells]] : []),
  ]).flat();
}

const shapeDemands = (type: TensorType, wanted: readonly Dim[], input: number, isState: boolean, context: RuleContext): Demand[] =>
  wanted.flatMap((size, axis) =>
    mustEqual(size, sizeAt(type.shape, axis), isState && axis === 1 ? 'batch' : 'features', [{ input: 0 }, { input, axis }], context),
  );

/** One layer in one direction: its operands. */
interface Part {
  readonly input: Tensor;
  readonly recurrent: Tensor;
  readonly biases: readonly Tensor[];
  readonly projection: Tensor | undefined;
}

function partAt(inputs: readonly Tensor[], index: number, { each, bias, projects }: Settings): Part {
  const from = 1 + index * each;
  return {
    input: operand(inputs, from),
    recurrent: operand(inputs, from + 1),
    biases: bias ? [operand(inputs, from + 2), operand(inputs, from + 3)] : [],
    projection: projects ? operand(inputs, from + each - 1) : undefined,
  };
}

interface State {
  readonly hidden: Tensor;
  readonly carry: Tensor;
}

/** x·Wᵀ + b. */
const mapped = (tf: Tfjs, x: Tensor, weight: Tensor, bias: Tensor | undefined): Tensor => {
  const made = tf.matMul(x, weight, false, true);
  return bias === undefined ? made : tf.add(made, bias);
};

function nextState(tf: Tfjs, x: Tensor, { hidden, carry }: State, part: Part, cell: string, relu: boolean): State {
  const [own, past] = [mapped(tf, x, part.input, part.biases[0]), mapped(tf, hidden, part.recurrent, part.biases[1])];
  if (cell === 'lstm') {
    const [input, forget, content, output] = tf.split(tf.add(own, past), 4, 1) as [Tensor, Tensor, Tensor, Tensor];
    const next = tf.add(tf.mul(tf.sigmoid(forget), carry), tf.mul(tf.sigmoid(input), tf.tanh(content)));
    const made = tf.mul(tf.sigmoid(output), tf.tanh(next));
    return { hidden: part.projection ? tf.matMul(made, part.projection, false, true) : made, carry: next };
  }
  if (cell === 'gru') {
    const [xReset, xUpdate, xNew] = tf.split(own, 3, 1) as [Tensor, Tensor, Tensor];
    const [hReset, hUpdate, hNew] = tf.split(past, 3, 1) as [Tensor, Tensor, Tensor];
    const update = tf.sigmoid(tf.add(xUpdate, hUpdate));
    const fresh = tf.tanh(tf.add(xNew, tf.mul(tf.sigmoid(tf.add(xReset, hReset)), hNew)));
    return { hidden: tf.add(tf.mul(tf.sub(1, update), fresh), tf.mul(update, hidden)), carry };
  }
  const total = tf.add(own, past);
  return { hidden: relu ? tf.relu(total) : tf.tanh(total), carry };
}

/** Runs one layer in one direction over [steps, batch, features]. */
function runPart(tf: Tfjs, x: Tensor, start: State, part: Part, backwards: boolean, attributes: BoundAttributes): { outputs: Tensor; last: State } {
  const steps = tf.unstack(x, 0);
  const made: Tensor[] = [];
  let state = start;
  for (const step of backwards ? steps.reverse() : steps) {
    state = nextState(tf, step, state, part, readText(attributes, 'cell', 'rnn'), readText(attributes, 'nonlinearity') === 'relu');
    made.push(state.hidden);
  }
  return { outputs: tf.stack(backwards ? made.reverse() : made, 0), last: state };
}

/** The state that a layer begins with: given, or zeros. */
function startOf(tf: Tfjs, states: readonly Tensor[], index: number, part: Part, batch: number): State {
  const at = (tensor: Tensor | undefined, width: number): Tensor =>
    tensor ? tf.reshape(tf.slice(tensor, [index, 0, 0], [1, -1, -1]), [batch, width]) : tf.zeros([batch, width]);
  const width = part.recurrent.shape[1] ?? 1;
  return { hidden: at(states[0], width), carry: at(states[1], part.projection?.shape[1] ?? width) };
}

function runStack(tf: Tfjs, inputs: readonly Tensor[], attributes: BoundAttributes): Tensor[] {
  const settings = settingsOf(attributes);
  const x = operand(inputs, 0);
  const alone = x.rank === 2;
  const given = inputs.slice(inputs.length - settings.initial).slice(0, settings.initial);
  const states = alone ? given.map((state) => tf.expandDims(state, 1)) : given;
  let sequence = alone ? tf.expandDims(x, 1) : settings.batchFirst ? tf.transpose(x, [1, 0, 2]) : x;
  const last: State[] = [];
  for (let layer = 0; layer < settings.layers; layer += 1) {
    const outputs: Tensor[] = [];
    for (let direction = 0; direction < settings.directions; direction += 1) {
      const index = layer * settings.directions + direction;
      const part = partAt(inputs, index, settings);
      const ran = runPart(tf, sequence, startOf(tf, states, index, part, sequence.shape[1] ?? 1), part, direction === 1, attributes);
      outputs.push(ran.outputs);
      last.push(ran.last);
    }
    sequence = outputs.length === 1 ? operand(outputs, 0) : tf.concat(outputs, 2);
  }
  const unbatched = (tensor: Tensor): Tensor => (alone ? tf.squeeze(tensor, [1]) : tensor);
  const output = alone ? unbatched(sequence) : settings.batchFirst ? tf.transpose(sequence, [1, 0, 2]) : tf.clone(sequence);
  const stacked = (of: (state: State) => Tensor): Tensor => unbatched(tf.stack(last.map(of), 0));
  return [output, stacked(({ hidden }) => hidden), ...(settings.cell === 'lstm' ? [stacked(({ carry }) => carry)] : [])];
}

/** Every product of a step, at every step. */
function macs(inputs: readonly TensorType[], _outputs: readonly TensorType[], attributes: Attributes): Dim {
  const settings = settingsOf(attributes);
  const [x] = inputs;
  if (!x) return ZERO;
  const steps = x.shape.slice(0, -1).reduce((total, size) => multiply(total, size), constant(1));
  const weights = Array.from({ length: settings.layers * settings.directions }, (_, index) => {
    const from = 1 + index * settings.each;
    const matrices = [from, from + 1, ...(settings.projects ? [from + settings.each - 1] : [])];
    return sum(matrices.map((at) => (inputs[at]?.shape ?? []).reduce((total, size) => multiply(total, size), constant(1))));
  });
  return multiply(
    steps,
    weights.reduce((total, each) => add(total, each), ZERO),
  );
}

/** How many blocks of rows a cell's weights have. */
export const gatesOfCell = (cell: string): number => GATES[cell] ?? 1;

/** The family, by name. */
export const sequences = {
  recurrentStack: {
    name: NAME,
    autocast: 'lower',
    doc: 'Layers of RNN, GRU or LSTM cells over a sequence, both ways at will: torch.nn.LSTM.',
    shape: stackShape,
    macs,
    saved: (inputs) => ({ inputs: inputs.map((_, at) => at), outputs: [0] }),
    kernel: tidied((tf, inputs, attributes) => runStack(tf, inputs, attributes)),
  },
} satisfies Record<string, Operator>;
