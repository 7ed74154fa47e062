/**
 * SegFormer's efficient self-attention: PVT's idea with a strided convolution in place of the reshape.
 *
 * SegFormer: Simple and Efficient Design for Semantic Segmentation with Transformers
 * Enze Xie, Wenhai Wang, Zhiding Yu, Anima Anandkumar, Jose M. Alvarez, Ping Luo, 2021
 * https://arxiv.org/abs/2105.15203
 */
import * as tf from '@tensorflow/tfjs';

type Layer = tf.layers.Layer;

/** [b, n, c] and the size of the map that the sequence was made from -> [b, n, c]. */
export class SegformerAttention {
  readonly headDim: number;
  private readonly query: Layer;
  private readonly key: Layer;
  private readonly value: Layer;
  private readonly output: Layer;
  private readonly reduce?: Layer;
  private readonly norm?: Layer;

  constructor(
    private readonly dim = 64,
    private readonly heads = 2,
    ratio = 4,
  ) {
    this.headDim = dim / heads;
    this.query = tf.layers.dense({ units: dim });
    this.key = tf.layers.dense({ units: dim });
    this.value = tf.layers.dense({ units: dim });
    this.output = tf.layers.dense({ units: dim });
    if (ratio > 1) {
      this.reduce = tf.layers.conv2d({ filters: dim, kernelSize: ratio, strides: ratio });
      this.norm = tf.layers.layerNormalization({ epsilon: 1e-5 });
    }
  }

  apply(x: tf.Tensor3D, height = 16, width = 16): tf.Tensor3D {
    return tf.tidy(() => {
      const [b, n] = x.shape;
      const source = this.reduceSequence(x, height, width);

      const q = this.toHeads(this.query.apply(x) as tf.Tensor3D);
      const k = this.toHeads(this.key.apply(source) as tf.Tensor3D);
      const v = this.toHeads(this.value.apply(source) as tf.Tensor3D);

      const scores = q.matMul(k, false, true).mul(this.headDim ** -0.5);
      const attention = scores.softmax(-1); // [b, heads, n, n / ratio^2]
      const context = attention.matMul(v).transpose([0, 2, 1, 3]).reshape([b, n, this.dim]);
      return this.output.apply(context) as tf.Tensor3D;
    });
  }

  private reduceSequence(x: tf.Tensor3D, height: number, width: number): tf.Tensor3D {
    if (!this.reduce || !this.norm) {
      return x;
    }
    const map = x.reshape([-1, height, width, this.dim]);
    const reduced = this.reduce.apply(map) as tf.Tensor4D;
    const [b, h, w, c] = reduced.shape;
    return this.norm.apply(reduced.reshape([b, h * w, c])) as tf.Tensor3D;
  }

  /** [b, n, dim] -> [b, heads, n, dim / heads] */
  private toHeads(x: tf.Tensor3D): tf.Tensor4D {
    const [b, n] = x.shape;
    return x.reshape([b, n, this.heads, this.headDim]).transpose([0, 2, 1, 3]);
  }
}
