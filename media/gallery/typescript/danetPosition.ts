/**
 * DANet's position attention: every place of a feature map attends to every other place.
 *
 * Dual Attention Network for Scene Segmentation
 * Jun Fu, Jing Liu, Haijie Tian, Yong Li, Yongjun Bao, Zhiwei Fang, Hanqing Lu, 2018
 * https://arxiv.org/abs/1809.02983
 */
import * as tf from '@tensorflow/tfjs';
import { ProjectedAttention, single, toMap, toTokens } from './helpers';

/** [b, h, w, c] -> [b, h, w, c], with an attention map of [b, h*w, h*w]. */
export class PositionAttention extends ProjectedAttention {
  static readonly className = 'PositionAttention';
  private gamma!: tf.LayerVariable;

  constructor(config: { reduction?: number } = {}) {
    super(config.reduction ?? 8);
  }

  override build(inputShape: tf.Shape): void {
    super.build(inputShape);
    this.gamma = this.addWeight('gamma', [1], 'float32', tf.initializers.zeros());
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = single(inputs) as tf.Tensor4D;
      const [, height, width] = x.shape;

      const query = toTokens(this.pointwise(x, this.query)); // [b, n, c/8]
      const key = toTokens(this.pointwise(x, this.key)); // [b, n, c/8]
      const value = toTokens(this.pointwise(x, this.value)); // [b, n, c]

      const energy = tf.matMul(query, key, false, true); // [b, n, n]
      const attention = tf.softmax(energy);
      const attended = toMap(tf.matMul(attention, value), height, width);

      return attended.mul(this.gamma.read()).add(x);
    });
  }
}

tf.serialization.registerClass(PositionAttention);
