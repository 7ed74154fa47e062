/**
 * Criss-cross attention: each place attends to its own row and column. Twice, it reaches every place.
 *
 * CCNet: Criss-Cross Attention for Semantic Segmentation
 * Zilong Huang, Xinggang Wang, Yunchao Wei, Lichao Huang, Humphrey Shi, Wenyu Liu, Thomas S. Huang, 2018
 * https://arxiv.org/abs/1811.11721
 */
import * as tf from '@tensorflow/tfjs';
import { ProjectedAttention, single } from './helpers';

const HEIGHT_WIDTH_SWAPPED = [0, 2, 1, 3];

/** Keeps a place from counting itself twice, once in its row and once in its column: -1e9 on the diagonal. */
function excludeSelf(size: number): tf.Tensor2D {
  return tf.eye(size).mul(-1e9);
}

/** [b, h, w, c] -> [b, h, w, c], with an attention map of [b, h, w, h + w]. */
export class CrissCrossAttention extends ProjectedAttention {
  static readonly className = 'CrissCrossAttention';
  private gamma!: tf.LayerVariable;

  constructor({ reduction = 8 }: { reduction?: number } = {}) {
    super(reduction);
  }

  override build(inputShape: tf.Shape): void {
    super.build(inputShape);
    this.gamma = this.addWeight('gamma', [1], 'float32', tf.initializers.zeros());
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = single(inputs) as tf.Tensor4D;
      const [, height, width] = x.shape;
      const query = this.pointwise(x, this.query);
      const key = this.pointwise(x, this.key);
      const value = this.pointwise(x, this.value);

      const queryColumns = query.transpose(HEIGHT_WIDTH_SWAPPED); // [b, w, h, c/8]
      const keyColumns = key.transpose(HEIGHT_WIDTH_SWAPPED);
      const energyColumns = tf.matMul(queryColumns, keyColumns, false, true).add(excludeSelf(height)); // [b, w, h, h]
      const energyRows = tf.matMul(query, key, false, true); // [b, h, w, w]

      const energy = tf.concat([energyColumns.transpose(HEIGHT_WIDTH_SWAPPED), energyRows], 3);
      const attention = tf.softmax(energy); // [b, h, w, h + w]
      const [columns, rows] = tf.split(attention, [height, width], 3);

      const valueColumns = value.transpose(HEIGHT_WIDTH_SWAPPED);
      const fromColumns = tf.matMul(columns.transpose(HEIGHT_WIDTH_SWAPPED), valueColumns).transpose(HEIGHT_WIDTH_SWAPPED);
      const fromRows = tf.matMul(rows, value);

      return fromColumns.add(fromRows).mul(this.gamma.read()).add(x);
    });
  }
}

tf.serialization.registerClass(CrissCrossAttention);

/** CCNet's recurrent criss-cross attention: the same layer, with the same weights, several times over. */
export class RecurrentCrissCrossAttention {
  private readonly attention: CrissCrossAttention;

  constructor(
    private readonly recurrence = 2,
    reduction = 8,
  ) {
    this.attention = new CrissCrossAttention({ reduction });
  }

  apply(x: tf.Tensor4D): tf.Tensor4D {
    let out = x;
    for (let step = 0; step < this.recurrence; step++) {
      out = this.attention.apply(out) as tf.Tensor4D;
    }
    return out;
  }
}
