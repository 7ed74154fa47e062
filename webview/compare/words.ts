/** All that the panel says, in English; the host may bring the same in another language. */
import { CURVE_WORDS, type CurveWords } from '../../src/curves/index';
import { type Args, inLanguage, worded } from '../translation';

/** By key; where `{name}` stands, something is filled in. */
export const ENGLISH = {
  title: 'Compare attention blocks',
  none: 'Nothing to compare yet.',
  noneHelp: 'Add attention blocks from your files or from the gallery: what each holds and computes is shown side by side.',
  add: 'Add Blocks…',
  copy: 'Copy as Markdown',
  copied: 'Copied.',
  blocks: 'Blocks',
  all: 'All blocks',
  allTitle: 'Set for every block that has it',
  sizeOf: 'Size {name}',
  argumentOf: 'Argument {name}',
  sizeOfAll: '{name} of all blocks',
  several: 'not the same in all',
  precision: 'Number type',
  attention: 'Attention',
  attentionAs: 'attention {way}',
  mixed: 'mixed',
  float32: 'float32',
  float16: 'float16',
  bfloat16: 'bfloat16',
  'autocast-float16': 'autocast to float16',
  'autocast-bfloat16': 'autocast to bfloat16',
  written: 'as written',
  fused: 'fused',
  stepwise: 'step by step',
  training: 'training mode',
  trainingTitle: 'What training holds with dropout and norms in training mode; else in evaluation mode',
  trainingOn: 'training mode',
  trainingOff: 'evaluation mode',
  open: 'Show {name} in the editor',
  duplicate: 'Add {name} once more, to change it',
  remove: 'Remove {name}',
  reset: 'Back to its own sizes',
  broken: 'Not priced: {reason}.',
  passing: '{reason} The figures are of before.',
  pricing: 'Pricing…',
  curves: 'Curves',
  figure: 'Figure',
  along: 'Along',
  from: 'From',
  to: 'To',
  memory: 'GPU memory',
  gib: 'GiB',
  usual: 'Usual sizes',
  limit: '{gib} GiB',
  chartHelp: 'Point at the chart, or use the arrow keys, to read values.',
  chartLabel: '{description} Arrow keys read the values.',
  at: '{size} = {at}',
  nearest: 'at {at}',
  noValue: 'no value',
  zero: 'it holds none',
  means: '{label}: {meaning}',
  table: 'Figures',
  block: 'Block',
  map: 'Attention map',
  peakInference: 'Peak, inference',
  saved: 'Saved for backward',
  peakTraining: 'Peak, training ≈',
  parameters: 'Parameters',
  macs: 'MACs',
  flops: '{flops} FLOPs',
  formulas: 'Formulas of {name}',
  unknown: '? {reason}',
  formulaBytes: '{formula} bytes',
  aboutTraining: 'Without parameters, optimizer state and kernels’ workspace. The training peak is within about 1 %.',
  fits: 'What fits in {gib} GiB',
  fitsHelp: 'The largest size at which this block alone stays within {gib} GiB, its other sizes as they are.',
  batch: 'batch',
  fitInference: 'Inference: {size}',
  fitTraining: 'Training ≈: {size}',
  fitSize: '{size} = {at}',
  fitBytes: 'takes {bytes}',
  noBatch: 'it has no batch',
  solving: 'Solving…',
} as const;

export type WordKey = keyof typeof ENGLISH;

/** The words for a key, filled. */
export const say = (key: WordKey, args: Args = {}): string => worded(ENGLISH[key], args);

/** The words of charts and of the table that is copied. */
export const curveWords = (): CurveWords => {
  const entries = Object.entries(CURVE_WORDS).map(([key, english]) => [key, inLanguage(english)]);
  return Object.fromEntries(entries) as CurveWords;
};
