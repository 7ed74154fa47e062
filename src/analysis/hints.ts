/** Inlay hints: the shape behind each name that a tensor is assigned to. */
import type { Sizes } from '../graph/bind';
import { exampleSizes } from '../graph/example';
import type { GraphRow, ShapeGraph } from '../graph/types';
import { tensorsOf, typeOf } from '../graph/values';
import { rowText, rowTextAt } from './shapeText';
import type { FileAnalysis, InlayHint, View } from './types';

/** What a place is said to hold: a line that runs with several shapes, or is read from several entries, says each once. */
interface Place {
  readonly line: number;
  readonly column: number;
  readonly labels: Set<string>;
  readonly tooltips: Set<string>;
}

/** More shapes than this at one place are no help. */
const MOST_SHAPES = 2;

function isKnown(graph: ShapeGraph, { name, value }: GraphRow): boolean {
  const tensors = tensorsOf(value);
  return name !== 'return' && tensors.length > 0 && tensors.every((ref) => typeOf(graph, ref)?.shape);
}

function add(places: Map<string, Place>, graph: ShapeGraph, { span, name, value }: GraphRow, example: Sizes | undefined, style: View['hintStyle']): void {
  const { endLine: line, endColumn: column } = span;
  const place = places.get(`${line}:${column}`) ?? { line, column, labels: new Set(), tooltips: new Set() };
  places.set(`${line}:${column}`, place);
  const shape = rowText(graph, value);
  const sizes = example && rowTextAt(graph, value, example);
  const dtypes = [...new Set(tensorsOf(value).map((ref) => typeOf(graph, ref)?.dtype))].join(', ');
  place.labels.add(style === 'full' ? [shape, ...(sizes === undefined || sizes === shape ? [] : [`= ${sizes}`]), dtypes].join(' ') : shape);
  place.tooltips.add(`\`${name}\`: \`${shape}\` ${dtypes}${sizes === undefined ? '' : `, \`${sizes}\` at the example sizes`}`);
}

/** Hints of a file, in the order of its text. */
export function inlayHints(analysis: FileAnalysis, view: View): readonly InlayHint[] {
  const places = new Map<string, Place>();
  for (const { graph, name } of analysis.modules) {
    const example = exampleSizes(graph, view.sizesOf(name));
    const sizes = 'sizes' in example ? example.sizes : undefined;
    for (const row of graph.rows) if (row.span.file === analysis.file && isKnown(graph, row)) add(places, graph, row, sizes, view.hintStyle);
  }
  return [...places.values()]
    .filter(({ labels }) => labels.size <= MOST_SHAPES)
    .sort((a, b) => a.line - b.line || a.column - b.column)
    .map(({ line, column, labels, tooltips }) => ({ line, column, label: `: ${[...labels].join(' | ')}`, tooltip: [...tooltips].join('\n\n') }));
}
