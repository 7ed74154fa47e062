/** The hover of a module's name: what goes in and comes out, what it needs, what it costs. */
import type { CostFigure, GraphCost, PieceFigure, TrainingCost } from '../graph/cost';
import { readable } from '../graph/formula';
import { bytesText, countText } from '../graph/quantities';
import type { ShapeGraph } from '../graph/types';
import type { Span } from '../program/types';
import { assumptionsText } from './assumptions';
import { type CacheFigures, cacheWords, perTokenText } from './cacheFigures';
import { chosenText, exampleOf, moduleCache, moduleCost, moduleRegimes, moduleTraining } from './figures';
import { birthsOf, symbolTexts } from './origins';
import { createPlaces, type Places } from './places';
import { inPrecision } from './precisionText';
import type { RegimeWords } from './regimeText';
import { endsText } from './shapeText';
import type { Hover, ModuleAnalysis, View } from './types';

/** A formula longer than this tells less than its number. */
const LONGEST_FORMULA = 60;
const LONGEST_CELL = 160;

const NOT_GIVEN = 'Saved for backward and training peak are not given: the gradient rules of tfjs are not in the table of operators.';

/** More pieces than this are not named. */
const MOST_PIECES = 6;
const MOST_SAVED = 4;

/** A long formula breaks in its cell; one that is too long even so ends after a whole term. */
function cut(text: string): string {
  if (text.length <= LONGEST_CELL) return `\`${text}\``;
  const end = text.lastIndexOf(' + ', LONGEST_CELL);
  return end < 0 ? `\`${text.slice(0, LONGEST_CELL - 1)}…\`` : `\`${text.slice(0, end)} + …\``;
}

/** A number stays with its unit. */
const unbroken = (text: string): string => text.replaceAll(' ', '\u00a0');

type Row = readonly [label: string, figure: CostFigure, text: (value: number) => string];

function row([label, figure, text]: Row, graph: ShapeGraph): string {
  if (figure.unknown !== undefined) return `| ${label} | ? | ${figure.unknown.replaceAll('|', '\\|')} |`;
  const formula = /^\d+$|^\?$/.test(figure.formula) ? '' : cut(readable(figure.formula, graph).text);
  return `| ${label} | ${figure.value === undefined ? '' : `**${unbroken(text(figure.value))}**`} | ${formula} |`;
}

const atLine = (span: Span | undefined, places: Places): string => (span === undefined ? '' : `, ${places.line(span)}`);

/** PyTorch's own memory, and what training holds; or tfjs's two peaks. */
function memoryRows(cost: GraphCost, training: TrainingCost | undefined, places: Places): readonly Row[] {
  const peak: Row = [`inference peak${atLine(cost.peakAsWritten.span, places)}`, cost.peakAsWritten, bytesText];
  if (!training) return [peak, [`the same, freed at last use${atLine(cost.peakAsRun.span, places)}`, cost.peakAsRun, bytesText]];
  return [peak, ['saved for backward', training.saved, bytesText], ['training peak, about', training.peak, bytesText]];
}

function rowsOf(cost: GraphCost, training: TrainingCost | undefined, places: Places): readonly Row[] {
  return [
    ...cost.attentionMaps.map(
      (map): Row => [`attention map \`${map.name}\`, ${places.line(map.span)}${map.map.kind === 'fused' ? ' (fused)' : ''}`, map, bytesText],
    ),
    ...memoryRows(cost, training, places),
    ['parameters', cost.parameters, countText],
    ['MACs', cost.macs, countText],
    ['FLOPs', cost.flops, countText],
  ];
}

function table(rows: readonly Row[], graph: ShapeGraph, letters: readonly string[], cache: CacheFigures | undefined, places: Places): string {
  const kept = cache ? [cacheRow(cache, graph, places)] : [];
  return [`| | | ${lettersText(rows, graph, letters)} |`, '|:--|--:|:--|', ...rows.map((one) => row(one, graph)), ...kept].join('\n');
}

