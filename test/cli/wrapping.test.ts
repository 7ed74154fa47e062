/** Lines no wider than the terminal. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { wrapped } from '../../src/cli/wrapping';
import { build, cli, REPOSITORY } from './command';

describe('text beside labels', () => {
  it('stays as it is where there is room', () => expect(wrapped('4·b·n²  (line 3)', 10, 40)).toBe('4·b·n²  (line 3)'));

  it('goes on below itself, a sign beside its term', () => {
    expect(wrapped('4·b·heads·n² + 20·b·dim·n + 8·b·n', 4, 30)).toBe('4·b·heads·n² + 20·b·dim·n\n    + 8·b·n');
  });

  it('keeps a word that is wider than the room', () => {
    const long = 'x'.repeat(60);
    expect(wrapped(`a ${long} b`, 0, 30)).toBe(`a\n${long}\nb`);
  });
});

describe('cost', () => {
  beforeAll(build, 60_000);
  const gate = join(REPOSITORY, 'media/gallery/pytorch/attentionGate.py');
  const widest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

  it('is as wide as the terminal, and says the same', async () => {
    const [narrow, whole] = await Promise.all([cli(['cost', gate], { columns: 100 }), cli(['cost', gate])]);
    const words = (text: string) => text.split(/\s+/).join(' ');
    expect(words(narrow.stdout)).toBe(words(whole.stdout));
    expect(widest(whole.stdout)).toBeGreaterThan(100);
    // The first line names the sizes, which are to be copied whole.
    expect(widest(narrow.stdout.split('\n').slice(1).join('\n'))).toBeLessThanOrEqual(100);
  });

  it('says what is alive at the peak, the largest first, as its JSON does', async () => {
    const file = join(REPOSITORY, 'media/gallery/pytorch/danetPosition.py');
    const [text, json] = await Promise.all([cli(['cost', file]), cli(['cost', file, '--json'])]);
    expect(text.stdout).toMatch(/peak, inference .*\(line 37\)\n +alive: energy 288 KiB \(line 32\), attention 288 KiB \(line 33\), /);
    const { peakInference } = JSON.parse(json.stdout).modules[0];
    expect(peakInference).toMatchObject({ line: 37 });
    expect(peakInference.alive.reduce((sum: number, { bytes }: { bytes: number }) => sum + bytes, 0)).toBe(peakInference.bytes);
  });

  it('says why nothing is told of training a block of tfjs', async () => {
    const { stdout } = await cli(['cost', join(REPOSITORY, 'media/gallery/typescript/selfAttention.ts')]);
    expect(stdout).toMatch(/training +\? +\(tfjs's gradient rules are not in the table of operators\)/);
  });
});
