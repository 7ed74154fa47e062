/** Findings of values that are surely not there. */
import { formatReal } from '../../dim/index';
import type { UndefinedValue, Value } from '../../value/index';
import type { Run } from '../run';

/** The sizes of a shape that was taken as a list: `(b, n, c)`. */
export const sizesText = (items: readonly Value[]): string => `(${items.map((item) => (item.kind === 'number' ? formatReal(item.real) : '?')).join(', ')})`;

/** A size that the shape does not have, where a number is wanted: `undefined` in its place makes NaN, or no shape at all. */
export function reportBeyond(run: Run, { beyond }: UndefinedValue): void {
  if (!beyond) return;
  const args = { index: beyond.index, shape: sizesText(beyond.shape), rank: beyond.shape.length };
  run.host.report({ code: 'undefined-size', severity: 'error', span: run.span, args });
}
