/** What WebGL really holds while the gallery's blocks run, against what was foreseen. */
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../../scripts/workbench/browser.mjs';
import { analyzeFile, createAnalyser, graphAt } from '../../src/analysis/analyze';
import { exampleOfModule } from '../../src/analysis/example';
import type { ModuleAnalysis } from '../../src/analysis/types';
import { encodeGraph, type ShapeGraph, type Sizes } from '../../src/graph/index';
import { planRun } from '../../src/run/plan';
import type { Held } from './texturesPage';

const GALLERY = resolve(import.meta.dirname, '../../media/gallery');
/** Tensors of this many values take over a megabyte. */
const LARGE = 2 ** 18;
const MOST_DOUBLED = 40;
const READ = (path: string) => readFile(path, 'utf8').catch(() => undefined);

let browser: Browser;
let page: Page;

beforeAll(async () => {
  const { outputFiles } = await build({ entryPoints: ['test/panel/texturesPage.ts'], bundle: true, write: false, format: 'iife', logLevel: 'error' });
  browser = await launchBrowser();
  page = await browser.newPage();
  await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
}, 120_000);

afterAll(() => browser?.close());

interface Sized {
  readonly graph: ShapeGraph;
  readonly sizes: Sizes;
}

function exampleOf(module: ModuleAnalysis, chosen: Sizes): Sized | undefined {
  const example = exampleOfModule(module, chosen);
  return 'sizes' in example ? { graph: graphAt(module, example.sizes), sizes: example.sizes } : undefined;
}

/** How large the largest tensor is; 0 where the sizes are none. */
function largestIn({ graph, sizes }: Sized): number {
  const planned = planRun(graph, sizes);
  return 'plan' in planned ? (planned.plan.forecast.largest?.elements ?? 0) : 0;
}

/** The module at its example's sizes, with one of the data's sizes after the other doubled until a tensor is large. */
function largeOf(module: ModuleAnalysis): Sized {
  let sized = exampleOf(module, {});
  let chosen: Sizes = {};
  const data = module.graph.symbols.filter(({ role }) => role === 'data');
  // A helper may know the sizes of its data from its arguments alone.
  const names = (data.length > 1 ? data : module.graph.symbols).map(({ name }) => name);
  for (let turn = 0; turn < MOST_DOUBLED && sized && largestIn(sized) < LARGE; turn += 1) {
    const name = names[turn % names.length] ?? '';
    const wider = { ...chosen, [name]: (sized.sizes[name] ?? 1) * 2 };
    const next = exampleOf(module, wider);
    if (next && largestIn(next) >= largestIn(sized)) [sized, chosen] = [next, wider];
  }
  if (!sized || largestIn(sized) < LARGE) throw new Error(`${module.name} has no sizes at which a tensor is large`);
  return sized;
}

const folders = ['typescript', 'pytorch'].map((name) => join(GALLERY, name));
const APART = new Set(['helpers.ts', 'surveySlips.ts', 'surveySlips.py']);
const files = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((file) => /\.(ts|py)$/.test(file) && !APART.has(file))
    .map((file) => [folder, file] as const),
);

/** What takes more than a hundredth otherwise than foreseen. */
const isFar = ({ measured, foreseen }: Held): boolean => Math.abs(measured - foreseen) > measured / 100;

describe.each(files)('WebGL holds what was foreseen, %s/%s', (folder, file) => {
  it('of each of its modules, run after run', async () => {
    const analysis = await analyzeFile(join(folder, file), createAnalyser(READ, folder));
    for (const module of analysis?.modules ?? []) {
      const { graph, sizes } = largeOf(module);
      const asked = JSON.stringify({ graph: encodeGraph(graph), sizes });
      const runs = await page.evaluate((text) => (globalThis as unknown as { heldIn(text: string): Promise<readonly Held[]> }).heldIn(text), asked);
      expect(runs.filter(isFar), module.name).toEqual([]);
      expect(runs.flatMap(({ unknown }) => unknown)).toEqual([]);
      expect(new Set(runs.slice(1).map(({ measured }) => measured)).size).toBe(1);
    }
  }, 120_000);
});
