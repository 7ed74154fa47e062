/** Inlay hints: the shape behind each name that a tensor is assigned to. */
import type { Sizes } from '../graph/bind';
import type { GraphRow, ShapeGraph } from '../graph/types';
import { tensorsOf, typeOf } from '../graph/values';
import { sizesOf } from './figures';
import { rowText, rowTextAt } from './shapeText';
import type { FileAnalysis, InlayHint, View } from './types';

/** What a place is said to hold: a line that runs with several shapes, or is read from several entries, says each once. */
interface Place {
  readonly line: number;
  readonly column: number;
  readonly labels: Set<string>;
  readonly tooltips: Set<string>;
}

/** More shapes than this at one place are no help: the hover lists them. */
const MOST_SHAPES = 2;
/** A list of many tensors says its first and how many there are. */
const LONGEST = 60;

/** Known as far as a hint shows it: a rank, and in a short hint also each size. */
function isKnown(graph: ShapeGraph, { value }: GraphRow): boolean {
  const tensors = tensorsOf(value);
  return tensors.length > 0 && tensors.every((ref) => typeOf(graph, ref)?.shape);
}

function placeOf(places: Map<string, Place>, { endLine: line, endColumn: column }: GraphRow['span']): Place {
  const place = places.get(`${line}:${column}`) ?? { line, column, labels: new Set<string>(), tooltips: new Set<string>() };
  places.set(`${line}:${column}`, place);
  return place;
}

function add(places: Map<string, Place>, graph: ShapeGraph, { span, name, value }: GraphRow, example: Sizes | undefined, style: View['hintStyle']): void {
  const place = placeOf(places, span);
  const shape = rowText(graph, value);
  const sizes = example && rowTextAt(graph, value, example);
  const dtypes = [...new Set(tensorsOf(value).map((ref) => typeOf(graph, ref)?.dtype))].join(', ');
  place.labels.add(style === 'full' ? [shape, ...(sizes === undefined || sizes === shape ? [] : [`= ${sizes}`]), dtypes].join(' ') : shape);
  place.tooltips.add(`\`${name}: ${shape} ${dtypes}\`${sizes === undefined || sizes === shape ? '' : `, at the example sizes \`${sizes}\``}`);
}

function addUnknown(places: Map<string, Place>, { span, value }: GraphRow): void {
  const reason = value.kind === 'unknown' ? value.reason : 'its rank is not known';
  const place = placeOf(places, span);
  if (place.labels.size > 0) return;
  place.labels.add('?');
  place.tooltips.add(`Unknown, because ${reason}.`);
}

/** `(b, n, c)`, twice at most; a long list is cut. */
const labelOf = ({ labels }: Place): string =>
  `: ${[...labels]
    .filter((label) => label !== '?' || labels.size === 1)
    .map((label) => (label.length <= LONGEST ? label : `${label.slice(0, LONGEST - 1)}…`))
    .join(' | ')}`;

/** Hints of a file, in the order of its text. */
export function inlayHints(analysis: FileAnalysis, view: View): readonly InlayHint[] {
  const places = new Map<string, Place>();
  for (const module of analysis.modules) {
    const { graph } = module;
    const sizes = sizesOf(module, view);
    for (const row of graph.rows) {
      if (row.span.file !== analysis.file || row.name === 'return') continue;
      if (isKnown(graph, row)) add(places, graph, row, sizes, view.hintStyle);
      else if (view.hintStyle === 'full') addUnknown(places, row);
    }
  }
  return [...places.values()]
    .filter(({ labels }) => labels.size <= MOST_SHAPES)
    .sort((a, b) => a.line - b.line || a.column - b.column)
    .map((place) => ({ line: place.line, column: place.column, label: labelOf(place), tooltip: [...place.tooltips].join('\n\n') }));
}
