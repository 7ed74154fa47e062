/** The words of charts and tables, as templates that another language may replace one by one. */
import type { FigureName } from '../analysis/types';
import type { Quantity } from './types';

export const CURVE_WORDS = {
  map: 'Attention map',
  peakInference: 'Peak memory, inference',
  saved: 'Saved for backward',
  peakTraining: 'Peak memory, training ≈',
  parameters: 'Parameters',
  macs: 'Multiply-accumulates',
  block: 'Block',
  sizes: 'Sizes',
  crossing: '{smaller} is smaller than {larger} from {size} ≈ {at} on',
  crossingExact: '{smaller} is smaller than {larger} from {size} = {at} on',
  above: '{label} passes {limit} at {size} ≈ {at}',
  aboveExact: '{label} passes {limit} at {size} = {at}',
  belowExact: '{label} falls below {limit} at {size} = {at}',
  alwaysAbove: '{label} is above {limit} at all these sizes',
  below: '{label} falls below {limit} at {size} ≈ {at}',
  from: '{label}: {first} at {size} = {start}, {last} at {size} = {end}',
  single: '{label}: {first} at {size} = {start}',
  without: '{label} has no curve: {reason}',
  empty: 'There is nothing to draw.',
  peaks:
    'Peaks here are of two kinds: of a PyTorch block what PyTorch’s allocator holds, each tensor until Python lets it go; of a TensorFlow.js block what tfjs holds as the code is written, each tensor until dispose or the end of tidy frees it.',
  beyond: '{limit} is far from all that is shown.',
} as const;

export type CurveWords = { readonly [Key in keyof typeof CURVE_WORDS]: string };

/** Whether peaks of two kinds stand beside each other: each library frees memory in its own way. */
export const areOfTwoKinds = (languages: readonly ('typescript' | 'python')[]): boolean => new Set(languages).size > 1;

/** A template with its names filled. */
export const fill = (template: string, args: { readonly [name: string]: string | number }): string =>
  template.replace(/\{(\w+)\}/g, (whole, name: string) => String(args[name] ?? whole));

/** In what each figure is counted. */
export const QUANTITIES: { readonly [Name in FigureName]: { readonly quantity: Quantity; readonly unit?: string } } = {
  map: { quantity: 'bytes' },
  peakInference: { quantity: 'bytes' },
  saved: { quantity: 'bytes' },
  peakTraining: { quantity: 'bytes' },
  parameters: { quantity: 'count' },
  macs: { quantity: 'count', unit: 'MACs' },
};
