/** Functions that make tensors. */
import { type Dim, product } from '../../../dim/index';
import { readSizes } from '../../../ops/attributes';
import type { DType } from '../../../ops/operator';
import { type Read, realNumber, shaped, sized, word } from '../../common/reading';
import { asSizes, constantDim, isMissing, type TensorValue, type Value } from '../../common/values';
import { type Bound, given, option, plain, tensor } from '../binder';
import { bufferOf } from '../buffer';
import { shapeText } from '../checks';
import { composed, type Line, type Lines, op, opaque } from '../line';
import { dtypeOf, readDType } from '../reading';
import { asTensor, literalOf } from '../tensorLike';

const DTYPE = option('dtype', dtypeOf, 'float32');
const SEED = plain('seed');

/** The values, in the shape that is given with them; tfjs compares the numbers of elements. */
function fromValues(bound: Bound, shapeGiven: boolean): Value {
  const { host } = bound;
  const values = bound.value('values');
  if (values.kind === 'tensor') return values;
  const literal = literalOf(values);
  const shape = shapeGiven && bound.attribute('shape') !== null ? readSizes({ shape: bound.attribute('shape') }, 'shape') : undefined;
  if (typeof literal === 'string') {
    return shape === undefined ? host.unknownTensor(literal) : host.constant(shape, readDType(bound.value('dtype'), 'float32'), null);
  }
  const dtype = readDType(bound.value('dtype'), literal.dtype);
  if (shape !== undefined) requireElements(bound, shape, literal.shape);
  return host.constant(shape ?? literal.shape, dtype, literal.values);
}

function requireElements({ host, args }: Bound, shape: readonly Dim[], held: readonly Dim[]): void {
  host.require('==', product(shape), product(held), 'tensor-elements', { api: args.api, shape: shapeText(shape), values: shapeText(held) }, args.span);
}

const literal = (): Line => composed([plain('values', false), option('shape', shaped, undefined, null), plain('dtype')], (bound) => fromValues(bound, true));
const flat: Line = composed([plain('values', false), plain('dtype')], (bound) => fromValues(bound, false));

/** One number; of a symbolic size where the program computes with sizes. */
function scalar({ host, value }: Bound): Value {
  const held = host.expect(value('value'), 'number');
  const known = literalOf(held);
  const dtype = readDType(value('dtype'), typeof known === 'string' ? 'float32' : known.dtype);
  return host.constant([], dtype, typeof known === 'string' ? null : known.values);
}

const filledWith = (fill: number): Line => op('fill', [given('shape', shaped), DTYPE], { value: fill });

/** Strings fill too; what they are does not matter. */
const fillValue: Read = (value, host) => (value.kind === 'string' ? word(value, host) : realNumber(value, host));

function fill(bound: Bound): Value {
  const value = bound.value('value');
  const sizes = value.kind === 'unknown' ? asSizes(bound.value('shape')) : undefined;
  if (sizes) return bound.host.constant(sizes, readDType(bound.value('dtype'), 'float32'), null);
  const dtype: DType = value.kind === 'boolean' ? 'bool' : value.kind === 'string' ? 'string' : 'float32';
  return op('fill', []).run({ ...bound, attributes: { dtype, ...bound.attributes } });
}

/** `tf.range(n)` without a stop is empty: it counts to undefined. */
function range(bound: Bound): Value {
  const { host, args } = bound;
  if (isMissing(bound.value('stop'))) {
    host.report({ code: 'range-empty', severity: 'warning', span: args.span, args: { api: args.api } });
    return host.constant([constantDim(0)], readDType(bound.value('dtype'), 'float32'), []);
  }
  return op('range', []).run(bound);
}

function variable({ host, value }: Bound): TensorValue {
  const initial = asTensor(host.expect(value('initialValue'), 'tensor'), host);
  const name = value('name');
  const trainable = isMissing(value('trainable')) || host.truth(value('trainable')) !== false;
  return { ...host.variable(initial, { trainable, ...(name.kind === 'string' ? { name: name.value } : {}) }), role: 'variable' };
}

const random = (distribution: string, params: Line['params'], defaults: Readonly<Record<string, number | string>>): Line =>
  op('random', params, { distribution, dtype: 'float32', ...defaults });

/** A window of `length` values that the analysis does not compute. */
const windowOf: Line = composed([given('windowLength', sized)], ({ host, attributes }) =>
  host.constant(readSizes(attributes, 'windowLength'), 'float32', null),
);

/** Functions that make tensors, by name. */
export const creation: Lines = {
  tensor: literal(),
  tensor1d: flat,
  tensor2d: literal(),
  tensor3d: literal(),
  tensor4d: literal(),
  tensor5d: literal(),
  tensor6d: literal(),
  scalar: composed([plain('value', false), plain('dtype')], scalar),
  variable: composed([plain('initialValue', false), plain('trainable'), plain('name'), plain('dtype')], variable),
  zeros: filledWith(0),
  ones: filledWith(1),
  fill: composed([given('shape', shaped), given('value', fillValue), option('dtype', dtypeOf)], fill),
  eye: op('eye', [given('numRows', sized, 'rows'), option('numColumns', sized, undefined, 'columns'), option('batchShape', shaped, undefined, 'batch'), DTYPE]),
  range: composed([given('start', realNumber), option('stop', realNumber), option('step', realNumber, 1), DTYPE], range),
  linspace: op('linspace', [given('start', realNumber), given('stop', realNumber), given('num', sized, 'count')]),
  randomNormal: random('normal', [given('shape', shaped), option('mean', realNumber, 0), option('stdDev', realNumber, 1, 'std'), DTYPE, SEED], {}),
  truncatedNormal: random('truncatedNormal', [given('shape', shaped), option('mean', realNumber, 0), option('stdDev', realNumber, 1, 'std'), DTYPE, SEED], {}),
  randomStandardNormal: random('normal', [given('shape', shaped), DTYPE, SEED], { mean: 0, std: 1 }),
  randomUniform: random('uniform', [given('shape', shaped), option('minval', realNumber, 0, 'min'), option('maxval', realNumber, 1, 'max'), DTYPE, SEED], {}),
  randomUniformInt: random('uniform', [given('shape', shaped), given('minval', realNumber, 'min'), given('maxval', realNumber, 'max'), SEED], {
    dtype: 'int32',
  }),
  randomGamma: random('uniform', [given('shape', shaped), plain('alpha', false), plain('beta'), DTYPE, SEED], { min: 0, max: 1 }),
  rand: random('uniform', [given('shape', shaped), plain('randFunction', false), DTYPE], { min: 0, max: 1 }),
  multinomial: composed([tensor('logits'), plain('numSamples', false), SEED, plain('normalized')], ({ host, args, operands }) =>
    host.unknownTensor(`no rule for \`${args.api}\``, operands, 'int32'),
  ),
  buffer: composed(
    [given('shape', shaped), plain('dtype'), plain('values')],
    (bound) => bufferOf(readSizes({ shape: bound.attribute('shape') }, 'shape'), readDType(bound.value('dtype'), 'float32')),
    'other',
  ),
};

/** `tf.signal`, by name. */
export const signal: Lines = {
  hammingWindow: windowOf,
  hannWindow: windowOf,
  frame: opaque([tensor('signal'), plain('frameLength', false), plain('frameStep', false), plain('padEnd'), plain('padValue')]),
  stft: opaque([tensor('signal'), plain('frameLength', false), plain('frameStep', false), plain('fftLength'), plain('windowFn')]),
};
