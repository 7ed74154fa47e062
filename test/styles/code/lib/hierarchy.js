import { Attention } from './hierarchyBase.js';
import * as tf from '@tensorflow/tfjs';
import { layers, util } from '@tensorflow/tfjs';

export class Luong extends Attention {
  scores(q, k) {
    return tf.matMul(q, k, false, true);
  }
}

export class General extends Attention {
  static className = 'General';
  build(shapes) {
    super.build(shapes);
    const [q, k] = shapes.map((s) => s[s.length - 1]);
    this.w = this.addWeight('w', [q, k], undefined, tf.initializers.glorotNormal({}));
  }
  scores(q, k) {
    const [b, t, d] = q.shape;
    const qw = tf.matMul(q.reshape([b * t, d]), this.w.read()).reshape([b, t, -1]);
    return super.scores(qw, k);
  }
}

export class Cosine extends Attention {
  static className = 'Cosine';
  scores(q, k) {
    const unit = (x) => x.div(tf.norm(x, 'euclidean', -1, true).add(1e-8));
    util.assert(q.shape[2] === k.shape[2], () => 'same sizes');
    return super.scores(unit(q), unit(k)).mul(this.temperature);
  }
}
