import * as tf from '@tensorflow/tfjs';

export const squash = (s, axis = -1) => {
  const norm2 = s.square().sum(axis, true);
  const scale = norm2.div(norm2.add(1)).div(norm2.add(1e-7).sqrt());
  return scale.mul(s);
};

/** Routing by agreement over uHat [b, in, out, d]. */
export async function route(uHat, iterations = 3) {
  await tf.ready();
  const [batch, numIn, numOut] = uHat.shape;
  let logits = tf.zeros([batch, numIn, numOut, 1]);
  let v;
  for (let r = 0; r < iterations; r++) {
    const c = tf.softmax(logits.transpose([0, 1, 3, 2])).transpose([0, 1, 3, 2]);
    const s = c.mul(uHat).sum(1, true);
    v = squash(s);
    if (r < iterations - 1) {
      const agreement = uHat.mul(v).sum(-1, true);
      logits = logits.add(agreement);
    }
  }
  return v.squeeze([1]);
}

/** End-to-end memory network, several hops. */
export function memoryNetwork(story, query, { embedA, embedC, hops = 2 }) {
  const m = tf.gather(embedA, story).sum(2);
  const c = tf.gather(embedC, story).sum(2);
  let u = tf.gather(embedA, query).sum(1);
  const maps = [];
  for (let hop = 1; hop <= hops; hop++) {
    const p = tf.softmax(m.mul(u.expandDims(1)).sum(2));
    maps.push(p);
    const o = tf.sum(c.mul(p.expandDims(2)), 1);
    u = tf.add(u, o);
  }
  return { u, attention: tf.stack(maps, 1) };
}
