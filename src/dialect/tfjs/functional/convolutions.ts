/** Convolution and pooling. */
import { type Dim, multiply } from '../../../dim/index';
import { sizeOf } from '../../../ops/attributes';
import type { Attribute, Attributes } from '../../../ops/operator';
import { oneOf, perAxis, shaped, sized } from '../../common/reading';
import { type Host, step, type TensorValue, type Value } from '../../common/values';
import { type Bound, given, option, type Param, tensor } from '../binder';
import { composed, type Line, type Lines, tellRank } from '../line';
import { dataFormat, padding } from '../reading';

/** Explicit padding is given for all axes; the operator wants that of the spatial ones. */
function spatialPadding(value: Attribute, spatial: number, format: Attribute): Attribute {
  if (!Array.isArray(value)) return value;
  return format === 'channelsFirst' ? value.slice(-spatial) : value.slice(1, -1).slice(-spatial);
}

/** The operator takes an image with or without its batch; where the rank is not known, the batch is there. */
function tellBatched(host: Host, x: TensorValue, spatial: number): void {
  tellRank(host, x, spatial + 2, 'at least');
}

function convolve(name: string, spatial: number, more: Attributes = {}): (bound: Bound) => Value {
  return (bound) => {
    const rounding = bound.attribute('dimRoundingMode');
    if (rounding !== null && rounding !== 'floor') return bound.host.unknownTensor('no rule for dimRoundingMode', bound.operands);
    const format = bound.attributes['dataFormat'] ?? 'channelsLast';
    const attributes = { ...bound.attributes, ...more, dataFormat: format, padding: spatialPadding(bound.attributes['padding'] ?? 'valid', spatial, format) };
    tellBatched(bound.host, bound.tensor('x'), spatial);
    return step(bound.host, name, bound.operands, attributes, bound.args);
  };
}

/** tfjs's convolutions name the stride, the padding and the dilation differently by their number of axes. */
function convolution(name: string, spatial: number, stride: string, dilation: string, rounding = true): Line {
  const params: Param[] = [
    tensor('x', { least: spatial + 2 }),
    tensor('filter', { exactly: spatial + 2, dtype: 'float32' }),
    given(stride, perAxis(spatial), 'strides'),
    given('pad', padding, 'padding'),
    option('dataFormat', dataFormat, 'channelsLast'),
    option(
      dilation,
      perAxis(spatial),
      Array.from({ length: spatial }, () => 1),
      'dilations',
    ),
  ];
  if (rounding) params.push(option('dimRoundingMode', oneOf('floor', 'round', 'ceil'), undefined, null));
  return composed(params, convolve(name, spatial, { filterFormat: 'HWIO', groups: 1 }));
}

/** tfjs's functional transposed convolution is told the shape of its result, batch included. */
function transposed(spatial: number, rounding: boolean): Line {
  const params: Param[] = [
    tensor('x'),
    tensor('filter', { exactly: spatial + 2 }),
    given('outputShape', shaped),
    given('strides', perAxis(spatial)),
    given('pad', padding, 'padding'),
  ];
  if (rounding) params.push(option('dimRoundingMode', oneOf('floor', 'round', 'ceil'), undefined, null));
  const run = (bound: Bound): Value => {
    const shape = bound.attributes['outputShape'];
    const sizes = Array.isArray(shape) && shape.length === spatial + 1 ? [1, ...shape] : (shape ?? null);
    return convolve('convTranspose', spatial, { filterFormat: 'HWIO', outputShape: sizes })(bound);
  };
  return composed(params, run);
}

/** Depthwise, then pointwise: two steps. */
function separable(bound: Bound): Value {
  const { host, args, attributes } = bound;
  const [x, depthwise, pointwise] = [bound.tensor('x'), bound.tensor('depthwiseFilter'), bound.tensor('pointwiseFilter')];
  tellBatched(host, x, 2);
  const middle = step(host, 'depthwiseConv', [x, depthwise], { ...attributes, filterFormat: 'HWIO' }, args);
  return step(host, 'conv', [middle, pointwise], { ...POINTWISE, dataFormat: 'channelsLast', filterFormat: 'HWIO' }, args);
}

const POINTWISE: Attributes = { strides: [1, 1], padding: 'valid', dilations: [1, 1], groups: 1 };

