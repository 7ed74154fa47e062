/** The CPU back end with the ranks that WebGL's kernels take, as their sources state them: a kernel that goes beyond throws as it would there. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';

/** What has its own limit. */
const LIMITS: { readonly [name: string]: number } = { where: 4, reverse: 4, tile: 5, broadcastTo: 5, pad: 4, mirrorPad: 4, cumsum: 4, cumprod: 4 };
/** What samples each value at its own coordinates. */
const SHADER = 6;
/** What works on another shape than that of its operands, or runs no shader of theirs. */
const ANY_RANK = new Set([
  'reshape',
  'expandDims',
  'squeeze',
  'clone',
  'matMul',
  'gather',
  'gatherND',
  'scatterND',
  'tensorScatterUpdate',
  'oneHot',
  'dispose',
  'keep',
  'tensor',
  'zerosLike',
  'onesLike',
]);

/** tfjs whose calls throw at a rank above their limit. */
export function limited(limitOf: (name: string) => number): typeof tf {
  return new Proxy(tf, {
    get(target, name: string) {
      const call = Reflect.get(target, name);
      if (typeof call !== 'function' || !/^[a-z]/.test(name)) return call;
      const limit = limitOf(name);
      return (...args: unknown[]) => {
        for (const arg of args.flat()) if (arg instanceof tf.Tensor && arg.rank > limit) throw new Error(`${name} of rank ${arg.rank}`);
        return (call as (...args: unknown[]) => unknown)(...args);
      };
    },
  });
}

/** As WebGL would have it. */
export const webglLimited = limited((name) => (ANY_RANK.has(name) ? Number.POSITIVE_INFINITY : (LIMITS[name] ?? SHADER)));

export { tf };
