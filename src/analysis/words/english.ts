/** The words of every problem, in English. One entry a code; `code.kind` where one code has several sorts. */
export type WordArgs = { readonly [name: string]: string | number };
export type Catalogue = { readonly [key: string]: (args: WordArgs) => string };

/** `a` against `b`: what both operands' shapes are. */
const operands = (a: WordArgs): string => `${a.leftShape} and ${a.rightShape}`;
const coincidence = (a: WordArgs): string => `runs only when ${a.left} equals ${a.right}`;

export const ENGLISH: Catalogue = {
  'matmul-mismatch.equal': (a) => `\`${a.api}\` of ${operands(a)}: the sizes to be contracted differ, ${a.left} and ${a.right}`,
  'matmul-mismatch.equal.coincidence': (a) => `\`${a.api}\` of ${operands(a)} ${coincidence(a)}: these sizes are contracted`,
  'batch-mismatch.equal': (a) => `\`${a.api}\` of ${operands(a)}: the batch sizes differ, ${a.left} and ${a.right}`,
  'batch-mismatch.equal.coincidence': (a) => `\`${a.api}\` of ${operands(a)} ${coincidence(a)}: these are batch sizes`,
  'broadcast-mismatch.equal': (a) => `\`${a.api}\` of ${operands(a)}: the shapes do not broadcast, ${a.left} against ${a.right}`,
  'broadcast-mismatch.equal.coincidence': (a) => `\`${a.api}\` of ${operands(a)} ${coincidence(a)}: these axes meet in the broadcast`,
  'reshape-mismatch.equal': (a) => `\`${a.api}\` of ${a.leftShape}${a.target ? ` to ${a.target}` : ''}: the number of elements differs, ${a.left} and ${a.right}`,
  'reshape-mismatch.equal.coincidence': (a) => `\`${a.api}\` of ${a.leftShape}${a.target ? ` to ${a.target}` : ''} ${coincidence(a)}`,
  'reshape-mismatch.divides': (a) => `\`${a.api}\` of ${a.leftShape}${a.target ? ` to ${a.target}` : ''}: ${a.right} elements do not divide by ${a.left}`,
  'reshape-mismatch.rule': (a) => `\`${a.api}\` of ${a.shapes}${a.target ? ` to ${a.target}` : ''}: ${reason(a)}`,
  'channels-mismatch.equal': (a) => `\`${a.api}\` of ${a.leftShape}: it has ${a.left} channels, the filter ${a.rightShape} wants ${a.right}`,
  'channels-mismatch.equal.coincidence': (a) => `\`${a.api}\` of ${a.leftShape} with the filter ${a.rightShape} ${coincidence(a)}: these are channels`,
  'features-mismatch.equal': (a) => `\`${a.api}\` of ${a.leftShape}: it has ${a.left} features, the weights ${a.rightShape} want ${a.right}`,
  'features-mismatch.equal.coincidence': (a) => `\`${a.api}\` of ${a.leftShape} with the weights ${a.rightShape} ${coincidence(a)}: these are features`,
  'concat-mismatch.equal': (a) => `\`${a.api}\` of ${operands(a)}: sizes differ on an axis that is not joined, ${a.left} and ${a.right}`,
  'concat-mismatch.equal.coincidence': (a) => `\`${a.api}\` of ${operands(a)} ${coincidence(a)}: this axis is not joined`,
  'stack-mismatch.equal': (a) => `\`${a.api}\` of ${operands(a)}: stacked tensors have one shape, but ${a.left} differs from ${a.right}`,
  'stack-mismatch.equal.coincidence': (a) => `\`${a.api}\` of ${operands(a)} ${coincidence(a)}: stacked tensors have one shape`,
  'split-mismatch.equal': (a) => `\`${a.api}\` of ${a.leftShape}: the parts add up to ${a.right}, the axis has ${a.left}`,
  'split-mismatch.equal.coincidence': (a) => `\`${a.api}\` of ${a.leftShape} ${coincidence(a)}: the parts and the axis`,
  'split-mismatch.divides': (a) => `\`${a.api}\` of ${a.leftShape}: ${a.right} does not divide into ${a.left} equal parts`,
  'slice-out-of-range.atMost': (a) => `\`${a.api}\` of ${a.leftShape}: it reaches to ${a.left}, the axis ends at ${a.right}`,
  'window-too-large.atMost': (a) => `\`${a.api}\` of ${a.leftShape}: a window of ${a.left} does not fit into ${a.right}`,
  'groups-mismatch.divides': (a) => `\`${a.api}\` of ${a.leftShape}: ${a.right} channels do not divide into ${a.left} groups`,
  'groups-mismatch.equal': (a) => `\`${a.api}\` of ${operands(a)}: the groups do not match, ${a.left} and ${a.right}`,
  'groups-mismatch.equal.coincidence': (a) => `\`${a.api}\` of ${operands(a)} ${coincidence(a)}: groups`,
  'einsum-mismatch.equal': (a) => `\`${a.api}\` of ${operands(a)}: one letter stands for two sizes, ${a.left} and ${a.right}`,
  'einsum-mismatch.equal.coincidence': (a) => `\`${a.api}\` of ${operands(a)} ${coincidence(a)}: one letter stands for both`,
  'index-mismatch.equal': (a) => `\`${a.api}\` of ${operands(a)}: the indices do not fit, ${a.left} and ${a.right}`,
  'index-mismatch.equal.coincidence': (a) => `\`${a.api}\` of ${operands(a)} ${coincidence(a)}: indices`,
  'index-mismatch.atMost': (a) => `\`${a.api}\` of ${a.leftShape}: index ${a.left} is beyond ${a.right}`,
  'shape-mismatch.equal': (a) => `\`${a.api}\` of ${operands(a)}: the sizes differ, ${a.left} and ${a.right}`,
  'shape-mismatch.equal.coincidence': (a) => `\`${a.api}\` of ${operands(a)} ${coincidence(a)}`,
  'rank-mismatch.rule': (a) => `\`${a.api}\` of ${a.shapes}: ${reason(a)}`,
  'axis-out-of-range.rule': (a) => `\`${a.api}\` of ${a.shapes}: axis ${a.axis ?? '?'} is outside ${a.rank ?? '?'} axes`,
  'permutation-mismatch.rule': (a) => `\`${a.api}\` of ${a.shapes}: ${reason(a)}`,
  'bad-argument.rule': (a) => `\`${a.api}\` of ${a.shapes}: ${reason(a)}`,
  'dtype-mismatch.rule': (a) => `\`${a.api}\` of ${a.shapes}: ${a.dtype ? `${a.dtype} is given, ${a.expected} is wanted` : reason(a)}`,
  'einsum-mismatch.rule': (a) => `\`${a.api}\` of ${a.shapes}: ${reason(a)}`,
  'empty-shape.rule': (a) => `\`${a.api}\` of ${a.shapes}: ${reason(a)}`,
  'unpack-mismatch': (a) => `${a.wanted} names take apart a shape of ${a.count}: ${a.shape}`,
  'unused-result': (a) => `the result of \`${a.api}\` is dropped: it returns a new tensor and changes nothing`,
  'output-shape-claim': (a) => `\`computeOutputShape\` says ${a.right}, \`call\` gives ${a.left}`,
  'missing-argument': (a) => `\`${a.api}\` lacks its argument \`${a.name}\``,
  'argument-type': (a) => `\`${a.api}\` wants ${a.wants} for \`${a.name}\``,
  'layer-variable': (a) => `\`${a.api}\` is given a layer's variable for \`${a.name}\`: call its \`read()\``,
  'symbolic-tensor': (a) => `\`${a.api}\` is given a symbolic tensor for \`${a.name}\`: only layers apply to it`,
  'same-shape': (a) => `\`${a.api}\` wants equal shapes, and is given ${a.leftShape} and ${a.rightShape}: nothing broadcasts here`,
  'tensor-elements': (a) => `\`${a.api}\` of shape ${a.shape} is given values of shape ${a.values}: the number of elements differs`,
  grayscale: (a) => `\`${a.api}\` wants a last axis of 1, and is given ${a.left}`,
  'softmax-single': (a) => `\`${a.api}\` over an axis of 1 of ${a.shape}: every weight is 1`,
  'range-empty': (a) => `\`${a.api}\` without an end is empty: it takes a start and an end`,
  'merge-inputs': (a) => `\`${a.api}\` merges at least 2 tensors, and is given ${a.count}`,
  'layer-rank': (a) => `\`${a.api}\`: a ${a.layer} layer takes a tensor of rank ${a.wants}, and is given rank ${a.rank}`,
  activation: (a) => `\`${a.api}\`: tfjs has no activation \`${a.name}\``,
  'layer-class-name': (a) => `\`${a.name}\` has no static \`className\`, and is given no name: the constructor of tf.layers.Layer throws`,
  'defaults-break': (a) => `the defaults break what the code needs: ${a.need} (${a.values})`,
  needs: (a) => `needs ${a.needs}`,
  need: (a) => String(a.need),
  syntax: (a) => `not read: ${a.message}`,
  internal: (a) => `this file could not be analysed: ${a.message}`,
  'born-size': (a) => `${a.size} comes from here: \`${a.api}\` gives ${a.shape}`,
  'born-shape': (a) => `${a.shape} comes from here: \`${a.api}\``,
};

/** A rule's own reason, or its settings as they are. */
function reason(a: WordArgs): string {
  if (a.reason !== undefined) return String(a.reason);
  const shown = Object.entries(a).filter(([name]) => !['api', 'shapes', 'target', 'operator'].includes(name));
  return shown.map(([name, value]) => `${name} ${value}`).join(', ') || 'it cannot be applied';
}
