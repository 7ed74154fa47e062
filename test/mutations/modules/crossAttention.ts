import * as tf from '@tensorflow/tfjs';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs';

export interface CrossAttentionArgs {
  queryDim: number;
  contextDim: number;
  heads?: number;
  dimHead?: number;
}

/** x attends to a context; a mask of the context's places, where 1 is kept. */
export class CrossAttention extends tf.layers.Layer {
  static className = 'CrossAttention';
  heads: number;
  dimHead: number;
  queryDim: number;
  contextDim: number;
  toQ!: tf.LayerVariable;
  toKV!: tf.LayerVariable;
  toOut!: tf.LayerVariable;

  constructor(args: CrossAttentionArgs) {
    super({});
    this.queryDim = args.queryDim;
    this.contextDim = args.contextDim;
    this.heads = args.heads ?? 8;
    this.dimHead = args.dimHead ?? 64;
  }

  build(): void {
    const inner = this.heads * this.dimHead;
    this.toQ = this.addWeight('to_q', [this.queryDim, inner], 'float32', tf.initializers.glorotUniform({}));
    this.toKV = this.addWeight('to_kv', [this.contextDim, inner * 2], 'float32', tf.initializers.glorotUniform({}));
    this.toOut = this.addWeight('to_out', [inner, this.queryDim], 'float32', tf.initializers.glorotUniform({}));
    this.built = true;
  }

  private linear(x: Tensor, w: tf.LayerVariable): Tensor3D {
    const [b, n, d] = x.shape;
    const kernel = w.read();
    return x.reshape([b * n, d]).matMul(kernel).reshape([b, n, kernel.shape[1]!]);
  }

  call(inputs: Tensor | Tensor[]): Tensor {
    return tf.tidy(() => {
      const [x, context, mask] = inputs as Tensor[];
      const [b, n] = x.shape;
      const m = context.shape[1]!;

      const q = this.linear(x, this.toQ);
      const [k, v] = tf.split(this.linear(context, this.toKV), 2, 2);

      const toHeads = (t: Tensor, length: number) => t.reshape([b, length, this.heads, this.dimHead]).transpose([0, 2, 1, 3]);
      const qh = toHeads(q, n);
      const kh = toHeads(k, m);
      const vh = toHeads(v, m);

      let sim = qh.matMul(kh, false, true).mul(tf.scalar(this.dimHead ** -0.5));
      const keep = mask.reshape([b, 1, 1, m]);
      sim = tf.where(keep.greater(0).broadcastTo(sim.shape), sim, tf.fill(sim.shape, -1e9));
      const attn = sim.softmax(-1);

      const out = attn.matMul(vh).transpose([0, 2, 1, 3]).reshape([b, n, this.heads * this.dimHead]);
      return this.linear(out, this.toOut);
    });
  }

  computeOutputShape(inputShape: tf.Shape[]): tf.Shape {
    return inputShape[0];
  }
}
tf.serialization.registerClass(CrossAttention);
