import * as tf from '@tensorflow/tfjs';
import { CausalSelfAttention } from './attention';
import type { GPTConfig } from './config';
import { mergeConfig } from './config';

const gelu = (x: tf.Tensor): tf.Tensor =>
  tf.mul(x, tf.add(1, tf.tanh(tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, tf.pow(x, 3)))))).mul(0.5));

class MLP {
  private fc: tf.Variable;
  private proj: tf.Variable;
  constructor(private nEmbd: number) {
    this.fc = tf.variable(tf.randomNormal([nEmbd, 4 * nEmbd]));
    this.proj = tf.variable(tf.randomNormal([4 * nEmbd, nEmbd]));
  }
  forward(x: tf.Tensor): tf.Tensor {
    const [B, T] = x.shape;
    let h = x.reshape([-1, this.nEmbd]).matMul(this.fc as tf.Tensor);
    h = gelu(h);
    h = h.matMul(this.proj as tf.Tensor);
    return h.reshape([B, T, this.nEmbd]);
  }
}

function layerNorm(x: tf.Tensor, g: tf.Tensor, eps = 1e-5): tf.Tensor {
  const mean = x.mean(-1, true);
  const centered = x.sub(mean);
  const variance = centered.square().mean(-1, true);
  return centered.div(tf.sqrt(variance.add(eps))).mul(g);
}

export class GPT {
  private readonly config: GPTConfig;
  private wte: tf.Variable;
  private wpe: tf.Variable;
  private blocks: { attn: CausalSelfAttention; mlp: MLP; ln1: tf.Variable; ln2: tf.Variable }[] = [];
  private lnF: tf.Variable;

  constructor(options?: Partial<GPTConfig>) {
    this.config = mergeConfig(options);
    const { vocabSize, blockSize, nEmbd, nLayer } = this.config;
    this.wte = tf.variable(tf.randomNormal([vocabSize, nEmbd]));
    this.wpe = tf.variable(tf.randomNormal([blockSize, nEmbd]));
    for (let i = 0; i < nLayer; i++) {
      this.blocks.push({
        attn: new CausalSelfAttention(this.config),
        mlp: new MLP(nEmbd),
        ln1: tf.variable(tf.ones([nEmbd])),
        ln2: tf.variable(tf.ones([nEmbd])),
      });
    }
    this.lnF = tf.variable(tf.ones([nEmbd]));
  }

  forward(idx: tf.Tensor2D): tf.Tensor3D {
    return tf.tidy(() => {
      const [, T] = idx.shape;
      const tok = tf.gather(this.wte, idx.toInt());
      const pos = tf.gather(this.wpe, tf.range(0, T, 1, 'int32'));
      let x: tf.Tensor = tok.add(pos);
      for (const block of this.blocks) {
        x = x.add(block.attn.forward(layerNorm(x, block.ln1) as tf.Tensor3D));
        x = x.add(block.mlp.forward(layerNorm(x, block.ln2)));
      }
      x = layerNorm(x, this.lnF);
      const [B, t, C] = x.shape as number[];
      const logits = tf.matMul(x.reshape([B! * t!, C!]), this.wte, false, true);
      return logits.reshape([B!, t!, this.config.vocabSize]) as tf.Tensor3D;
    });
  }
}
