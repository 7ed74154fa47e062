/** What the mechanisms of this gallery share: reading a layer's input, feature maps as tokens, and the projections that attention starts from. */
import * as tf from '@tensorflow/tfjs';

/** A layer's `call` gets one tensor from `apply(x)` and a list inside a model. */
export function single(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
  return Array.isArray(inputs) ? inputs[0] : inputs;
}

/** A feature map as a sequence: [b, h, w, c] -> [b, h*w, c]. */
export function toTokens(x: tf.Tensor): tf.Tensor3D {
  const [b, h, w, c] = x.shape;
  return tf.reshape(x, [b, h * w, c]);
}

/** The sequence back as a feature map: [b, h*w, c] -> [b, h, w, c]. */
export function toMap(tokens: tf.Tensor, height: number, width: number): tf.Tensor4D {
  const [b, , c] = tokens.shape;
  return tokens.reshape([b, height, width, c]);
}

/** A linear map of the last axis, whatever stands before it: [..., in] x [in, out] -> [..., out]. */
export function project(x: tf.Tensor, kernel: tf.Tensor): tf.Tensor {
  const size = x.shape[x.shape.length - 1];
  const flat = x.reshape([-1, size]);
  return tf.matMul(flat, kernel).reshape([...x.shape.slice(0, -1), kernel.shape[1]!]);
}

/** [b, n, c] -> [b, heads, n, c / heads]. */
export function splitHeads(x: tf.Tensor, heads: number): tf.Tensor4D {
  const [b, n, c] = x.shape;
  return x.reshape([b, n, heads, c / heads]).transpose([0, 2, 1, 3]);
}

/** [b, heads, n, d] -> [b, n, heads * d]. */
export function mergeHeads(x: tf.Tensor): tf.Tensor3D {
  const [b, heads, n, d] = x.shape;
  return x.transpose([0, 2, 1, 3]).reshape([b, n, heads * d]);
}

/** Scaled dot-product attention over the last two axes. */
export function scaledDotProduct(query: tf.Tensor, key: tf.Tensor, value: tf.Tensor): tf.Tensor {
  const depth = query.shape[query.shape.length - 1];
  const scores = tf.matMul(query, key, false, true).div(Math.sqrt(depth));
  const weights = tf.softmax(scores);
  return tf.matMul(weights, value);
}

/** Normalises the last axis, then scales and shifts it. */
export function layerNorm(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, epsilon = 1e-6): tf.Tensor {
  const { mean, variance } = tf.moments(x, -1, true);
  return x.sub(mean).div(variance.add(epsilon).sqrt()).mul(gamma).add(beta);
}

/** The base of the layers that project a feature map to query, key and value with 1x1 convolutions. */
export abstract class ProjectedAttention extends tf.layers.Layer {
  protected query!: tf.LayerVariable;
  protected key!: tf.LayerVariable;
  protected value!: tf.LayerVariable;

  /** `reduction` divides the channels of query and key, which only have to agree with each other. */
  constructor(protected readonly reduction: number) {
    super({});
  }

  override build(inputShape: tf.Shape): void {
    const channels = inputShape[inputShape.length - 1]!;
    const inner = Math.floor(channels / this.reduction);
    const initializer = tf.initializers.glorotUniform({});
    this.query = this.addWeight('query', [1, 1, channels, inner], 'float32', initializer);
    this.key = this.addWeight('key', [1, 1, channels, inner], 'float32', initializer);
    this.value = this.addWeight('value', [1, 1, channels, channels], 'float32', initializer);
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape;
  }

  /** A 1x1 convolution: [b, h, w, c] -> [b, h, w, out]. */
  protected pointwise(x: tf.Tensor4D, kernel: tf.LayerVariable): tf.Tensor4D {
    return tf.conv2d(x, kernel.read() as tf.Tensor4D, 1, 'same');
  }
}
