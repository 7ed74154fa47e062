/** The gallery in PyTorch against what torch made of it: each row of each module, and its results with the recorded weights. */
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readOne } from '../../src/cli/modules';
import { parseOptions } from '../../src/cli/options';
import { trace } from '../../src/cli/trace';
import { type NamedTensors, prepareRun, readTensors, refusalText } from '../../src/run/index';
import { printed } from '../accuracy/tracing';
import { compareRows, describePlaces, rowsOf, sameOutputs, type TraceDocument } from '../corpus/comparison';
import { tf, webglLimited } from '../ops/limits';
import { difference, type GalleryTruth, galleryTruths } from './truths';

const FOLDER = resolve(import.meta.dirname, '../../media/gallery/pytorch');
const TWINS = resolve(FOLDER, '../typescript');
const CLOSE = 1e-4;
const TRUTHS = galleryTruths();

beforeAll(() => tf.setBackend('cpu'));

/** A function is named, a module made. */
function optionsOf(command: string, { file, new: made, inputs }: GalleryTruth) {
  const target = made.includes('(') ? ['--new', made] : ['--class', made];
  const options = parseOptions([command, resolve(FOLDER, file), '--root', FOLDER, ...target, '--inputs', JSON.stringify(inputs), '--json']);
  if (options === 'help' || options === 'version') throw new Error('these are not arguments');
  return options;
}

/** The recorded tensors of one part, by their own names. */
function recorded(id: string): (part: string) => NamedTensors {
  const read = readTensors(readFileSync(resolve(import.meta.dirname, 'gallery', `${id}.safetensors`)), id);
  if ('refusal' in read) throw new Error(refusalText(read.refusal));
  return (part) => new Map([...read.tensors].flatMap(([name, data]) => (name.startsWith(part) ? [[name.slice(part.length), data] as const] : [])));
}

describe('the gallery in PyTorch', () => {
  it('has the same mechanisms as that for TensorFlow.js, each with its paper', () => {
    const names = (folder: string, ending: string) =>
      readdirSync(folder)
        .filter((file) => file.endsWith(ending) && !file.startsWith('helpers'))
        .map((file) => file.slice(0, -ending.length))
        .sort();
    expect(names(FOLDER, '.py')).toEqual(names(TWINS, '.ts'));
    for (const name of names(FOLDER, '.py').filter((each) => each !== 'surveySlips'))
      expect(readFileSync(resolve(FOLDER, `${name}.py`), 'utf8')).toMatch(/^"""\n[\s\S]*?https:\/\/arxiv\.org\/abs\/\d{4}\.\d{5}\n"""\n/);
  });

  it('is recorded at two sizes for each class and function that a user would open', () => {
    for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.py') && name !== 'surveySlips.py')) {
      const text = readFileSync(resolve(FOLDER, file), 'utf8');
      const modules = [...text.matchAll(/^class (\w+)/gm)].map(([, name]) => name);
      const made = TRUTHS.filter((truth) => truth.file === file).map((truth) => truth.new.split('(')[0]);
      for (const name of modules) expect(made.filter((each) => each === name)).toHaveLength(2);
    }
  });

  it.each(TRUTHS.map((truth) => [truth.id, truth] as const))('%s is traced as it ran', async (_, truth) => {
    const document = JSON.parse(await printed(() => trace(optionsOf('trace', truth)))) as TraceDocument;
    const rows = truth.rows.map(({ file, line, function: owner, var: name, shape, n }) => ({
      file,
      line,
      function: owner,
      name,
      kind: 'tensor' as const,
      sizes: shape,
      times: n,
    }));
    const { wrong, unknown, missing } = compareRows(rows, rowsOf(document), { returns: false });
    expect(describePlaces([...wrong, ...unknown, ...missing])).toEqual([]);
    expect(sameOutputs([{ sizes: truth.output.shape }], document)).toBe(true);
  });

  it.each(TRUTHS.map((truth) => [truth.id, truth] as const))('%s gives the numbers that it gave in torch', async (_, truth) => {
    const { analysis } = await readOne(optionsOf('run', truth));
    const [module] = analysis.modules;
    if (!module) throw new Error('no module is read');
    const part = recorded(truth.id);
    const weights = part('weights/');
    const ready = prepareRun(module.graph, {}, { tf: webglLimited, inputs: part('inputs/'), ...(weights.size > 0 ? { weights } : {}) });
    if ('refusal' in ready) throw new Error(refusalText(ready.refusal));
    const ran = await ready.prepared.run();
    ready.prepared.dispose();
    if ('refusal' in ran) throw new Error(refusalText(ran.refusal));
    expect(ran.result.disagreements).toEqual([]);
    const output = part('output').get('');
    expect(difference(Array.from(output?.data ?? [], Number), ran.result.outputs[0]?.values?.data ?? [])).toBeLessThan(CLOSE);
  });

  it.each(readdirSync(FOLDER).filter((file) => file.endsWith('.py') && file !== 'surveySlips.py'))('%s has nothing wrong from symbolic sizes', async (file) => {
    const options = parseOptions(['trace', resolve(FOLDER, file), '--root', FOLDER, '--json']);
    if (options === 'help' || options === 'version') throw new Error('these are not arguments');
    const { analysis } = await readOne(options);
    expect(analysis.diagnostics.filter(({ severity }) => severity === 'error' || severity === 'warning').map(({ message }) => message)).toEqual([]);
  });

  it("has each slip of the survey's formulas underlined, and nothing else", async () => {
    const file = resolve(FOLDER, 'surveySlips.py');
    const options = parseOptions(['trace', file, '--root', FOLDER, '--json']);
    if (options === 'help' || options === 'version') throw new Error('these are not arguments');
    const { analysis } = await readOne(options);
    const source = readFileSync(file, 'utf8').split('\n');
    const found = analysis.diagnostics
      .filter(({ severity }) => severity === 'error' || severity === 'warning')
      .map(({ span }) => source[span.line - 1]?.trim());
    expect(found).toEqual([
      'return torch.bmm(attention_map, q)',
      'attn_val = torch.bmm(s, d)',
      'attn_val = s * a',
      'avg = self.mlp(avg)',
      'attn_value = h * attn_map',
      'return out * gama + x',
      'key_value = self.linear(reduced)',
    ]);
  });
});
