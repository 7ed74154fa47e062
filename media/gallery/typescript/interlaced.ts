/**
 * Interlaced sparse self-attention: first among places that lie far apart, then among neighbours.
 *
 * Interlaced Sparse Self-Attention for Semantic Segmentation
 * Lang Huang, Yuhui Yuan, Jianyuan Guo, Chao Zhang, Xilin Chen, Jingdong Wang, 2019
 * https://arxiv.org/abs/1907.12273
 */
import * as tf from '@tensorflow/tfjs';
import { project, scaledDotProduct } from './helpers';

/** Self-attention within each group of places: [groups, n, c] -> [groups, n, c]. */
export class GroupAttention {
  readonly query: tf.Variable;
  readonly key: tf.Variable;
  readonly value: tf.Variable;

  constructor(channels: number, inner: number) {
    const deviation = 1 / Math.sqrt(channels);
    this.query = tf.variable(tf.randomNormal([channels, inner], 0, deviation));
    this.key = tf.variable(tf.randomNormal([channels, inner], 0, deviation));
    this.value = tf.variable(tf.randomNormal([channels, channels], 0, deviation));
  }

  apply(x: tf.Tensor3D): tf.Tensor3D {
    const q = project(x, this.query);
    const k = project(x, this.key);
    const v = project(x, this.value);
    return scaledDotProduct(q, k, v) as tf.Tensor3D;
  }
}

/** The places that stand `rows` and `columns` steps apart form a group. */
export class LongRangeAttention {
  private readonly attention: GroupAttention;

  constructor(
    private readonly rows = 8,
    private readonly columns = 8,
    channels = 64,
  ) {
    this.attention = new GroupAttention(channels, channels / 2);
  }

  apply(x: tf.Tensor4D): tf.Tensor4D {
    return tf.tidy(() => {
      const [b, h, w, c] = x.shape;
      const { rows, columns } = this;
      const blocksDown = h / rows;
      const blocksAcross = w / columns;

      const blocks = x.reshape([b, blocksDown, rows, blocksAcross, columns, c]);
      const far = blocks.transpose([0, 2, 4, 1, 3, 5]).reshape([b * rows * columns, blocksDown * blocksAcross, c]) as tf.Tensor3D;
      const attended = this.attention.apply(far);
      return attended
        .reshape([b, rows, columns, blocksDown, blocksAcross, c])
        .transpose([0, 3, 1, 4, 2, 5])
        .reshape([b, h, w, c]);
    });
  }
}

/** The places of one block of `rows` by `columns` form a group. */
export class ShortRangeAttention {
  private readonly attention: GroupAttention;

  constructor(
    private readonly rows = 8,
    private readonly columns = 8,
    channels = 64,
  ) {
    this.attention = new GroupAttention(channels, channels / 2);
  }

  apply(x: tf.Tensor4D): tf.Tensor4D {
    return tf.tidy(() => {
      const [b, h, w, c] = x.shape;
      const { rows, columns } = this;
      const blocksDown = h / rows;
      const blocksAcross = w / columns;

      const blocks = x.reshape([b, blocksDown, rows, blocksAcross, columns, c]);
      const near = blocks.transpose([0, 1, 3, 2, 4, 5]).reshape([b * blocksDown * blocksAcross, rows * columns, c]) as tf.Tensor3D;
      const attended = this.attention.apply(near);
      return attended
        .reshape([b, blocksDown, blocksAcross, rows, columns, c])
        .transpose([0, 1, 3, 2, 4, 5])
        .reshape([b, h, w, c]);
    });
  }
}

/** Both in turn: with the two sparse maps, every place reaches every other. */
export class InterlacedAttention {
  private readonly longRange: LongRangeAttention;
  private readonly shortRange: ShortRangeAttention;

  constructor(rows = 8, columns = 8, channels = 64) {
    this.longRange = new LongRangeAttention(rows, columns, channels);
    this.shortRange = new ShortRangeAttention(rows, columns, channels);
  }

  apply(x: tf.Tensor4D): tf.Tensor4D {
    const far = this.longRange.apply(x);
    const near = this.shortRange.apply(far);
    return near;
  }
}
