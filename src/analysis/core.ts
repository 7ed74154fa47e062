/** The analysis as the session asks for it. */

import { symbolsOf } from '../dim/index';
import { readable } from '../graph/formula';
import { encodeGraph } from '../graph/json';
import type { Tie } from '../protocol/compareMessages';
import type { AnalysisOptions } from '../protocol/messages';
import { aliveLines } from './aliveLines';
import { analyzeFile, createAnalyser, fixedSymbols, graphAt } from './analyze';
import { exampleOfModule } from './example';
import { inlayHints } from './hints';
import { hoverAt } from './hover';
import { lenses } from './lenses';
import { curveOf, largestOf, priceOf } from './pricing/index';
import { type MakeCore, sizesFor } from './session';
import type { Diagnostic, Figure, FileAnalysis, ModuleAnalysis, Prices, View } from './types';

const viewOf = (options: AnalysisOptions): View => ({
  hintStyle: options.hintStyle,
  ...(options.precision === undefined ? {} : { precision: options.precision }),
  sizesOf: (module) => sizesFor(options, module),
});

/** What an editor shows more quietly than a list of findings does: what a module needs is no fault of it. */
const QUIET: AnalysisOptions['severities'] = { needs: 'hint' };

/** A finding at the severity that the user wants for its code; none where it is off. */
function judged(diagnostic: Diagnostic, { severities }: AnalysisOptions): readonly Diagnostic[] {
  const severity = severities[diagnostic.code] ?? QUIET[diagnostic.code];
  if (severity === 'off') return [];
  return [severity === undefined ? diagnostic : { ...diagnostic, severity }];
}

const nothing = (file: string): FileAnalysis => ({ file, modules: [], diagnostics: [], dependencies: [file] });

/** Formulas as a person writes them. */
function readablePrices(prices: Prices, { graph }: ModuleAnalysis): Prices {
  const written = (figure: Figure): Figure => {
    const { text, where } = readable(figure.formula, graph);
    return { ...figure, formula: where === undefined ? text : `${text} (${where})` };
  };
  const { map, peakInference, saved, peakTraining, parameters, macs } = prices.figures;
  const figures = {
    map: written(map),
    peakInference: written(peakInference),
    saved: written(saved),
    peakTraining: written(peakTraining),
    parameters: written(parameters),
    macs: written(macs),
  };
  return { ...prices, figures };
}

const tiesOf = ({ graph }: ModuleAnalysis): readonly Tie[] =>
  graph.needs.flatMap(({ left, right, relation }) => {
    if (relation !== '==') return [];
    const sides = [left, right].map((side) => ({ names: symbolsOf(side), text: side.text }));
    return [{ symbols: sides.flatMap(({ names }) => names), plain: sides.flatMap(({ names, text }) => names.filter((name) => name === text)) }];
  });

/** The core over a reader of files. */
export const makeCore: MakeCore = (read) => {
  const project = createAnalyser(async (file) => (await read(file)) ?? undefined);
  return {
    async analyze(file, options) {
      const analysis = (await analyzeFile(file, project)) ?? nothing(file);
      return { ...analysis, diagnostics: analysis.diagnostics.flatMap((diagnostic) => judged(diagnostic, options)) };
    },
    hover: (analysis, line, column, options) => hoverAt(analysis, line, column, viewOf(options)),
    hints: (analysis, options) => inlayHints(analysis, viewOf(options)),
    lenses: (analysis, options) => lenses(analysis, viewOf(options)),
    alive: (analysis, module, options) => aliveLines(analysis, module, viewOf(options)),
    forRun(module, options) {
      const example = exampleOfModule(module, sizesFor(options, module.name));
      if ('reason' in example) return { graph: encodeGraph(module.graph), sizes: null, reason: example.reason };
      const graph = graphAt(module, example.sizes);
      return { graph: encodeGraph(graph), sizes: example.sizes, ...(graph === module.graph ? {} : { fixed: fixedSymbols(module) }) };
    },
    price: (module, setting) => readablePrices(priceOf(module, setting), module),
    ties: tiesOf,
    curve: curveOf,
    largest: (module, setting, { symbols, bytes, figure }) => largestOf(module, setting, symbols, bytes, figure),
  };
};
