import { describe, expect, it } from 'vitest';
import type { Prices } from '../../src/analysis/types';
import { concerning, edited } from '../../webview/compare/edits';
import { labelsOf } from '../../webview/compare/labels';
import { batchOf } from '../../webview/compare/places';
import { FIRST, isOther, placesOf, released, seedsOf } from '../../webview/compare/seeds';
import { AS_WRITTEN, type Block, keptOf, type Told } from '../../webview/compare/state';
import { alongChoices, alongOf, sweepOf } from '../../webview/compare/sweep';

/** Prices at sizes; a name that ends in `!` is an argument's. */
function pricesOf(sizes: { readonly [symbol: string]: number }): Prices {
  const unknown = { formula: '?', unknown: 'not asked here' };
  const symbols = Object.entries(sizes).map(([name, value]) => ({
    name: name.replace('!', ''),
    role: name.endsWith('!') ? ('argument' as const) : ('data' as const),
    value,
  }));
  const figures = { map: unknown, peakInference: unknown, saved: unknown, peakTraining: unknown, parameters: unknown, macs: unknown };
  return { file: '/a.py', module: 'A', language: 'python', symbols, figures, notes: [] };
}

const block = (key: string, more: Partial<Block> = {}): Block => ({ key, file: '/a.py', module: 'A', setting: AS_WRITTEN, seeds: [], ...more });

const TOKENS = pricesOf({ 'dim!': 64, 'heads!': 4, b: 2, n: 24 });
const IMAGE = pricesOf({ 'channels!': 64, b: 1, c: 64, h: 24, w: 16 });
/** Tokens of an image whose height and width are told apart. */
const PATCHES = pricesOf({ 'dim!': 64, 'reduction!': 4, b: 2, n: 48, 'h!': 12, 'w!': 4 });
const PATCH_TIES = [{ symbols: ['n', 'reduction', 'h', 'w'], plain: ['n'] }];

describe('sizes that a block takes over', () => {
  it('are places, of an image or of a sequence', () => {
    expect(placesOf(IMAGE)).toEqual({ height: 24, width: 16, places: 384 });
    expect(placesOf(TOKENS)).toEqual({ places: 24 });
    expect(placesOf(pricesOf({ b: 2, k: 3 }))).toBeUndefined();
  });

  it('are none of the arguments that have their names', () => {
    // Heads and a window beside tokens; a window beside an image; codewords beside an image.
    const headed = pricesOf({ 'h!': 8, 'w!': 4, b: 2, t: 24, c: 64 });
    expect(placesOf(headed)).toEqual({ places: 24 });
    expect(seedsOf(headed, [IMAGE], FIRST)[0]).toEqual({ b: 1, c: 64, t: 1024 });
    const windows = pricesOf({ 'w!': 4, 'n!': 32, B: 2, C: 64, H: 24, W: 16 });
    expect(seedsOf(windows, [], FIRST)[0]).toEqual({ H: 32, W: 32 });
    expect(placesOf(pricesOf({ 'n!': 32, b: 2, c: 64 }))).toBeUndefined();
    expect(isOther(headed, pricesOf({ 'h!': 4, 'w!': 4, b: 2, t: 24, c: 60 }), [])).toBe(true);
    // Sizes that inputs must have are places.
    expect(placesOf(pricesOf({ 'h!': 8, 'w!': 4, b: 2, h_x: 8, w_x: 4 }))).toEqual({ height: 8, width: 4, places: 32 });
    expect(placesOf(pricesOf({ 'n!': 32, b: 2, n_x: 32 }))).toEqual({ places: 32 });
  });

  it('make as many places of its own, and the same batch', () => {
    expect(seedsOf(TOKENS, [IMAGE], placesOf(IMAGE))[0]).toEqual({ b: 1, n: 384 });
    expect(seedsOf(IMAGE, [TOKENS], { places: 1024 })[0]).toEqual({ b: 2, h: 32, w: 32 });
    expect(seedsOf(PATCHES, [TOKENS], FIRST)[0]).toEqual({ b: 2, h: 32, w: 32 });
  });

  it('are fewer where it cannot have them all', () => {
    const all = seedsOf(IMAGE, [pricesOf({ b: 3, c: 100, h: 8, w: 8 })], { height: 8, width: 8, places: 64 });
    const near = [9, 7, 10, 6].map((side) => ({ b: 3, h: side, w: side }));
    expect(all).toEqual([{ b: 3, c: 100, h: 8, w: 8 }, { b: 3, h: 8, w: 8 }, { h: 8, w: 8 }, ...near, { b: 3, c: 100 }, { b: 3 }]);
  });

  it('make it no other block', () => {
    const windows = (window: number, channels: number) => pricesOf({ 'window!': window, 'channels!': channels, c: channels, h: 28, w: 28 });
    const ties = [{ symbols: ['c', 'channels'], plain: ['c', 'channels'] }];
    expect(isOther(windows(7, 96), windows(7, 128), ties)).toBe(false);
    expect(isOther(windows(7, 96), windows(4, 96), ties)).toBe(true);
  });

  it('are no image where they make no square', () => {
    expect(seedsOf(IMAGE, [TOKENS], placesOf(TOKENS))[0]).toEqual({ b: 2 });
  });

  it('leave a first axis alone that is the batch', () => {
    const samples = pricesOf({ N: 4, C: 8, H: 6, W: 6 });
    expect(batchOf(samples)).toBe('N');
    expect(seedsOf(samples, [IMAGE], FIRST)[0]).toEqual({ H: 32, W: 32 });
  });
});

