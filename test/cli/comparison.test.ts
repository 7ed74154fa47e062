/** How blocks and sizes to compare are written. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askedOf, ladder, sweepOf } from '../../src/cli/comparison/asked';
import { targetOf } from '../../src/cli/comparison/targets';

describe('a target', () => {
  const none = () => false;
  it.each([
    ['model.py', { path: 'model.py', change: { sizes: {} } }],
    ['model.py:Block', { path: 'model.py', name: 'Block', change: { sizes: {} } }],
    ['C:\\models\\x.py:Block', { path: 'C:\\models\\x.py', name: 'Block', change: { sizes: {} } }],
    ['C:\\models\\x.py', { path: 'C:\\models\\x.py', change: { sizes: {} } }],
    ['C:/models/x.py:Block[heads=4]', { path: 'C:/models/x.py', name: 'Block', change: { sizes: { heads: 4 } } }],
    ['D:\\x.py[heads=4, sr_ratio=2]', { path: 'D:\\x.py', change: { sizes: { heads: 4, sr_ratio: 2 } } }],
    ['src/[id].ts:block', { path: 'src/[id].ts', name: 'block', change: { sizes: {} } }],
    ['a:b/model.py:_Block', { path: 'a:b/model.py', name: '_Block', change: { sizes: {} } }],
    ['model.py:Ünicode$', { path: 'model.py', name: 'Ünicode$', change: { sizes: {} } }],
    [
      'model.py:Block[attention=fused,dtype=bfloat16,config.n_head=2]',
      { path: 'model.py', name: 'Block', change: { sizes: { 'config.n_head': 2 }, attention: 'fused', precision: 'bfloat16' } },
    ], // prettier-ignore
  ])('%s', (text, target) => {
    expect(targetOf(text, none)).toEqual(target);
  });

  it('is a file where there is one of that whole name', () => {
    for (const text of ['odd:Name', 'odd[heads=4]', 'C:\\x.py:Block'])
      expect(targetOf(text, (path) => path === text)).toEqual({ path: text, change: { sizes: {} } });
    expect(targetOf('odd:Name[heads=4]', (path) => path === 'odd:Name')).toEqual({ path: 'odd:Name', change: { sizes: { heads: 4 } } });
  });
});

describe('a sweep', () => {
  it.each([
    ['h=w=16..256', ['h', 'w'], [16, 24, 32, 48, 64, 96, 128, 192, 256]],
    ['n=64..4096', ['n'], [64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096]],
    ['h = w = 64, 16,32', ['h', 'w'], [16, 32, 64]],
    ['n=64..4096 x4', ['n'], [64, 256, 1024, 4096]],
    ['n=100..1000x2', ['n'], [100, 200, 400, 800, 1000]],
    ['config.n=7', ['config.n'], [7]],
  ])('%s', (text, symbols, values) => {
    expect(sweepOf(text)).toEqual({ symbols, values });
  });

  it.each(['', '16..256', 'h=', 'h=w', 'h=h=16..32', 'h=0..8', 'h=8..8', 'h=1..2 x1', 'h=1.5..8', '=16', 'h w=16..32', 'h=1e9..2e9', 'h=1..99999999999'])(
    '%j is refused',
    (text) => {
      expect(() => sweepOf(text)).toThrow(/^--sweep/);
    },
  );

  it('of a range goes from end to end in a few round steps', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 100_000 }), (from, more) => {
        const values = ladder(from, from + more);
        expect([values[0], values.at(-1)]).toEqual([from, from + more]);
        expect(values.every((value, at) => Number.isInteger(value) && (at === 0 || value > (values[at - 1] ?? 0)))).toBe(true);
        expect(values.length).toBeLessThanOrEqual(15);
        if (from >= 8 && more >= 8 * from) expect(values.length).toBeGreaterThanOrEqual(6);
        if (from >= 8 && more >= 32) expect(values.slice(1, -1).every((value) => value % 8 === 0)).toBe(true);
      }),
    );
  });
});

describe('figures and a limit', () => {
  const asked = (options: Partial<Parameters<typeof askedOf>[0]>) =>
    askedOf({ set: '', sweep: undefined, figures: [], limit: undefined, fits: undefined, precision: 'float32', attention: 'written', ...options });

  it('have their usual values', () => {
    expect(asked({})).toEqual({ sweep: sweepOf('h=w=16..256'), figures: ['peakInference', 'macs'] });
  });

  it('are read as they are written, each figure once', () => {
    expect(asked({ figures: ['map,macs', 'MAP', ' peakTraining'] }).figures).toEqual(['map', 'macs', 'peakTraining']);
    expect(asked({ limit: '24GiB' }).limit).toEqual({ value: 24 * 2 ** 30, label: '24 GiB' });
    expect(asked({ limit: '1.5 gib' }).limit).toEqual({ value: 1.5 * 2 ** 30, label: '1.5 GiB' });
  });
});
