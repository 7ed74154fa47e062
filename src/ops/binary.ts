/** Elementwise operators of two operands: numpy's broadcasting, or that of tfjs's merging layers where `rule` is 'layers'. */
import { readNumber, readText } from './attributes';
import { heldAs, isFloating, isInteger, promote } from './dtypes';
import { family } from './family';
import { crosswise, ofQuotient } from './kept';
import { broadcastShape, broadcastTo, casted, elementwise, operand, tidied } from './kernels';
import type { Attributes, Autocast, DType, Gradient, Mode, Operator, RuleContext, Runtime, Saved, ShapeResult, Tensor, TensorType, Tfjs } from './operator';
import { broadcastLayers, broadcastTypes, failure, result } from './rules';

/** Element types: `promoted` of both; `number`: promoted, but truth values become int32 in tfjs; `bool`. tfjs alone: `truth` takes truth values only. */
type TypeRule = 'promoted' | 'number' | 'quotient' | 'whole' | 'float' | 'bool' | 'truth';
/** What torch's backward keeps. */
type Keeps = 'others' | 'quotient' | 'power' | 'both' | 'all' | 'nothing';

interface Row {
  readonly doc: string;
  readonly type: TypeRule;
  readonly keeps: Keeps;
  call(tf: Tfjs, a: Tensor, b: Tensor, attributes: Attributes): Tensor;
}

const row = (type: TypeRule, keeps: Keeps, doc: string, call: Row['call']): Row => ({ doc, type, keeps, call });
const float = (tf: Tfjs, x: Tensor): Tensor => casted(tf, x, 'float32');
const isTruth = (a: Tensor, b: Tensor): boolean => a.dtype === 'bool' && b.dtype === 'bool';
const truth = (tf: Tfjs, x: Tensor): Tensor => (x.dtype === 'bool' ? x : tf.notEqual(x, 0));

