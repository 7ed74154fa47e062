import * as tf from '@tensorflow/tfjs';

export class MAB {
  constructor(dimQ, dimK, dimV, numHeads, { ln = false } = {}) {
    Object.assign(this, { dimV, numHeads, ln });
    this.fcQ = new Dense(dimQ, dimV);
    this.fcK = new Dense(dimK, dimV);
    this.fcV = new Dense(dimK, dimV);
    this.fcO = new Dense(dimV, dimV);
  }

  forward(Q, K) {
    Q = this.fcQ.forward(Q);
    const [Kp, V] = [this.fcK.forward(K), this.fcV.forward(K)];
    const dimSplit = this.dimV / this.numHeads;
    const parts = Array(this.numHeads).fill(dimSplit);
    const Q_ = tf.concat(tf.split(Q, this.numHeads, 2), 0);
    const K_ = tf.concat(tf.split(Kp, parts, 2), 0);
    const V_ = tf.concat(V.split(this.numHeads, 2), 0);
    const A = tf.softmax(tf.matMul(Q_, K_, false, true).div(Math.sqrt(this.dimV)), 2);
    let O = tf.concat(tf.split(Q_.add(A.matMul(V_)), this.numHeads, 0), 2);
    O = this.ln ? normalize(O) : O;
    O = O.add(tf.relu(this.fcO.forward(O)));
    return this.ln ? normalize(O) : O;
  }
}

function normalize(x) {
  const { mean, variance } = tf.moments(x, [x.rank - 1], true);
  return tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5)));
}

class Dense {
  constructor(i, o) {
    this.w = tf.variable(tf.randomNormal([i, o]));
    this.b = tf.variable(tf.zeros([o]));
  }
  forward(x) {
    const [b, n, c] = x.shape;
    return x.reshape([b * n, c]).matMul(this.w).add(this.b).reshape([b, n, this.w.shape[1]]);
  }
}

export class ISAB {
  constructor(dimIn, dimOut, numHeads, numInds, options) {
    this.I = tf.variable(tf.randomNormal([1, numInds, dimOut]));
    this.mab0 = new MAB(dimOut, dimIn, dimOut, numHeads, options);
    this.mab1 = new MAB(dimIn, dimOut, dimOut, numHeads, options);
  }
  forward(X) {
    const I = tf.tile(this.I, [X.shape[0], 1, 1]);
    const H = this.mab0.forward(I, X);
    return this.mab1.forward(X, H);
  }
}

export class PMA extends MAB {
  constructor(dim, heads, seeds) {
    super(dim, dim, dim, heads);
    this.S = tf.variable(tf.randomNormal([1, seeds, dim]));
  }
  forward(X) {
    const S = this.S.tile([X.shape[0], 1, 1]);
    return super.forward(S, X);
  }
}
