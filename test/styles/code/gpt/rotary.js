import * as tf from "@tensorflow/tfjs";

// Precomputed frequencies, cached per (T, dim)
const cache = new Map();

export function ropeFrequencies(seqLen, dim, base = 10000) {
    const key = `${seqLen}:${dim}`;
    if (cache.has(key)) return cache.get(key);
    const half = dim / 2;
    const exponents = tf.range(0, half).div(half);
    const inv = tf.pow(tf.scalar(base), exponents.neg());
    const positions = tf.range(0, seqLen).expandDims(1);
    const angles = tf.matMul(positions, inv.expandDims(0));     // [T, D/2]
    const result = [tf.cos(angles), tf.sin(angles)];
    cache.set(key, result);
    return result;
}

export function applyRotary(x, [cos, sin]) {
    const d = x.shape.at(-1);
    const x1 = x.slice([0, 0, 0, 0], [-1, -1, -1, d / 2]);
    const x2 = x.slice([0, 0, 0, d / 2], [-1, -1, -1, d / 2]);
    const rotated1 = x1.mul(cos).sub(x2.mul(sin));
    const rotated2 = x1.mul(sin).add(x2.mul(cos));
    return tf.concat([rotated1, rotated2], -1);
}

export function rotaryAttention(q, k, v) {
    const freqs = ropeFrequencies(q.shape[2], q.shape[3]);
    const qr = applyRotary(q, freqs);
    const kr = applyRotary(k, freqs);
    const scores = tf.matMul(qr, kr, false, true).div(Math.sqrt(q.shape.at(-1)));
    return tf.matMul(tf.softmax(scores, -1), v);
}
