import * as tf from '@tensorflow/tfjs';
import kit from './toolkit.mjs';
import { twice } from './cycleA.mjs';

export function block(x) {
  const n = kit.layerNorm(x);
  const a = kit.attention(n, n, n);
  const r = twice(x.add(a));
  return tf.layers.activation({ activation: 'tanh' }).apply(r);
}
