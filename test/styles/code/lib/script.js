const tf = require('@tensorflow/tfjs');

class ScaledDotProduct extends tf.layers.Layer {
  static get className() {
    return 'ScaledDotProduct';
  }
  constructor() {
    super({});
  }
  computeOutputShape(inputShape) {
    return inputShape[0];
  }
  call(inputs, { training = false, mask }) {
    const [q, k, v] = inputs;
    const logits = tf.matMul(q, k, false, true).div(Math.sqrt(k.shape[2]));
    const w = tf.softmax(logits);
    const dropped = training ? tf.dropout(w, 0.1) : w;
    return tf.matMul(dropped, v);
  }
}
tf.serialization.registerClass(ScaledDotProduct);

async function main() {
  await tf.ready();
  const x = tf.randomNormal([2, 4, 6]);
  const layer = new ScaledDotProduct();
  const y = layer.apply([x, x, x]);
  y.print();
  const sum = y.sum();
  return (await sum.data())[0];
}

function demo(n) {
  const x = tf.randomNormal([n, 4, 6]);
  const layer = new ScaledDotProduct();
  const y = layer.apply([x, x, x]);
  return y;
}

if (require.main === module) main().catch(console.error);

module.exports = { ScaledDotProduct, main, demo };
