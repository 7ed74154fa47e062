import * as tf from '@tensorflow/tfjs';

/** Rotary position embeddings, half-split form. */
function rotateHalf(x: tf.Tensor): tf.Tensor {
  const half = x.shape[x.shape.length - 1]! / 2;
  const [first, second] = tf.split(x, [half, half], -1);
  return tf.concat([second.neg(), first], -1);
}

function rotaryTables(length: number, dim: number, base = 10000): { cos: tf.Tensor; sin: tf.Tensor } {
  const inv = tf.div(1, tf.pow(base, tf.range(0, dim, 2).div(dim)));
  const t = tf.range(0, length);
  const freqs = tf.outerProduct(t as tf.Tensor1D, inv as tf.Tensor1D);
  const emb = tf.concat([freqs, freqs], 1);
  return { cos: tf.cos(emb), sin: tf.sin(emb) };
}

const applyRotary = (x: tf.Tensor, cos: tf.Tensor, sin: tf.Tensor) => x.mul(cos).add(rotateHalf(x).mul(sin));

export class RotaryAttention extends tf.layers.Layer {
  static readonly className = 'RotaryAttention';
  private q!: tf.LayerVariable;
  private k!: tf.LayerVariable;
  private v!: tf.LayerVariable;
  private o!: tf.LayerVariable;

  constructor(private readonly args: { dModel: number; nHeads: number; dHead: number }) {
    super({});
  }

  build(shape: tf.Shape): void {
    const { dModel, nHeads, dHead } = this.args;
    const init = tf.initializers.varianceScaling({ scale: 1, mode: 'fanIn', distribution: 'normal' });
    this.q = this.addWeight('q', [nHeads, dModel, dHead], 'float32', init);
    this.k = this.addWeight('k', [nHeads, dModel, dHead], 'float32', init);
    this.v = this.addWeight('v', [nHeads, dModel, dHead], 'float32', init);
    this.o = this.addWeight('o', [nHeads, dHead, dModel], 'float32', init);
    super.build(shape);
  }

  call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor3D;
      const [, T] = x.shape;
      const lifted = tf.expandDims(x, 1).tile([1, this.args.nHeads, 1, 1]); // [B, H, T, D]
      let q = tf.matMul(lifted, this.q.read().expandDims(0));
      let k = tf.matMul(lifted, this.k.read().expandDims(0));
      const v = tf.matMul(lifted, this.v.read().expandDims(0));

      const { cos, sin } = rotaryTables(T, this.args.dHead);
      q = applyRotary(q, cos, sin);
      k = applyRotary(k, cos, sin);

      const logits = tf.matMul(q, k, false, true).div(Math.sqrt(this.args.dHead));
      const future = tf.linalg.bandPart(tf.ones([T, T]), 0, -1).sub(tf.eye(T)).mul(-1e9);
      const weights = tf.softmax(logits.add(future));
      const heads = tf.matMul(weights, v); // [B, H, T, dHead]
      const out = tf.matMul(heads, this.o.read().expandDims(0)); // [B, H, T, D]
      return tf.sum(out, 1);
    });
  }
}
