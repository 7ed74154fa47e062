import { Tensor, Tensor3D, Tensor4D, matMul, softmax, tidy, tile, layers, serialization, initializers } from '@tensorflow/tfjs';
import type * as tfTypes from '@tensorflow/tfjs';
type Shape = tfTypes.Shape;
type LayerVariable = tfTypes.LayerVariable;

export interface GroupedQueryArgs {
  embedDim: number;
  queryHeads?: number;
  kvHeads?: number;
  name?: string;
}

/** Grouped-query attention with rotary positions. */
export class GroupedQueryAttention extends layers.Layer {
  static readonly className = 'GroupedQueryAttention';
  private readonly embedDim: number;
  private readonly queryHeads: number;
  private readonly kvHeads: number;
  private wq!: LayerVariable;
  private wk!: LayerVariable;
  private wv!: LayerVariable;
  private wo!: LayerVariable;

  constructor(args: GroupedQueryArgs) {
    super(args as any);
    this.embedDim = args.embedDim;
    this.queryHeads = args.queryHeads ?? 4;
    this.kvHeads = args.kvHeads ?? this.queryHeads / 2;
  }

  private get headDim(): number {
    return this.embedDim / this.queryHeads;
  }

  override build(inputShape: Shape | Shape[]): void {
    const shape = (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as Shape;
    const inDim = shape[shape.length - 1] as number;
    const init = initializers.randomNormal({ mean: 0, stddev: 0.02 });
    this.wq = this.addWeight('wq', [inDim, this.queryHeads * this.headDim], 'float32', init);
    this.wk = this.addWeight('wk', [inDim, this.kvHeads * this.headDim], 'float32', init);
    this.wv = this.addWeight('wv', [inDim, this.kvHeads * this.headDim], 'float32', init);
    this.wo = this.addWeight('wo', [this.queryHeads * this.headDim, inDim], 'float32', init);
    super.build(inputShape);
  }

  private project(x: Tensor3D, w: LayerVariable, n: number): Tensor4D {
    const [b, t, c] = x.shape;
    const flat = x.reshape([b * t, c]);
    return flat.matMul(w.read() as any).reshape([b, t, n, this.headDim]).transpose([0, 2, 1, 3]) as Tensor4D;
  }

  private repeatKv(x: Tensor4D): Tensor4D {
    const repeats = this.queryHeads / this.kvHeads;
    if (repeats === 1) return x;
    const [b, h, t, d] = x.shape;
    const expanded = x.expandDims(2);
    const tiled = tile(expanded, [1, 1, repeats, 1, 1]);
    return tiled.reshape([b, h * repeats, t, d]);
  }

  override call(inputs: Tensor | Tensor[], kwargs: Record<string, any>): Tensor | Tensor[] {
    return tidy(() => {
      const x = (Array.isArray(inputs) ? inputs[0] : inputs) as Tensor3D;
      const [b, t] = x.shape;
      const q = this.project(x, this.wq, this.queryHeads);
      const k = this.repeatKv(this.project(x, this.wk, this.kvHeads));
      const v = this.repeatKv(this.project(x, this.wv, this.kvHeads));
      const scores = matMul(q, k, false, true).div(Math.sqrt(this.headDim));
      const probs = softmax(scores);
      const context = matMul(probs, v);
      const merged = context.transpose([0, 2, 1, 3]).reshape([b * t, this.queryHeads * this.headDim]);
      const out = merged.matMul(this.wo.read() as any);
      return out.reshape([b, t, -1]);
    });
  }

  override computeOutputShape(inputShape: Shape): Shape {
    return inputShape;
  }
}
serialization.registerClass(GroupedQueryAttention);
