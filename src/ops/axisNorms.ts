/** Norms over chosen axes. */
import { constant, type Dim, multiply, product } from '../dim/index';
import { readNumber, readNumbers } from './attributes';
import { computedIn, floated } from './dtypes';
import { casted, operand, tidied } from './kernels';
import type { Attributes, Operator, RuleContext, ShapeResult, Tensor, TensorType, Tfjs } from './operator';
import { axesOf, failure, tensorType, withoutAxes } from './rules';
import { gainAndOffset, normResult, overAxes, perAxisOperands, scaleAndShift, standardized, statistics } from './standardizing';

function axesNormShape(name: string, inputs: readonly TensorType[], attributes: Attributes, context: RuleContext): ShapeResult {
  const [x] = inputs;
  if (x === undefined) return failure([], 'argument', { operator: name, reason: 'an operand is missing' });
  const axes = axesOf(readNumbers(attributes, 'axes') ?? [-1], x.shape.length);
  if (axes === undefined || axes.length === 0)
    return failure(
      [tensorType(x.shape, floated(x.dtype))],
      'axis',
      { operator: name, axis: (readNumbers(attributes, 'axes') ?? [-1]).join(', '), rank: x.shape.length },
      [{ input: 0 }],
    );
  const { gain, offset, at } = gainAndOffset(inputs, attributes, 1);
  return normResult(
    x,
    perAxisOperands(
      name,
      x,
      [
        { type: gain, at: at.gain },
        { type: offset, at: at.offset },
      ],
      axes,
      context,
    ),
  );
}

const othersOf = (inputs: readonly TensorType[], attributes: Attributes): Dim => {
  const shape = inputs[0]?.shape ?? [];
  return product(withoutAxes(shape, axesOf(readNumbers(attributes, 'axes') ?? [-1], shape.length) ?? []));
};

function axesNormKernel(normalize: (tf: Tfjs, rows: Tensor, epsilon: number) => Tensor, epsilon: number): Operator['kernel'] {
  return tidied((tf, inputs, attributes) => {
    const x = casted(tf, operand(inputs, 0), 'float32');
    const axes = axesOf(readNumbers(attributes, 'axes') ?? [-1], x.rank) ?? [];
    const { gain, offset } = gainAndOffset(inputs, attributes, 1);
    return scaleAndShift(
      tf,
      overAxes(tf, x, axes, (rows) => normalize(tf, rows, readNumber(attributes, 'epsilon', epsilon))),
      gain,
      offset,
      axes,
    );
  });
}

const layerNorm: Operator = {
  name: 'layerNorm',
  autocast: 'float32',
  strides: 'rows',
  doc: 'Standardizes over the axes, then scales and shifts: arxiv.org/abs/1607.06450, torch.nn.LayerNorm, tf.layers.layerNormalization.',
  shape: (inputs, attributes, context) => axesNormShape('layerNorm', inputs, attributes, context),
  saved: (inputs, _outputs, attributes) => statistics(othersOf(inputs, attributes)),
  kernel: axesNormKernel(standardized, 1e-5),
};

const rmsNorm: Operator = {
  name: 'rmsNorm',
  autocast: 'float32',
  strides: 'settled',
  doc: 'Divides by the root of the mean square over the axes, then scales: arxiv.org/abs/1910.07467, torch.nn.RMSNorm.',
  shape: (inputs, attributes, context) => axesNormShape('rmsNorm', inputs, attributes, context),
  saved: (inputs, _outputs, attributes) => ({
    inputs: [0],
    extra: [{ name: 'statistics', bytes: multiply(constant(4), othersOf(inputs, attributes)), always: true }],
  }),
  kernel: axesNormKernel((tf, rows, epsilon) => tf.mul(rows, tf.rsqrt(tf.add(tf.mean(tf.square(rows), 1, true), epsilon))), 1e-6),
};

const l2Normalize: Operator = {
  name: 'l2Normalize',
  autocast: 'within',
  strides: 'kept',
  doc: 'Divides by the euclidean length over the axis, held above epsilon: tf.linalg.l2Normalize, torch.nn.functional.normalize.',
  shape: ([x], attributes) => {
    if (x === undefined) return failure([], 'argument', { operator: 'l2Normalize', reason: 'an operand is missing' });
    const output = tensorType(x.shape, computedIn(attributes, floated(x.dtype)));
    const axes = axesOf(readNumbers(attributes, 'axis'), x.shape.length);
    return axes === undefined
      ? failure([output], 'axis', { operator: 'l2Normalize', axis: (readNumbers(attributes, 'axis') ?? []).join(', '), rank: x.shape.length }, [{ input: 0 }])
      : { outputs: [output] };
  },
  saved: (inputs, _outputs, attributes) => {
    const shape = inputs[0]?.shape ?? [];
    return statistics(product(withoutAxes(shape, axesOf(readNumbers(attributes, 'axis'), shape.length) ?? [])));
  },
  torchSteps([x], _at, attributes) {
    const lengths = { axes: attributes.axis ?? null, keepDims: true, ...(attributes.dtype === undefined ? {} : { dtype: attributes.dtype }) };
    const shape = (x?.shape ?? []).map((size) => ({ kind: 'size' as const, size }));
    return [
      { operator: 'norm', inputs: [0], attributes: lengths },
      { operator: 'clip', inputs: [1], attributes: { min: attributes.epsilon ?? 1e-12 } },
      { operator: 'broadcastTo', inputs: [2], attributes: { shape } },
      { operator: 'div', inputs: [0, 3], attributes: {} },
    ];
  },
  kernel: tidied((tf, inputs, attributes, { runtime }) => {
    const x = casted(tf, operand(inputs, 0), 'float32');
    const epsilon = readNumber(attributes, 'epsilon', 1e-12);
    return overAxes(tf, x, axesOf(readNumbers(attributes, 'axis'), x.rank) ?? [], (rows) => {
      const squares = tf.sum(tf.square(rows), 1, true);
      return tf.div(rows, runtime === 'tfjs' ? tf.sqrt(tf.maximum(squares, epsilon)) : tf.maximum(tf.sqrt(squares), epsilon));
    });
  }),
};

/** The family, by name. */
export const axisNorms = { layerNorm, rmsNorm, l2Normalize } satisfies Record<string, Operator>;
