import * as tf from '@tensorflow/tfjs'

// Attention over the outputs of an LSTM, as Keras people write it
export function buildModel (timesteps, features, units = 8, classes = 3) {
  const input = tf.input({ shape: [timesteps, features] })
  const lstm = tf.layers.lstm({ units, returnSequences: true }).apply(input)
  let a = tf.layers.dense({ units: 1, activation: 'tanh' }).apply(lstm)
  a = tf.layers.flatten().apply(a)
  a = tf.layers.activation({ activation: 'softmax' }).apply(a)
  a = tf.layers.repeatVector({ n: units }).apply(a)
  a = tf.layers.permute({ dims: [2, 1] }).apply(a)
  const merged = tf.layers.multiply().apply([lstm, a])
  const rep = tf.layers.globalAveragePooling1d().apply(merged)
  const output = tf.layers.dense({ units: classes, activation: 'softmax' }).apply(rep)
  const model = tf.model({ inputs: input, outputs: output })
  model.compile({ optimizer: tf.train.adam(0.001), loss: 'categoricalCrossentropy', metrics: ['accuracy'] })
  return model
}

export function buildBidirectional (timesteps = 6, features = 4) {
  const model = tf.sequential()
  model.add(tf.layers.bidirectional({ layer: tf.layers.gru({ units: 5, returnSequences: true }), inputShape: [timesteps, features], mergeMode: 'concat' }))
  model.add(tf.layers.timeDistributed({ layer: tf.layers.dense({ units: 4 }) }))
  model.add(tf.layers.conv1d({ filters: 6, kernelSize: 3, padding: 'same' }))
  model.add(tf.layers.maxPooling1d({ poolSize: 2 }))
  model.add(tf.layers.flatten())
  model.add(tf.layers.dense({ units: 2 }))
  return model
}
