import * as tf from '@tensorflow/tfjs';

/** Graph attention (GAT): node features [N, F], adjacency [N, N]. */
export class GraphAttentionLayer extends tf.layers.Layer {
  static className = 'GraphAttentionLayer';
  units: number;
  numHeads: number;
  alpha: number;
  concatHeads: boolean;
  kernels: tf.LayerVariable[] = [];
  attnSelf: tf.LayerVariable[] = [];
  attnNeigh: tf.LayerVariable[] = [];

  constructor({ units, numHeads = 1, alpha = 0.2, concatHeads = true, ...rest }: { units: number; numHeads?: number; alpha?: number; concatHeads?: boolean; [key: string]: unknown }) {
    super(rest as any);
    this.units = units;
    this.numHeads = numHeads;
    this.alpha = alpha;
    this.concatHeads = concatHeads;
  }

  build(inputShape: tf.Shape[]): void {
    const features = inputShape[0]![1]!;
    for (let i = 0; i < this.numHeads; i++) {
      this.kernels.push(this.addWeight(`kernel_${i}`, [features, this.units], 'float32', tf.initializers.glorotUniform({})));
      this.attnSelf.push(this.addWeight(`attn_self_${i}`, [this.units, 1], 'float32', tf.initializers.glorotUniform({})));
      this.attnNeigh.push(this.addWeight(`attn_neigh_${i}`, [this.units, 1], 'float32', tf.initializers.glorotUniform({})));
    }
    this.built = true;
  }

  call(inputs: tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const [x, adj] = inputs as [tf.Tensor2D, tf.Tensor2D];
      const outputs: tf.Tensor[] = [];
      for (let i = 0; i < this.numHeads; i++) {
        const h = tf.matMul(x, this.kernels[i]!.read() as tf.Tensor2D);
        const fSelf = tf.matMul(h, this.attnSelf[i]!.read() as tf.Tensor2D);
        const fNeigh = tf.matMul(h, this.attnNeigh[i]!.read() as tf.Tensor2D);
        let e = tf.add(fSelf, tf.transpose(fNeigh));
        e = tf.leakyRelu(e, this.alpha);
        const masked = tf.where(tf.greater(adj, 0), e, tf.mul(tf.onesLike(e), -1e9));
        const coef = tf.softmax(masked, 1);
        outputs.push(tf.matMul(coef as tf.Tensor2D, h));
      }
      return this.concatHeads ? tf.concat(outputs, -1) : tf.mean(tf.stack(outputs), 0);
    });
  }

  computeOutputShape(inputShape: tf.Shape[]): tf.Shape {
    return [inputShape[0]![0]!, this.concatHeads ? this.units * this.numHeads : this.units];
  }
}
