/** `tf.image`, by name. */
import { asConstant, ONE } from '../../../dim/index';
import { flagged, oneOf, shaped } from '../../common/reading';
import { step, type Value } from '../../common/values';
import { type Bound, given, option, plain, tensor } from '../binder';
import { composed, type Line, type Lines, op, opaque, tellRank, unmodelled } from '../line';

/** It takes an image with or without its batch; where the rank is not known, the batch is there: also where the size is made of the image's own. */
const BATCHED = { least: 4 };

const resize = (method: 'bilinear' | 'nearest'): Line =>
  op('resize', [tensor('images', BATCHED), given('size', shaped), option('alignCorners', flagged, false), option('halfPixelCenters', flagged, false)], {
    method,
    dataFormat: 'channelsLast',
  });

/** The last axis of 1 is repeated three times. */
function grayscaleToRGB({ host, args, operands }: Bound): Value {
  const [image] = operands;
  tellRank(host, image, 2, 'at least');
  const last = image?.shape?.at(-1);
  if (image?.shape === null || image?.shape === undefined || last === undefined)
    return host.unknownTensor(image?.reason ?? 'the rank of the image is not known', operands);
  if (asConstant(last) !== 1) host.require('==', last, ONE, 'grayscale', { api: args.api }, args.span);
  return step(host, 'tile', operands, { reps: image.shape.map((_, axis) => (axis === (image.shape?.length ?? 0) - 1 ? 3 : 1)) }, args);
}

const BOXES = [tensor('boxes'), tensor('scores'), plain('maxOutputSize', false), plain('iouThreshold'), plain('scoreThreshold')] as const;

/** `tf.image`, by name. */
export const image: Lines = {
  resizeBilinear: resize('bilinear'),
  resizeNearestNeighbor: resize('nearest'),
  flipLeftRight: op('reverse', [tensor('image', { exactly: 4, dtype: 'float32' })], { axes: [2] }),
  grayscaleToRGB: composed([tensor('image')], grayscaleToRGB),
  rgbToGrayscale: unmodelled([tensor('image')]),
  rotateWithOffset: unmodelled([tensor('image'), plain('radians', false), plain('fillValue'), plain('center')]),
  cropAndResize: unmodelled([
    tensor('image'),
    tensor('boxes'),
    tensor('boxInd'),
    plain('cropSize', false),
    option('method', oneOf('bilinear', 'nearest'), 'bilinear', null),
    plain('extrapolationValue'),
  ]),
  transform: unmodelled([tensor('image'), tensor('transforms'), plain('interpolation'), plain('fillMode'), plain('fillValue'), plain('outputShape')]),
  threshold: unmodelled([tensor('image'), plain('method'), plain('inverted'), plain('threshValue')]),
  nonMaxSuppression: unmodelled([...BOXES], 'int32'),
  nonMaxSuppressionAsync: unmodelled([...BOXES], 'int32'),
  nonMaxSuppressionWithScore: opaque([...BOXES, plain('softNmsSigma')]),
  nonMaxSuppressionWithScoreAsync: opaque([...BOXES, plain('softNmsSigma')]),
  nonMaxSuppressionPadded: opaque([...BOXES, plain('padToMaxOutputSize')]),
  nonMaxSuppressionPaddedAsync: opaque([...BOXES, plain('padToMaxOutputSize')]),
};
