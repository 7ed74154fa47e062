/** Problem codes of what operators demand, and shapes in words. The words themselves stand in the catalogue. */
import { type Dim, format, simplify } from '../../dim/index';
import type { DemandSubject, RuleProblem } from '../../ops/operator';
import type { Run } from '../run';

/** The stable code for each sort of mismatch. */
export const CODES: { readonly [subject in DemandSubject | RuleProblem['code']]: string } = {
  contraction: 'matmul-mismatch',
  batch: 'batch-mismatch',
  broadcast: 'broadcast-mismatch',
  elements: 'reshape-mismatch',
  channels: 'channels-mismatch',
  features: 'features-mismatch',
  concat: 'concat-mismatch',
  stack: 'stack-mismatch',
  split: 'split-mismatch',
  slice: 'slice-out-of-range',
  window: 'window-too-large',
  groups: 'groups-mismatch',
  equation: 'einsum-mismatch',
  pattern: 'pattern-mismatch',
  index: 'index-mismatch',
  target: 'shape-mismatch',
  rank: 'rank-mismatch',
  axis: 'axis-out-of-range',
  permutation: 'permutation-mismatch',
  argument: 'bad-argument',
  dtype: 'dtype-mismatch',
  empty: 'empty-shape',
};

/** A shape as hints and messages show it: `(b, n, c)`. */
export function shapeText(run: Run, shape: readonly Dim[] | null): string {
  if (!shape) return '(?)';
  return `(${shape.map((size) => format(simplify(size, run.known.facts))).join(', ')})`;
}
