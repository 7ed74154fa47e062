import * as tf from '@tensorflow/tfjs';

/** [b, h, w, c] -> [b * windows, size * size, c] */
export function windowPartition(x: tf.Tensor4D, windowSize: number): tf.Tensor3D {
  const [b, h, w, c] = x.shape;
  const split = tf.reshape(x, [b, h / windowSize, windowSize, w / windowSize, windowSize, c]);
  return tf.transpose(split, [0, 1, 3, 2, 4, 5]).reshape([-1, windowSize * windowSize, c]);
}

/** The way back. */
export function windowReverse(windows: tf.Tensor, windowSize: number, h: number, w: number): tf.Tensor4D {
  const b = windows.shape[0] / ((h * w) / windowSize / windowSize);
  const x = windows.reshape([b, h / windowSize, w / windowSize, windowSize, windowSize, -1]);
  return x.transpose([0, 1, 3, 2, 4, 5]).reshape([b, h, w, -1]);
}

/** Swin's window attention with a learned relative bias table, indexed. */
export class WindowAttention {
  private qkv: tf.layers.Layer;
  private proj: tf.layers.Layer;
  private biasTable: tf.Variable;
  private index: tf.Tensor1D;

  constructor(
    private dim: number,
    private windowSize: number,
    private numHeads: number,
  ) {
    this.qkv = tf.layers.dense({ units: dim * 3, useBias: true });
    this.proj = tf.layers.dense({ units: dim });
    this.biasTable = tf.variable(tf.truncatedNormal([(2 * windowSize - 1) * (2 * windowSize - 1), numHeads]));
    const places: number[] = [];
    for (let i = 0; i < windowSize * windowSize; i++) {
      for (let j = 0; j < windowSize * windowSize; j++) {
        const dy = Math.floor(i / windowSize) - Math.floor(j / windowSize) + windowSize - 1;
        const dx = (i % windowSize) - (j % windowSize) + windowSize - 1;
        places.push(dy * (2 * windowSize - 1) + dx);
      }
    }
    this.index = tf.tensor1d(places, 'int32');
  }

  private attend(x: tf.Tensor): tf.Tensor {
    const [bw, n, c] = x.shape;
    const headDim = c / this.numHeads;
    const qkv = (this.qkv.apply(x) as tf.Tensor).reshape([bw, n, 3, this.numHeads, headDim]).transpose([2, 0, 3, 1, 4]);
    const q = qkv.slice([0], [1]).squeeze([0]).mul(headDim ** -0.5);
    const k = qkv.slice([1], [1]).squeeze([0]);
    const v = qkv.slice([2], [1]).squeeze([0]);

    const area = this.windowSize * this.windowSize;
    const bias = tf.gather(this.biasTable, this.index).reshape([area, area, this.numHeads]).transpose([2, 0, 1]);
    const attn = tf.softmax(q.matMul(k, false, true).add(bias.expandDims(0)));
    const merged = attn.matMul(v).transpose([0, 2, 1, 3]).reshape([bw, n, c]);
    return this.proj.apply(merged) as tf.Tensor;
  }

  forward(x: tf.Tensor4D): tf.Tensor {
    return tf.tidy(() => {
      const [, h, w] = x.shape;
      const windows = windowPartition(x, this.windowSize);
      const attended = this.attend(windows);
      return x.add(windowReverse(attended, this.windowSize, h, w));
    });
  }
}
