import * as tf from '@tensorflow/tfjs';

/** A layer that writes to its weights: prototypes that follow the keys. */
export class PrototypeAttention extends tf.layers.Layer {
  static override className = 'PrototypeAttention';
  prototypes!: tf.LayerVariable;
  readonly count: number;
  readonly decay: number;

  constructor(args: { count: number; decay?: number }) {
    super(args as never);
    const { count, decay } = args;
    this.count = count;
    this.decay = decay === undefined ? 0.9 : decay;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const shape = inputShape as tf.Shape;
    const dim = shape.at(-1)!;
    this.prototypes = this.addWeight('prototypes', [this.count, dim], 'float32', tf.initializers.randomUniform({ minval: -1, maxval: 1 }), undefined, false);
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs?: { training?: boolean }): tf.Tensor {
    const input = Array.isArray(inputs) ? inputs[0]! : inputs;
    return tf.tidy(() => {
      const protos = this.prototypes.read();
      const [b, n, d] = input.shape as [number, number, number];
      const flat = tf.reshape(input, [b * n, d]);
      const sims = tf.matMul(flat, protos, false, true);
      const assign = tf.softmax(sims);
      if (kwargs?.training) {
        const mass = tf.sum(assign, 0).expandDims(1);
        const sums = tf.matMul(assign, flat, true, false);
        const updated = protos.mul(this.decay).add(sums.div(mass.add(1e-5)).mul(1 - this.decay));
        this.prototypes.write(updated);
      }
      const read = tf.matMul(assign, protos);
      return read.reshape(input.shape);
    });
  }
}
