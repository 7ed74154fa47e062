/** The words of every problem, in English. One entry a code; `code.kind` where one code has several sorts. */
export type WordArgs = { readonly [name: string]: string | number };
export type Catalogue = { readonly [key: string]: (args: WordArgs) => string };

/** Which call, on what. */
const of = (a: WordArgs): string => `\`${a.api}\` of ${a.leftShape}`;
const both = (a: WordArgs): string => `${of(a)}${a.rightShape ? ` and ${a.rightShape}` : ''}`;
const product = (a: WordArgs): string => `${of(a)} · ${a.rightShape}`;
const reshape = (a: WordArgs): string => `${of(a)}${a.target ? ` to ${a.target}` : ''}`;
const elements = (a: WordArgs): string => `the number of elements is ${a.from ?? a.left}, the target's ${a.to ?? a.right}`;
const patterned = (a: WordArgs): string => `${of(a)}${a.pattern ? `, "${a.pattern}"` : ''}`;
const ruled = (a: WordArgs): string => `\`${a.api}\`${a.shapes ? ` of ${a.shapes}` : ''}${a.target ? ` to ${a.target}` : ''}`;
/** What holds for some sizes only. */
const byChance = (a: WordArgs): string => `so it runs only where ${a.left} happens to equal ${a.right}`;
/** Elements that a view does not find in its order. */
const moved = (a: WordArgs): string => `the elements do not lie in memory in that order${a.mover ? ` after \`${a.mover}\`` : ''}`;
const CONTIGUOUS = '`reshape` copies them, as `.contiguous()` before it does';
/** A product's operand that would fit the other way round. */
const turn = (a: WordArgs): string => (a.fits ? `; with the ${a.fits} operand transposed they would meet` : '');

export const ENGLISH: Catalogue = {
  'matmul-mismatch.equal': (a) => `${product(a)}: the inner sizes ${a.left} and ${a.right} differ${turn(a)}`,
  'matmul-mismatch.equal.coincidence': (a) => `${product(a)}: the inner sizes are ${a.left} and ${a.right}, ${byChance(a)}${turn(a)}`,
  'batch-mismatch.equal': (a) => `${product(a)}: the batch sizes ${a.left} and ${a.right} differ`,
  'batch-mismatch.equal.coincidence': (a) => `${product(a)}: the batch sizes are ${a.left} and ${a.right}, ${byChance(a)}`,
  'broadcast-mismatch.equal': (a) => `${both(a)}: ${a.left} and ${a.right} meet on one axis, and neither is 1`,
  'broadcast-mismatch.equal.coincidence': (a) => `${both(a)}: ${a.left} and ${a.right} meet on one axis, ${byChance(a)}`,
  'reshape-mismatch.equal': (a) => `${reshape(a)}: ${elements(a)}`,
  'reshape-mismatch.equal.coincidence': (a) => `${reshape(a)}: ${elements(a)}, ${byChance(a)}`,
  'reshape-mismatch.divides.coincidence': (a) => `${reshape(a)}: the number of elements, ${a.right}, hardly divides by ${a.left}`,
  'reshape-mismatch.divides': (a) => `${reshape(a)}: the number of elements, ${a.right}, does not divide by ${a.left}`,
  'reshape-mismatch.rule': (a) => `${ruled(a)}: ${reason(a)}`,
  'channels-mismatch.equal': (a) => `${of(a)}: the input has ${a.left} channels, the weights ${a.rightShape} take ${a.right}`,
  'channels-mismatch.equal.coincidence': (a) => `${of(a)}: the input has ${a.left} channels, the weights ${a.rightShape} take ${a.right}, ${byChance(a)}`,
  'features-mismatch.equal': (a) => `${of(a)}: the input has ${a.left} features, the weights ${a.rightShape} take ${a.right}`,
  'features-mismatch.equal.coincidence': (a) => `${of(a)}: the input has ${a.left} features, the weights ${a.rightShape} take ${a.right}, ${byChance(a)}`,
  'concat-mismatch.equal': (a) => `${both(a)}: ${a.left} and ${a.right} differ on an axis that is not joined`,
  'concat-mismatch.equal.coincidence': (a) => `${both(a)}: ${a.left} and ${a.right} meet on an axis that is not joined, ${byChance(a)}`,
  'stack-mismatch.equal': (a) => `${both(a)}: stacked tensors have one shape, but ${a.left} and ${a.right} differ`,
  'stack-mismatch.equal.coincidence': (a) => `${both(a)}: stacked tensors have one shape, ${byChance(a)}`,
  'split-mismatch.equal': (a) => `${of(a)}: the parts add up to ${a.left}, the axis has ${a.right}`,
  'split-mismatch.equal.coincidence': (a) => `${of(a)}: the parts add up to ${a.left}, the axis has ${a.right}, ${byChance(a)}`,
  'split-mismatch.divides': (a) => `${of(a)}: ${a.right} cannot be cut into ${a.left} equal parts`,
  'slice-out-of-range.atMost.coincidence': (a) => `${of(a)}: it reaches to ${a.left}, which ${a.right} has nothing to do with`,
  'slice-out-of-range.atMost': (a) => `${of(a)}: it reaches to ${a.left}, the axis ends at ${a.right}`,
  'window-too-large.atMost': (a) => `${of(a)}: a window of ${a.left} does not fit into ${a.right}`,
  'groups-mismatch.divides': (a) => `${of(a)}: ${a.right} channels cannot be shared by ${a.left} groups`,
  'groups-mismatch.equal': (a) => `${both(a)}: the groups do not match, ${a.left} and ${a.right}`,
  'groups-mismatch.equal.coincidence': (a) => `${both(a)}: the groups are ${a.left} and ${a.right}, ${byChance(a)}`,
  'einsum-mismatch.equal': (a) => `${both(a)}: one letter stands for ${a.left} and for ${a.right}`,
  'einsum-mismatch.equal.coincidence': (a) => `${both(a)}: one letter stands for ${a.left} and for ${a.right}, ${byChance(a)}`,
  'pattern-mismatch.equal': (a) => `${patterned(a)}: the pattern says ${a.right}, the axis has ${a.left}`,
  'pattern-mismatch.equal.coincidence': (a) => `${patterned(a)}: the pattern says ${a.right}, the axis has ${a.left}, ${byChance(a)}`,
  'pattern-mismatch.divides': (a) => `${patterned(a)}: an axis of ${a.right} does not divide by ${a.left}`,
  'pattern-mismatch.divides.coincidence': (a) => `${patterned(a)}: an axis of ${a.right} hardly divides by ${a.left}`,
  'index-mismatch.equal': (a) => `${both(a)}: the indices do not fit, ${a.left} and ${a.right}`,
  'index-mismatch.equal.coincidence': (a) => `${both(a)}: the indices fit only where ${a.left} happens to equal ${a.right}`,
  'index-mismatch.atMost': (a) => `${of(a)}: index ${a.left} is beyond ${a.right}`,
  'view-strides': (a) => `${ruled(a)}: ${moved(a)}; ${CONTIGUOUS}`,
  'view-strides.coincidence': (a) => `${ruled(a)}: ${moved(a)}, ${byChance(a)}; ${CONTIGUOUS}`,
  'shape-mismatch.equal': (a) => `${both(a)}: the sizes ${a.left} and ${a.right} differ`,
  'shape-mismatch.equal.coincidence': (a) => `${both(a)}: the sizes are ${a.left} and ${a.right}, ${byChance(a)}`,
  'rank-mismatch.rule': (a) => `${ruled(a)}: ${reason(a)}`,
  'axis-out-of-range.rule': (a) => `${ruled(a)}: there is no axis ${a.axis ?? '?'}, it has ${a.rank ?? '?'}`,
  'permutation-mismatch.rule': (a) => `${ruled(a)}: the permutation ${reason(a)}`,
  'bad-argument.rule': (a) => `${ruled(a)}: ${reason(a)}`,
  'dtype-mismatch.rule': (a) => `${ruled(a)}: ${a.dtype ? `${a.dtype} is given, ${a.expected} is wanted` : reason(a)}`,
  'einsum-mismatch.rule': (a) => `${ruled(a)}, "${a.equation}": ${reason(a)}`,
  'pattern-mismatch.rule': (a) => `${ruled(a)}${a.pattern ? `, "${a.pattern}"` : ''}: ${reason(a)}`,
  'empty-shape.rule': (a) => `${ruled(a)}: ${reason(a)}`,
  'undefined-size': (a) => `${a.shape} has no size at ${a.index}`,
  'unpack-mismatch': (a) => `${a.wanted} names take apart ${a.shape}, which has ${a.count}`,
  'unpack-count': (a) => `${a.wanted} names take apart a tensor of shape ${a.shape} along its first axis: ${a.left} is not ${a.right}`,
  assertion: (a) => `\`${a.test}\` never holds`,
  'unused-result': (a) => `the result of \`${a.api}\` is dropped: it returns a new tensor and changes nothing in place`,
  'output-shape-claim': (a) => `\`computeOutputShape\` says ${a.right}, but \`call\` gives ${a.left}`,
  'missing-argument': (a) => `\`${a.api}\` lacks its argument \`${a.name}\``,
  'unexpected-argument': (a) => `\`${a.api}\` takes no argument \`${a.name}\``,
  'repeated-argument': (a) => `\`${a.api}\` is given \`${a.name}\` twice`,
  'too-many-arguments': (a) => `\`${a.api}\` takes ${a.most} arguments by place, ${a.count} are given`,
  'in-place-shape': (a) => `\`${a.api}\` writes a result of ${a.rightShape} into a tensor of ${a.leftShape}`,
  'construct-divides': (a) => `\`${a.api}\`: ${a.right} is not divisible by ${a.left}`,
  'normalized-shape': (a) => `\`${a.api}\`: the last axis is ${a.left}, the normalized shape says ${a.right}`,
  'mask-shape': (a) => `\`${a.api}\`: \`${a.name}\` has ${a.left} where ${a.right} is wanted`,
  'attention-lengths': (a) => `\`${a.api}\`: keys and values do not go together, ${a.left} and ${a.right} differ`,
  'module-not-started': (a) => `\`${a.name}\` is set to a ${a.sort} before \`super().__init__()\` ran: torch raises an AttributeError`,
  'item-out-of-range': (a) => `there is no item ${a.index}: the container has ${a.count}`,
  'argument-type': (a) => `\`${a.api}\` wants ${a.wants} for \`${a.name}\``,
  'layer-variable': (a) => `\`${a.api}\` is given a layer's variable for \`${a.name}\`: call its \`read()\``,
  'symbolic-tensor': (a) => `\`${a.api}\` is given a symbolic tensor for \`${a.name}\`: only layers apply to it`,
  'same-shape': (a) => `\`${a.api}\` wants equal shapes, and is given ${a.leftShape} and ${a.rightShape}: nothing broadcasts here`,
  'tensor-elements': (a) => `\`${a.api}\` of shape ${a.shape} is given values of shape ${a.values}: the number of elements differs`,
  grayscale: (a) => `\`${a.api}\` wants a last axis of 1, and is given ${a.left}`,
  'softmax-single': (a) => `\`${a.api}\` of ${a.shape} runs over an axis of size 1: every weight is 1`,
  'range-empty': (a) => `\`${a.api}\` without an end is empty: it takes a start and an end`,
  'merge-inputs': (a) => `\`${a.api}\` merges at least 2 tensors, and is given ${a.count}`,
  'layer-rank': (a) => `\`${a.api}\`: a ${a.layer} layer takes a tensor of rank ${a.wants}, and is given rank ${a.rank}`,
  activation: (a) => `\`${a.api}\`: tfjs has no activation \`${a.name}\``,
  'layer-class-name': (a) => `\`${a.name}\` has no static \`className\`, and is given no name: the constructor of tf.layers.Layer throws`,
  'defaults-break': (a) => `${a.api ? `\`${a.api}\`${a.shapes ? ` of ${a.shapes}` : ''}` : 'this'} needs ${a.need}, and the defaults break it: ${a.values}`,
  needs: (a) => `it runs only where ${a.needs}${a.guesses ? `, with ${a.guesses}, which nothing in the code tells` : ''}`,
  need: (a) => `${a.need} is needed here`,
  syntax: (a) => `this was not read: ${a.message}`,
  internal: (a) => `this could not be analysed: ${a.message}`,
  'born-input': (a) => `${a.size} is axis ${a.axis} of \`${a.api}\`, ${a.shape}`,
  'born-input.whole': (a) => `\`${a.api}\` is ${a.shape}`,
  'born-weight': (a) => `${a.size} is axis ${a.axis} of the weight \`${a.api}\`, ${a.shape}`,
  'born-weight.whole': (a) => `the weight \`${a.api}\` is ${a.shape}`,
  'born-constant': (a) => `${a.size} is axis ${a.axis} of the constant ${a.shape}`,
  'born-default': (a) => `by default ${a.name} is ${a.value}`,
  'born-constant.whole': (a) => `the constant is ${a.shape}`,
  'born-layout': (a) => `\`${a.api}\` puts them into another order here: ${a.shape}`,
  'born-step': (a) => `${a.size} comes from here: \`${a.api}\` gives ${a.shape}`,
  'born-step.whole': (a) => `\`${a.api}\` gives ${a.shape}`,
};

/** A rule's own reason, or its settings as they are. */
function reason(a: WordArgs): string {
  if (a.reason !== undefined) return String(a.reason);
  const shown = Object.entries(a).filter(([name]) => !['api', 'shapes', 'target', 'operator'].includes(name));
  return shown.map(([name, value]) => `${name} ${value}`).join(', ') || 'it cannot be applied';
}
