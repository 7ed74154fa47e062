/** Layers of several inputs. Their broadcasting is not that of `tf.add`: an input of less axes is stretched after the batch axis. */
import type { TensorValue, Value } from '../../common/values';
import { asNumbers } from '../../common/values';
import { one, shapeOf } from './core';
import { type LayerCall, type LayerKind, Undecided } from './kind';

const RULE = { rule: 'layers' } as const;

/** Pair by pair, from the left. */
function folded(layer: LayerCall, name: string, inputs: readonly TensorValue[]): TensorValue {
  requireSeveral(layer, inputs);
  return inputs.slice(1).reduce((sum, next) => layer.step(name, [sum, next], RULE), one(inputs));
}

/** A merging layer throws on fewer than two inputs. */
function requireSeveral({ host, args }: LayerCall, inputs: readonly TensorValue[]): void {
  if (inputs.length < 2) host.report({ code: 'merge-inputs', severity: 'error', span: args.span, args: { api: args.api, count: inputs.length } });
}

const merge = (className: string, name: string): LayerKind => ({ className, call: (layer, inputs) => folded(layer, name, inputs) });

const average: LayerKind = {
  className: 'Average',
  call: (layer, inputs) => layer.step('mul', [layer.host.constant([], 'float32', [1 / Math.max(1, inputs.length)]), folded(layer, 'add', inputs)]),
};

const concatenate: LayerKind = {
  className: 'Concatenate',
  call: (layer, inputs) => {
    requireSeveral(layer, inputs);
    const known = inputs.find((input) => input.shape !== null)?.shape;
    if (known) for (const input of inputs) if (input.shape === null) layer.host.tellRank(input, known.length, 'exactly');
    return layer.step('concat', [...inputs], { axis: layer.number('axis', -1) });
  },
  callAlike: (layer, input, times) => {
    const rank = shapeOf(input).length;
    const axis = layer.number('axis', -1);
    const at = axis < 0 ? axis + rank : axis;
    return layer.step('tile', [input], { reps: Array.from({ length: rank }, (_, index) => (index === at ? { kind: 'size' as const, size: times } : 1)) });
  },
};

/** One axis for both, or one for each, counted from the front. */
function dotAxes(layer: LayerCall, inputs: readonly TensorValue[]): readonly number[] {
  const setting = layer.value('axes');
  const given = setting.kind === 'list' ? asNumbers(setting) : [layer.number('axes', -1), layer.number('axes', -1)];
  if (given === undefined) throw new Undecided('the axes are not known');
  return given.map((axis, index) => (axis < 0 ? axis + shapeOf(inputs[index] ?? one(inputs)).length : axis));
}

/** Matrices by batch: what tfjs's batchDot does for inputs of equal rank 2 or 3. */
function dot(layer: LayerCall, inputs: readonly TensorValue[]): Value {
  const [left, right] = inputs;
  if (left === undefined || right === undefined) throw new Undecided('the layer needs two tensors');
  const axes = dotAxes(layer, inputs);
  const [x, y] = layer.flag('normalize', false)
    ? inputs.map((input, index) => layer.step('l2Normalize', [input], { axis: axes[index] ?? -1, epsilon: 1e-12 }))
    : inputs;
  const ranks = [shapeOf(left).length, shapeOf(right).length];
  if (x === undefined || y === undefined || ranks[0] !== ranks[1]) throw new Undecided('no rule for `tf.layers.dot` of unequal ranks');
  if (ranks[0] === 2) return axes[0] === axes[1] ? layer.step('sum', [layer.step('mul', [x, y])], { axes: [axes[0] ?? 1], keepDims: true }) : unequal();
  return layer.step('matmul', [x, y], { transposeA: axes[0] !== 2, transposeB: axes[1] === 2 });
}

const unequal = (): never => {
  throw new Undecided('no rule for `tf.layers.dot` over different axes of matrices');
};

/** Merging layers, by factory. */
export const merging: Readonly<Record<string, LayerKind>> = {
  add: merge('Add', 'add'),
  multiply: merge('Multiply', 'mul'),
  maximum: merge('Maximum', 'maximum'),
  minimum: merge('Minimum', 'minimum'),
  average,
  concatenate,
  dot: { className: 'Dot', call: dot },
};
