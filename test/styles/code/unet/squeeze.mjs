import * as tf from '@tensorflow/tfjs'

export class SqueezeExcite extends tf.layers.Layer {
  static className = 'SqueezeExcite'
  constructor (args = {}) {
    super(args)
    this.ratio = args.ratio || 4
  }

  build (shape) {
    const channels = shape[3]
    const mid = Math.max(channels / this.ratio | 0, 1)
    this.reduce = tf.layers.dense({ units: mid, activation: 'relu', kernelInitializer: 'heNormal' })
    this.expand = tf.layers.dense({ units: channels, activation: 'sigmoid' })
  }

  call (inputs) {
    return tf.tidy(() => {
      const [x] = Array.isArray(inputs) ? inputs : [inputs]
      const s = x.mean([1, 2])
      let e = this.reduce.apply(s)
      e = this.expand.apply(e)
      e = e.expandDims(1).expandDims(1)
      return x.mul(e)
    })
  }
}

// efficient channel attention: a 1-D convolution over the channels
export class ECA extends tf.layers.Layer {
  static className = 'ECA'
  #k
  constructor (args) {
    super(args ?? {})
    this.#k = args?.k ?? 3
  }

  build (inputShape) {
    this.kernel = this.addWeight('kernel', [this.#k, 1, 1], 'float32', tf.initializers.glorotNormal({}))
  }

  call (inputs) {
    const x = inputs instanceof tf.Tensor ? inputs : inputs[0]
    const pooled = tf.mean(x, [1, 2])
    const seq = tf.expandDims(pooled, -1)
    const conv = tf.conv1d(seq, this.kernel.read(), 1, 'same')
    const gate = tf.sigmoid(tf.squeeze(conv, [-1]))
    const [n, c] = gate.shape
    return tf.mul(x, gate.reshape([n, 1, 1, c]))
  }
}
