import { attendTwice } from './cycleB.mjs';
import * as tf from '@tensorflow/tfjs';

export const scale = (x, d) => x.mul(1 / Math.sqrt(d));
export function once(q, k, v) {
  const s = scale(q.matMul(k, false, true), q.shape[2]);
  return tf.softmax(s).matMul(v);
}
export const twice = (x) => attendTwice(x);
