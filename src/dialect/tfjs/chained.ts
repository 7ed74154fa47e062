/** The functions that tfjs also hangs on its tensors: `x.matMul(y)` is `tf.matMul(x, y)`. */
export const CHAINED: ReadonlySet<string> = new Set([
  'abs', 'acos', 'acosh', 'add', 'all', 'any', 'argMax', 'argMin', 'asin', 'asinh', 'atan', 'atan2', 'atanh', 'avgPool', 'batchToSpaceND', 'batchNorm', 'broadcastTo',
  'cast', 'ceil', 'clipByValue', 'clone', 'concat', 'conv1d', 'conv2dTranspose', 'conv2d', 'cos', 'cosh', 'cumprod', 'cumsum', 'depthToSpace', 'depthwiseConv2d',
  'dilation2d', 'divNoNan', 'div', 'dot', 'elu', 'equal', 'erf', 'euclideanNorm', 'exp', 'expandDims', 'expm1', 'fft', 'floor', 'floorDiv', 'gather', 'greaterEqual',
  'greater', 'ifft', 'irfft', 'isFinite', 'isInf', 'isNaN', 'leakyRelu', 'lessEqual', 'less', 'localResponseNormalization', 'logSigmoid', 'logSoftmax', 'logSumExp',
  'log', 'log1p', 'logicalAnd', 'logicalNot', 'logicalOr', 'logicalXor', 'matMul', 'maxPool', 'max', 'maximum', 'mean', 'min', 'minimum', 'mirrorPad', 'mod', 'mul',
  'neg', 'norm', 'notEqual', 'oneHot', 'onesLike', 'pad', 'pool', 'pow', 'prelu', 'prod', 'reciprocal', 'relu', 'relu6', 'reshape', 'reverse', 'rfft', 'round', 'rsqrt',
  'selu', 'separableConv2d', 'sigmoid', 'sign', 'sin', 'sinh', 'slice', 'softmax', 'softplus', 'spaceToBatchND', 'split', 'sqrt', 'square', 'squaredDifference',
  'squeeze', 'stack', 'step', 'stridedSlice', 'sub', 'sum', 'tan', 'tanh', 'tile', 'topk', 'transpose', 'unique', 'unsortedSegmentSum', 'unstack', 'where', 'zerosLike',
]);
