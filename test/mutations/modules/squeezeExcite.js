const tf = require('@tensorflow/tfjs');

function convBlock(x, filters, name) {
  const conv = tf.layers.conv2d({ filters, kernelSize: 3, padding: 'same', useBias: false, name: `${name}_conv` }).apply(x);
  return tf.layers.activation({ activation: 'relu' }).apply(conv);
}

/** Squeeze-and-excitation on a residual branch, as a functional model. */
function seResidual({ height = 10, width = 14, channels = 24, ratio = 4 } = {}) {
  const image = tf.input({ shape: [height, width, channels] });
  const y = convBlock(image, channels, 'a');

  const squeezed = tf.layers.globalAveragePooling2d({}).apply(y);
  const hidden = tf.layers.dense({ units: Math.floor(channels / ratio), activation: 'relu' }).apply(squeezed);
  const gates = tf.layers.dense({ units: channels, activation: 'sigmoid' }).apply(hidden);
  const shaped = tf.layers.reshape({ targetShape: [1, 1, channels] }).apply(gates);
  const scaled = tf.layers.multiply().apply([y, shaped]);

  const joined = tf.layers.add().apply([image, scaled]);
  const both = tf.layers.concatenate({ axis: -1 }).apply([joined, y]);
  const out = tf.layers.conv2d({ filters: channels, kernelSize: 1 }).apply(both);
  return tf.model({ inputs: image, outputs: out });
}

module.exports.seResidual = seResidual;
