/** What names and calls hold wherever the entry's file reads or sets them: hovers are made of it. */
import { asConstant, type Dim, isUnknown, sizeOfReal } from '../../dim/index';
import type { RowValue } from '../../graph/types';
import type { Expression, Span } from '../../program/types';
import type { Value } from '../../value/index';
import { isInsideScript, rowValue } from '../graph';
import type { Run } from '../run';

/** Tensors as in a row, a size that is not fixed, or the sizes of a shape. */
export type Held = RowValue | { readonly kind: 'size'; readonly size: Dim } | { readonly kind: 'shape'; readonly sizes: readonly Dim[] };

/** A place of the source, and what stood there each time that it was passed. */
export interface Mention {
  readonly span: Span;
  /** As written, where it is a name: `q`, `this.scale`. */
  readonly name?: string;
  /** `Class.method`, or the function that it stands in. */
  readonly function: string;
  readonly held: readonly Held[];
}

/** The places of one file, by their spans' identity. */
export interface Mentions {
  readonly file: string;
  readonly places: Map<Span, Mention & { readonly held: Held[] }>;
}

/** What is kept of a place that is passed again and again. */
const MOST_HELD = 16;

/** Notes what an expression gave. */
export function noteRead(run: Run, expression: Expression, value: Value): void {
  switch (expression.kind) {
    case 'name':
      return note(run, expression.span, value, expression.name);
    case 'attribute':
      return note(run, expression.span, value, nameOf(expression));
    case 'subscript':
      return note(run, expression.span, value);
    case 'call':
      return note(run, expression.span, value, undefined, () => headOf(expression));
  }
}

/** Notes what a name was set to. */
export const noteSet = (run: Run, name: string, span: Span, value: Value): void => note(run, span, value, name);

function note(run: Run, at: Span, value: Value, name?: string, spanOf: () => Span = () => at): void {
  const { file, places } = run.mentions;
  if (at.file !== file || isInsideScript(run)) return;
  const known = places.get(at);
  if (known && known.held.length >= MOST_HELD) return;
  const held = heldBy(value);
  if (!held) return;
  if (known) known.held.push(held);
  else places.set(at, { span: spanOf(), function: run.frames.at(-1)?.name ?? '', held: [held], ...(name !== undefined && { name }) });
}

function heldBy(value: Value): Held | undefined {
  if (value.kind === 'number') return sizeHeld(value);
  if (value.kind === 'unknown' && value.parameter) return { kind: 'unknown', reason: value.reason };
  if (value.kind === 'list' && value.shapeOf) return { kind: 'shape', sizes: value.shapeOf.shape ?? [] };
  return rowValue(value);
}

function sizeHeld({ real }: Value & { kind: 'number' }): Held | undefined {
  const size = real.kind === 'number' ? undefined : sizeOfReal(real);
  return size === undefined || isUnknown(size) || asConstant(size) !== undefined ? undefined : { kind: 'size', size };
}

function nameOf(expression: Expression): string {
  if (expression.kind === 'name') return expression.name;
  return expression.kind === 'attribute' ? `${nameOf(expression.object)}.${expression.name}` : '…';
}

/** A call without the bodies of functions that it is given: what stands in them is not the call's own text. */
function headOf({ span, args }: Expression & { kind: 'call' }): Span {
  const body = args.map(({ value }) => value).find(({ kind }) => kind === 'function' || kind === 'class');
  return body ? { ...span, endLine: body.span.line, endColumn: body.span.column } : span;
}
