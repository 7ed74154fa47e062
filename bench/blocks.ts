/** The blocks that are run, as graphs at sizes; and what is said of their pairs. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { analyzeFile, createAnalyser, parseExpression } from '../src/analysis/analyze';
import { encodeGraph } from '../src/graph/index';
import type { Block, Measured } from './pairs';
import { line, median, spread } from './statistics';

async function block(name: Block['name'], expression: string, input: string, shape: readonly number[]): Promise<Block> {
  const file = resolve('media/gallery/typescript', `${name}.ts`);
  const read = (path: string) => readFile(path, 'utf8').catch(() => undefined);
  const made = await parseExpression(file, expression);
  if (!made) throw new Error(`${expression} does not parse`);
  const inputs = new Map([[input, { kind: 'tensor', shape, dtype: 'float32' } as const]]);
  const analysis = await analyzeFile(file, createAnalyser(read), { expression: made, bindings: { training: false, inputs } });
  const [module] = analysis?.modules ?? [];
  if (!module) throw new Error(`${name} is not read`);
  return { name, graph: encodeGraph(module.graph), shape };
}

/** The blocks. */
export const blocks = (): Promise<readonly Block[]> =>
  Promise.all([
    block('selfAttention', 'new SelfAttention({ units: 64, heads: 4 })', 'inputs', [2, 196, 64]),
    block('sagan', 'new SaganAttention(64)', 'x', [1, 32, 32, 64]),
  ]);

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(0)} kB`;

/** What was measured, in lines. */
export function report(measured: readonly Measured[]): string[] {
  return measured.flatMap(({ name, backend, graph, hand, difference, predicted, held, counted, textures }) => {
    const ratios = graph.map((ms, at) => ms / (hand[at] ?? Number.NaN));
    return [
      line(
        `${name} on ${backend}: graph against by hand`,
        `${spread(ratios, 3)}, ${median(graph).toFixed(1)} against ${median(hand).toFixed(1)} ms, of ${ratios.length} pairs; results differ by ${difference.toExponential(1)}`,
        '≤ 1.10',
      ),
      line(
        `${name} on ${backend}: bytes at the peak`,
        `predicted ${kilobytes(predicted)}, held ${kilobytes(held)}, counted by tfjs ${kilobytes(counted)}`,
        'as predicted',
      ),
      ...(textures
        ? [
            line(
              `${name} on ${backend}: bytes of textures, with weights`,
              `foreseen ${kilobytes(textures.foreseen)}, held ${kilobytes(textures.held)}`,
              'within 5 %',
            ),
          ]
        : []),
    ];
  });
}
