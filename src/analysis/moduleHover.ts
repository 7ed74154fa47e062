/** The hover of a module's name: what goes in and comes out, what it needs, what it costs. */
import type { CostFigure, GraphCost } from '../graph/cost';
import { bytesText, countText } from '../graph/quantities';
import type { ShapeGraph } from '../graph/types';
import { assumptionsText } from './assumptions';
import { chosenText, exampleOf, moduleCost } from './figures';
import { birthsOf, symbolTexts } from './origins';
import { endsText } from './shapeText';
import type { Hover, ModuleAnalysis, View } from './types';

/** A formula longer than this tells less than its number. */
const LONGEST_FORMULA = 60;

const LIBRARIES = { tfjs: 'tfjs', torch: 'PyTorch' } as const;

const notGiven = ({ runtime }: ShapeGraph): string =>
  `Saved for backward and training peak are not given: the gradient rules of ${LIBRARIES[runtime]} are not in the table of operators.`;

const formulaText = (formula: string): string => (formula.length <= LONGEST_FORMULA ? `\`${formula}\`` : `\`${formula.slice(0, LONGEST_FORMULA - 1)}…\``);

function row(label: string, figure: CostFigure, text: (value: number) => string): string {
  if (figure.unknown !== undefined) return `| ${label} | ? | ${figure.unknown.replaceAll('|', '\\|')} |`;
  return `| ${label} | ${figure.value === undefined ? '' : `**${text(figure.value)}**`} | ${/^\d+$|^\?$/.test(figure.formula) ? '' : formulaText(figure.formula)} |`;
}

function table(cost: GraphCost, at: string): string {
  const line = cost.peakAsWritten.span?.line;
  const runLine = cost.peakAsRun.span?.line;
  return [
    `| ${at} | | |`,
    '|:--|--:|:--|',
    ...cost.attentionMaps.map((map) =>
      row(`attention map \`${map.name}\`, line ${map.span.line}${map.map.kind === 'fused' ? ' (fused)' : ''}`, map, bytesText),
    ),
    row(`inference peak${line === undefined ? '' : `, line ${line}`}`, cost.peakAsWritten, bytesText),
    row(`the same, freed at last use${runLine === undefined ? '' : `, line ${runLine}`}`, cost.peakAsRun, bytesText),
    row('parameters', cost.parameters, countText),
    row('MACs', cost.macs, countText),
    row('FLOPs', cost.flops, countText),
  ].join('\n');
}

/** What is known of a module as a whole. */
export function moduleHover(module: ModuleAnalysis, view: View): Hover {
  const { graph, name, span } = module;
  const example = exampleOf(module, view);
  const symbols = graph.symbols.map((symbol) => symbol.name);
  const at = 'sizes' in example ? (symbols.length === 0 ? '' : `at \`${chosenText(example.sizes)}\``) : '';
  const lines = [
    `\`${name}: ${endsText(graph, true)}\``,
    graph.needs.length > 0 ? `Needs ${graph.needs.map(({ text }) => `\`${text}\``).join(', ')}` : '',
    assumptionsText(module),
    table(moduleCost(module, view), at),
    'reason' in example ? `No numbers: ${example.reason}.` : '',
    symbolTexts(module, symbols).join(' · '),
    notGiven(module.graph),
  ];
  return { span, lines: lines.filter((line) => line !== ''), born: birthsOf(module, symbols) };
}
