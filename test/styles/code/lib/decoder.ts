import * as tf from '@tensorflow/tfjs';
import { maskedAttention, lookAheadMask } from './mask';

interface DecoderOptions { dModel: number; numHeads: number; dff?: number; name?: string }

abstract class Module {
  protected abstract readonly dModel: number;
  protected linear(x: tf.Tensor, w: tf.Variable): tf.Tensor {
    const dims = x.shape;
    const last = dims[dims.length - 1] as number;
    return x.reshape([-1, last]).matMul(w as any).reshape([...dims.slice(0, dims.length - 1), w.shape[1] as number]);
  }
  abstract forward(...args: tf.Tensor[]): tf.Tensor;
}

export class MultiHeadAttention extends Module {
  protected readonly dModel: number;
  private readonly numHeads: number;
  private readonly w: Record<'q' | 'k' | 'v' | 'o', tf.Variable>;

  constructor({ dModel, numHeads }: DecoderOptions) {
    super();
    this.dModel = dModel;
    this.numHeads = numHeads;
    const make = () => tf.variable(tf.randomNormal([dModel, dModel]));
    this.w = { q: make(), k: make(), v: make(), o: make() };
  }

  private splitHeads(x: tf.Tensor): tf.Tensor {
    const batch = x.shape[0]!;
    const depth = Math.floor(this.dModel / this.numHeads);
    return x.reshape([batch, -1, this.numHeads, depth]).transpose([0, 2, 1, 3]);
  }

  forward(q: tf.Tensor, k: tf.Tensor, v: tf.Tensor, mask?: tf.Tensor): tf.Tensor {
    const qh = this.splitHeads(this.linear(q, this.w.q));
    const kh = this.splitHeads(this.linear(k, this.w.k));
    const vh = this.splitHeads(this.linear(v, this.w['v']));
    const [attended] = maskedAttention(qh, kh, vh, mask);
    const concat = attended.transpose([0, 2, 1, 3]).reshape([q.shape[0]!, -1, this.dModel]);
    return this.linear(concat, this.w.o);
  }
}

export class DecoderLayer extends Module {
  protected readonly dModel: number;
  private mha: [MultiHeadAttention, MultiHeadAttention];
  private ffn: tf.Variable[];
  constructor(options: DecoderOptions) {
    super();
    this.dModel = options.dModel;
    const dff = options.dff ?? 4 * options.dModel;
    this.mha = [new MultiHeadAttention(options), new MultiHeadAttention(options)];
    this.ffn = [tf.variable(tf.randomNormal([options.dModel, dff])), tf.variable(tf.randomNormal([dff, options.dModel]))];
  }
  forward(x: tf.Tensor, memory: tf.Tensor): tf.Tensor {
    const [self, cross] = this.mha;
    const mask = lookAheadMask(x.shape[1]!);
    const a1 = self.forward(x, x, x, mask);
    const h1 = x.add(a1);
    const a2 = cross.forward(h1, memory, memory);
    const h2 = h1.add(a2);
    let f = h2;
    this.ffn.forEach((w, i) => {
      f = this.linear(f, w);
      if (i === 0) f = tf.relu(f);
    });
    return tf.add(h2, f);
  }
}
