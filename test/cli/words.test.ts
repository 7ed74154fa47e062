/** What the command line says, as people read it. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { build, cli, folderOf, GALLERY } from './command';

beforeAll(build, 60_000);

const self = join(GALLERY, 'selfAttention.ts');

describe('cost', () => {
  it('keeps its columns apart, and names the sizes that it is at', async () => {
    const { stdout } = await cli(['cost', self]);
    const [head, ...lines] = stdout.trimEnd().split('\n');
    expect(head).toMatch(/SelfAttention {2}at \w+=\d+( \w+=\d+)*$/);
    const columns = lines.map((line) => /^ {2}(?<label>\S+(?: \S+)*) {2,}(?<value>\S+(?: \S+)*) {2,}\S/.exec(line)?.groups);
    expect(columns.map((groups) => groups?.label)).toEqual([
      'parameters',
      'MACs',
      'FLOPs',
      'attention map',
      'peak, as written',
      'peak, as we run it',
      'training',
    ]);
    // What is not known has a mark in place of a number, and its reason beside it.
    expect(columns.filter((groups) => !/^[\d.]+( \S+)?$/.test(groups?.value ?? '')).map((groups) => groups?.value)).toEqual(['?']);
  });

  it('names no sizes where all are numbers', async () => {
    const folder = folderOf({ 'one.ts': "import * as tf from '@tensorflow/tfjs';\nexport const one = () => tf.ones([2, 3]).add(1);\n" });
    const { stdout } = await cli(['cost', join(folder, 'one.ts')]);
    expect(stdout.split('\n')[0]).toBe('one.ts:2 one');
  });
});

describe('SARIF', () => {
  it('describes every code, and points each finding at its own', async () => {
    const { stdout } = await cli(['check', join(GALLERY, 'surveySlips.ts'), '--format', 'sarif']);
    const { runs } = JSON.parse(stdout) as {
      runs: {
        tool: { driver: { rules: { id: string; shortDescription: { text: string } }[]; informationUri?: string } };
        results: { ruleId: string; ruleIndex: number }[];
      }[];
    };
    const { driver } = runs[0]?.tool ?? { driver: { rules: [] } };
    expect(driver.rules.length).toBeGreaterThan(30);
    expect(driver.rules.filter(({ shortDescription }) => !/^\S.*\.$/.test(shortDescription.text))).toEqual([]);
    expect(driver).not.toHaveProperty('informationUri');
    const results = runs[0]?.results ?? [];
    expect(results.length).toBeGreaterThan(5);
    expect(results.filter(({ ruleId, ruleIndex }) => driver.rules[ruleIndex]?.id !== ruleId)).toEqual([]);
  });
});

describe('sizes', () => {
  it('satisfy what a module needs at its arguments’ numbers, where a branch hangs on one', async () => {
    const args = [join(GALLERY, 'segformerAttention.ts'), '--class', 'SegformerAttention'];
    expect(await cli(['run', ...args])).toMatchObject({ code: 0, stdout: expect.stringMatching(/shapes as predicted$/m) });
    const [head = ''] = (await cli(['cost', ...args])).stdout.split('\n');
    const sizes = Object.fromEntries([...head.matchAll(/(\w+)=(\d+)/g)].map(([, name, size]) => [name, Number(size)]));
    expect((sizes.c ?? 0) * (sizes.n ?? 0)).toBe((sizes.dim ?? 0) * (sizes.height ?? 0) * (sizes.width ?? 0));
  });

  it('may be 0, as those of inputs', async () => {
    const folder = folderOf({
      'sum.ts': "import * as tf from '@tensorflow/tfjs';\nexport function sum(x: tf.Tensor2D) {\n  const y = x.mul(2);\n  return y;\n}\n",
    });
    for (const args of [
      ['--inputs', '{"x":[0,3]}'],
      ['--sizes', '{"b":0,"n":0,"c":0}'],
    ]) {
      const { code, stdout, stderr } = await cli(['run', join(folder, 'sum.ts'), ...args]);
      expect({ code, stdout, stderr }).toMatchObject({ code: 0, stdout: expect.stringMatching(/shapes as predicted$/m) });
    }
  });
});
