/**
 * The formulas of a survey of attention in vision, as they were written down, slips included. Each is underlined where its sizes
 * cannot meet, or meet only by chance. The rest of this gallery has the same mechanisms as their papers mean them.
 *
 * The survey writes feature maps as (b,c,w,h) and flattens them to (b,c,n), with n = w*h.
 */
import * as tf from '@tensorflow/tfjs';

/** A 1x1 convolution of (b,c,n), as many channels out as in. */
class Conv1x1 {
  private readonly kernel: tf.Variable<tf.Rank.R2>;

  constructor(channels: number) {
    this.kernel = tf.variable(tf.randomNormal([channels, channels]));
  }

  apply(x: tf.Tensor3D): tf.Tensor3D {
    return tf.matMul(this.kernel, x);
  }
}

const flatten = (x: tf.Tensor4D): tf.Tensor3D => {
  const [b, c, w, h] = x.shape;
  return x.reshape([b, c, w * h]);
};

/**
 * Self-attention. The survey: "attention-map = softmax(K(x)^T * V(x)) … the result is attention-map * Q(x)", with K, V and the
 * map as (B,C,N), (B,C,N) and (B,N,N).
 *
 * The map is made of Q and K and weights V; and a map of (B,N,N) does not multiply a (B,C,N) from the left.
 */
export class SelfAttention {
  private readonly q: Conv1x1;
  private readonly k: Conv1x1;
  private readonly v: Conv1x1;

  constructor(channels = 64) {
    this.q = new Conv1x1(channels);
    this.k = new Conv1x1(channels);
    this.v = new Conv1x1(channels);
  }

  apply(x: tf.Tensor4D): tf.Tensor {
    const tokens = flatten(x);
    const q = this.q.apply(tokens);
    const k = this.k.apply(tokens);
    const v = this.v.apply(tokens);
    const attentionMap = tf.softmax(tf.matMul(k, v, true, false));
    return tf.matMul(attentionMap, q);
  }
}

/**
 * DANet, position attention. The survey: "bc = bmm(b^T, c); (b,n,n)   s = softmax(bc)   attn_val = bmm(s, d); (b,c,n)".
 *
 * s is (b,n,n) and d is (b,c,n): bmm(d, s^T) was meant.
 */
export class DanetPosition {
  private readonly wb: Conv1x1;
  private readonly wc: Conv1x1;
  private readonly wd: Conv1x1;

  constructor(channels = 64) {
    this.wb = new Conv1x1(channels);
    this.wc = new Conv1x1(channels);
    this.wd = new Conv1x1(channels);
  }

  apply(x: tf.Tensor4D): tf.Tensor {
    const tokens = flatten(x);
    const b = this.wb.apply(tokens);
    const c = this.wc.apply(tokens);
    const d = this.wd.apply(tokens);
    const bc = tf.matMul(b, c, true, false);
    const s = tf.softmax(bc);
    const attnVal = tf.matMul(s, d);
    return attnVal.reshape(x.shape).add(x);
  }
}

/**
 * DANet, channel attention. The survey: "a = bmm(a, a^T); (b,c,c)   s = softmax(a)   attn_val = s*x; (b,c,n)".
 *
 * s is (b,c,c); a product element by element cannot make (b,c,n) of it: bmm(s, a) was meant.
 */
export function danetChannel(x: tf.Tensor4D): tf.Tensor {
  const a = flatten(x);
  const energy = tf.matMul(a, a, false, true);
  const s = tf.softmax(energy);
  const attnVal = tf.mul(s, a);
  return attnVal.reshape(x.shape).add(x);
}

/**
 * CBAM, channel attention. The survey: "avg = GlobalAvgPool(x); (b,c,1,1)   avg = MLP(avg); (b,c,1,1)", the MLP being fully
 * connected layers.
 *
 * A fully connected layer maps the last axis, which is 1 here: the pooled map has to be (b,c) first.
 */
export class CbamChannel {
  private readonly first: tf.Variable<tf.Rank.R2>;
  private readonly second: tf.Variable<tf.Rank.R2>;

  constructor(channels = 64, reduction = 16) {
    this.first = tf.variable(tf.randomNormal([channels, channels / reduction]));
    this.second = tf.variable(tf.randomNormal([channels / reduction, channels]));
  }

  apply(x: tf.Tensor4D): tf.Tensor {
    const avg = x.mean([2, 3], true);
    const max = x.max([2, 3], true);
    return tf.sigmoid(this.mlp(max).add(this.mlp(avg)));
  }

  private mlp(pooled: tf.Tensor): tf.Tensor {
    const hidden = tf.relu(tf.matMul(pooled, this.first));
    return tf.matMul(hidden, this.second);
  }
}

/**
 * SAGAN. The survey: "attn_map = softmax(bmm(f^T, g)); (b,n,n)   attn_value = h*attn_map; (b,c,n)".
 *
 * h is (b,c,n) and the map (b,n,n): bmm(h, attn_map) was meant.
 */
export class Sagan {
  private readonly wf: Conv1x1;
  private readonly wg: Conv1x1;
  private readonly wh: Conv1x1;

  constructor(channels = 64) {
    this.wf = new Conv1x1(channels);
    this.wg = new Conv1x1(channels);
    this.wh = new Conv1x1(channels);
  }

  apply(x: tf.Tensor4D): tf.Tensor {
    const tokens = flatten(x);
    const f = this.wf.apply(tokens);
    const g = this.wg.apply(tokens);
    const h = this.wh.apply(tokens);
    const attnMap = tf.softmax(tf.matMul(f, g, true, false));
    const attnValue = tf.mul(h, attnMap);
    return attnValue.reshape(x.shape);
  }
}

/**
 * SAGAN, its end. The survey: "out = attn_value*h   out = out*gama + x", with attn_value and h as (b,c,n).
 *
 * The values are weighted already, so `* h` is one product too many (its sizes are right); and out is (b,c,n) still, while x is
 * (b,c,w,h): it has to become a map again before x is added.
 */
export function saganResidual(x: tf.Tensor4D, attnValue: tf.Tensor3D, gama: tf.Scalar): tf.Tensor {
  const h = flatten(x);
  const out = attnValue.mul(h);
  return out.mul(gama).add(x);
}

/**
 * PVT, spatial reduction. The survey: "K' = Reshape(N/R, C·R)(K)   K = Linear(C·R, C)(K')", and the same for V.
 *
 * Its sizes are right wherever R divides N. But a plain reshape puts R neighbours of one row together, not a patch; and with
 * "[64,16,4,1]" for R, which counts the places of a patch, a linear map sized by the patch's side is too small.
 */
export class PvtSpatialReduction {
  private readonly query: tf.Variable<tf.Rank.R2>;
  private readonly linear: tf.Variable<tf.Rank.R2>;

  constructor(
    private readonly dim = 64,
    private readonly side = 8,
  ) {
    this.query = tf.variable(tf.randomNormal([dim, dim]));
    this.linear = tf.variable(tf.randomNormal([dim * side, dim]));
  }

  apply(x: tf.Tensor3D): tf.Tensor {
    const [b, n, c] = x.shape;
    const query = tf.matMul(x.reshape([b * n, c]), this.query).reshape([b, n, this.dim]);
    const places = this.side * this.side;
    const reduced = x.reshape([b * (n / places), c * places]);
    const keyValue = tf.matMul(reduced, this.linear).reshape([b, n / places, this.dim]);
    const attention = tf.softmax(tf.matMul(query, keyValue, false, true).div(Math.sqrt(this.dim)));
    return tf.matMul(attention, keyValue);
  }
}
