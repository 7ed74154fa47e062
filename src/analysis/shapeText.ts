/** Shapes as a reader sees them. */
import { type Dim, format, isUnknown } from '../dim/index';
import { type Sizes, shapeAt } from '../graph/bind';
import type { GraphType, RowValue, ShapeGraph } from '../graph/types';
import { typeOf } from '../graph/values';
import type { Span } from '../program/types';

const sizeText = (size: Dim): string => (isUnknown(size) ? '?' : format(size));

/** `(b, h*w, c)`. */
export const sizesText = (sizes: readonly Dim[]): string => `(${sizes.map(sizeText).join(', ')})`;

/** `(b, h*w, c)`; `?` for a size that is not known, and for a shape of which not even the rank is. */
export const shapeText = (type: Pick<GraphType, 'shape'> | undefined): string => (type?.shape ? sizesText(type.shape) : '?');

/** The shape as the code would write it: `[b, h*w, c]`. */
export const arrayText = (sizes: readonly Dim[]): string => `[${sizes.map(sizeText).join(', ')}]`;

/** A tensor's shape, or those of a list of tensors, by `show`. */
function valueText(graph: ShapeGraph, value: RowValue, show: (type: GraphType | undefined) => string): string {
  switch (value.kind) {
    case 'tensor':
      return show(typeOf(graph, value.ref));
    case 'list':
      return `[${value.items.map((item) => valueText(graph, item, show)).join(', ')}]`;
    case 'dict':
      return `{${value.items.map(({ key, value: item }) => `${key}: ${valueText(graph, item, show)}`).join(', ')}}`;
    case 'unknown':
      return '?';
  }
}

/** The shape of what a name holds, over symbols. */
export const rowText = (graph: ShapeGraph, value: RowValue): string => valueText(graph, value, shapeText);

/** The same at sizes. */
export const rowTextAt = (graph: ShapeGraph, value: RowValue, sizes: Sizes): string =>
  valueText(graph, value, (type) => {
    const shape = type && shapeAt(type, sizes);
    return shape ? `(${shape.join(', ')})` : '?';
  });

/** What goes in and comes out: `x (b, n, c) → (b, n, c)`. */
export function endsText(graph: ShapeGraph, named = false): string {
  const inputs = graph.inputs.map(({ name, ref }) => `${named ? `${name} ` : ''}${shapeText(typeOf(graph, ref))}`);
  return `${inputs.join(', ') || '()'} → ${graph.outputs.map((value) => rowText(graph, value)).join(', ') || '?'}`;
}

/** `line 12`, with the file's name where it is another. */
export const lineText = (span: Span, at: Pick<Span, 'file'>): string => `${span.file === at.file ? '' : `${span.file.split('/').at(-1)} `}line ${span.line}`;
