/** Inlay hints: the shape behind each name that a tensor is assigned to. */
import type { GraphRow } from '../graph/types';
import { tensorsOf, typeOf } from '../graph/values';
import { moduleIn } from './analyze';
import { sizesOf } from './figures';
import { isOwnOf, ownFirst, ranksText, readingsOf } from './readings';
import { rowText, rowTextAt } from './shapeText';
import type { FileAnalysis, InlayHint, ModuleAnalysis, View } from './types';

/** One assignment as a module's reading had it. */
interface Seen {
  readonly module: ModuleAnalysis;
  readonly row: GraphRow;
}

/** More shapes than this at one place are no help: the hover lists them. */
const MOST_SHAPES = 2;
/** A list of many tensors says its first ones. */
const LONGEST = 60;

const placeOf = ({ span }: GraphRow): string => `${span.endLine}:${span.endColumn}`;

function isKnown({ module, row }: Seen): boolean {
  const tensors = tensorsOf(row.value);
  return tensors.length > 0 && tensors.every((ref) => typeOf(module.graph, ref)?.shape);
}

function dtypesOf({ module, row }: Seen): string {
  return [...new Set(tensorsOf(row.value).map((ref) => typeOf(module.graph, ref)?.dtype))].join(', ');
}

/** `(b, n, c)`; in full `(b, n, c) = (2, 24, 64) float32`. */
function labelOf(seen: Seen, view: View): string {
  const shape = rowText(seen.module.graph, seen.row.value);
  if (view.hintStyle === 'short') return shape;
  const example = sizesOf(seen.module, view);
  const sizes = example && rowTextAt(seen.module.graph, seen.row.value, example);
  return [shape, ...(sizes === undefined || sizes === shape ? [] : [`= ${sizes}`]), dtypesOf(seen)].join(' ');
}

const cut = (label: string): string => (label.length <= LONGEST ? label : `${label.slice(0, LONGEST - 1)}…`);

function reasonOf({ row, module }: Seen): string {
  if (row.value.kind === 'unknown') return row.value.reason;
  const unknown = tensorsOf(row.value).map((ref) => typeOf(module.graph, ref)?.unknown);
  return unknown.find((reason) => reason !== undefined) ?? 'its shape is not known';
}

function unknownHint([first]: readonly Seen[], view: View): readonly InlayHint[] {
  if (view.hintStyle === 'short' || !first) return [];
  const { endLine: line, endColumn: column } = first.row.span;
  return [{ line, column, label: ': ?', tooltip: `Unknown, because ${reasonOf(first)}.` }];
}

function hintAt(seen: readonly Seen[], view: View): readonly InlayHint[] {
  const known = ownFirst(
    seen.filter(isKnown),
    ({ module, row }) => isOwnOf(module, row.function),
    ({ module, row }) => ranksText(module.graph, row.value),
  );
  const [first] = known;
  if (!first) return unknownHint(seen, view);
  const labels = [...new Set(known.map((one) => labelOf(one, view)))];
  if (labels.length > MOST_SHAPES) return [];
  const { endLine: line, endColumn: column } = first.row.span;
  const tooltips = new Set(known.map((one) => `\`${one.row.name}: ${rowText(one.module.graph, one.row.value)} ${dtypesOf(one)}\``));
  return [{ line, column, label: `: ${labels.map(cut).join(' | ')}`, tooltip: [...tooltips].join('\n\n') }];
}

/** Hints of a file, in the order of its text. */
export function inlayHints(analysis: FileAnalysis, view: View): readonly InlayHint[] {
  const places = new Map<string, Seen[]>();
  for (const module of readingsOf(analysis).map((one) => moduleIn(one, view.precision))) {
    for (const row of module.graph.rows) {
      if (row.span.file !== analysis.file || row.name === 'return') continue;
      const seen = places.get(placeOf(row));
      if (seen) seen.push({ module, row });
      else places.set(placeOf(row), [{ module, row }]);
    }
  }
  return [...places.values()].flatMap((seen) => hintAt(seen, view)).sort((a, b) => a.line - b.line || a.column - b.column);
}
