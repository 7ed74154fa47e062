import * as tf from '@tensorflow/tfjs';

type Conv = ReturnType<typeof tf.layers.conv2d>;

/** Non-local block, embedded Gaussian, with subsampled keys; convolution layers and a plain call. */
export class NonLocalBlock {
  private theta: Conv;
  private phi: Conv;
  private g: Conv;
  private out: Conv;

  constructor(private channels: number, private inner = Math.max(1, Math.floor(channels / 2)), private subsample = true) {
    const conv = (filters: number, name: string) => tf.layers.conv2d({ filters, kernelSize: 1, strides: 1, padding: 'same', name });
    this.theta = conv(inner, 'theta');
    this.phi = conv(inner, 'phi');
    this.g = conv(inner, 'g');
    this.out = conv(channels, 'out');
  }

  private flat(x: tf.Tensor): tf.Tensor3D {
    const [b, h, w, c] = x.shape;
    return x.reshape([b, h * w, c]);
  }

  private pool(x: tf.Tensor): tf.Tensor {
    return this.subsample ? tf.maxPool(x as tf.Tensor4D, 2, 2, 'same') : x;
  }

  apply(x: tf.Tensor4D): tf.Tensor4D {
    return tf.tidy(() => {
      const [b, h, w] = x.shape;
      const theta = this.flat(this.theta.apply(x) as tf.Tensor);
      const phi = this.flat(this.pool(this.phi.apply(x) as tf.Tensor));
      const g = this.flat(this.pool(this.g.apply(x) as tf.Tensor));
      const f = tf.matMul(theta, phi, false, true);
      const y = tf.matMul(tf.softmax(f, -1), g).reshape([b, h, w, this.inner]);
      return x.add(this.out.apply(y) as tf.Tensor);
    });
  }
}
