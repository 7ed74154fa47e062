/** The lens above each attention module: run it, what goes in and comes out, what it costs at the example sizes. */
import { type CostFigure, costOf, type GraphCost } from '../graph/cost';
import { exampleSizes } from '../graph/example';
import type { ShapeGraph } from '../graph/types';
import { typeOf } from '../graph/values';
import { bytesText, countText, rowText, shapeText } from './shapeText';
import type { FileAnalysis, Lens, ModuleAnalysis, View } from './types';

const shown = (figure: CostFigure, text: (value: number) => string): string => (figure.value === undefined ? figure.formula : text(figure.value));

const ends = (graph: ShapeGraph): string =>
  `${graph.inputs.map(({ ref }) => shapeText(typeOf(graph, ref))).join(', ')} → ${graph.outputs.map((value) => rowText(graph, value)).join(', ')}`;

function costTitle(cost: GraphCost): string {
  const maps = cost.attentionMaps.map((map) => `map ${shown(map, bytesText)}`);
  const rest = [`peak ${shown(cost.peakAsWritten, bytesText)}`, `${shown(cost.parameters, countText)} parameters`, `${shown(cost.macs, countText)} MACs`];
  return [...maps, ...rest].join(' · ');
}

function costTooltip(cost: GraphCost): string {
  const maps = cost.attentionMaps.map(({ name, formula }) => `attention map ${name}: ${formula} bytes`);
  return [...maps, `inference peak: ${cost.peakAsWritten.formula} bytes`, `parameters: ${cost.parameters.formula}`, `MACs: ${cost.macs.formula}`].join('\n');
}

function lensesOf({ name, span, graph }: ModuleAnalysis, view: View): readonly Lens[] {
  const example = exampleSizes(graph, view.sizesOf(name));
  const sizes = 'sizes' in example ? example.sizes : undefined;
  const cost = costOf(graph, sizes);
  const lens = (action: Lens['action'], title: string, tooltip: string): Lens => ({ span, module: name, action, title, tooltip });
  const chosen = sizes && Object.entries(sizes).map(([symbol, size]) => `${symbol}=${size}`);
  return [
    lens('run', '$(play) Run Attention Block', `Run ${name} on real tensors`),
    lens('none', ends(graph), graph.needs.map((need) => need.text).join('\n')),
    ...(chosen?.length === 0
      ? []
      : [lens('sizes', chosen?.join(' ') ?? 'no example sizes', 'reason' in example ? example.reason : 'Change the example sizes')]),
    lens('none', costTitle(cost), costTooltip(cost)),
  ];
}

/** Lenses of a file's attention modules. */
export const lenses = (analysis: FileAnalysis, view: View): readonly Lens[] =>
  analysis.modules.filter((module) => module.attention && module.span.file === analysis.file).flatMap((module) => lensesOf(module, view));
