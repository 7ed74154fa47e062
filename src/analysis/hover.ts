/** Hovers: what stands at a place of the text. */
import { symbolsOf } from '../dim/index';
import { lifetimeOf } from '../graph/memory/figures';
import type { ShapeGraph } from '../graph/types';
import { refKey, tensorsOf, typeOf } from '../graph/values';
import { guessedInputs, type Held } from '../interpret/index';
import type { Span } from '../program/types';
import { moduleIn } from './analyze';
import { assumptionText } from './assumptions';
import { sizesOf } from './figures';
import { moduleHover } from './moduleHover';
import { birthsOf, originsOf } from './origins';
import { createPlaces, type Places } from './places';
import { isOwnOf, ownFirst, ranksText, readingsOf } from './readings';
import { arrayText, rowText, sizesText } from './shapeText';
import { exampleText, stepText } from './stepText';
import type { FileAnalysis, Hover, ModuleAnalysis, View } from './types';

/** What a module's reading had at the place. */
interface Found {
  readonly module: ModuleAnalysis;
  readonly span: Span;
  readonly name?: string;
  readonly function: string;
  readonly held: Held;
  readonly shape: string;
}

const isIn = ({ line, column, endLine, endColumn }: Span, atLine: number, atColumn: number): boolean =>
  (atLine > line || (atLine === line && atColumn >= column)) && (atLine < endLine || (atLine === endLine && atColumn <= endColumn));

/** Which of two spans is the narrower. */
const width = ({ line, column, endLine, endColumn }: Span): number => (endLine - line) * 10_000 + endColumn - column;

const UNKNOWN_SHAPE = '?';

function shapeOf(graph: ShapeGraph, held: Held): string {
  if (held.kind === 'size') return sizesText([held.size]).slice(1, -1);
  return held.kind === 'shape' ? sizesText(held.sizes) : rowText(graph, held);
}

function foundAt(module: ModuleAnalysis, at: (span: Span) => boolean): readonly Found[] {
  const mentions = module.mentions.filter(({ span }) => at(span));
  return mentions.flatMap(({ span, name, held, function: inFunction }) =>
    held.map((one) => ({ module, span, function: inFunction, held: one, shape: shapeOf(module.graph, one), ...(name !== undefined && { name }) })),
  );
}

/** All of the narrowest place. */
function narrowest(found: readonly Found[]): readonly Found[] {
  const least = Math.min(...found.map(({ span }) => width(span)));
  return found.filter(({ span }) => width(span) === least);
}

/** The sizes that the value has on its axes. */
function axesOf(graph: ShapeGraph, held: Held) {
  if (held.kind === 'size') return [held.size];
  return held.kind === 'shape' ? held.sizes : tensorsOf(held).flatMap((ref) => typeOf(graph, ref)?.shape ?? []);
}

function dtypesOf(graph: ShapeGraph, held: Held): string {
  if (held.kind === 'size' || held.kind === 'shape') return '';
  return [...new Set(tensorsOf(held).map((ref) => typeOf(graph, ref)?.dtype))].join(', ');
}

/** Why it, or a size in it, is not known. */
function reasonOf(graph: ShapeGraph, held: Held): string | undefined {
  if (held.kind === 'unknown') return held.reason;
  if (held.kind === 'size' || held.kind === 'shape') return undefined;
  return tensorsOf(held)
    .map((ref) => typeOf(graph, ref)?.unknown)
    .find((reason) => reason !== undefined);
}

function titleOf({ module, name, held, shape }: Found): string {
  const named = name === undefined || name === shape ? shape : `${name}: ${shape}`;
  return `\`${[named, dtypesOf(module.graph, held)].join(' ').trim()}\``;
}

function linesOf(found: Found, view: View, places: Places): readonly string[] {
  const { module, held, span } = found;
  const reason = reasonOf(module.graph, held);
  const symbols = [...new Set(axesOf(module.graph, held).flatMap(symbolsOf))];
  const lines = [
    titleOf(found),
    reason === undefined ? undefined : `Unknown, because ${reason}.`,
    held.kind === 'tensor' ? stepText(module.graph, held.ref, span) : undefined,
    exampleText(module.graph, held, sizesOf(module, view)),
    aliveText(found, view, places),
    originsOf(module, held, symbols, span),
    guessText(module, held),
  ];
  return lines.filter((line) => line !== undefined && line !== '').map(String);
}

