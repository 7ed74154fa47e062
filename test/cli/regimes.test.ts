/** `cost` says where a peak has another formula. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { build, cli, cliJson, REPOSITORY } from './command';

beforeAll(build, 120_000);

const GALLERY = join(REPOSITORY, 'media/gallery/pytorch');
const CHANNEL = ['cost', join(GALLERY, 'danetChannel.py'), '--class', 'ChannelAttention'];

interface Told {
  readonly modules: readonly {
    readonly peakInference: { readonly formula: string; readonly regimes?: readonly { readonly formula: string; readonly here?: true }[] };
  }[];
}

describe('cost', () => {
  it('gives formulas of the peak with the sizes between which they go, one of them the one at hand', async () => {
    const { peakInference } = (await cliJson<Told>(CHANNEL)).document.modules[0] ?? expect.fail();
    expect(peakInference.regimes).toMatchObject([
      { of: 'h*w', to: 21, formula: '4*b*c*h*w + 12*b*c*c + 4*b*c', line: 29 },
      { of: 'h*w', from: 22, formula: peakInference.formula, line: 33, here: true },
    ]);
  });

  it('says them below the figure', async () => {
    const { stdout } = await cli(CHANNEL);
    const lines = stdout.split('\n').map((line) => line.trim());
    const at = lines.findIndex((line) => line.startsWith('peak, inference'));
    expect(lines.slice(at + 1, at + 3)).toEqual(['while n ≥ 22 (3·n ≥ c)', 'n ≤ 21: 4·b·c·n + 12·b·c² + 4·b·c  (line 29)']);
  });

  it('says none where one formula goes for all sizes', async () => {
    const { peakInference } =
      (await cliJson<Told>(['cost', join(GALLERY, 'danetPosition.py'), '--class', 'PositionAttention'])).document.modules[0] ?? expect.fail();
    expect(peakInference.regimes).toBeUndefined();
  });
});
