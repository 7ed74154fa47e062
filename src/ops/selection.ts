/** Elementwise choice and conversion. */
import { readFlag, readNumber, readText } from './attributes';
import { heldAs, promote } from './dtypes';
import { casted, choose, elementwise, operand, tidied } from './kernels';
import { castLayout, copied, whereLayout } from './layouts';
import type { Attributes, DType, Operator, Placed, TensorType } from './operator';
import { broadcastTypes, failure, result } from './rules';

const where: Operator = {
  name: 'where',
  strides: whereLayout,
  doc: 'Where the first operand is true the second, else the third: js.tensorflow.org/api/latest/#where.',
  shape(inputs, _, context) {
    const [condition, a, b] = inputs;
    if (!condition || !a || !b) return failure(inputs.slice(1, 2), 'argument', { operator: 'where', reason: 'an operand is missing' });
    const merged = broadcastTypes(inputs, context);
    const output = result(merged.shape, promote([a, b], context.runtime), merged.demands);
    if (condition.dtype === 'bool') return output;
    return { ...output, ...failure(output.outputs, 'dtype', { operator: 'where', expected: 'bool', dtype: condition.dtype }, [{ input: 0 }]) };
  },
  saved: () => ({ inputs: [0] }),
  kernel: tidied((tf, inputs) => {
    const [condition, a, b] = [operand(inputs, 0), operand(inputs, 1), operand(inputs, 2)];
    const truth = condition.dtype === 'bool' ? condition : casted(tf, condition, 'bool');
    return choose(tf, truth, a, b);
  }),
};

const clip: Operator = {
  name: 'clip',
  strides: 'kept',
  doc: 'Brought between `min` and `max`, either of which may be missing: js.tensorflow.org/api/latest/#clipByValue.',
  shape([x], attributes) {
    if (!x) return failure([], 'argument', { operator: 'clip', reason: 'an operand is missing' });
    const [least, most] = [readNumber(attributes, 'min', -Infinity), readNumber(attributes, 'max', Infinity)];
    return least > most
      ? failure([x], 'argument', { operator: 'clip', reason: `the least value, ${least}, is above the greatest, ${most}` })
      : result(x.shape, x.dtype);
  },
  saved: () => ({ inputs: [0] }),
  kernel: tidied((tf, inputs, attributes) => {
    const [least, most] = [readNumber(attributes, 'min', -Infinity), readNumber(attributes, 'max', Infinity)];
    return elementwise(tf, inputs, (x) => tf.clipByValue(x, least, most));
  }),
};

const isSameType = ([x]: readonly TensorType[], attributes: Attributes): boolean => x?.dtype === readText(attributes, 'dtype', x?.dtype);

/** tfjs shares the storage wherever the new type holds all values of the old one. */
function sharesStorage([x]: readonly TensorType[], attributes: Attributes): boolean {
  const order = ['bool', 'int32', 'float32'];
  const [from, to] = [order.indexOf(heldAs(x?.dtype ?? 'float32')), order.indexOf(heldAs(readText(attributes, 'dtype', x?.dtype) as DType))];
  return from === to || (from >= 0 && from < to);
}

const cast: Operator = {
  name: 'cast',
  strides: castLayout,
  gradient: 'shared',
  doc: 'The values in another element type: js.tensorflow.org/api/latest/#cast.',
  shape([x], attributes) {
    if (!x) return failure([], 'argument', { operator: 'cast', reason: 'an operand is missing' });
    const dtype = readText(attributes, 'dtype', x.dtype) as DType;
    const output = result(x.shape, dtype);
    if ((x.dtype === 'string') === (dtype === 'string')) return output;
    return failure(output.outputs, 'dtype', { operator: 'cast', expected: dtype, dtype: x.dtype }, [{ input: 0 }]);
  },
  storage: {
    torch: (inputs, attributes) => (isSameType(inputs, attributes) ? 'view' : 'copy'),
    tfjs: (inputs, attributes) => (sharesStorage(inputs, attributes) ? 'view' : 'copy'),
  },
  kernel: tidied((tf, inputs, attributes) => {
    const x = operand(inputs, 0);
    return casted(tf, x, heldAs(readText(attributes, 'dtype', x.dtype) as DType));
  }),
};

/** torch's contiguous() copies what does not lie row by row. */
const copies = (x: Placed | undefined, attributes: Attributes): boolean =>
  readFlag(attributes, 'contiguous') && x?.strides !== undefined ? x.strides !== 'contiguous' : readFlag(attributes, 'copy');

const identity: Operator = {
  name: 'identity',
  strides: copied,
  gradient: { passed: [0] },
  doc: 'The operand itself (detach, an assertion, tfjs clone); with `copy` in storage of its own (torch clone).',
  shape: ([x]) => (x ? result(x.shape, x.dtype) : failure([], 'argument', { operator: 'identity', reason: 'an operand is missing' })),
  storage: { torch: ([x], attributes) => (copies(x, attributes) ? 'copy' : 'view'), tfjs: 'view' },
  kernel: (tf, inputs) => tf.clone(operand(inputs, 0)),
};

/** Choice and conversion. */
export const selection = { where, clip, cast, identity } satisfies Record<string, Operator>;