/** From which line to which its memory is alive: as Python and torch hold it, or as tfjs does until it is disposed of. */
function aliveText({ module, held }: Found, view: View, places: Places): string | undefined {
  const [{ graph }, sizes] = [module, sizesOf(module, view)];
  // What a script's own names hold stays while it runs.
  const alive = held.kind === 'tensor' && sizes && module.name !== '' ? lifetimeOf(graph, sizes, held.ref) : undefined;
  if (!alive) return undefined;
  const [from, to] = [alive.from, alive.to].map((node) => (node === undefined ? undefined : graph.nodes[node]?.span));
  if (!from) return undefined;
  if (!to) return `Alive from ${places.line(from)} to the end`;
  return from.line === to.line && from.file === to.file ? `Alive on ${places.line(from)}` : `Alive from ${places.line(from)} to ${places.line(to)}`;
}

/** An input whose rank nothing tells. */
function guessText({ graph, assumed = [] }: ModuleAnalysis, held: Held): string | undefined {
  if (held.kind !== 'tensor') return undefined;
  const guess = guessedInputs(assumed, graph).find(({ ref }) => refKey(ref) === refKey(held.ref));
  return guess && assumptionText(guess);
}

/** A parameter that is read with its default alone. */
function standingAt({ modules }: FileAnalysis, at: (span: Span) => boolean): Hover | null {
  const found = modules.flatMap(({ assumed = [] }) => assumed).find(({ kind, span }) => kind === 'default' && span !== undefined && at(span));
  return found?.span ? { span: found.span, lines: [assumptionText(found)], born: [] } : null;
}

/** Other shapes that the place had, on another turn or from another entry. */
function othersThan(first: Found, found: readonly Found[]): readonly string[] {
  const shapes = new Map(found.map(({ shape, module }) => [shape, module.name]));
  shapes.delete(first.shape);
  shapes.delete(UNKNOWN_SHAPE);
  const own = first.module.name;
  return shapes.size === 0 ? [] : [`Also ${[...shapes].map(([shape, by]) => `\`${shape}\`${by === own ? '' : ` in \`${by}\``}`).join(', ')}`];
}

const ranksOf = ({ module, held }: Found): string => (held.kind === 'size' || held.kind === 'shape' ? held.kind : ranksText(module.graph, held));

function hoverOf(all: readonly Found[], view: View): Hover | null {
  const known = all.filter(({ shape }) => shape !== UNKNOWN_SHAPE);
  const found = ownFirst(known.length > 0 ? known : all, (one) => isOwnOf(one.module, one.function), ranksOf);
  const [first] = found;
  if (!first) return null;
  const { module, held, span } = first;
  const [axes, places] = [axesOf(module.graph, held), createPlaces()];
  const copied = held.kind === 'tensor' ? typeOf(module.graph, held.ref)?.shape : held.kind === 'shape' ? held.sizes : undefined;
  return {
    span,
    lines: [...linesOf(first, view, places), ...othersThan(first, found)],
    ...(places.all.length > 0 && { places: places.all }),
    ...(copied && { shape: arrayText(copied) }),
    born: birthsOf(module, [...new Set(axes.flatMap(symbolsOf))]),
  };
}

/** What is known of the place: of the module that is named there, else of the narrowest name or call around it. */
export function hoverAt(analysis: FileAnalysis, line: number, column: number, view: View): Hover | null {
  const at = (span: Span): boolean => span.file === analysis.file && isIn(span, line, column);
  const named = analysis.modules.find(({ span }) => at(span));
  if (named) return moduleHover(named, view);
  const standing = readingsOf(analysis).filter((module) => foundAt(module, at).length > 0);
  return hoverOf(narrowest(standing.flatMap((module) => foundAt(moduleIn(module, view.precision), at))), view) ?? standingAt(analysis, at);
}