const ROWS = {
  add: row('promoted', 'nothing', 'a + b.', (tf, a, b) => tf.add(a, b)),
  sub: row('promoted', 'nothing', 'a - b.', (tf, a, b) => tf.sub(a, b)),
  mul: row('promoted', 'others', 'a * b.', (tf, a, b) => tf.mul(a, b)),
  div: row('quotient', 'quotient', 'a / b; whole numbers are divided down in tfjs.', (tf, a, b) => tf.div(a, b)),
  floorDiv: row('whole', 'nothing', 'The floor of a / b.', (tf, a, b) => tf.floorDiv(a, b)),
  mod: row('promoted', 'both', 'What is left of a / b, with the sign of b.', (tf, a, b) => tf.mod(a, b)),
  pow: row('promoted', 'power', 'a to the b.', (tf, a, b) => tf.pow(a, b)),
  maximum: row('number', 'both', 'The larger.', (tf, a, b) => tf.maximum(a, b)),
  minimum: row('number', 'both', 'The smaller.', (tf, a, b) => tf.minimum(a, b)),
  squaredDifference: row('promoted', 'both', '(a - b) squared.', (tf, a, b) => tf.squaredDifference(a, b)),
  atan2: row('promoted', 'both', 'The angle of the point (b, a).', (tf, a, b) => tf.atan2(a, b)),
  remainder: row('promoted', 'both', 'What is left of a / b, with the sign of a: torch.fmod.', (tf, a, b) =>
    tf.sub(a, tf.mul(b, tf.mul(tf.sign(tf.div(float(tf, a), float(tf, b))), tf.floor(tf.abs(tf.div(float(tf, a), float(tf, b))))))),
  ),
  logAddExp: row('float', 'all', 'The logarithm of exp(a) + exp(b).', (tf, a, b) => tf.add(tf.maximum(a, b), tf.log1p(tf.exp(tf.neg(tf.abs(tf.sub(a, b))))))),
  bitwiseAnd: row('promoted', 'nothing', 'The bits that both have.', (tf, a, b) => bits(tf, a, b)),
  bitwiseOr: row('promoted', 'nothing', 'The bits that one has.', (tf, a, b) => (isTruth(a, b) ? tf.logicalOr(a, b) : tf.sub(tf.add(a, b), bits(tf, a, b)))),
  bitwiseXor: row('promoted', 'nothing', 'The bits that just one has.', (tf, a, b) =>
    isTruth(a, b) ? tf.logicalXor(a, b) : tf.sub(tf.add(a, b), tf.mul(tf.scalar(2, 'int32'), bits(tf, a, b))),
  ),
  shiftLeft: row('promoted', 'nothing', 'a moved up by b bits.', (tf, a, b) => tf.mul(a, tf.pow(tf.scalar(2, 'int32'), b))),
  shiftRight: row('promoted', 'nothing', 'a moved down by b bits.', (tf, a, b) => tf.floorDiv(a, tf.pow(tf.scalar(2, 'int32'), b))),
  isClose: row('bool', 'nothing', 'Whether they differ by `atol` at most, or by `rtol` of b.', (tf, a, b, attributes) => {
    const near = tf.add(readNumber(attributes, 'atol', 1e-8), tf.mul(tf.abs(float(tf, b)), readNumber(attributes, 'rtol', 1e-5)));
    return tf.logicalOr(tf.lessEqual(tf.abs(tf.sub(float(tf, a), float(tf, b))), near), tf.equal(a, b));
  }),
  prelu: row('float', 'both', 'a, or a * b below 0: arxiv.org/abs/1502.01852.', (tf, a, b) => tf.prelu(a, b)),
  equal: row('bool', 'nothing', 'a = b.', (tf, a, b) => tf.equal(a, b)),
  notEqual: row('bool', 'nothing', 'Whether a differs from b.', (tf, a, b) => tf.notEqual(a, b)),
  less: row('bool', 'nothing', 'a < b.', (tf, a, b) => tf.less(a, b)),
  lessEqual: row('bool', 'nothing', 'a <= b.', (tf, a, b) => tf.lessEqual(a, b)),
  greater: row('bool', 'nothing', 'a > b.', (tf, a, b) => tf.greater(a, b)),
  greaterEqual: row('bool', 'nothing', 'a >= b.', (tf, a, b) => tf.greaterEqual(a, b)),
  logicalAnd: row('truth', 'nothing', 'Whether both are true.', (tf, a, b) => tf.logicalAnd(truth(tf, a), truth(tf, b))),
  logicalOr: row('truth', 'nothing', 'Whether one is true.', (tf, a, b) => tf.logicalOr(truth(tf, a), truth(tf, b))),
  logicalXor: row('truth', 'nothing', 'Whether just one is true.', (tf, a, b) => tf.logicalXor(truth(tf, a), truth(tf, b))),
} satisfies Record<string, Row>;

/** tfjs's own wants equal shapes of int32. */
function bits(tf: Tfjs, a: Tensor, b: Tensor): Tensor {
  if (isTruth(a, b)) return tf.logicalAnd(a, b);
  const shape = broadcastShape([a.shape, b.shape]);
  const [left, right] = [a, b].map((x) => broadcastTo(tf, casted(tf, x, 'int32'), shape)) as [Tensor, Tensor];
  return tf.bitwiseAnd(left, right);
}

function dtypeOf({ type }: Row, inputs: readonly TensorType[], runtime: Runtime): DType {
  const promoted = promote(inputs, runtime);
  if (type === 'bool' || type === 'truth') return 'bool';
  if (type === 'whole') return runtime === 'tfjs' ? 'int32' : promoted;
  if (type === 'number') return promoted === 'bool' && runtime === 'tfjs' ? 'int32' : promoted;
  const fractional = type === 'float' || (type === 'quotient' && runtime === 'torch');
  return fractional && (promoted === 'bool' || isInteger(promoted)) ? 'float32' : promoted;
}

