import * as tf from '@tensorflow/tfjs';

interface Projection {
  readonly weight: tf.Variable;
  readonly bias?: tf.Variable;
}

const projection = (inDim: number, outDim: number, useBias = true): Projection => ({
  weight: tf.variable(tf.randomUniform([inDim, outDim], -0.1, 0.1)),
  ...(useBias && { bias: tf.variable(tf.zeros([outDim])) }),
});

const project = (x: tf.Tensor, p: Projection): tf.Tensor => {
  const lead = x.shape.slice(0, -1);
  const last = x.shape[x.shape.length - 1]!;
  const y = tf.matMul(x.reshape([-1, last]) as tf.Tensor2D, p.weight as tf.Tensor2D);
  const z = p.bias ? y.add(p.bias) : y;
  return z.reshape([...lead, p.weight.shape[1]!]);
};

export const crossAttend = (dimQ: number, dimKV: number, dim: number, heads: number) => {
  const wq = projection(dimQ, dim, false);
  const wk = projection(dimKV, dim, false);
  const wv = projection(dimKV, dim, false);
  const wo = projection(dim, dimQ);
  const split = (x: tf.Tensor) => {
    const [b, n, c] = x.shape as number[];
    return x.reshape([b!, n!, heads, c! / heads]).transpose([0, 2, 1, 3]);
  };
  return (latents: tf.Tensor, context: tf.Tensor): tf.Tensor => {
    const q = split(project(latents, wq));
    const k = split(project(context, wk));
    const v = split(project(context, wv));
    const sim = tf.matMul(q, k, false, true).mul((dim / heads) ** -0.5);
    const attn = sim.softmax();
    const out = attn.matMul(v).transpose([0, 2, 1, 3]);
    const [b, n] = out.shape as number[];
    return project(out.reshape([b!, n!, dim]), wo);
  };
};

export function createPerceiver({ inputDim, latentDim = 8, numLatents = 5, heads = 2, depth = 2 }: { inputDim: number; latentDim?: number; numLatents?: number; heads?: number; depth?: number }) {
  const latentArray = tf.variable(tf.randomNormal([numLatents, latentDim]));
  const blocks = Array.from({ length: depth }, () => ({
    cross: crossAttend(latentDim, inputDim, 12, heads),
    self: crossAttend(latentDim, latentDim, latentDim, heads),
  }));
  return {
    forward(data: tf.Tensor3D): tf.Tensor {
      const batch = data.shape[0];
      let latents: tf.Tensor = latentArray.expandDims(0).tile([batch, 1, 1]);
      for (const { cross, self } of blocks) {
        latents = latents.add(cross(latents, data));
        latents = latents.add(self(latents, latents));
      }
      return latents.mean(1);
    },
  };
}
