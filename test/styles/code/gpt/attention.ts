import * as tf from '@tensorflow/tfjs';
import { GPTConfig, mergeConfig } from './config';

export interface KVCache { k?: tf.Tensor4D; v?: tf.Tensor4D }

/** [B, T, C] -> [B, nh, T, hs] */
function heads(x: tf.Tensor, n: number): tf.Tensor4D {
  const [B, T, C] = x.shape as [number, number, number];
  return tf.transpose(tf.reshape(x, [B, T, n, C / n]), [0, 2, 1, 3]) as tf.Tensor4D;
}

export class CausalSelfAttention {
  private readonly cAttn: tf.Variable;
  private readonly cProj: tf.Variable;
  readonly nHead: number;
  #bias: tf.Tensor;

  constructor(config: Partial<GPTConfig> = {}) {
    const { nEmbd, nHead, blockSize } = mergeConfig(config);
    if (nEmbd % nHead !== 0) throw new Error(`nEmbd ${nEmbd} is not divisible by nHead ${nHead}`);
    this.nHead = nHead;
    this.cAttn = tf.variable(tf.randomNormal([nEmbd, 3 * nEmbd], 0, 0.02));
    this.cProj = tf.variable(tf.randomNormal([nEmbd, nEmbd], 0, 0.02));
    this.#bias = tf.linalg.bandPart(tf.ones([blockSize, blockSize]), -1, 0);
  }

  forward(x: tf.Tensor3D, cache?: KVCache): tf.Tensor3D {
    const [B, T, C] = x.shape;
    const qkv = x.reshape([B * T, C]).matMul(this.cAttn as tf.Tensor2D).reshape([B, T, 3 * C]);
    let [q, k, v] = tf.split(qkv, 3, 2);
    q = heads(q, this.nHead);
    k = heads(k, this.nHead);
    v = heads(v, this.nHead);
    if (cache?.k && cache?.v) {
      k = tf.concat([cache.k, k], 2);
      v = tf.concat([cache.v, v], 2);
    }
    const S = k.shape[2]!;
    let att = tf.matMul(q, k, false, true).mul(1.0 / Math.sqrt(k.shape[k.shape.length - 1]!));
    if (T > 1) {
      const mask = this.#bias.slice([S - T, 0], [T, S]).reshape([1, 1, T, S]);
      att = tf.where(tf.equal(mask, 0), tf.fill(att.shape, -1e9), att);
    }
    att = tf.softmax(att);
    const y = tf.matMul(att, v).transpose([0, 2, 1, 3]).reshape([B * T, C]);
    return y.matMul(this.cProj as tf.Tensor2D).reshape([B, T, C]);
  }
}
