/** What makes the command line exit with 2, and what it says then. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { build, cli, cliJson, folderOf, GALLERY } from './command';
import type { ErrorDocument } from './documents';

beforeAll(build, 60_000);

const self = join(GALLERY, 'selfAttention.ts');
const cbam = join(GALLERY, 'cbam.ts');
const empty = folderOf({ 'notes.txt': 'nothing to read', 'folder/more.txt': '' });
const hardly = folderOf({
  'model.ts':
    "import * as tf from '@tensorflow/tfjs';\nexport function f(x: tf.Tensor2D) {\n  const y = tf.image.nonMaxSuppression(x, x.max(1), 3);\n  return y;\n}\n",
});

describe('exit 2', () => {
  const rows: readonly (readonly [string, string, readonly string[]])[] = [
    ['no command', 'usage', []],
    ['a command that is none', 'usage', ['guess', self]],
    ['an option that is none', 'usage', ['check', self, '--nonsense']],
    ['no path', 'usage', ['check']],
    ['two files for trace', 'usage', ['trace', self, cbam]],
    ['--class and --new', 'usage', ['trace', self, '--class', 'SelfAttention', '--new', 'new SelfAttention({})']],
    ['--eval and --train', 'usage', ['cost', self, '--eval', '--train']],
    ['--fail-on something', 'usage', ['check', self, '--fail-on', 'hint']],
    ['a back end that is none', 'usage', ['run', self, '--backend', 'webgpu']],
    ['a seed that is no number', 'usage', ['run', self, '--seed', 'x']],
    ['--stdin without a name', 'usage', ['check', '--stdin']],
    ['several modules to run', 'usage', ['run', cbam]],
    ['no such file', 'not-found', ['trace', join(GALLERY, 'nowhere.ts')]],
    ['no such folder', 'not-found', ['check', join(GALLERY, 'nowhere')]],
    ['no such weights', 'not-found', ['run', self, '--weights', join(GALLERY, 'nowhere.safetensors')]],
    ['nothing to read in a folder', 'no-source', ['check', empty]],
    ['a file that is not read', 'no-source', ['trace', join(empty, 'notes.txt')]],
    ['a class that is not there', 'no-such-class', ['trace', self, '--class', 'Nobody']],
    ['a class that is not there, for check', 'no-such-class', ['check', self, '--class', 'Nobody']],
    ['arguments that are no JSON', 'bad-argument', ['trace', self, '--args', '{units:8}']],
    ['arguments that are no object', 'bad-argument', ['trace', self, '--args', '[8]']],
    ['an argument that does not exist', 'bad-argument', ['trace', cbam, '--class', 'Cbam', '--args', '{"chanels":24}']],
    ['an input that does not exist', 'bad-argument', ['trace', cbam, '--class', 'Cbam', '--inputs', '{"y":[2,5,6,24]}']],
    ['an input that is no shape', 'bad-argument', ['trace', self, '--inputs', '{"inputs":7}']],
    ['a size that is no whole number', 'bad-argument', ['trace', self, '--inputs', '{"inputs":[2,1.5,8]}']],
    ['a negative size', 'bad-argument', ['trace', self, '--inputs', '{"inputs":[2,-1,8]}']],
    ['a type that is none', 'bad-argument', ['trace', self, '--inputs', '{"inputs":{"shape":[2,3,8],"dtype":"float31"}}']],
    ['--new that is no expression', 'bad-argument', ['trace', self, '--new', 'new (']],
  ];
  it.concurrent.each(rows)('%s is %s', async (_, code, args) => {
    const { code: exit, document } = await cliJson<ErrorDocument>(args);
    expect(document).toEqual({ version: 1, error: expect.objectContaining({ code, message: expect.stringMatching(/\w/) }) });
    expect(exit).toBe(2);
  });

  it('says on stderr without --json, and nothing on stdout', async () => {
    const { code, stdout, stderr } = await cli(['trace', join(GALLERY, 'nowhere.ts')]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('nowhere.ts');
  });

  it('names the operator that cannot be executed, and its place', async () => {
    const { code, document } = await cliJson<ErrorDocument>(['run', join(hardly, 'model.ts'), '--class', 'f', '--inputs', '{"x":[6,4]}']);
    expect(code).toBe(2);
    expect(document.error).toMatchObject({ code: 'unsupported', file: 'model.ts', line: 3, operator: expect.stringContaining('nonMaxSuppression') });
  });

  it('does not take a tensors file for weights that it is not', async () => {
    const file = join(empty, 'lies.safetensors');
    writeFileSync(file, 'this is no tensor file');
    const { code, document } = await cliJson<ErrorDocument>(['run', self, '--weights', file]);
    expect({ code, of: document.error.code }).toEqual({ code: 2, of: 'bad-argument' });
  });
});

describe('help and version', () => {
  it.each([['--help'], ['help'], ['-h']])('%s', async (flag) => {
    const { code, stdout } = await cli([flag]);
    expect(code).toBe(0);
    expect(stdout).toContain('attention-shapes check PATH');
  });
  it('--version', async () => {
    const { code, stdout } = await cli(['--version']);
    expect({ code, isVersion: /^\d+\.\d+\.\d+\n$/.test(stdout) }).toEqual({ code: 0, isVersion: true });
  });
});
