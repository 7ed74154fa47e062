/** Hostile folders, files and options: the command line says what is wrong and ends. */
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { Failure } from '../../src/cli/failure';
import { findFiles } from '../../src/cli/files';
import { parseOptions } from '../../src/cli/options';
import { build, cliJson, folderOf } from '../cli/command';
import type { CheckDocument, ErrorDocument, RunDocument, TraceDocument } from '../cli/documents';

beforeAll(build, 60_000);

const GOOD = "import * as tf from '@tensorflow/tfjs';\nexport function good(x: tf.Tensor3D) {\n  const s = tf.matMul(x, x, false, true);\n  return s;\n}\n";

describe('folders', () => {
  it('with links in a circle end', async () => {
    const folder = folderOf({ 'a.ts': GOOD, 'sub/b.ts': GOOD });
    symlinkSync(folder, join(folder, 'sub/up'));
    symlinkSync('loop', join(folder, 'loop'));
    symlinkSync('nowhere.ts', join(folder, 'gone.ts'));
    const { code, document } = await cliJson<CheckDocument>(['check', folder], { cwd: folder });
    expect(code).toBe(0);
    expect(document.files.map(({ file }) => file)).toEqual(['a.ts', 'sub/b.ts']);
  });

  it('that may not be read are passed over and named, the others are read', () => {
    const folder = folderOf({ 'a.ts': GOOD, 'closed/b.ts': GOOD, 'open/c.ts': GOOD });
    const closed = join(folder, 'closed');
    const list = (at: string) => {
      if (at === closed) throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
      return readdirSync(at, { withFileTypes: true });
    };
    const { files, skipped, unreadable } = findFiles([folder], list);
    expect(files.map((file) => relative(folder, file))).toEqual(['a.ts', join('open', 'c.ts')]);
    expect({ skipped, unreadable }).toEqual({ skipped: 1, unreadable: [expect.stringMatching(/closed cannot be read: permission denied$/)] });
    expect(() => findFiles([closed], list)).toThrow(/no file that is read.*; .*closed cannot be read: permission denied$/);
  });

  // Whoever may read everything cannot be kept out of a folder, but a rule that is no text keeps everyone out.
  it('whose rules of what to ignore cannot be read are read whole', async () => {
    const folder = folderOf({ 'a.ts': GOOD });
    mkdirSync(join(folder, '.gitignore'));
    const { code, document } = await cliJson<CheckDocument>(['check', folder], { cwd: folder });
    expect({ code, files: document.files.map(({ file }) => file) }).toEqual({ code: 0, files: ['a.ts'] });
  });

  it('named like files are folders', async () => {
    const folder = folderOf({ 'src.ts/a.ts': GOOD });
    mkdirSync(join(folder, 'b.js'));
    const { code, document } = await cliJson<CheckDocument>(['check', folder], { cwd: folder });
    expect({ code, files: document.files.map(({ file }) => file) }).toEqual({ code: 0, files: ['src.ts/a.ts'] });
    const asFile = await cliJson<ErrorDocument>(['trace', 'src.ts'], { cwd: folder });
    expect({ code: asFile.code, of: asFile.document.error.code }).toEqual({ code: 2, of: 'not-found' });
  });
});

describe('files', () => {
  it('that are no UTF-8 are read as far as they go', async () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe, 0x2f, 0x2f, 0xc3, 0x28, 0x0a]), Buffer.from(GOOD), Buffer.from([0x2f, 0x2f, 0xe2, 0x82])]);
    const folder = folderOf({ 'a.ts': bytes });
    const { code, document } = await cliJson<TraceDocument>(['trace', 'a.ts'], { cwd: folder });
    expect(code).toBe(0);
    expect(document.modules[0]?.values.find(({ name }) => name === 's')?.shape).toEqual(['b', 'n', 'n']);
  });

  it.each([
    ['a size of 0', [0, 3, 4], [0, 3, 3]],
    ['sizes of 10⁹', [1e9, 1e9, 4], [1e9, 1e9, 1e9]],
  ])('%s is traced', async (_, given, sizes) => {
    const folder = folderOf({ 'a.ts': GOOD });
    const { code, document } = await cliJson<TraceDocument>(['trace', 'a.ts', '--inputs', JSON.stringify({ x: given })], { cwd: folder });
    expect(code).toBe(0);
    expect(document.modules[0]?.values.find(({ name }) => name === 's')?.sizes).toEqual(sizes);
  });

  it('with a size of 0 run: empty tensors are legal', async () => {
    const folder = folderOf({ 'a.ts': GOOD });
    const { code, document } = await cliJson<RunDocument>(['run', 'a.ts', '--inputs', '{"x":[0,3,4]}'], { cwd: folder });
    expect({ code, shape: document.outputs[0]?.shape }).toEqual({ code: 0, shape: [0, 3, 3] });
  });

  it('with sizes of 10⁹ are refused with a reason, and nothing is made', async () => {
    const folder = folderOf({ 'a.ts': GOOD });
    const { code, document } = await cliJson<ErrorDocument>(['run', 'a.ts', '--inputs', '{"x":[1000000000,1000000000,4]}'], { cwd: folder });
    expect({ code, of: document.error.code }).toEqual({ code: 2, of: 'unsupported' });
    expect(document.error.message).toMatch(/bytes/);
  });
});

describe('options', () => {
  const failing = (argv: readonly string[]): Failure => {
    try {
      parseOptions(argv);
    } catch (error) {
      if (error instanceof Failure) return error;
      throw error;
    }
    throw new Error('they were taken');
  };

  it.each([
    '',
    'null',
    '7',
    '"x"',
    '[]',
    '{"x"',
    '{"x":null}',
    '{"x":"y"}',
    '{"x":[[2]]}',
    '{"x":["b"]}',
    '{"x":[1e400]}',
    '{"x":{"tensors":3}}',
    '{"x":{"fields":[]}}',
    '{"x":{"shape":"b"}}',
    '{"x":{}}',
    `{"x":${'['.repeat(20_000)}`,
  ])('--inputs %s is a bad argument', (text) => {
    expect(failing(['trace', 'a.ts', '--inputs', text]).code).toBe('bad-argument');
  });

  it('--inputs nested without end is a bad argument, or taken', () => {
    const nest = (depth: number) => `{"x":${'{"tensors":['.repeat(depth)}[2]${']}'.repeat(depth)}}`;
    expect(parseOptions(['trace', 'a.ts', '--inputs', nest(20)])).toMatchObject({ command: 'trace' });
    expect(failing(['trace', 'a.ts', '--inputs', nest(100_000)]).code).toBe('bad-argument');
  });

  it('--inputs and --args of any JSON are taken or a bad argument', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom('--inputs', '--args'), (text, flag) => {
        try {
          parseOptions(['trace', 'a.ts', `${flag}=${text}`]);
        } catch (error) {
          expect(error).toMatchObject({ code: 'bad-argument' });
        }
      }),
      { numRuns: 300 },
    );
  });

  it('names like those of every object are names', async () => {
    const folder = folderOf({ 'a.ts': GOOD });
    const { document } = await cliJson<ErrorDocument>(['trace', 'a.ts', '--inputs', '{"__proto__":[1],"constructor":[2],"x":[2,3,4]}'], { cwd: folder });
    expect(document.error).toMatchObject({ code: 'bad-argument', message: expect.stringMatching(/__proto__|constructor/) });
  });
});
