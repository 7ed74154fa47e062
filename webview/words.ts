/** All that the panel says, in English; the host may bring the same in another language. */
import { REFUSALS, type RefusalKey, refusalText } from '../src/run/refusal';
import type { Refusal } from '../src/run/types';

const ENGLISH = {
  waiting: 'Waiting for a block to run…',
  run: 'Run',
  runTitle: 'Run again at these sizes',
  cancel: 'Cancel',
  sizes: 'Sizes',
  sizeOf: 'Size {name}: {origin}',
  needs: 'At these sizes this does not hold: {needs}',
  noExample: 'No example sizes: {reason}. Enter sizes to run it.',
  refused: 'It is not run: {reason}.',
  memory: 'it would hold {needed}, and the limit is {limit}',
  texture: 'a tensor of {shape} is larger than any texture of this device',
  failed: 'It failed: {reason}.',
  cancelled: 'Cancelled.',
  running: 'Running: step {done} of {all}.',
  ran: 'Ran on {backend} in {ms}{least}.',
  ranWarm: 'Ran on {backend} in {ms}{least}; the first time, with {count} shaders to compile, in {cold}.',
  ranCold: 'Ran on {backend} for the first time, with {count} shaders to compile, in {cold}.',
  leastOf: ', the least of {runs} runs',
  notTimed: 'The steps were not timed one by one: that would take longer than {limit}.',
  notTimedCell: 'not timed',
  timeTitle: 'The least of {runs} runs',
  held: 'Held {bytes} at the peak.',
  heldAsPredicted: 'Memory as predicted.',
  heldOther: 'Held {bytes} at the peak, not {predicted}.',
  shapesAgree: 'All {count} shapes as predicted.',
  shapesDiffer: '{count} shapes differ from what was predicted.',
  allFinite: 'All values finite.',
  masked: 'All values finite, but for the −∞ of masks.',
  notFinite: 'Some values are not finite.',
  backend: 'Back end: {backend}',
  fallback: 'Running on {backend}: {why}',
  noWebgl: 'this window has no WebGL 2',
  noWasm: 'this window has no WebGL 2, and WebAssembly did not start',
  emptyTensors: 'WebGL does not take empty tensors',
  noKernel: 'this window has no WebGL 2, and WebAssembly lacks an operator of this block',
  lost: 'The graphics device was lost. It was started again.',
  hidden: 'Stopped while the panel was hidden.',
  unreadable: 'This block cannot be shown: {reason}',
  figures: 'What it costs at these sizes',
  mapFigure: 'Attention map',
  mapTitle: 'Bytes of the normalised map, once: {formula}',
  peakFigure: 'Peak as run here',
  peakTitle: 'The most that inputs and steps hold at once when each is freed at its last use, as here: {formula} bytes',
  peakNote: '{total} with weights, limit {limit}',
  peakMore: 'some sizes are not known: it may be more',
  writtenFigure: 'Peak as written',
  writtenTitle: 'The most that is held at once where only dispose and the end of tidy free anything: {formula} bytes',
  writtenNote: 'freed by tidy and dispose alone',
  parameterFigure: 'Parameters',
  parameterTitle: 'Trained weights: {formula}',
  parameterNote: '{bytes} of weights',
  macFigure: 'MACs',
  macTitle: 'Multiply-accumulates: {formula}',
  macNote: '{flops} FLOPs',
  over: 'over {most}',
  overNote: 'more than can be counted exactly',
  noFigure: 'not known',
  noFigureNote: 'a size on the way is not known',
  graph: 'Graph',
  picture: 'Picture of the block',
  pictureHelp: 'Arrow keys go from step to step, Enter shows its line, plus and minus zoom, 0 fits.',
  pictureShort: 'Only named steps are drawn: {shown} of {all}.',
  pictureNone: 'The block has {all} steps, too many to draw. They are all in the table.',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  fit: 'Fit',
  table: 'Steps',
  step: 'Step',
  predicted: 'Predicted',
  ranColumn: 'Ran',
  time: 'Time',
  bytes: 'Bytes',
  least: 'Least',
  most: 'Most',
  mean: 'Mean',
  finite: 'Finite',
  maskedCell: 'all but −∞',
  yes: 'yes',
  no: 'no',
  attentionMap: 'attention map',
  input: 'input',
  result: 'result',
  differs: 'differs from the prediction',
  asPredicted: 'as predicted',
  unknownShape: 'unknown',
  stepLabel: '{title}, {shape}',
  inspector: 'Values of {title}',
  noValues: 'Run the block to see its values.',
  notKept: 'This tensor takes {bytes} and was not kept.',
  keep: 'Run and keep it',
  noNumbers: 'Values of type {dtype} are not shown.',
  notRun: 'This step was not run.',
  stepFailed: 'This step failed: {reason}',
  output: 'Output',
  rows: 'Rows',
  columns: 'Columns',
  axis: 'axis {axis} ({size})',
  axisIndex: 'Axis {axis}',
  indexOf: 'Index on axis {axis}, from 0 to {last}',
  heatMap: 'Heat map, {rows} rows and {columns} columns. Arrow keys read the values.',
  sampled: 'Every {step}th value is drawn.',
  cell: '[{index}] = {value}',
  scale: 'Colours from {least} to {most}',
  bend: 'Bring out small values',
  single: 'One value: {value}',
  empty: 'It has no values.',
  foundError: 'The code has an error: what runs here may not be what it does.',
  foundErrors: 'The code has {count} errors: what runs here may not be what it does.',
  errorLine: 'Line {line}: {message}.',
  weights: 'Weights',
  weightsDrawn: 'as constructed',
  weightsDrawnTitle: 'Drawn as the constructors draw them',
  loadWeights: 'Load Weights…',
  loadWeightsTitle: 'Load the weights from a safetensors file, by their state names',
  dropWeights: 'Draw Weights',
  dropWeightsTitle: 'Run with drawn weights again',
  weightsNotRead: 'The weights are not read: {reason}',
  andMore: 'and {count} more',
} as const;

export type WordKey = keyof typeof ENGLISH;
type Args = { readonly [name: string]: string | number };

let translated: { readonly [english: string]: string } = {};

/** Takes the host's words: translations by their English form. */
export function setWords(words: { readonly [english: string]: string }): void {
  translated = words;
}

/** The words for a key, filled. */
export function say(key: WordKey, args: Args = {}): string {
  const english = ENGLISH[key];
  return (translated[english] ?? english).replace(/\{(\w+)\}/g, (hole, name: string) => (Object.hasOwn(args, name) ? String(args[name]) : hole));
}

/** No more of what a refusal is about is named. */
const MOST_NAMED = 8;

/** A refusal in words; `args` are shown as the panel writes numbers. */
export function sayRefusal(refusal: Refusal, args: Args = {}): string {
  const keys = Object.keys(REFUSALS) as RefusalKey[];
  const words = Object.fromEntries(keys.map((key) => [key, translated[REFUSALS[key]] ?? REFUSALS[key]]));
  if (refusal.key === 'memory' || refusal.key === 'texture') return say(refusal.key, { ...refusal.args, ...args });
  const others = refusal.others ?? [];
  const text = refusalText({ ...refusal, others: others.slice(0, MOST_NAMED - 1) }, words);
  return others.length < MOST_NAMED ? text : `${text}; ${say('andMore', { count: others.length + 1 - MOST_NAMED })}`;
}
