export function splitHeads(x, heads) {
  const [batch, time, dim] = x.shape;
  return x.reshape([batch, time, heads, dim / heads]).transpose([0, 2, 1, 3]);
}

export const mergeHeads = (x) => {
  const [b, h, t, d] = x.shape
  return x.transpose([0, 2, 1, 3]).reshape([b, t, h * d])
}
