'use strict';
const tf = require('@tensorflow/tfjs');
const { causalMask, scaledDot: attend } = require('./math');
const utils = require('./utils.cjs');

function SelfAttention(opts) {
  opts = opts || {};
  this.dModel = opts.dModel || 16;
  this.numHeads = opts.numHeads || 2;
  this.causal = opts.causal !== undefined ? opts.causal : true;
  this.dHead = Math.floor(this.dModel / this.numHeads);
  this.wq = tf.variable(tf.randomNormal([this.dModel, this.dModel], 0, 0.02));
  this.wk = tf.variable(tf.randomNormal([this.dModel, this.dModel], 0, 0.02));
  this.wv = tf.variable(tf.randomNormal([this.dModel, this.dModel], 0, 0.02));
  this.wo = tf.variable(tf.randomNormal([this.dModel, this.dModel], 0, 0.02));
}

SelfAttention.prototype.forward = function (x) {
  var self = this;
  return tf.tidy(function () {
    var B = x.shape[0], T = x.shape[1], C = x.shape[2];
    var flat = x.reshape([B * T, C]);
    var heads = [self.wq, self.wk, self.wv].map(function (w) {
      return utils.toHeads(flat.matMul(w).reshape([B, T, C]), self.numHeads);
    });
    var mask = self.causal ? causalMask(T) : null;
    var y = attend(heads[0], heads[1], heads[2], mask);
    y = utils.fromHeads(y);
    return y.reshape([B * T, C]).matMul(self.wo).reshape([B, T, C]);
  });
};

module.exports = SelfAttention;
module.exports.SelfAttention = SelfAttention;
