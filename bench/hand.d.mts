import type * as tf from '@tensorflow/tfjs';

export declare class SaganAttention {
  constructor(channels?: number);
  apply(x: tf.Tensor4D): tf.Tensor4D;
}

export declare class SelfAttention extends tf.layers.Layer {
  constructor(config: { readonly units: number; readonly heads?: number });
}
