import * as tf from '@tensorflow/tfjs';

class CrossAttention extends tf.layers.Layer {
  static className = 'CrossAttention';
  private wq?: tf.LayerVariable;
  private wkv?: tf.LayerVariable;
  constructor(private readonly dim: number, config?: any) {
    super(config ?? {});
  }
  public build(inputShape: tf.Shape[]) {
    const [target, source] = inputShape;
    this.wq = this.addWeight('wq', [target![target!.length - 1]!, this.dim], 'float32', tf.initializers.glorotUniform({}));
    this.wkv = this.addWeight('wkv', [source![source!.length - 1]!, 2 * this.dim], 'float32', tf.initializers.glorotUniform({}));
  }
  public call(inputs: tf.Tensor[], kwargs: any): tf.Tensor {
    const [target, source] = inputs as [tf.Tensor3D, tf.Tensor3D];
    const mul3 = (x: tf.Tensor3D, w: tf.Tensor2D) => {
      const [b, t, c] = x.shape;
      return tf.reshape(tf.matMul(tf.reshape(x, [b * t, c]), w), [b, t, w.shape[1]]) as tf.Tensor3D;
    };
    const q = mul3(target, this.wq!.read() as tf.Tensor2D);
    const kv = mul3(source, this.wkv!.read() as tf.Tensor2D);
    const [k, v] = tf.split(kv, 2, 2);
    const att = tf.softmax(tf.matMul(q, k!, false, true).div(tf.sqrt(tf.scalar(this.dim))));
    return tf.matMul(att, v!);
  }
  public computeOutputShape(inputShape: tf.Shape[]): tf.Shape {
    const [batch, length] = inputShape[0]!;
    return [batch!, length!, this.dim];
  }
}
tf.serialization.registerClass(CrossAttention as any);

export function createTranslator(opts: { srcLen: number; tgtLen: number; vocab?: number; dim?: number }): tf.LayersModel {
  const { srcLen, tgtLen, vocab = 20, dim = 8 } = opts;
  const source = tf.input({ shape: [srcLen], name: 'source', dtype: 'int32' });
  const target = tf.input({ shape: [tgtLen], name: 'target', dtype: 'int32' });
  const embedding = tf.layers.embedding({ inputDim: vocab, outputDim: dim });
  const src = embedding.apply(source) as tf.SymbolicTensor;
  const tgt = embedding.apply(target) as tf.SymbolicTensor;
  const encoded = tf.layers.gru({ units: dim, returnSequences: true }).apply(src) as tf.SymbolicTensor;
  const attended = new CrossAttention(dim).apply([tgt, encoded]) as tf.SymbolicTensor;
  const merged = tf.layers.concatenate({ axis: -1 }).apply([tgt, attended]) as tf.SymbolicTensor;
  const logits = tf.layers.timeDistributed({ layer: tf.layers.dense({ units: vocab }) }).apply(merged) as tf.SymbolicTensor;
  const summary = tf.layers.globalMaxPooling1d().apply(attended) as tf.SymbolicTensor;
  return tf.model({ inputs: [source, target], outputs: [logits, summary] });
}