function pool(name: string, spatial: number): (bound: Bound) => Value {
  return (bound) => {
    const rounding = bound.attribute('dimRoundingMode');
    if (rounding === 'round') return bound.host.unknownTensor('no rule for dimRoundingMode', bound.operands);
    const format = bound.attributes['dataFormat'] ?? 'channelsLast';
    const attributes = {
      dilations: Array.from({ length: spatial }, () => 1),
      ...bound.attributes,
      dataFormat: format,
      ceilMode: rounding === 'ceil',
      padding: spatialPadding(bound.attributes['padding'] ?? 'valid', spatial, format),
    };
    for (const x of bound.operands) tellBatched(bound.host, x, spatial);
    return step(bound.host, name, bound.operands, attributes, bound.args);
  };
}

const ROUNDING = option('dimRoundingMode', oneOf('floor', 'round', 'ceil'), undefined, null);

function pooling(name: string, spatial: number): Line {
  const params: Param[] = [
    tensor('x', { least: spatial + 2 }),
    given('filterSize', perAxis(spatial), 'window'),
    given('strides', perAxis(spatial)),
    given('pad', padding, 'padding'),
    ROUNDING,
  ];
  if (spatial === 3) params.push(option('dataFormat', dataFormat, 'channelsLast'));
  return composed(params, pool(name, spatial));
}

const anyPool: Line = composed(
  [
    tensor('input'),
    given('windowShape', perAxis(2), 'window'),
    given('poolingType', oneOf('avg', 'max'), null),
    given('pad', padding, 'padding'),
    option('dilations', perAxis(2), [1, 1]),
    option('strides', perAxis(2), [1, 1]),
    ROUNDING,
  ],
  (bound) => pool(bound.attribute('poolingType') === 'avg' ? 'avgPool' : 'maxPool', 2)(bound),
);

/** [b, h, w, c] with blocks of the channels laid out over height and width. */
function depthToSpace(bound: Bound): Value {
  const { host, args } = bound;
  const x = bound.tensor('x');
  const block = sizeOf(bound.attribute('blockSize'));
  const [b, h, w, c] = x.shape ?? [];
  if (bound.attribute('dataFormat') === 'channelsFirst' || b === undefined || h === undefined || w === undefined || c === undefined) {
    return host.unknownTensor(x.reason ?? `no rule for \`${args.api}\` on NCHW`, [x]);
  }
  const size = (value: Dim): Attribute => ({ kind: 'size', size: value });
  const parts = step(host, 'reshape', [x], { shape: [size(b), size(h), size(w), size(block), size(block), -1] }, args);
  const ordered = step(host, 'transpose', [parts], { perm: [0, 1, 3, 2, 4, 5] }, args);
  return step(host, 'reshape', [ordered], { shape: [size(b), size(multiply(h, block)), size(multiply(w, block)), -1] }, args);
}

/** Convolution and pooling, by name. */
export const convolutions: Lines = {
  conv1d: convolution('conv', 1, 'stride', 'dilation'),
  conv2d: convolution('conv', 2, 'strides', 'dilations'),
  conv3d: convolution('conv', 3, 'strides', 'dilations', false),
  depthwiseConv2d: convolution('depthwiseConv', 2, 'strides', 'dilations'),
  conv2dTranspose: transposed(2, true),
  conv3dTranspose: transposed(3, false),
  separableConv2d: composed(
    [
      tensor('x'),
      tensor('depthwiseFilter', { exactly: 4 }),
      tensor('pointwiseFilter', { exactly: 4 }),
      given('strides', perAxis(2)),
      given('pad', padding, 'padding'),
      option('dilation', perAxis(2), [1, 1], 'dilations'),
      option('dataFormat', dataFormat, 'channelsLast'),
    ],
    separable,
  ),
  maxPool: pooling('maxPool', 2),
  avgPool: pooling('avgPool', 2),
  maxPool3d: pooling('maxPool', 3),
  avgPool3d: pooling('avgPool', 3),
  pool: anyPool,
  depthToSpace: composed([tensor('x', { exactly: 4 }), given('blockSize', sized, null), option('dataFormat', dataFormat, 'channelsLast', null)], depthToSpace),
};
