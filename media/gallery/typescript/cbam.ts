/**
 * CBAM: which channels matter, then which places matter.
 *
 * CBAM: Convolutional Block Attention Module
 * Sanghyun Woo, Jongchan Park, Joon-Young Lee, In So Kweon, 2018
 * https://arxiv.org/abs/1807.06521
 */
import * as tf from '@tensorflow/tfjs';

/** One weight per channel: [b, h, w, c] -> [b, 1, 1, c]. */
export class ChannelGate {
  private readonly mlp: tf.Sequential;

  constructor(
    private readonly channels = 64,
    reduction = 16,
  ) {
    // One MLP serves the averages and the maxima.
    this.mlp = tf.sequential({
      layers: [
        tf.layers.dense({ units: Math.floor(channels / reduction), activation: 'relu', inputShape: [channels] }),
        tf.layers.dense({ units: channels }),
      ],
    });
  }

  apply(x: tf.Tensor4D): tf.Tensor4D {
    return tf.tidy(() => {
      const average = this.mlp.apply(x.mean([1, 2])) as tf.Tensor2D;
      const largest = this.mlp.apply(x.max([1, 2])) as tf.Tensor2D;
      const gate = tf.sigmoid(average.add(largest)); // [b, c]
      return gate.reshape([-1, 1, 1, this.channels]);
    });
  }
}

/** One weight per place: [b, h, w, c] -> [b, h, w, 1]. */
export class SpatialGate extends tf.layers.Layer {
  static readonly className = 'SpatialGate';
  private readonly kernelSize: number;
  private kernel!: tf.LayerVariable;

  constructor({ kernelSize = 7 }: { kernelSize?: number } = {}) {
    super({});
    this.kernelSize = kernelSize;
  }

  override build(inputShape: tf.Shape): void {
    this.kernel = this.addWeight('kernel', [this.kernelSize, this.kernelSize, 2, 1], 'float32', tf.initializers.glorotUniform({}));
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      const average = tf.mean(x, -1, true);
      const largest = tf.max(x, -1, true);
      const pooled = tf.concat([average, largest], -1) as tf.Tensor4D; // [b, h, w, 2]
      return tf.conv2d(pooled, this.kernel.read() as tf.Tensor4D, 1, 'same').sigmoid();
    });
  }

  override computeOutputShape([batch, height, width]: tf.Shape): tf.Shape {
    return [batch, height, width, 1];
  }
}

tf.serialization.registerClass(SpatialGate);

/** The whole block: [b, h, w, c] -> [b, h, w, c]. */
export class Cbam {
  private readonly channelGate: ChannelGate;
  private readonly spatialGate: SpatialGate;

  constructor(channels = 64, reduction = 16, kernelSize = 7) {
    this.channelGate = new ChannelGate(channels, reduction);
    this.spatialGate = new SpatialGate({ kernelSize });
  }

  apply(x: tf.Tensor4D): tf.Tensor4D {
    return tf.tidy(() => {
      let out = x.mul(this.channelGate.apply(x)) as tf.Tensor4D;
      out = out.mul(this.spatialGate.apply(out) as tf.Tensor4D);
      return out;
    });
  }
}