function shape(name: string, row: Row, inputs: readonly TensorType[], attributes: Attributes, context: RuleContext): ShapeResult {
  const [a, b] = inputs;
  if (!a || !b) return failure(inputs.slice(0, 1), 'argument', { operator: name, reason: 'an operand is missing' });
  const merged = readText(attributes, 'rule', 'numpy') === 'layers' ? broadcastLayers(inputs, context) : broadcastTypes(inputs, context);
  const output = result(merged.shape, dtypeOf(row, inputs, context.runtime), merged.demands);
  const wrong = context.runtime === 'tfjs' && row.type === 'truth' ? inputs.findIndex(({ dtype }) => dtype !== 'bool') : -1;
  if (wrong < 0) return output;
  return { ...output, ...failure(output.outputs, 'dtype', { operator: name, expected: 'bool', dtype: inputs[wrong]?.dtype ?? '' }, [{ input: wrong }]) };
}

/** The merging layers' operands brought to one rank: the batch stays first. */
function aligned(tf: Tfjs, x: Tensor, rank: number): Tensor {
  if (x.rank === 0 || x.rank === rank) return x;
  return tf.reshape(x, [x.shape[0] as number, ...Array<number>(rank - x.rank).fill(1), ...x.shape.slice(1)]);
}

/** In torch truth values stay such in a sum: tfjs alone would keep a 2 under that name. */
const countable = (tf: Tfjs, { type }: Row, x: Tensor, all: readonly Tensor[]): Tensor =>
  type === 'promoted' && all.every(({ dtype }) => dtype === 'bool') ? casted(tf, x, 'int32') : x;

function run(tf: Tfjs, row: Row, given: readonly [Tensor, Tensor], attributes: Attributes, runtime: Runtime): Tensor {
  const rank = Math.max(given[0].rank, given[1].rank);
  const operands = readText(attributes, 'rule', 'numpy') === 'layers' ? given.map((x) => aligned(tf, x, rank)) : given;
  const fractional = runtime === 'torch' && row.type === 'quotient';
  const inputs = operands.map((x) =>
    fractional && x.dtype !== 'float32' && x.dtype !== 'complex64' ? casted(tf, x, 'float32') : runtime === 'torch' ? countable(tf, row, x, operands) : x,
  );
  const value = elementwise(tf, inputs, (a, b) => row.call(tf, a as Tensor, b as Tensor, attributes));
  const held = heldAs(
    dtypeOf(
      row,
      given.map(({ dtype }) => ({ shape: [], dtype })),
      runtime,
    ),
  );
  return value.dtype === held ? value : casted(tf, value, held);
}

function saved({ keeps }: Row, inputs: readonly TensorType[], mode: Mode | undefined): Saved {
  if (keeps === 'nothing') return {};
  if (keeps === 'others') return crosswise(inputs, mode);
  if (keeps === 'quotient') return ofQuotient(inputs, mode);
  // The result is kept for the exponent's gradient alone.
  if (keeps === 'power') return mode?.wants[1] === false ? { inputs: [0] } : { inputs: [0, 1], outputs: [0] };
  const both = inputs.flatMap(({ dtype }, index) => (isFloating(dtype) || keeps === 'all' ? [index] : []));
  return keeps === 'all' ? { inputs: both, outputs: [0] } : { inputs: both };
}

/** Where a gradient is the result's own, or takes tensors on the way: derivatives.yaml and FunctionsManual.cpp of pytorch/pytorch. */
const GRADIENTS: { readonly [name: string]: Gradient } = {
  add: { passed: [0, 1] },
  sub: { passed: [0] },
  div: { between: [0, 2] },
  pow: { between: [2, 3] },
  maximum: { between: [1, 1] },
  minimum: { between: [1, 1] },
};

const AUTOCAST: { readonly [name: string]: Autocast } = { pow: 'float32', atan2: 'widest', prelu: 'lower' };

/** One operator for each row of the table. */
export const binary = family(
  ROWS,
  (name, row): Operator => ({
    name,
    strides: 'kept',
    doc: row.doc,
    shape: (inputs, attributes, context) => shape(name, row, inputs, attributes, context),
    saved: (inputs, _outputs, _attributes, mode) => saved(row, inputs, mode),
    ...(AUTOCAST[name] ? { autocast: AUTOCAST[name] } : {}),
    ...(GRADIENTS[name] ? { gradient: GRADIENTS[name] } : {}),
    kernel: tidied((tf, inputs, attributes, { runtime }) => run(tf, row, [operand(inputs, 0), operand(inputs, 1)], attributes, runtime)),
  }),
);
