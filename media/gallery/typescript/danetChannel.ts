/**
 * DANet's channel attention: every channel attends to every other channel, with no projection at all.
 *
 * Dual Attention Network for Scene Segmentation
 * Jun Fu, Jing Liu, Haijie Tian, Yong Li, Yongjun Bao, Zhiwei Fang, Hanqing Lu, 2018
 * https://arxiv.org/abs/1809.02983
 */
import * as tf from '@tensorflow/tfjs';
import { PositionAttention } from './danetPosition';
import { single, toTokens } from './helpers';

/** [b, h, w, c] -> [b, h, w, c], with an attention map of [b, c, c]. */
export class ChannelAttention extends tf.layers.Layer {
  static readonly className = 'DanetChannelAttention';
  private gamma!: tf.LayerVariable;

  constructor() {
    super({});
  }

  override build(inputShape: tf.Shape): void {
    this.gamma = this.addWeight('gamma', [1], 'float32', tf.initializers.zeros());
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = single(inputs);
      const tokens = toTokens(x); // [b, n, c]
      const energy = tokens.matMul(tokens, true, false); // [b, c, c]

      // The authors subtract from the largest: what is least alike weighs most.
      const largest = energy.max(-1, true);
      const attention = tf.softmax(largest.sub(energy));

      // Row i of the map says what channel i takes from the others, so the channels are contracted with the map's columns.
      const attended = tf.matMul(tokens, attention, false, true).reshape(x.shape);
      return attended.mul(this.gamma.read()).add(x);
    });
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape;
  }
}

tf.serialization.registerClass(ChannelAttention);

/** DANet's head: both attentions side by side on a narrowed feature map, added, then scored per class. */
export function dualAttentionHead({ height = 16, width = 16, channels = 256, classes = 19 } = {}): tf.LayersModel {
  const inner = channels / 4;
  const features = tf.input({ shape: [height, width, channels] });
  const narrow = (name: string) => tf.layers.conv2d({ name, filters: inner, kernelSize: 3, padding: 'same', activation: 'relu' });

  let position = narrow('toPosition').apply(features) as tf.SymbolicTensor;
  position = new PositionAttention().apply(position) as tf.SymbolicTensor;

  let channel = narrow('toChannel').apply(features) as tf.SymbolicTensor;
  channel = new ChannelAttention().apply(channel) as tf.SymbolicTensor;

  const fused = tf.layers.add().apply([position, channel]) as tf.SymbolicTensor;
  const scores = tf.layers.conv2d({ name: 'scores', filters: classes, kernelSize: 1 }).apply(fused) as tf.SymbolicTensor;
  return tf.model({ inputs: features, outputs: scores });
}
