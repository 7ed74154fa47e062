/** What a module costs, worked out anew once its graph is known: every module of the gallery at its example sizes. */
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { analyzeFile, createAnalyser, graphAt } from '../src/analysis/analyze';
import { exampleOfModule } from '../src/analysis/example';
import type { ModuleAnalysis } from '../src/analysis/types';
import { setWasm } from '../src/frontend/python/wasm';
import type { Sizes } from '../src/graph/bind';
import { costOf, trainingCostOf } from '../src/graph/cost';
import type { ShapeGraph } from '../src/graph/types';
import { line, median, quantile } from './statistics';

setWasm((name) => readFile(join('node_modules', name.replace(/\.wasm$/, ''), name)));

const FOLDERS = ['media/gallery/pytorch', 'media/gallery/typescript'];
const ROUNDS = 40;
const WARM = 10;

interface Block {
  readonly name: string;
  readonly graph: ShapeGraph;
  readonly sizes: Sizes;
}

function blocksOf(modules: readonly ModuleAnalysis[]): readonly Block[] {
  return modules.flatMap((module) => {
    const example = exampleOfModule(module);
    return 'sizes' in example ? [{ name: module.name, graph: graphAt(module, example.sizes), sizes: example.sizes }] : [];
  });
}

async function blocksIn(folder: string): Promise<readonly Block[]> {
  const project = createAnalyser(async (file) => readFileSync(file, 'utf8'));
  const files = readdirSync(folder).filter((name) => /\.(py|ts)$/.test(name));
  const read = await Promise.all(files.map((name) => analyzeFile(join(folder, name), project)));
  return read.flatMap((analysis) => blocksOf(analysis?.modules ?? []));
}

/** Median milliseconds of the processor for a block's figures; a graph of its own each time, so that nothing is remembered. */
function timeOf({ graph, sizes }: Block, work: (graph: ShapeGraph, sizes: Sizes) => unknown): number {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const own = { ...graph };
    const before = process.cpuUsage();
    work(own, sizes);
    const { user, system } = process.cpuUsage(before);
    if (round >= WARM) times.push((user + system) / 1000);
  }
  return median(times);
}

function measured(what: string, blocks: readonly Block[], work: (graph: ShapeGraph, sizes: Sizes) => unknown, target: string): string {
  const times = blocks.map((block) => ({ name: block.name, ms: timeOf(block, work) }));
  const all = times.map(({ ms }) => ms);
  const slowest = times.find(({ ms }) => ms === Math.max(...all));
  return line(
    what,
    `${median(all).toFixed(2)} median, ${quantile(all, 0.9).toFixed(2)} in 9 of 10, ${slowest?.ms.toFixed(2)} at most (${slowest?.name}), of ${all.length}`,
    target,
  );
}

export async function measure(): Promise<string[]> {
  const blocks = (await Promise.all(FOLDERS.map(blocksIn))).flat();
  return [
    measured('cost of a module whose graph is known, ms of the processor', blocks, (graph, sizes) => costOf(graph, sizes), '≤ 5'),
    measured('  the same with what training holds', blocks, (graph, sizes) => [costOf(graph, sizes), trainingCostOf(graph, sizes, true)], '≤ 5'),
  ];
}
