import * as tf from '@tensorflow/tfjs';

let counter = 0;

/** Things all of our layers share. */
export class BaseLayer extends tf.layers.Layer {
  constructor(config) {
    super(config || {});
    this.config = Object.assign({}, BaseLayer.defaults, config);
    this.uid = counter++;
    this.supportsMasking = true;
  }

  static get defaults() {
    return { units: 32, heads: 4, dropRate: 0.1, useBias: true };
  }

  invokeCallHook(inputs, kwargs) {}

  single(inputs) {
    return Array.isArray(inputs) ? inputs[0] : inputs;
  }

  createDense(name, inDim, outDim) {
    const kernel = this.addWeight(`${name}_kernel`, [inDim, outDim], 'float32', tf.initializers.glorotUniform({}));
    const bias = this.config.useBias
      ? this.addWeight(`${name}_bias`, [outDim], 'float32', tf.initializers.zeros())
      : null;
    return { kernel, bias };
  }

  applyDense(x, { kernel, bias }) {
    const shape = x.shape;
    const inDim = shape[shape.length - 1];
    const outDim = kernel.shape[1];
    let y = tf.matMul(x.reshape([-1, inDim]), kernel.read());
    if (bias) {
      y = y.add(bias.read());
    }
    return y.reshape([...shape.slice(0, -1), outDim]);
  }

  getConfig() {
    return { ...super.getConfig(), ...this.config };
  }

  static get className() {
    return 'BaseLayer';
  }
}
