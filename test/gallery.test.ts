/** Every module of the gallery runs as the code that it is: finite, moved by each of its weights, and complete in its rows. */
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { GALLERY, requestOf } from './corpus/cases';
import { record } from './recorder/recorder';

const FOLDER = resolve(import.meta.dirname, '../media/gallery/typescript');
const SHARED = new Set(['helpers.ts', 'surveySlips.ts']);

describe('the gallery', () => {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.ts') && !SHARED.has(file));

  it('is strict TypeScript', () => {
    const path = resolve(FOLDER, 'tsconfig.json');
    const { options, fileNames } = ts.parseJsonConfigFileContent(ts.readConfigFile(path, ts.sys.readFile).config, ts.sys, FOLDER);
    const program = ts.createProgram(fileNames, options);
    expect(fileNames).toHaveLength(files.length + SHARED.size);
    expect(ts.getPreEmitDiagnostics(program).map((found) => ts.flattenDiagnosticMessageText(found.messageText, ' '))).toEqual([]);
  });

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

describe("the survey's slips", () => {
  const run = (made: object, inputs: Record<string, readonly number[]>) => record({ file: resolve(FOLDER, 'surveySlips.ts'), ...made, inputs });

  it.each(['new SelfAttention(CHANNELS)', 'new DanetPosition(CHANNELS)', 'danetChannel', 'new Sagan(CHANNELS)'])(
    '%s runs only where there are as many channels as places',
    async (made) => {
      const attempt = (channels: number) => run({ new: made.replace('CHANNELS', String(channels)) }, { x: [2, channels, 3, 4] });
      await expect(attempt(8)).rejects.toThrow(/inner shapes|broadcast/);
      await expect(attempt(12)).resolves.toMatchObject({ outputs: [{}] });
    },
  );

  it.each([
    ['new CbamChannel(16, 4)', { x: [2, 16, 3, 4] }, /inner shapes \(1\) and \(16\)/],
    ['saganResidual', { x: [2, 8, 3, 4], attnValue: [2, 8, 12], gama: [] }, /broadcast/],
    ['new PvtSpatialReduction(8, 2)', { x: [2, 16, 8] }, /inner shapes \(32\) and \(16\)/],
  ] as const)('%s does not run', async (made, inputs, message) => {
    await expect(run({ new: made }, inputs)).rejects.toThrow(message);
  });
});
