/** A comparison as one JSON document. */
import type { Options } from '../options';
import type { Asked } from './asked';
import { type Compared, passesOf, turnsOf, unknownOf } from './compared';

export const asDocument = (blocks: readonly Compared[], asked: Asked, options: Options, relative: (file: string) => string) => ({
  version: 1,
  sweep: asked.sweep,
  ...(asked.limit ? { limitBytes: asked.limit.value } : {}),
  dtype: options.pricing.precision,
  attention: options.pricing.attention,
  training: options.bindings.training,
  blocks: blocks.map(({ label, module, curve, prices, reason }) => ({
    label,
    file: relative(module.span.file),
    line: module.span.line,
    name: module.name,
    language: module.language,
    ...(curve.meaning === undefined ? {} : { meaning: curve.meaning }),
    ...(reason === undefined ? {} : { reason }),
    notes: prices?.notes ?? [],
    errors: module.diagnostics.filter(({ severity }) => severity === 'error').map(({ span, message }) => ({ line: span.line, message })),
    points: curve.points,
  })),
  figures: asked.figures.map((figure) => ({
    figure,
    crossings: turnsOf(blocks, figure, asked),
    passings: passesOf(blocks, figure, asked),
    unknown: blocks.flatMap((block) => {
      const reason = unknownOf(block, figure);
      return reason === undefined ? [] : [{ label: block.label, reason }];
    }),
  })),
});
