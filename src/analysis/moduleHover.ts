/** The hover of a module's name: what goes in and comes out, what it needs, what it costs. */
import type { CostFigure, GraphCost, TrainingCost } from '../graph/cost';
import { readable } from '../graph/formula';
import { bytesText, countText } from '../graph/quantities';
import type { ShapeGraph } from '../graph/types';
import { assumptionsText } from './assumptions';
import { chosenText, exampleOf, moduleCost, moduleTraining } from './figures';
import { birthsOf, symbolTexts } from './origins';
import { endsText } from './shapeText';
import type { Hover, ModuleAnalysis, View } from './types';

/** A formula longer than this tells less than its number. */
const LONGEST_FORMULA = 60;

const NOT_GIVEN = 'Saved for backward and training peak are not given: the gradient rules of tfjs are not in the table of operators.';

/** More pieces than this are not named. */
const MOST_PIECES = 6;

const cut = (text: string): string => (text.length <= LONGEST_FORMULA ? `\`${text}\`` : `\`${text.slice(0, LONGEST_FORMULA - 1)}…\``);

/** A number stays with its unit. */
const unbroken = (text: string): string => text.replaceAll(' ', '\u00a0');

type Row = readonly [label: string, figure: CostFigure, text: (value: number) => string];

function row([label, figure, text]: Row, graph: ShapeGraph): string {
  if (figure.unknown !== undefined) return `| ${label} | ? | ${figure.unknown.replaceAll('|', '\\|')} |`;
  const formula = /^\d+$|^\?$/.test(figure.formula) ? '' : cut(readable(figure.formula, graph).text);
  return `| ${label} | ${figure.value === undefined ? '' : `**${unbroken(text(figure.value))}**`} | ${formula} |`;
}

const atLine = (line: number | undefined): string => (line === undefined ? '' : `, line ${line}`);

/** PyTorch's own memory, and what training holds; or tfjs's two peaks. */
function memoryRows(cost: GraphCost, training: TrainingCost | undefined): readonly Row[] {
  const peak: Row = [`inference peak${atLine(cost.peakAsWritten.span?.line)}`, cost.peakAsWritten, bytesText];
  if (!training) return [peak, [`the same, freed at last use${atLine(cost.peakAsRun.span?.line)}`, cost.peakAsRun, bytesText]];
  return [peak, ['saved for backward', training.saved, bytesText], ['training peak, about', training.peak, bytesText]];
}

function rowsOf(cost: GraphCost, training: TrainingCost | undefined): readonly Row[] {
  return [
    ...cost.attentionMaps.map(
      (map): Row => [`attention map \`${map.name}\`, line ${map.span.line}${map.map.kind === 'fused' ? ' (fused)' : ''}`, map, bytesText],
    ),
    ...memoryRows(cost, training),
    ['parameters', cost.parameters, countText],
    ['MACs', cost.macs, countText],
    ['FLOPs', cost.flops, countText],
  ];
}

function table(rows: readonly Row[], graph: ShapeGraph): string {
  return [`| | | ${lettersText(rows, graph)} |`, '|:--|--:|:--|', ...rows.map((one) => row(one, graph))].join('\n');
}

/** What the letters stand for that only the formulas have: `n = h·w`. */
function lettersText(rows: readonly Row[], graph: ShapeGraph): string {
  const said = rows.flatMap(([, { formula }]) => readable(formula, graph).where ?? []);
  return said.length === 0 ? '' : `with ${[...new Set(said)].map((one) => `\`${one}\``).join(', ')}`;
}

/** What is alive at the peak, the largest first. */
function aliveText({ alive }: GraphCost['peakAsWritten']): string {
  const pieces = [...(alive ?? [])].filter(({ value }) => value !== undefined && value > 0).sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  if (pieces.length === 0) return '';
  const shown = pieces.slice(0, MOST_PIECES).map(({ name, span, value = 0 }) => `\`${name}\` ${bytesText(value)}, line ${span.line}`);
  const more = pieces.length > MOST_PIECES ? ` · ${pieces.length - MOST_PIECES} more` : '';
  return `Alive at the peak: ${shown.join(' · ')}${more}`;
}

/** What is known of a module as a whole. */
export function moduleHover(module: ModuleAnalysis, view: View): Hover {
  const { graph, name, span } = module;
  const example = exampleOf(module, view);
  const symbols = graph.symbols.map((symbol) => symbol.name);
  const at = 'sizes' in example ? (symbols.length === 0 ? '' : `At \`${chosenText(example.sizes)}\``) : '';
  const [cost, training] = [moduleCost(module, view), moduleTraining(module, view)];
  const [rows, shown] = [rowsOf(cost, training), module.graph];
  const lines = [
    `\`${name}: ${endsText(graph, true)}\``,
    graph.needs.length > 0 ? `Needs ${graph.needs.map(({ text }) => `\`${text}\``).join(', ')}` : '',
    assumptionsText(module),
    at,
    table(rows, shown),
    aliveText(cost.peakAsWritten),
    'reason' in example ? `No numbers: ${example.reason}.` : '',
    symbolTexts(module, symbols).join(' · '),
    training ? '' : NOT_GIVEN,
  ];
  return { span, lines: lines.filter((line) => line !== ''), born: birthsOf(module, symbols) };
}
