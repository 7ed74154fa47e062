/** What tensors hold in a run of the gallery's blocks, in either language, is what was foreseen. */
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { analyzeFile, createAnalyser, graphAt } from '../../src/analysis/analyze';
import { exampleOfModule } from '../../src/analysis/example';
import { prepareRun } from '../../src/run/prepare';
import { tf } from '../ops/harness';

const GALLERY = resolve(import.meta.dirname, '../../media/gallery');
const APART = new Set(['helpers.ts', 'surveySlips.ts', 'surveySlips.py']);
const READ = (path: string) => readFile(path, 'utf8').catch(() => undefined);

beforeAll(() => tf.setBackend('cpu'));

describe.each(['typescript', 'pytorch'])('the gallery in %s', (language) => {
  const folder = join(GALLERY, language);
  it.each(readdirSync(folder).filter((file) => /\.(ts|py)$/.test(file) && !APART.has(file)))('%s holds what was foreseen', async (file) => {
    const analysis = await analyzeFile(join(folder, file), createAnalyser(READ, folder));
    expect(analysis?.modules.length).toBeGreaterThan(0);
    for (const module of analysis?.modules ?? []) {
      const example = exampleOfModule(module);
      if ('reason' in example) throw new Error(example.reason);
      const made = prepareRun(graphAt(module, example.sizes), example.sizes, { tf });
      if ('refusal' in made) throw new Error(JSON.stringify(made.refusal));
      const ran = await made.prepared.run({ results: false });
      made.prepared.dispose();
      expect('result' in ran && ran.result.peakBytes, module.name).toBe(made.prepared.forecast.peakBytes);
    }
  });
});
