/** Samples of patterns, against the steps that they stand for. */
import * as fc from 'fast-check';
import type { Attributes, Tensor } from '../../../src/ops/operator';
import type { patterns } from '../../../src/ops/rearrange';
import { type Case, casesBy, oneOf, type Sample, shapeOf, size, small } from '../sample';

const torch = (shape: readonly number[], attributes: Attributes): Case => ({ inputs: [{ shape }], attributes, runtime: 'torch' });

const HEADS = casesBy((draw) => {
  const [b, n, h, d] = draw(shapeOf(4, 4)) as [number, number, number, number];
  return torch([b, n, h * d], { pattern: 'b n (h d) -> b h n d', task: 'rearrange', axes: ['h'], lengths: [size(h)] });
});
const PATCHES = casesBy((draw) => {
  const [b, c, h, w] = draw(shapeOf(4, 4)) as [number, number, number, number];
  const p = draw(oneOf(1, 2, 3));
  return torch([b, c, h * p, w * p], { pattern: 'b c (h p1) (w p2) -> b (h w) (p1 p2 c)', task: 'rearrange', axes: ['p1', 'p2'], lengths: [p, p] });
});
const MEANS = casesBy((draw) => {
  const shape = draw(shapeOf(1, 4));
  return torch(shape, { pattern: '... c -> ...', task: 'reduce', reduction: draw(oneOf('mean', 'max', 'sum', 'min')), axes: [], lengths: [] });
});
const POOLED = casesBy((draw) => {
  const [b, h] = draw(shapeOf(2, 2)) as [number, number];
  return torch([b, h * 2], { pattern: 'b (h 2) -> b h 1', task: 'reduce', reduction: 'max', axes: [], lengths: [] });
});
const COPIES = casesBy((draw) => {
  const shape = draw(shapeOf(1, 3));
  const d = draw(small);
  return torch(shape, { pattern: 'n ... -> (n d) 2 ...', task: 'repeat', axes: ['d'], lengths: [size(d)] });
});

const sizesOf = (x: Tensor | undefined): number[] => x?.shape ?? [];

export const patternSamples: Record<keyof typeof patterns, Sample> = {
  rearrange: {
    cases: fc.oneof(HEADS, PATCHES, MEANS, POOLED, COPIES),
    reference: (tf, [x], { pattern, lengths, reduction }) => {
      const shape = sizesOf(x);
      const [first = 1, second = 1] = (lengths ?? []) as number[];
      const whole = x as Tensor;
      switch (pattern) {
        case 'b n (h d) -> b h n d':
          return tf.transpose(tf.reshape(whole, [shape[0] as number, shape[1] as number, first, (shape[2] as number) / first]), [0, 2, 1, 3]);
        case 'b c (h p1) (w p2) -> b (h w) (p1 p2 c)': {
          const [b, c, h, w] = [shape[0] as number, shape[1] as number, (shape[2] as number) / first, (shape[3] as number) / second];
          return tf.reshape(tf.transpose(tf.reshape(whole, [b, c, h, first, w, second]), [0, 2, 4, 3, 5, 1]), [b, h * w, first * second * c]);
        }
        case '... c -> ...':
          return (tf as unknown as Record<string, (x: Tensor, axis: number) => Tensor>)[reduction as string]?.(whole, shape.length - 1);
        case 'b (h 2) -> b h 1':
          return tf.max(tf.reshape(whole, [shape[0] as number, (shape[1] as number) / 2, 2, 1]), 2);
        default: {
          const [n = 1, ...rest] = shape;
          return tf.reshape(tf.tile(tf.reshape(whole, [n, 1, 1, ...rest]), [1, first, 2, ...rest.map(() => 1)]), [n * first, 2, ...rest]);
        }
      }
    },
    wrong: [
      torch([2, 6], { pattern: 'b n c -> b c n', task: 'rearrange', axes: [], lengths: [] }),
      torch([2], { pattern: 'a b ... -> b a ...', task: 'rearrange', axes: [], lengths: [] }),
      torch([2, 6], { pattern: 'b (h d) -> b h d', task: 'rearrange', axes: ['h'], lengths: [4] }),
      torch([2, 6], { pattern: 'b (h d) -> b h d', task: 'rearrange', axes: [], lengths: [] }),
      torch([2, 6], { pattern: 'b c -> b', task: 'rearrange', axes: [], lengths: [] }),
      torch([2, 6], { pattern: 'b c -> b c d', task: 'repeat', axes: [], lengths: [] }),
      torch([2, 6], { pattern: 'b 1 -> b', task: 'rearrange', axes: [], lengths: [] }),
      torch([2, 6], { pattern: 'b c -> b c', task: 'rearrange', axes: ['c'], lengths: [5] }),
    ],
  },
};
