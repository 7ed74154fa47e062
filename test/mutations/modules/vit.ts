import * as tf from '@tensorflow/tfjs';

interface ViTConfig {
  imageSize: number;
  patchSize: number;
  channels: number;
  dim: number;
  heads: number;
}

/** Patches, class token, positions, and one encoder layer; weights made in the constructor. */
export class VisionTransformer {
  readonly numPatches: number;
  readonly headDim: number;
  private patchKernel: tf.Variable<tf.Rank.R4>;
  private clsToken: tf.Variable<tf.Rank.R3>;
  private posEmbed: tf.Variable<tf.Rank.R3>;
  private qkv: tf.Variable<tf.Rank.R2>;
  private proj: tf.Variable<tf.Rank.R2>;

  constructor(private cfg: ViTConfig) {
    const side = cfg.imageSize / cfg.patchSize;
    this.numPatches = side * side;
    this.headDim = cfg.dim / cfg.heads;
    this.patchKernel = tf.variable(tf.randomNormal([cfg.patchSize, cfg.patchSize, cfg.channels, cfg.dim]));
    this.clsToken = tf.variable(tf.zeros([1, 1, cfg.dim]));
    this.posEmbed = tf.variable(tf.randomNormal([1, this.numPatches + 1, cfg.dim]));
    this.qkv = tf.variable(tf.randomNormal([cfg.dim, cfg.dim * 3]));
    this.proj = tf.variable(tf.randomNormal([cfg.dim, cfg.dim]));
  }

  private embed(images: tf.Tensor4D): tf.Tensor3D {
    const patches = tf.conv2d(images, this.patchKernel, this.cfg.patchSize, 'valid');
    const b = images.shape[0];
    const tokens = patches.reshape([b, this.numPatches, this.cfg.dim]);
    const cls = this.clsToken.tile([b, 1, 1]);
    return tf.concat([cls, tokens], 1).add(this.posEmbed) as tf.Tensor3D;
  }

  private attend(x: tf.Tensor3D): tf.Tensor3D {
    const [b, n, d] = x.shape;
    const { heads } = this.cfg;
    const qkv = x
      .reshape([b * n, d])
      .matMul(this.qkv)
      .reshape([b, n, 3, heads, this.headDim])
      .transpose([2, 0, 3, 1, 4]);
    const [q, k, v] = tf.unstack(qkv, 0);
    const attn = tf.softmax(tf.matMul(q, k, false, true).mul(this.headDim ** -0.5), -1);
    const out = tf.matMul(attn, v).transpose([0, 2, 1, 3]).reshape([b * n, d]);
    return out.matMul(this.proj).reshape([b, n, d]) as tf.Tensor3D;
  }

  forward(images: tf.Tensor4D): tf.Tensor2D {
    return tf.tidy(() => {
      const tokens = this.embed(images);
      const attended = tokens.add(this.attend(tokens)) as tf.Tensor3D;
      const cls = attended.slice([0, 0, 0], [-1, 1, -1]);
      return cls.squeeze([1]) as tf.Tensor2D;
    });
  }
}
