/** What tensors' values are searched for. */
import { constant, type Dim, UNKNOWN } from '../dim/index';
import { readFlag } from './attributes';
import { casted, operand, tidied } from './kernels';
import type { Operator, Tensor, TensorType, Tfjs } from './operator';
import { failure, mustEqual, results, tensorType } from './rules';

const DECIDE = 'the values decide how many there are';

const nonzero: Operator = {
  name: 'nonzero',
  doc: 'The places of what is not 0, a row each: pytorch.org/docs/stable/generated/torch.nonzero.html.',
  shape: ([x]) =>
    x
      ? { outputs: [tensorType([UNKNOWN, constant(x.shape.length)], 'int64')], unknown: DECIDE }
      : failure([], 'argument', { operator: 'nonzero', reason: 'an operand is missing' }),
  kernel: async (tf, inputs) => {
    const truth = tf.tidy(() => casted(tf, operand(inputs, 0), 'bool'));
    const places = await tf.whereAsync(truth);
    truth.dispose();
    return places;
  },
};

/** Values in order, each once, with where each was and how often. */
async function distinct(tf: Tfjs, x: Tensor): Promise<Tensor[]> {
  const values = Array.from(await x.data(), Number);
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  const places = new Map(sorted.map((value, at) => [value, at]));
  const found = values.map((value) => places.get(value) ?? 0);
  const counts = sorted.map(() => 0);
  for (const place of found) counts[place] = (counts[place] ?? 0) + 1;
  const whole = (numbers: number[], shape: number[]): Tensor => tf.tensor(Int32Array.from(numbers), shape, 'int32');
  return [
    tf.tensor(x.dtype === 'float32' ? Float32Array.from(sorted) : Int32Array.from(sorted), [sorted.length], x.dtype),
    whole(found, x.shape),
    whole(counts, [sorted.length]),
  ];
}

const unique: Operator = {
  name: 'unique',
  doc: 'The values in order, each once; where each element is among them; how often each stands: pytorch.org/docs/stable/generated/torch.unique.html.',
  shape([x]) {
    if (!x) return failure([], 'argument', { operator: 'unique', reason: 'an operand is missing' });
    const open: readonly Dim[] = [UNKNOWN];
    return { outputs: [tensorType(open, x.dtype), tensorType(x.shape, 'int64'), tensorType(open, 'int64')], unknown: DECIDE };
  },
  kernel: (tf, inputs) => distinct(tf, operand(inputs, 0)),
};

const searchSorted: Operator = {
  name: 'searchSorted',
  doc: 'Before which of the sorted values each value stands; `right`: behind its equals: pytorch.org/docs/stable/generated/torch.searchsorted.html.',
  shape([sorted, values], _, context) {
    if (!sorted || !values) return failure(values ? [values] : [], 'argument', { operator: 'searchSorted', reason: 'an operand is missing' });
    const outputs: TensorType[] = [tensorType(values.shape, 'int64')];
    const rank = sorted.shape.length;
    if (rank === 1) return results(outputs);
    if (rank !== values.shape.length || rank === 0)
      return failure(outputs, 'rank', { operator: 'searchSorted', reason: `${values.shape.length} axes are wanted, or 1: ${rank} given` }, [{ input: 0 }]);
    const demands = sorted.shape.slice(0, -1).flatMap((size, axis) =>
      mustEqual(
        size,
        values.shape[axis] ?? UNKNOWN,
        'index',
        [
          { input: 0, axis },
          { input: 1, axis },
        ],
        context,
      ),
    );
    return results(outputs, demands);
  },
  kernel: tidied((tf, inputs, attributes) => {
    const [sorted, values] = [operand(inputs, 0), operand(inputs, 1)];
    const lines = sorted.rank === 1 ? tf.reshape(sorted, [1, sorted.size]) : tf.reshape(sorted, [-1, 1, sorted.shape.at(-1) as number]);
    const asked = sorted.rank === 1 ? tf.reshape(values, [values.size, 1]) : tf.reshape(values, [lines.shape[0] as number, values.shape.at(-1) as number, 1]);
    const before = readFlag(attributes, 'right') ? tf.lessEqual(lines, asked) : tf.less(lines, asked);
    return tf.reshape(tf.sum(casted(tf, before, 'int32'), -1), values.shape);
  }),
};

/** Searches. */
export const sought = { nonzero, unique, searchSorted } satisfies Record<string, Operator>;
