/** `cost`: parameters, multiply-accumulates, attention maps and memory. */
import { graphAt } from '../analysis/analyze';
import { exampleOfModule } from '../analysis/example';
import type { ModuleAnalysis } from '../analysis/types';
import { readable } from '../graph/formula';
import { type CostFigure, costOf, type GraphCost, type TrainingCost, trainingCostOf } from '../graph/index';
import { bytesText, countText } from '../graph/quantities';
import type { ShapeGraph } from '../graph/types';
import type { Span } from '../program/types';
import { relativeTo } from './files';
import { readOne } from './modules';
import type { Options } from './options';

const NO_GRADIENTS = "tfjs's gradient rules are not in the table";

/** Runs `cost`; gives the exit code. */
export async function cost(options: Options): Promise<number> {
  const { analysis, root } = await readOne(options);
  const relative = relativeTo(root);
  const modules = analysis.modules.map((module) => ({ graph: module.graph, told: costModule(module, options, relative) }));
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ version: 1, modules: modules.map(({ told }) => told) })}\n`
      : modules.map(({ graph, told }) => asText(told, graph)).join('\n'),
  );
  return 0;
}

const place = (span: Span | undefined, relative: (file: string) => string) => (span ? { file: relative(span.file), line: span.line } : {});
const because = ({ unknown }: CostFigure) => (unknown === undefined ? {} : { reason: unknown });
const bytes = (figure: CostFigure): { bytes: number | null; formula: string; reason?: string } => ({
  bytes: figure.value ?? null,
  formula: figure.formula,
  ...because(figure),
});

function costModule(module: ModuleAnalysis, options: Options, relative: (file: string) => string) {
  const example = exampleOfModule(module, options.set);
  const sizes = 'sizes' in example ? example.sizes : undefined;
  const graph = sizes ? graphAt(module, sizes) : module.graph;
  const found: GraphCost = costOf(graph, sizes);
  return {
    file: relative(module.span.file),
    line: module.span.line,
    name: module.name,
    sizes: sizes ?? null,
    ...('reason' in example ? { reason: example.reason } : {}),
    parameters: found.parameters.value ?? null,
    parametersFormula: found.parameters.formula,
    buffers: found.buffers.value ?? null,
    macs: found.macs.value ?? null,
    macsFormula: found.macs.formula,
    ...(found.parameters.unknown === undefined ? {} : { parametersReason: found.parameters.unknown }),
    ...(found.macs.unknown === undefined ? {} : { macsReason: found.macs.unknown }),
    flops: found.flops.value ?? null,
    flopsFormula: found.flops.formula,
    inputBytes: bytes(found.inputBytes),
    attentionMaps: found.attentionMaps.map((map) => ({
      ...place(map.span, relative),
      name: map.name,
      ...bytes(map),
      ...(map.map.kind === 'fused' ? { fused: true } : {}),
    })),
    peakInference: { ...bytes(found.peakAsWritten), ...place(found.peakAsWritten.span, relative) },
    peakInferenceAsRun: { ...bytes(found.peakAsRun), ...place(found.peakAsRun.span, relative) },
    ...training(trainingCostOf(graph, sizes, options.bindings.training), relative),
  };
}

function training(cost: TrainingCost | undefined, relative: (file: string) => string) {
  if (!cost) return { savedForBackward: null, peakTraining: null, trainingReason: NO_GRADIENTS };
  const items = cost.saved.items.map((item) => ({ ...place(item.span, relative), name: item.name, ...bytes(item) }));
  return { savedForBackward: { ...bytes(cost.saved), items }, peakTraining: { ...bytes(cost.peak), approximate: true } };
}

type ModuleCost = ReturnType<typeof costModule>;

/** The widest label, and room behind it. */
const LABEL = 'peak, as we run it'.length + 2;

/** Where all sizes are numbers there are none to name. */
function sizesText({ sizes, reason }: ModuleCost): string {
  if (!sizes) return `  no example sizes: ${reason}`;
  const named = Object.entries(sizes).map(([name, size]) => `${name}=${size}`);
  return named.length > 0 ? `  at ${named.join(' ')}` : '';
}

function asText(module: ModuleCost, graph: ShapeGraph): string {
  const letters = new Set<string>();
  const words = (formula: string): string => {
    const { text, where } = readable(formula, graph);
    if (where !== undefined) letters.add(where);
    return text;
  };
  const line = (label: string, value: number | null, formula: string, unit: (value: number) => string, reason?: string, after = '') => {
    const told = value === null && reason !== undefined ? `${formula === '?' ? '' : `${words(formula)}  `}(${reason})` : words(formula);
    return `  ${label.padEnd(LABEL)}${(value === null ? '?' : unit(value)).padEnd(14)}${told}${after}\n`;
  };
  const lines =
    `${module.file}:${module.line} ${module.name}${sizesText(module)}\n` +
    line('parameters', module.parameters, module.parametersFormula, countText, module.parametersReason) +
    line('MACs', module.macs, module.macsFormula, countText, module.macsReason) +
    line('FLOPs', module.flops, module.flopsFormula, countText, module.macsReason) +
    module.attentionMaps
      .map((map) =>
        line('attention map', map.bytes, map.formula, bytesText, undefined, `${'fused' in map ? ' (fused)' : ''}  (${map.name}, line ${map.line ?? '?'})`),
      )
      .join('') +
    memoryLines(module)
      .map(([label, { bytes: value, formula, reason }]) => line(label, value, formula, bytesText, reason))
      .join('');
  return letters.size === 0 ? lines : `${lines}  with ${[...letters].join(', ')}\n`;
}

/** PyTorch's peaks are those of its own liveness; tfjs's are as the code has it, and as we run it. */
function memoryLines(module: ModuleCost): readonly (readonly [string, ReturnType<typeof bytes>])[] {
  const { savedForBackward, peakTraining } = module;
  if (!savedForBackward || !peakTraining)
    return [
      ['peak, as written', module.peakInference],
      ['peak, as we run it', module.peakInferenceAsRun],
    ];
  return [
    ['peak, inference', module.peakInference],
    ['saved for backward', savedForBackward],
    ['peak, training ≈', peakTraining],
  ];
}
