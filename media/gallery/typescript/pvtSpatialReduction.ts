/**
 * PVT's spatial-reduction attention: every patch of `reduction` by `reduction` places becomes one key and one value.
 *
 * Pyramid Vision Transformer: A Versatile Backbone for Dense Prediction without Convolutions
 * Wenhai Wang, Enze Xie, Xiang Li, Deng-Ping Fan, Kaitao Song, Ding Liang, Tong Lu, Ping Luo, Ling Shao, 2021
 * https://arxiv.org/abs/2102.12122
 */
import * as tf from '@tensorflow/tfjs';
import { layerNorm, mergeHeads, project, scaledDotProduct, single, splitHeads } from './helpers';

export interface SpatialReductionConfig {
  heads?: number;
  /** How many places along each side become one. */
  reduction?: number;
  /** The size of the feature map that the sequence was made from. */
  height?: number;
  width?: number;
}

/** [b, h*w, c] -> [b, h*w, c], with an attention map of [b, heads, h*w, h*w / reduction^2]. */
export class SpatialReductionAttention extends tf.layers.Layer {
  static readonly className = 'SpatialReductionAttention';
  private readonly heads: number;
  private readonly reduction: number;
  private readonly height: number;
  private readonly width: number;
  private queryKernel!: tf.LayerVariable;
  private keyValueKernel!: tf.LayerVariable;
  private reductionKernel!: tf.LayerVariable;
  private outputKernel!: tf.LayerVariable;
  private gamma!: tf.LayerVariable;
  private beta!: tf.LayerVariable;

  constructor({ heads = 2, reduction = 4, height = 16, width = 16 }: SpatialReductionConfig = {}) {
    super({});
    this.heads = heads;
    this.reduction = reduction;
    this.height = height;
    this.width = width;
  }

  override build(inputShape: tf.Shape): void {
    const c = inputShape[2]!;
    const initializer = tf.initializers.truncatedNormal({ stddev: 0.02 });
    this.queryKernel = this.addWeight('query', [c, c], 'float32', initializer);
    this.keyValueKernel = this.addWeight('keyValue', [c, 2 * c], 'float32', initializer);
    this.reductionKernel = this.addWeight('reduction', [this.reduction ** 2 * c, c], 'float32', initializer);
    this.outputKernel = this.addWeight('output', [c, c], 'float32', initializer);
    this.gamma = this.addWeight('gamma', [c], 'float32', tf.initializers.ones());
    this.beta = this.addWeight('beta', [c], 'float32', tf.initializers.zeros());
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = single(inputs);
      const query = splitHeads(project(x, this.queryKernel.read()), this.heads);

      const reduced = this.reduction > 1 ? this.reduce(x) : x;
      const keyValue = project(reduced, this.keyValueKernel.read());
      const [k, v] = tf.split(keyValue, 2, -1); // each [b, n / r^2, c]

      const attended = scaledDotProduct(query, splitHeads(k, this.heads), splitHeads(v, this.heads));
      return project(mergeHeads(attended), this.outputKernel.read());
    });
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape;
  }

  /** The paper's SR: the places of a patch side by side in the channels, then a linear map and a norm. */
  private reduce(x: tf.Tensor): tf.Tensor {
    const [b, , c] = x.shape;
    const r = this.reduction;
    const down = this.height / r;
    const across = this.width / r;

    let patches = x.reshape([b, down, r, across, r, c]);
    patches = patches.transpose([0, 1, 3, 2, 4, 5]); // [b, down, across, r, r, c]
    patches = patches.reshape([b, down * across, r * r * c]);
    return layerNorm(project(patches, this.reductionKernel.read()), this.gamma.read(), this.beta.read());
  }
}

tf.serialization.registerClass(SpatialReductionAttention);
