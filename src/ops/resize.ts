/** Resizing of spatial axes, in both layouts. */
import { applyReal, asConstant, constant, type Dim, numberOfReal, type Real, realOf, sizeOfReal, UNKNOWN } from '../dim/index';
import { isReal, listOf, readFlag, readText, sizeOf } from './attributes';
import { heldAs } from './dtypes';
import { alongAxis, casted, operand, tidied } from './kernels';
import { imagesKept } from './layouts';
import type { Attribute, Attributes, BoundAttributes, DType, Operator, RuleContext, ShapeResult, Tensor, TensorType, Tfjs } from './operator';
import { resample } from './resampling';
import { failure, result, sizeAt, tensorType } from './rules';
import { type Layout, layoutOf, withSpatial } from './windows';

/** The new size of the spatial axis number `at`. */
type SizeRule = (size: Dim, asked: Attribute | undefined) => Dim;

/** Spatial axes: as many as sizes are asked for; a single one leaves it to the operand's rank. */
const spatialRank = (rank: number, asked: Attribute | undefined): number => (Array.isArray(asked) ? listOf(asked).length : rank - 2);

function newSizes(x: TensorType, layout: Layout, asked: Attribute | undefined, rule: SizeRule): Dim[] {
  const given = listOf(asked);
  return layout.spatial.map((axis, at) => rule(sizeAt(x.shape, axis), given[given.length === 1 ? 0 : at]));
}

/** tfjs interpolates into float32; other runtimes keep the type, and so does choosing the nearest. */
function dtypeOf(x: TensorType, attributes: Attributes, { runtime }: RuleContext): DType {
  return runtime === 'tfjs' && readText(attributes, 'method') === 'bilinear' ? 'float32' : x.dtype;
}

function resizeShape(name: string, setting: string, rule: SizeRule, [x]: readonly TensorType[], attributes: Attributes, context: RuleContext): ShapeResult {
  if (x === undefined) return failure([], 'argument', { operator: name, reason: 'an operand is missing' });
  const spatial = spatialRank(x.shape.length, attributes[setting]);
  const layout = spatial >= 1 ? layoutOf(x.shape.length, spatial, attributes) : undefined;
  const dtype = dtypeOf(x, attributes, context);
  if (layout === undefined)
    return failure([tensorType(x.shape, dtype)], 'rank', { operator: name, least: spatial + 1, most: spatial + 2, rank: x.shape.length }, [{ input: 0 }]);
  const shape = withSpatial(x.shape, layout, sizeAt(x.shape, layout.channel), newSizes(x, layout, attributes[setting], rule));
  const nearestTruth = context.runtime === 'tfjs' && readText(attributes, 'method') === 'nearest' && x.dtype === 'bool';
  return nearestTruth ? failure([tensorType(shape, dtype)], 'dtype', { operator: name, expected: 'float32', dtype: x.dtype }) : result(shape, dtype);
}

/** Both methods treat each axis by itself: one axis of three, the others folded beside it. */
function resizeAxis(tf: Tfjs, x: Tensor, axis: number, size: number, attributes: BoundAttributes): Tensor {
  const [align, half] = [readFlag(attributes, 'alignCorners'), readFlag(attributes, 'halfPixelCenters')];
  const run = readText(attributes, 'method') === 'nearest' ? tf.image.resizeNearestNeighbor : tf.image.resizeBilinear;
  return alongAxis(tf, x, axis, (folded) => tf.squeeze(run(tf.expandDims(folded, 2) as never, [size, 1], align, half), [2]));
}

function resizer(name: string, setting: string, doc: string, rule: SizeRule): Operator {
  return {
    name,
    autocast: 'float32',
    strides: imagesKept,
    doc,
    shape: (inputs, attributes, context) => resizeShape(name, setting, rule, inputs, attributes, context),
    kernel: tidied((tf, inputs, attributes, { runtime }) => {
      const x = operand(inputs, 0);
      const layout = layoutOf(x.rank, spatialRank(x.rank, attributes[setting]), attributes);
      if (layout === undefined) throw new Error(`${name}: an operand of rank ${x.rank}`);
      const type: TensorType = { shape: x.shape.map(constant), dtype: heldAs(x.dtype) };
      const sizes = newSizes(type, layout, attributes[setting], rule).map((size) => asConstant(size) ?? Number.NaN);
      if (runtime === 'torch')
        return casted(
          tf,
          layout.spatial.reduce((part, axis, at) => resample(tf, part, axis, at, sizes[at] ?? 1, attributes), tf.clone(x)),
          x.dtype,
        );
      return layout.spatial.reduce((part, axis, at) => resizeAxis(tf, part, axis, sizes[at] ?? 1, attributes), x);
    }),
  };
}

const asReal = (value: Attribute | undefined): Real | undefined => (typeof value === 'number' ? realOf(value) : isReal(value) ? value : undefined);

/** floor(n · factor), exact where the factor is a size. */
function scaled(size: Dim, factor: Attribute | undefined): Dim {
  const real = asReal(factor);
  if (real === undefined) return UNKNOWN;
  const product = applyReal('floor', applyReal('mul', realOf(size), real));
  const whole = numberOfReal(product);
  return sizeOfReal(product) ?? (whole === undefined ? UNKNOWN : constant(whole));
}

/** The family, by name. */
export const resizing = {
  resize: resizer(
    'resize',
    'size',
    'Resizes to the sizes asked for. js.tensorflow.org/api/latest/#image.resizeBilinear, torch.nn.functional.interpolate.',
    (size, asked) => (asked === null || asked === undefined ? size : sizeOf(asked)),
  ),
  upsample: resizer('upsample', 'factors', 'Resizes by factors. js.tensorflow.org/api/latest/#layers.upSampling2d, torch.nn.Upsample.', scaled),
} satisfies Record<string, Operator>;
