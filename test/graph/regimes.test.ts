/** Where a peak has another formula: at sizes within a regime, on both sides of its borders, the formula is the peak that the steps themselves give. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyzeFile, createAnalyser, graphAt } from '../../src/analysis/analyze';
import { exampleOfModule } from '../../src/analysis/example';
import { regimeWords } from '../../src/analysis/regimeText';
import { evaluate } from '../../src/dim/index';
import { needHolds, type Sizes } from '../../src/graph/bind';
import { costOf, trainingCostOf } from '../../src/graph/cost';
import { inferenceRegimes, type PeakRegimes, type Regime, type Regimes, trainingRegimes } from '../../src/graph/memory/regimes';
import type { ShapeGraph } from '../../src/graph/types';

const FOLDER = join(import.meta.dirname, '../torch/memory');
const FILE = join(FOLDER, 'modules.py');
const project = createAnalyser(async (path) => (path === FILE ? readFileSync(FILE, 'utf8') : undefined), FOLDER);

interface Case {
  readonly graph: ShapeGraph;
  readonly sizes: Sizes;
}

async function readCases(): Promise<ReadonlyMap<string, Case>> {
  const analysis = await analyzeFile(FILE, project, { bindings: { training: false } });
  return new Map(
    (analysis?.modules ?? []).flatMap((module) => {
      const example = exampleOfModule(module);
      return 'sizes' in example ? [[module.name, { graph: graphAt(module, example.sizes), sizes: example.sizes }] as const] : [];
    }),
  );
}

const cases = await readCases();

const caseOf = (name: string): Case => cases.get(name) ?? expect.fail(name);

/** Smaller images and sequences are not looked at: what they fold and pad is special. */
const FEWEST = 4;

/** Sizes of the regime that the module allows, drawn; undefined where those drawn are none. */
function drawn({ graph, sizes }: Case, { symbols, kind }: Regimes, { from, to }: Regime, [a, b]: readonly [number, number]): Sizes | undefined {
  const low = from ?? (kind === 'product' ? FEWEST * FEWEST : FEWEST);
  const high = to ?? low * 6;
  const x = low + Math.floor(a * (high - low + 1));
  const [first = '', second = ''] = symbols;
  const height = FEWEST + Math.floor(b * (Math.floor(Math.sqrt(x)) - FEWEST + 1));
  const width = Math.floor(x / height);
  if (kind === 'product' && (width < FEWEST || height < FEWEST || height * width < low)) return undefined;
  const at = kind === 'product' ? { ...sizes, [first]: height, [second]: width } : { ...sizes, ...Object.fromEntries(symbols.map((name) => [name, x])) };
  return graph.needs.every((need) => needHolds(need, at) !== false) ? at : undefined;
}

function holdWithin(one: Case, found: PeakRegimes, peakAt: (sizes: Sizes) => number | undefined): void {
  for (const regimes of found.along) {
    for (const regime of regimes.regimes) {
      fc.assert(
        fc.property(
          fc.tuple(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
          (at) => {
            const sizes = drawn(one, regimes, regime, at);
            if (sizes) expect([sizes, evaluate(regime.formula, sizes)]).toEqual([sizes, peakAt(sizes)]);
          },
        ),
        { numRuns: 12 },
      );
    }
  }
}

describe.each([...cases.keys()])('%s', (name) => {
  it('has the peak of inference that its regimes say', () => {
    const one = caseOf(name);
    holdWithin(one, inferenceRegimes(one.graph, one.sizes), (sizes) => costOf(one.graph, sizes).peakAsWritten.value);
  });

  it('has the peak of training that its regimes say', () => {
    const one = caseOf(name);
    holdWithin(one, trainingRegimes(one.graph, one.sizes, true), (sizes) => trainingCostOf(one.graph, sizes, true)?.peak.value);
  });

  it('has the peak with one sample that is told where that has other steps', () => {
    const { graph, sizes } = caseOf(name);
    const { batch } = inferenceRegimes(graph, sizes);
    const other = batch && { ...sizes, ...Object.fromEntries(batch.symbols.map((symbol) => [symbol, batch.isOne ? 1 : 2])) };
    expect(other && evaluate(batch.formula, other)).toBe(other && costOf(graph, other).peakAsWritten.value);
  });
});

describe('regimes', () => {
  it('follow each other: each begins after the one before has ended', () => {
    for (const { graph, sizes } of cases.values()) {
      for (const { regimes } of inferenceRegimes(graph, sizes).along) {
        for (const [index, { from }] of regimes.slice(1).entries()) expect(from).toBeGreaterThan(regimes[index]?.to ?? Number.NaN);
      }
    }
  });

  const words = (name: string) => {
    const { graph, sizes } = caseOf(name);
    const found = regimeWords(inferenceRegimes(graph, sizes), graph, graph, sizes);
    return found && { while: found.while, others: found.others.map(({ when, formula, span }) => `${when}: ${formula}, line ${span.line}`) };
  };

  it('are told by the number of places where that is what counts', () => {
    expect(words('EinsumNonLocal')).toEqual({ while: 'n ≥ 161', others: ['n from 2 to 160: 4·b·n² + 12·b·c·n + 16·b·n·(c//2) + 8·c, line 228'] });
  });

  it('are told with the condition where it is short', () => {
    expect(words('CosineAttention')).toEqual({
      while: 'n from 2 to 64 (heads·n ≤ 2·c)',
      others: ['n ≥ 65: 12·b·heads·n² + 16·b·c·n, line 301', 'b = 1: 4·b·heads·n² + 24·b·c·n, line 300'],
    });
  });

  it('keep to what the module needs: a window divides its sizes', () => {
    expect(words('ISSA')?.while).toBe('h = w ≤ 64');
  });

  it('are told alone where a formula does not go for the smallest', () => {
    expect(words('CBAM')).toEqual({ while: 'n ≥ 2', others: [] });
  });

  it('are not told where one formula goes for all sizes, nor where all are numbers', () => {
    expect(words('SKConv')).toBeUndefined();
    expect(words('Flatten')).toBeUndefined();
  });
});