describe('a change', () => {
  const told: Told = { prices: pricesOf({ 'dim!': 64, 'heads!': 4, b: 2, n: 24, dim_x: 64 }), ties: [{ symbols: ['dim_x', 'dim'], plain: ['dim_x', 'dim'] }] };

  it('leaves all else as it is shown, but for what must be equal', () => {
    expect(edited(block('1'), { sizes: { heads: 5 } }, told).setting.sizes).toEqual({ dim: 64, heads: 5, b: 2, n: 24, dim_x: 64 });
    expect(edited(block('1'), { sizes: { dim: 96 } }, told).setting.sizes).toEqual({ dim: 96, heads: 4, b: 2, n: 24 });
  });

  it('comes before what was taken over, and lets go of what it says is the block’s own again', () => {
    const patches: Told = { prices: PATCHES, ties: PATCH_TIES };
    const seeded = block('1', { setting: { ...AS_WRITTEN, sizes: { h: 12, w: 4, b: 2 } }, seeds: ['h', 'w', 'b'] });
    const longer = edited(seeded, { sizes: { n: 96 } }, patches);
    expect(longer.setting.sizes).toEqual({ dim: 64, b: 2, n: 96 });
    const typed = edited(edited(seeded, { sizes: { h: 24 } }, patches), { sizes: { n: 96 } }, patches);
    expect(typed.setting.sizes).toMatchObject({ h: 24, n: 96 });
    expect(edited(typed, { sizes: { h: null } }, patches).setting.sizes.h).toBeUndefined();
  });

  it('of all blocks concerns those that have the size', () => {
    expect(concerning({ sizes: { h: 8, n: 4 }, precision: 'float16' }, { prices: IMAGE })).toEqual({ sizes: { h: 8 }, precision: 'float16' });
  });

  it('of another kind leaves the sizes to the block', () => {
    expect(edited(block('1'), { attention: 'fused' }, told).setting).toEqual({ ...AS_WRITTEN, attention: 'fused' });
  });

  it('frees what follows the sizes of a sweep', () => {
    expect(released({ n: 48, h: 12, w: 4, reduction: 2, b: 2 }, ['h', 'w'], PATCH_TIES, [])).toEqual({ h: 12, w: 4, reduction: 2, b: 2 });
  });
});

describe('sizes to compare along', () => {
  it('are the resolution first where a block has one, then tokens, then each size', () => {
    expect(alongChoices([TOKENS, IMAGE]).map(({ symbols }) => symbols.join('='))).toEqual(['h=w', 'n', 'dim', 'heads', 'b', 'channels', 'c', 'h', 'w']);
    expect(alongChoices([pricesOf({ N: 2, C: 64, H: 24, W: 16 })])[0]?.symbols).toEqual(['h', 'w']);
    expect(alongChoices([pricesOf({ 'h!': 8, 'n!': 32, 't!': 3, b: 2, k: 24 })]).map(({ symbols }) => symbols.join('='))).toEqual(['n', 'h', 'b', 'k']);
    expect(alongOf(undefined, [TOKENS])).toEqual({ symbols: ['n'], from: 64, to: 4096 });
    expect(alongOf({ symbols: ['b'], from: 1, to: 8 }, [IMAGE]).symbols).toEqual(['b']);
  });

  it('are round, with both ends among them', () => {
    expect(sweepOf({ symbols: ['n'], from: 16, to: 64 }).values).toEqual([16, 20, 24, 28, 32, 40, 48, 56, 64]);
    expect(sweepOf({ symbols: ['b'], from: 1, to: 4 }).values).toEqual([1, 2, 3, 4]);
    expect(sweepOf({ symbols: ['b'], from: 100, to: 7 }).values).toEqual([7, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 100]);
    expect(sweepOf({ symbols: ['b'], from: 5, to: 5 }).values).toEqual([5]);
    expect(sweepOf({ symbols: ['n'], from: 1, to: 2 ** 24 }).values).toHaveLength(25);
  });
});

describe('labels', () => {
  const told = new Map<string, Told>([
    ['1', { prices: TOKENS }],
    ['2', { prices: TOKENS }],
    ['3', { prices: TOKENS }],
  ]);

  it('tell blocks of one name apart by what differs', () => {
    const other = { ...AS_WRITTEN, sizes: { heads: 8 }, precision: 'float16' as const };
    expect([...labelsOf([block('1'), block('2', { setting: other })], told).values()]).toEqual(['A (heads=4, float32)', 'A (heads=8, float16)']);
    expect([...labelsOf([block('1'), block('2', { file: '/b.py' })], told).values()]).toEqual(['A (a.py)', 'A (b.py)']);
    expect([...labelsOf([block('1'), block('2'), block('3', { module: 'B' })], told).values()]).toEqual(['A', 'A #2', 'B']);
  });
});

describe('what is kept', () => {
  const kept = { blocks: [block('1')], figure: 'saved', gib: 24, along: { symbols: ['b'], from: 1, to: 8 } };

  it('is read back, and nothing else is', () => {
    expect(keptOf(JSON.parse(JSON.stringify(kept)))).toEqual(kept);
    for (const other of [undefined, null, {}, { ...kept, figure: 'parameters' }, { ...kept, gib: '24' }, { ...kept, blocks: [{ key: '1' }] }])
      expect(keptOf(other)).toBeUndefined();
  });
});
