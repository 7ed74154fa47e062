/** `check`, `trace`, `cost` and `run` as people run them. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type NamedTensors, readTensors, writeTensors } from '../../src/run/index';
import { build, cli, cliJson, folderOf, GALLERY } from './command';
import type { CheckDocument, ErrorDocument, RunDocument, TraceDocument } from './documents';

beforeAll(build, 60_000);

const self = join(GALLERY, 'selfAttention.ts');
const cbam = join(GALLERY, 'cbam.ts');
const IMPORT = "import * as tf from '@tensorflow/tfjs';\n";
const GOOD = `${IMPORT}export function scores(q: tf.Tensor3D, k: tf.Tensor3D) {\n  const s = tf.matMul(q, k, false, true);\n  return s;\n}\n`;
const BAD = `${IMPORT}export function broken(x: tf.Tensor2D) {\n  const a = x.reshape([2, 3, 4]);\n  const y = tf.matMul(a, tf.ones([2, 5, 4]));\n  return y;\n}\n`;
const DOUBTFUL = `${IMPORT}export function f(x: tf.Tensor4D) {\n  const [b, h, w, c] = x.shape;\n  const y = x.reshape([b, h * w, c]);\n  return tf.matMul(y, y);\n}\n`;

describe('check', () => {
  const folder = folderOf({
    'package.json': '{}',
    '.gitignore': 'out/\n*.gen.ts\n',
    'src/good.ts': GOOD,
    'src/bad.ts': BAD,
    'src/made.gen.ts': BAD,
    'out/bad.js': BAD,
    'node_modules/other/bad.js': BAD,
  });
  mkdirSync(join(folder, '.git'));

  it('finds what is wrong in a folder, and skips .git, node_modules and what git ignores', async () => {
    const { code, document } = await cliJson<CheckDocument>(['check', folder], { cwd: folder });
    expect(code).toBe(1);
    expect(document.files.map(({ file }) => file)).toEqual(['src/bad.ts', 'src/good.ts']);
    expect(document.summary).toMatchObject({ files: 2, modules: 2, errors: 1, unknown: 0, skipped: 4 });
    expect(document.summary.values).toBeGreaterThan(3);
    const [error] = document.files[0]?.diagnostics.filter(({ severity }) => severity === 'error') ?? [];
    expect(error).toMatchObject({ line: 4, code: expect.stringMatching(/^[a-z-]+$/), module: 'broken' });
    expect(error?.message).toMatch(/\b2, 3, 4\b.*\b2, 5, 4\b/s);
  });

  it('reads a PATH itself wherever it is', async () => {
    const { code, document } = await cliJson<CheckDocument>(['check', 'node_modules/other', 'out/bad.js', 'src/made.gen.ts'], { cwd: folder });
    expect(code).toBe(1);
    expect(document.files.map(({ file }) => file).sort()).toEqual(['node_modules/other/bad.js', 'out/bad.js', 'src/made.gen.ts']);
  });

  it('is text by default: place, severity, code, message, and a summary', async () => {
    const { code, stdout } = await cli(['check', 'src'], { cwd: folder });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^src\/bad\.ts:4:\d+ error [a-z-]+ \S/m);
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^2 files, 2 modules, \d+ values \(0 unknown\): 1 error, 0 warnings/);
    expect(stdout).not.toContain('\u001b');
  });

  it('is SARIF on request', async () => {
    const { code, stdout } = await cli(['check', 'src', '--format', 'sarif'], { cwd: folder });
    expect(code).toBe(1);
    const [run] = (
      JSON.parse(stdout) as {
        version: string;
        runs: { results: { ruleId: string; level: string; locations: unknown[] }[]; tool: { driver: { rules: { id: string }[] } } }[];
      }
    ).runs;
    const error = run?.results.find(({ level }) => level === 'error');
    expect(run?.tool.driver.rules.map(({ id }) => id)).toContain(error?.ruleId);
    expect(error?.locations).toMatchObject([{ physicalLocation: { artifactLocation: { uri: 'src/bad.ts' }, region: { startLine: 4 } } }]);
  });

  it('reads one file from stdin, whose imports are on the disk', async () => {
    const args = ['check', '--stdin', '--stdin-filename', 'src/good.ts'];
    const { code, document } = await cliJson<CheckDocument>(args, { cwd: folder, stdin: BAD });
    expect({ code, file: document.files[0]?.file, errors: document.summary.errors }).toEqual({ code: 1, file: 'src/good.ts', errors: 1 });
    const clean = await cliJson<CheckDocument>(args, { cwd: folder, stdin: GOOD });
    expect({ code: clean.code, errors: clean.document.summary.errors }).toEqual({ code: 0, errors: 0 });
  });

  it('fails on what --fail-on says', async () => {
    const doubtful = folderOf({ 'doubtful.ts': DOUBTFUL });
    const codes = async (file: string) => Promise.all(['error', 'warning', 'none'].map(async (level) => (await cli(['check', file, '--fail-on', level])).code));
    expect(await codes(join(doubtful, 'doubtful.ts'))).toEqual([0, 1, 0]);
    expect(await codes(join(folder, 'src/bad.ts'))).toEqual([1, 1, 0]);
  });

  it('judges with the sizes that are given', async () => {
    const { code, document } = await cliJson<CheckDocument>([
      'check',
      join(folder, 'src/good.ts'),
      '--class',
      'scores',
      '--inputs',
      '{"q":[2,5,8],"k":[2,7,9]}',
    ]);
    expect({ code, errors: document.summary.errors }).toEqual({ code: 1, errors: 1 });
  });

  it('asks git’s own rules: they agree on what is ignored', async () => {
    execFileSync('git', ['init', '-q'], { cwd: folder });
    const listed = execFileSync('git', ['ls-files', '--others', '--exclude-standard', '*.ts'], { cwd: folder, encoding: 'utf8' });
    expect(listed.trim().split('\n').sort()).toEqual(['src/bad.ts', 'src/good.ts']);
  });
});

describe('trace', () => {
  it('shows symbols without sizes, for every module of the file', async () => {
    const { code, document } = await cliJson<TraceDocument>(['trace', cbam]);
    expect(code).toBe(0);
    expect(document.modules.map(({ name }) => name)).toEqual(['ChannelGate', 'SpatialGate', 'Cbam']);
    const [gate] = document.modules;
    expect(gate).toMatchObject({ file: 'cbam.ts', language: 'typescript', requires: expect.arrayContaining(['c == channels']) });
    expect(gate?.values.every((row) => !('sizes' in row))).toBe(true);
    expect(gate?.values.map(({ name, shape }) => [name, shape])).toContainEqual(['gate', ['b', 'c']]);
  });

  it('shows both, the symbols and the numbers, where sizes are bound', async () => {
    const { document } = await cliJson<TraceDocument>([
      'trace',
      self,
      '--new',
      'new SelfAttention({ units: 12, heads: 3 })',
      '--inputs',
      '{"inputs":[2,7,10]}',
    ]);
    const [module] = document.modules;
    expect(module?.inputs).toMatchObject([{ name: 'inputs', shape: ['b', 'n', 'c'], sizes: [2, 7, 10], dtype: 'float32' }]);
    expect(module?.outputs).toMatchObject([{ shape: ['b', 'n', 'c'], sizes: [2, 7, 10] }]);
    expect(module?.requires).toEqual(['units % heads == 0']);
    const q = module?.values.find(({ name }) => name === 'q');
    expect(q).toMatchObject({ shape: ['b', 'heads', 'n', 'units//heads'], sizes: [2, 3, 7, 4], function: 'SelfAttention.call', times: 1 });
  });

  it.each([
    ['--class and --args', ['--class', 'SelfAttention', '--args', '{"units":12,"heads":3}']],
    ['the configuration by its name', ['--class', 'SelfAttention', '--args', '{"config":{"units":12,"heads":3}}']],
    ['--new', ['--new', 'new SelfAttention({ units: 12, heads: 3 })']],
  ])('makes the same module by %s', async (_, args) => {
    const { document } = await cliJson<TraceDocument>(['trace', self, ...args, '--inputs', '{"inputs":[2,7,10]}']);
    expect(document.modules[0]?.values.find(({ name }) => name === 'attention')?.sizes).toEqual([2, 3, 7, 7]);
  });

  it('takes lists of tensors, objects of tensors, and plain values', async () => {
    const text = `${IMPORT}export function both([a, b]: tf.Tensor[], weights: { wq: tf.Tensor2D; scale: number }, heads: number) {
  const y = tf.concat([a, b], 1);
  const q = tf.matMul(y.reshape([-1, 16]), weights.wq);
  const parts = q.split(heads, 1);
  return tf.stack(parts).mul(weights.scale);
}\n`;
    const folder = folderOf({ 'both.ts': text });
    const inputs = { a: [2, 3, 16], b: [2, 4, 16], weights: { fields: { wq: [16, 16], scale: { value: 0.5 } } }, heads: { value: 4 } };
    const { document } = await cliJson<TraceDocument>(['trace', join(folder, 'both.ts'), '--class', 'both', '--inputs', JSON.stringify(inputs)]);
    const [module] = document.modules;
    const sizes = Object.fromEntries(module?.values.map((row) => [row.name, row.sizes]) ?? []);
    expect(sizes).toMatchObject({
      y: [2, 7, 16],
      q: [14, 16],
      parts: [
        [14, 4],
        [14, 4],
        [14, 4],
        [14, 4],
      ],
      return: [4, 14, 4],
    });
    expect(module?.values.find(({ name }) => name === 'parts')?.kind).toBe('tuple');
  });

  it('gives a layer that destructures its input an array', async () => {
    const text = `${IMPORT}export class Pair extends tf.layers.Layer {
  static className = 'Pair';
  call(inputs: tf.Tensor[]) {
    const [q, k] = inputs;
    const s = tf.matMul(q, k, false, true);
    return s;
  }
}\n`;
    const folder = folderOf({ 'pair.ts': text });
    const { document } = await cliJson<TraceDocument>([
      'trace',
      join(folder, 'pair.ts'),
      '--class',
      'Pair',
      '--inputs',
      '{"inputs":{"tensors":[[2,3,8],[2,5,8]]}}',
    ]);
    expect(document.modules[0]?.values.find(({ name }) => name === 's')?.sizes).toEqual([2, 3, 5]);
  });

  it('names files from --root', async () => {
    const folder = folderOf({ 'package.json': '{}', 'lib/package.json': '{}', 'lib/good.ts': GOOD });
    const fileOf = async (...args: string[]) => (await cliJson<TraceDocument>(['trace', join(folder, 'lib/good.ts'), ...args])).document.modules[0]?.file;
    expect(await fileOf()).toBe('good.ts');
    expect(await fileOf('--root', folder)).toBe('lib/good.ts');
    expect(await fileOf('--root', join(folder, 'elsewhere'))).toBe('../lib/good.ts');
  });
});

describe('cost', () => {
  it('counts what a linear layer and a product cost', async () => {
    const text = `${IMPORT}export class One {\n  dense = tf.layers.dense({ units: 8, inputShape: [4] });\n  call(x: tf.Tensor2D) {\n    const y = this.dense.apply(x) as tf.Tensor2D;\n    return y;\n  }\n}\n`;
    const folder = folderOf({ 'one.ts': text });
    const { code, document } = await cliJson<{
      modules: { name: string; parameters: number; macs: number; flops: number; inputBytes: { bytes: number; formula: string } }[];
    }>(['cost', join(folder, 'one.ts'), '--class', 'One', '--inputs', '{"x":[3,4]}']);
    expect(code).toBe(0);
    expect(document.modules).toMatchObject([{ name: 'One', parameters: 4 * 8 + 8, macs: 3 * 4 * 8, flops: 2 * 3 * 4 * 8, inputBytes: { bytes: 48 } }]);
  });
});

describe('run', () => {
  const inputs = '{"x":[2,6,8,16]}';
  const sagan = join(GALLERY, 'sagan.ts');
  const args = ['run', sagan, '--class', 'SaganAttention', '--args', '{"channels":16}', '--inputs', inputs];

  it('runs the block: shapes as predicted, values finite', async () => {
    const { code, document } = await cliJson<RunDocument>(args);
    expect(code).toBe(0);
    expect(document).toMatchObject({
      backend: 'cpu',
      module: { file: 'sagan.ts', name: 'SaganAttention' },
      disagreements: [],
      outputs: [{ shape: [2, 6, 8, 16], dtype: 'float32', finite: true }],
    });
    expect(document.checks.every(({ passed }) => passed)).toBe(true);
    const attention = document.values.find(({ name }) => name === 'attention');
    expect(attention).toMatchObject({ sizes: [2, 48, 12], ran: [2, 48, 12], finite: true, ms: expect.any(Number) });
  });

  it('draws the same numbers from the same seed, and others from another', async () => {
    const seeded = (seed: string, ...more: string[]) => cliJson<RunDocument>([...args, '--seed', seed, ...more]);
    const [first, again, other, wasm] = await Promise.all([seeded('3'), seeded('3'), seeded('4'), seeded('3', '--backend', 'wasm')]);
    const mean = (run: typeof first) => run.document.outputs[0]?.mean ?? Number.NaN;
    expect(mean(first)).toBe(mean(again));
    expect(mean(first)).not.toBe(mean(other));
    expect(wasm.document.backend).toBe('wasm');
    expect(mean(wasm)).toBeCloseTo(mean(first), 5);
  });

  it('leaves dropout out in --eval, and applies it in --train', async () => {
    const folder = folderOf({ 'drop.ts': IMPORT });
    const std = async (mode: string) =>
      (await cliJson<RunDocument>(['run', join(folder, 'drop.ts'), '--new', 'tf.layers.dropout({ rate: 0.5 })', '--inputs', '{"inputs":[200,8]}', mode]))
        .document.outputs[0]?.std ?? 0;
    const [evaluated, trained] = await Promise.all([std('--eval'), std('--train')]);
    expect(trained).toBeGreaterThan(evaluated * 1.2);
  });

  it('says what was found wrong, that a list ran, and that an empty tensor has no values', async () => {
    const file = join(
      folderOf({
        'm.ts': `${IMPORT}export function index(x: tf.Tensor2D) { return x.gather(tf.range(0, 4).mod(3)); }
export function halves(x: tf.Tensor2D) { const parts = tf.split(x, 2, 1); return tf.concat(parts, 0); }
`,
      }),
      'm.ts',
    );
    const refused = await cli(['run', file, '--class', 'index']);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('`x.gather` failed: float32 is given, int32 is wanted');
    expect(refused.stderr).toContain('`x.gather` of');
    const ran = await cli(['run', file, '--class', 'halves', '--inputs', '{"x":[0,4]}']);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/parts +\[\[0,2\],\[0,2\]\]\n/);
    expect(ran.stdout).toMatch(/return +\[0,2\] .*no values\n/);
    expect(ran.stdout).not.toContain('NaN');
  });

  describe('with tensors', () => {
    const folder = folderOf({});
    const tensor = (shape: readonly number[], start: number) => ({
      shape,
      dtype: 'float32' as const,
      data: Float32Array.from({ length: shape.reduce((all, size) => all * size, 1) }, (_, at) => Math.sin(start + at)),
    });
    const weights: NamedTensors = new Map([
      ['f', tensor([1, 1, 16, 2], 1)],
      ['g', tensor([1, 1, 16, 2], 2)],
      ['h', tensor([1, 1, 16, 8], 3)],
      ['v', tensor([1, 1, 8, 16], 4)],
      ['gamma', tensor([], 5)],
    ]);
    const written = (name: string, tensors: NamedTensors) => {
      writeFileSync(join(folder, name), writeTensors(tensors));
      return join(folder, name);
    };
    const tensors = written('inputs.safetensors', new Map([['x', tensor([2, 6, 8, 16], 6)]]));

    it('loads weights and inputs, and writes the outputs', async () => {
      const out = join(folder, 'out.safetensors');
      const given = ['--weights', written('weights.safetensors', weights), '--tensors', tensors];
      const { code, document } = await cliJson<RunDocument>([...args, ...given, '--out', out, '--seed', '1']);
      expect(code).toBe(0);
      const read = readTensors(readFileSync(out), 'out');
      const output = 'tensors' in read ? read.tensors.get('output') : undefined;
      expect(output?.shape).toEqual([2, 6, 8, 16]);
      const values = Array.from(output?.data ?? [], Number);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      expect(mean).toBeCloseTo(document.outputs[0]?.mean ?? Number.NaN, 6);
      const other = await cliJson<RunDocument>([...args, ...given, '--seed', '2']);
      expect(other.document.outputs).toEqual(document.outputs);
    });

    it.each([
      ['missing', new Map([...weights].filter(([name]) => name !== 'v')), /`v` is missing/],
      ['spare', new Map([...weights, ['w', tensor([1], 0)]]), /`w`/],
      ['misshapen', new Map([...weights, ['g', tensor([1, 1, 16, 3], 0)]]), /`g` has shape \[1, 1, 16, 3\]/],
    ])('refuses a %s weight by name', async (name, given, message) => {
      const { code, document } = await cliJson<ErrorDocument>([...args, '--weights', written(`${name}.safetensors`, given)]);
      expect({ code, of: document.error.code }).toEqual({ code: 2, of: 'bad-argument' });
      expect(document.error.message).toMatch(message);
    });

    it('refuses an input that the module does not have', async () => {
      const { document } = await cliJson<ErrorDocument>([...args, '--tensors', written('other.safetensors', new Map([['y', tensor([1], 0)]]))]);
      expect(document.error).toMatchObject({ code: 'bad-argument', message: expect.stringContaining('`y`') });
    });
  });
});
