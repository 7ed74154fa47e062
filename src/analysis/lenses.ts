/** The lenses above each attention module: run it, what goes in and comes out and what that costs, at which sizes. */
import type { CostFigure, GraphCost, MapFigure } from '../graph/cost';
import { readable } from '../graph/formula';
import { bytesText, countText } from '../graph/quantities';
import type { ShapeGraph } from '../graph/types';
import { chosenText, exampleOf, moduleCost } from './figures';
import { inPrecision } from './precisionText';
import { endsText } from './shapeText';
import type { FileAnalysis, Lens, ModuleAnalysis, View } from './types';

/** More maps than this are summed. */
const MOST_MAPS = 3;

/** Of attention in one step there is none. */
function mapsTitle(all: readonly MapFigure[]): readonly string[] {
  const maps = all.filter(({ map }) => map.kind !== 'fused');
  if (maps.length === 0 && all.length > 0) return ['map 0 B (fused)'];
  const values = maps.flatMap(({ value }) => (value === undefined ? [] : [value]));
  if (values.length === 0 || values.length < maps.length) return [];
  if (values.length > MOST_MAPS) return [`${values.length} maps ${bytesText(values.reduce((sum, value) => sum + value, 0))}`];
  return [`${values.length === 1 ? 'map' : 'maps'} ${values.map(bytesText).join(' + ')}`];
}

const shown = ({ value }: CostFigure, text: (value: number) => string): readonly string[] => (value === undefined ? [] : [text(value)]);

/** Only what has a number at the example sizes. */
function costTitles(cost: GraphCost): readonly string[] {
  return [
    ...mapsTitle(cost.attentionMaps),
    ...(cost.peakAsWritten.unknown === undefined ? shown(cost.peakAsWritten, (value) => `peak ${bytesText(value)}`) : ['peak not known']),
    ...shown(cost.parameters, (value) => `${countText(value)} params`),
    ...shown(cost.macs, (value) => countText(value, 'MACs')),
  ];
}

function wordsOf(formula: string, graph: ShapeGraph): string {
  const { text, where } = readable(formula, graph);
  return where === undefined ? text : `${text} (${where})`;
}

const fusedText = ({ kind }: MapFigure['map']): string => (kind === 'fused' ? ' (fused)' : '');

function costTooltip(cost: GraphCost, graph: ShapeGraph): string {
  const line = cost.peakAsWritten.span?.line;
  const formulaOf = ({ formula, unknown }: CostFigure, unit = ''): string =>
    unknown === undefined ? `${wordsOf(formula, graph)}${unit}` : `not known, because ${unknown}`;
  return [
    ...cost.attentionMaps.map(({ name, formula, span, map }) => `attention map ${name}, line ${span.line}: ${wordsOf(formula, graph)} bytes${fusedText(map)}`),
    `inference peak${graph.runtime === 'tfjs' ? ' as written' : ''}${line === undefined ? '' : `, line ${line}`}: ${formulaOf(cost.peakAsWritten, ' bytes')}`,
    `parameters: ${wordsOf(cost.parameters.formula, graph)}`,
    `multiply-accumulates: ${formulaOf(cost.macs)}`,
  ].join('\n');
}

function sizesLens(module: ModuleAnalysis, view: View): readonly Pick<Lens, 'action' | 'title' | 'tooltip'>[] {
  const example = exampleOf(module, view);
  if ('reason' in example) return [{ action: 'sizes', title: 'no example sizes', tooltip: example.reason }];
  const text = chosenText(example.sizes);
  return text === '' ? [] : [{ action: 'sizes', title: `at ${text}`, tooltip: 'Change the example sizes' }];
}

/** In which number type, where that is not the usual one; of tfjs there is none to choose. */
function typeTitle({ graph }: ModuleAnalysis, { precision = 'float32' }: View): readonly string[] {
  const text = graph.runtime === 'torch' ? inPrecision(precision) : '';
  return text === '' ? [] : [text];
}

function lensesOf(module: ModuleAnalysis, view: View): readonly Lens[] {
  const { name, span, graph } = module;
  const cost = moduleCost(module, view);
  const needs = graph.needs.length === 0 ? [] : [`needs ${graph.needs.map(({ text }) => text).join(', ')}`];
  const lenses: readonly Pick<Lens, 'action' | 'title' | 'tooltip'>[] = [
    { action: 'run', title: '$(play) Run Attention Block', tooltip: `Run ${name} on real tensors` },
    {
      action: 'none',
      title: [endsText(graph), ...costTitles(cost), ...typeTitle(module, view)].join(' · '),
      tooltip: [costTooltip(cost, graph), ...needs].join('\n'),
    },
    ...sizesLens(module, view),
  ];
  return lenses.map((lens) => ({ span, module: name, ...lens }));
}

/** Lenses of a file's attention modules. */
export const lenses = (analysis: FileAnalysis, view: View): readonly Lens[] =>
  analysis.modules.filter((module) => module.attention && module.span.file === analysis.file).flatMap((module) => lensesOf(module, view));