/** What a decoder keeps of each token of one sample. */
function cacheRow(cache: CacheFigures, graph: ShapeGraph, places: Places): string {
  const value = cache.perToken.value === undefined ? '' : `**${unbroken(bytesText(cache.perToken.value))}**`;
  return `| KV cache per token${atLine(cache.span, places)} | ${value} | ${cut(perTokenText(cache, graph))} |`;
}

/** What the letters stand for that only the formulas have: `n = h·w`. */
function lettersText(rows: readonly Row[], graph: ShapeGraph, more: readonly string[]): string {
  const said = [...rows.flatMap(([, { formula }]) => readable(formula, graph).where ?? []), ...more];
  return said.length === 0 ? '' : `with ${[...new Set(said)].map((one) => `\`${one}\``).join(', ')}`;
}

/** Pieces of memory, the largest first, each with its line. */
function piecesText(label: string, pieces: readonly PieceFigure[], most: number, places: Places): string {
  const sorted = pieces.filter(({ value }) => value !== undefined && value > 0).sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  if (sorted.length === 0) return '';
  const shown = sorted.slice(0, most).map(({ name, span, value = 0 }) => `\`${name}\` ${unbroken(bytesText(value))}, ${places.line(span)}`);
  const more = sorted.length > most ? ` · ${sorted.length - most} more` : '';
  return `${label}: ${shown.join(' · ')}${more}`;
}

const cachedText = (cache: CacheFigures): string => (cacheWords(cache) === '' ? '' : `KV cache: ${cacheWords(cache)}`);

/** Where a peak has another formula. */
function regimesText(label: string, words: RegimeWords | undefined, places: Places): string {
  if (!words) return '';
  const others = words.others.map(({ when, formula, span }) => `${when}: ${formula.length > LONGEST_FORMULA ? '' : `\`${formula}\`, `}${places.line(span)}`);
  return [`${label} as above${words.while === '' ? '' : ` while ${words.while}`}`, ...others].join(' · ');
}

const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

/** What is known of a module as a whole. */
export function moduleHover(module: ModuleAnalysis, view: View): Hover {
  const { graph, name, span } = module;
  const example = exampleOf(module, view);
  const symbols = graph.symbols.map((symbol) => symbol.name);
  const type = graph.runtime === 'torch' ? inPrecision(view.precision ?? 'float32') : '';
  const sizes = 'sizes' in example && symbols.length > 0 ? `at \`${chosenText(example.sizes)}\`` : '';
  const at = capital([sizes, type].filter((part) => part !== '').join(', '));
  const [cost, training] = [moduleCost(module, view), moduleTraining(module, view)];
  const [places, regimes, cache] = [createPlaces(), moduleRegimes(module, view), moduleCache(module, view)];
  const letters = [regimes.inference, regimes.training].flatMap((words) => words?.where ?? []);
  const lines = [
    `\`${name}: ${endsText(graph, true)}\``,
    graph.needs.length > 0 ? `Needs ${graph.needs.map(({ text }) => `\`${text}\``).join(', ')}` : '',
    assumptionsText(module),
    at,
    table(rowsOf(cost, training, places), graph, letters, cache, places),
    cache ? cachedText(cache) : '',
    piecesText('Alive at the peak', cost.peakAsWritten.alive ?? [], MOST_PIECES, places),
    piecesText('Saved for backward', training?.saved.items ?? [], MOST_SAVED, places),
    regimesText('Inference peak', regimes.inference, places),
    regimesText('Training peak', regimes.training, places),
    'reason' in example ? `No numbers: ${example.reason}.` : '',
    symbolTexts(module, symbols).join(' · '),
    training ? '' : NOT_GIVEN,
  ];
  return { span, lines: lines.filter((line) => line !== ''), places: places.all, born: birthsOf(module, symbols) };
}
