/** Functions without a rule, so that their results say so by name. */
import { maybeTensor, plain, tensor, tensors } from '../binder';
import { type Lines, opaque, unmodelled } from '../line';

/** Recurrent cells, dilation, and the like. */
export const others: Lines = {
  basicLSTMCell: opaque([tensor('forgetBias'), tensor('lstmKernel'), tensor('lstmBias'), tensor('data'), tensor('c'), tensor('h')]),
  multiRNNCell: opaque([plain('lstmCells', false), tensor('data'), tensors('c'), tensors('h')]),
  dilation2d: unmodelled([tensor('x'), tensor('filter'), plain('strides', false), plain('pad', false), plain('dilations'), plain('dataFormat')]),
  maxPoolWithArgmax: opaque([tensor('x'), plain('filterSize', false), plain('strides', false), plain('pad', false), plain('includeBatchInIndex')]),
  fft: unmodelled([tensor('input')], 'complex64'),
  ifft: unmodelled([tensor('input')], 'complex64'),
  rfft: unmodelled([tensor('input'), plain('fftLength')], 'complex64'),
  irfft: unmodelled([tensor('input')]),
  inTopKAsync: unmodelled([tensor('predictions'), tensor('targets'), plain('k')]),
};

/** `tf.spectral`, by name. */
export const spectral: Lines = { fft: others['fft'], ifft: others['ifft'], rfft: others['rfft'], irfft: others['irfft'] } as Lines;

/** `tf.sparse`, by name. */
export const sparse: Lines = {
  sparseFillEmptyRows: opaque([tensor('indices'), tensor('values'), tensor('denseShape'), plain('defaultValue', false)]),
  sparseReshape: opaque([tensor('inputIndices'), tensor('inputShape'), tensor('newShape')]),
  sparseSegmentMean: unmodelled([tensor('data'), tensor('indices'), tensor('segmentIds')]),
  sparseSegmentSum: unmodelled([tensor('data'), tensor('indices'), tensor('segmentIds')]),
};

/** `tf.math`, by name. */
export const math: Lines = { confusionMatrix: unmodelled([tensor('labels'), tensor('predictions'), plain('numClasses', false)], 'int32') };

/** `tf.browser`, by name. */
export const browser: Lines = {
  fromPixels: unmodelled([plain('pixels', false), plain('numChannels')], 'int32'),
  fromPixelsAsync: unmodelled([plain('pixels', false), plain('numChannels')], 'int32'),
  toPixels: opaque([maybeTensor('img'), plain('canvas')]),
  draw: opaque([maybeTensor('image'), plain('canvas'), plain('options')]),
};
