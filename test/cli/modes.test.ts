/** `cost` and `compare` of modules that ask for the mode: what inference costs is evaluation's, with `--train` as without. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { build, cliJson, REPOSITORY } from './command';

beforeAll(build, 120_000);

const FILE = join(REPOSITORY, 'test/torch/memory/modes.py');

interface Costs {
  readonly modules: readonly {
    readonly macs: number;
    readonly peakInference: { readonly bytes: number };
    readonly savedForBackward: { readonly bytes: number; readonly items: readonly { readonly line: number; readonly bytes: number }[] };
    readonly peakTraining: { readonly bytes: number };
  }[];
}

interface Comparison {
  readonly blocks: readonly { readonly points: readonly { readonly values: { readonly [figure: string]: number } }[] }[];
}

/** What torch counts: inference, then what is saved and the peak in training mode and in evaluation. */
const TRUTHS = [
  { name: 'Dropped', sizes: 'b=2,n=24,c=16,dim=16,heads=2', inference: 30720, train: [39936, 58376], evaluated: [21504, 43016] },
  { name: 'Branched', sizes: 'b=2,n=24,c=16,dim=16', inference: 12288, train: [15360, 30732], evaluated: [10752, 26120] },
] as const;

describe.each(TRUTHS)('$name', ({ name, sizes, inference, train, evaluated }) => {
  async function costs(...more: readonly string[]) {
    const { code, document } = await cliJson<Costs>(['cost', FILE, '--class', name, '--set', sizes, ...more]);
    expect(code).toBe(0);
    return document.modules[0] ?? expect.fail('no module');
  }

  it.each([
    [[], evaluated],
    [['--train'], train],
  ])('`cost` %j', async (options, [saved, peak]) => {
    const { peakInference, savedForBackward, peakTraining } = await costs(...options);
    expect([peakInference.bytes, savedForBackward.bytes, peakTraining.bytes]).toEqual([inference, saved, peak]);
    expect(savedForBackward.items.reduce((all, { bytes }) => all + bytes, 0)).toBe(saved);
  });

  it('has the same multiply-accumulates in training', async () => {
    const [plain, trained] = [await costs(), await costs('--train')];
    expect(trained.macs).toBe(plain.macs);
  });

  it('`cost` with arguments and inputs', async () => {
    const { document } = await cliJson<Costs>(['cost', FILE, '--class', name, '--args', '{"dim":16}', '--inputs', '{"x":[2,24,16]}', '--train']);
    const [module] = document.modules;
    expect([module?.peakInference.bytes, module?.savedForBackward.bytes, module?.peakTraining.bytes]).toEqual([inference, ...train]);
  });

  it.each([
    [[], evaluated],
    [['--train'], train],
  ])('`compare` %j', async (options, [saved, peakTraining]) => {
    const { document } = await cliJson<Comparison>(['compare', `${FILE}:${name}[${sizes}]`, '--sweep', 'n=24', ...options]);
    expect(document.blocks[0]?.points[0]?.values).toMatchObject({ peakInference: inference, saved, peakTraining });
  });
});
