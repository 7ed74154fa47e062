/** What a module costs, as text for a terminal. */
import { type CacheFigures, cacheWords, perTokenText } from '../../analysis/cacheFigures';
import { precisionText } from '../../analysis/precisionText';
import type { RegimeWords } from '../../analysis/regimeText';
import type { Setting } from '../../analysis/types';
import { readable } from '../../graph/formula';
import { bytesText, countText } from '../../graph/quantities';
import type { ShapeGraph } from '../../graph/types';
import { wrapped } from '../wrapping';
import type { BytesTold, CostTold, PieceTold } from './document';
import { type Fits, fitsText } from './fits';

/** What is told of a module, and what is said beside. */
export interface Shown {
  readonly told: CostTold;
  /** The graph whose symbols the formulas have. */
  readonly graph: ShapeGraph;
  readonly setting: Setting;
  readonly cache: CacheFigures | undefined;
  readonly besideInference?: RegimeWords | undefined;
  readonly besideTraining?: RegimeWords | undefined;
  readonly fits?: { readonly all: readonly Fits[]; readonly bytes: number };
}

/** The widest label, and room behind it. */
const LABEL = 'peak, as we run it'.length + 2;

/** Room for a number and its unit. */
const VALUE = 14;

/** Where all sizes are numbers there are none to name. */
function sizesText({ sizes, reason }: CostTold): string {
  if (!sizes) return `  no example sizes: ${reason}`;
  const named = Object.entries(sizes).map(([name, size]) => `${name}=${size}`);
  return named.length > 0 ? `  at ${named.join(' ')}` : '';
}

/** The lines of one module. */
export function asText({ told: module, graph, setting, cache, besideInference, besideTraining, fits }: Shown, width: number): string {
  const letters = new Set<string>();
  const words = (formula: string): string => {
    const { text, where } = readable(formula, graph);
    for (const letter of where ?? []) letters.add(letter);
    return text;
  };
  const line = (label: string, value: number | null, formula: string, unit: (value: number) => string, reason?: string, after = '') => {
    const told = value === null && reason !== undefined ? `${formula === '?' ? '' : `${words(formula)}  `}(${reason})` : words(formula);
    return entry(label, value === null ? '?' : unit(value), `${told}${after}`, width);
  };
  const besides = (words: RegimeWords | undefined): string => {
    for (const where of words?.where ?? []) letters.add(where);
    return words ? besideText(words, width) : '';
  };
  const lines =
    `${module.file}:${module.line} ${module.name}${sizesText(module)}${wayText(setting)}\n` +
    line('parameters', module.parameters, module.parametersFormula, countText, module.parametersReason) +
    line('MACs', module.macs, module.macsFormula, countText, module.macsReason) +
    line('FLOPs', module.flops, module.flopsFormula, countText, module.macsReason) +
    module.attentionMaps
      .map((map) =>
        line('attention map', map.bytes, map.formula, bytesText, map.reason, `${'fused' in map ? ' (fused)' : ''}  (${map.name}, line ${map.line ?? '?'})`),
      )
      .join('') +
    memoryLines(module)
      .map(([label, figure]) => {
        const { bytes: value, formula, reason } = figure;
        const beside = figure === module.peakInference ? besideInference : figure === module.peakTraining ? besideTraining : undefined;
        const at = 'line' in figure && value !== null ? `  (line ${figure.line})` : '';
        return line(label, value, formula, bytesText, reason, at) + besides(beside) + aliveLine(figure, width);
      })
      .join('') +
    (module.trainingReason === undefined ? '' : line('training', null, '?', bytesText, module.trainingReason)) +
    (cache ? cacheLine(cache, graph, width) : '') +
    (fits ? fitsText(fits.all, fits.bytes, LABEL) : '') +
    (module.notes ?? []).map((note) => `  note: ${note}\n`).join('');
  return letters.size === 0 ? lines : `${lines}  with ${[...letters].join(', ')}\n`;
}

const WAYS = { written: '', fused: 'attention fused', stepwise: 'attention step by step' };

/** The number type and the way of attention, where they are not the usual ones. */
function wayText({ precision, attention }: Setting): string {
  const ways = [precisionText(precision), WAYS[attention]].filter((way) => way !== '');
  return ways.length === 0 ? '' : `  (${ways.join(', ')})`;
}

/** A label, its value, and what is said of it, on as many lines as that takes. */
const entry = (label: string, value: string, said: string, width: number): string =>
  `  ${label.padEnd(LABEL)}${value.padEnd(VALUE)}${wrapped(said, LABEL + VALUE + 2, width)}\n`;

/** So many pieces are named, the largest first. */
const MOST_PIECES = 4;

/** What is alive at a peak, below it. */
function aliveLine(figure: BytesTold & { readonly alive?: readonly PieceTold[] }, width: number): string {
  const alive = [...(figure.alive ?? [])].sort((a, b) => (b.bytes ?? 0) - (a.bytes ?? 0));
  const named = alive
    .slice(0, MOST_PIECES)
    .map(({ name, bytes, line }) => `${name} ${bytes === null ? '?' : bytesText(bytes)}${line === undefined ? '' : ` (line ${line})`}`);
  if (named.length === 0) return '';
  return entry('', '', `alive: ${named.join(', ')}${alive.length > named.length ? `, ${alive.length - named.length} more` : ''}`, width);
}

/** What one more token of one sample takes of the keys and values that are kept. */
function cacheLine(cache: CacheFigures, graph: ShapeGraph, width: number): string {
  const beside = [cacheWords(cache), `line ${cache.span.line}`].filter((part) => part !== '').join(', ');
  const value = cache.perToken.value === undefined ? '?' : bytesText(cache.perToken.value);
  return entry('KV cache per token', value, `${perTokenText(cache, graph)}  (${beside})`, width);
}

/** While what the formula above goes, and what goes elsewhere: a line each, below the formula. */
function besideText({ while: until, others }: RegimeWords, width: number): string {
  const lines = [...(until === '' ? [] : [`while ${until}`]), ...others.map(({ when, formula, span }) => `${when}: ${formula}  (line ${span.line})`)];
  return lines.map((text) => entry('', '', text, width)).join('');
}

/** PyTorch's peaks are those of its own liveness; tfjs's are as the code has it, and as we run it. */
function memoryLines(module: CostTold): readonly (readonly [string, BytesTold])[] {
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
