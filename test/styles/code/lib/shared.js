import * as tf from '@tensorflow/tfjs';

// a layer that wraps a function, because tfjs has none
export class Lambda extends tf.layers.Layer {
  constructor(config) {
    super({ name: config.name || undefined });
    this.fn = config.fn;
    this.shapeFn = config.outputShape;
  }
  call(inputs) {
    return tf.tidy(() => this.fn(inputs));
  }
  computeOutputShape(inputShape) {
    return typeof this.shapeFn === 'function' ? this.shapeFn(inputShape) : inputShape;
  }
  static get className() {
    return 'Lambda';
  }
}

export function siamese(length = 6, dim = 4) {
  const left = tf.input({ shape: [length, dim] });
  const right = tf.input({ shape: [length, dim] });
  const encode = tf.sequential({
    layers: [
      tf.layers.dense({ units: 8, activation: 'relu', inputShape: [length, dim] }),
      tf.layers.dense({ units: 5 }),
    ],
  });
  const a = encode.apply(left);
  const b = encode.apply(right);
  const scores = new Lambda({
    fn: ([x, y]) => tf.softmax(tf.matMul(x, y, false, true)),
    outputShape: ([s]) => [s[0], s[1], s[1]],
  }).apply([a, b]);
  const aligned = new Lambda({
    fn: (xs) => tf.matMul(xs[0], xs[1]),
    outputShape: (shapes) => [shapes[0][0], shapes[0][1], shapes[1][2]],
  }).apply([scores, b]);
  const joined = tf.layers.concatenate().apply([a, aligned]);
  const flat = tf.layers.flatten().apply(joined);
  const same = tf.layers.dense({ units: 1, activation: 'sigmoid', name: 'same' }).apply(flat);
  return tf.model({ inputs: [left, right], outputs: [same, scores] });
}
