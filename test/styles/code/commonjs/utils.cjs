module.exports = {
  toHeads(x, h) {
    const [b, t, c] = x.shape;
    const y = x.reshape([b, t, h, c / h]);
    return y.transpose([0, 2, 1, 3]);
  },
  fromHeads: function (x) {
    const b = x.shape[0];
    const h = x.shape[1];
    const t = x.shape[2];
    const d = x.shape[3];
    const y = x.transpose([0, 2, 1, 3]);
    return y.reshape([b, t, h * d]);
  },
};
