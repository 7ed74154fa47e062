/** Factors of matrices. */
import { minimum } from '../dim/index';
import { floated } from './dtypes';
import { count, operand, tidied } from './kernels';
import type { Operator, Tensor } from './operator';
import { failure, results, sizeAt, tensorType, unknownShape } from './rules';

const qr: Operator = {
  name: 'qr',
  doc: 'An orthogonal and an upper triangular matrix whose product each matrix is: pytorch.org/docs/stable/generated/torch.linalg.qr.html.',
  shape([x], { mode }) {
    if (!x) return failure([], 'argument', { operator: 'qr', reason: 'an operand is missing' });
    const rank = x.shape.length;
    const both = (one: typeof x.shape, other: typeof x.shape) => [tensorType(one, floated(x.dtype)), tensorType(other, floated(x.dtype))];
    if (rank < 2)
      return failure(both(unknownShape(rank), unknownShape(rank)), 'rank', { operator: 'qr', reason: `2 axes at least are wanted, ${rank} given` }, [
        { input: 0 },
      ]);
    const [batch, rows, columns] = [x.shape.slice(0, -2), sizeAt(x.shape, rank - 2), sizeAt(x.shape, rank - 1)];
    const inner = mode === 'complete' ? rows : minimum(rows, columns);
    return results(both([...batch, rows, inner], [...batch, inner, columns]));
  },
  saved: () => ({ outputs: [0, 1] }),
  // Matrix by matrix: tfjs gives the factors of several the shape of what they are made from.
  kernel: tidied((tf, inputs, { mode }) => {
    const x = operand(inputs, 0);
    const batch = x.shape.slice(0, -2);
    const matrices = tf.unstack(tf.reshape(x, [count(batch), x.shape.at(-2) ?? 1, x.shape.at(-1) ?? 1]));
    const pairs = matrices.map((matrix) => tf.linalg.qr(matrix, mode === 'complete'));
    return [0, 1].map((at) => {
      const found = tf.stack(pairs.map((pair) => pair[at] as Tensor));
      return tf.reshape(found, [...batch, ...found.shape.slice(1)]);
    });
  }),
};

/** Factors of matrices. */
export const factors = { qr } satisfies Record<string, Operator>;
