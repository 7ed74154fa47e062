/** Every module of the gallery runs as the code that it is: finite, moved by each of its weights, and complete in its rows. */
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GALLERY, requestOf } from './corpus/cases';
import { record } from './recorder/recorder';

const FOLDER = resolve(import.meta.dirname, '../media/gallery/typescript');
const SHARED = new Set(['helpers.ts', 'surveySlips.ts']);

describe('the gallery', () => {
  const files = readdirSync(FOLDER).filter((file) => !SHARED.has(file));

  it.each(files)('%s names its paper and has cases for all that it exports', (file) => {
    const text = readFileSync(resolve(FOLDER, file), 'utf8');
    expect(text).toMatch(/^\/\*\*[\s\S]*?https:\/\/arxiv\.org\/abs\/\d{4}\.\d{5}\s+\*\//);
    const exported = [...text.matchAll(/^export (?:class|function) (\w+)/gm)].map(([, name]) => name);
    const made = GALLERY.filter((item) => item.file === file).map((item) => item.class ?? /(?:new )?(\w+)/.exec(item.new ?? '')?.[1]);
    expect(exported.filter((name) => !made.includes(name))).toEqual([]);
  });

  it.each(GALLERY.map((item) => [item.id, item] as const))('%s runs', async (_, item) => {
    const truth = await record({ ...requestOf(item), values: true, warm: true, moveWeights: true });
    const [output] = truth.outputs;
    expect(truth.outputs).toHaveLength(1);
    expect(output?.data?.every(Number.isFinite)).toBe(true);
    expect(truth.values.length).toBeGreaterThan(2);
    expect(
      truth.values
        .filter((row) => row.name !== 'return')
        .flatMap((row) => row.data ?? [])
        .every(Number.isFinite),
    ).toBe(true);
  });

  it.each(GALLERY.map((item) => [item.id, item] as const))('%s depends on its weights', async (_, item) => {
    const request = { ...requestOf(item), values: true, warm: true };
    const first = await record({ ...request, moveWeights: true });
    const second = await record({ ...request, moveWeights: true, weightSeed: 99 });
    if ((first.weights ?? []).length === 0) expect(second.outputs).toEqual(first.outputs);
    else expect(second.outputs[0]?.data).not.toEqual(first.outputs[0]?.data);
  });
});
