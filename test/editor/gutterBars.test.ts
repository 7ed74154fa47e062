/** Which bar each line gets. */
import { expect, it } from 'vitest';
import type { AliveModule } from '../../src/analysis/types';
import { barsOf } from '../../src/extension/gutterBars';

const line = (at: number, bytes: number, isOwn = true, isPeak = false) => ({ line: at, bytes, isOwn, isPeak });
const BLOCK: AliveModule = { module: 'Block', peak: 80, lines: [line(3, 10, false), line(12, 40), line(13, 80, true, true)] };
const HELPER: AliveModule = { module: 'helper', peak: 20, lines: [line(3, 20, true, true)] };
const OTHER: AliveModule = { module: 'Other', peak: 200, lines: [line(3, 200, false, true), line(22, 1)] };

const told = (modules: readonly AliveModule[], chosen: string | null) =>
  barsOf(modules, chosen, 8).map(({ line: at, bytes, length, isPeak }) => `${at}: ${bytes} ${'█'.repeat(length)}${isPeak ? ' peak' : ''}`);

it('is as long as the share of the module’s own peak', () => {
  expect(told([BLOCK], null)).toEqual(['3: 10 █', '12: 40 ████', '13: 80 ████████ peak']);
});

it('is never too short to be seen', () => {
  expect(told([OTHER], null)).toEqual(['3: 200 ████████ peak', '22: 1 █']);
  expect(told([{ module: 'None', peak: 0, lines: [line(1, 0)] }], null)).toEqual(['1: 0 █']);
});

it('is that of the module which the line is part of, else of the first that runs through it', () => {
  expect(told([BLOCK, OTHER, HELPER], null)[0]).toBe('3: 20 ████████ peak');
  expect(told([BLOCK, OTHER], null)[0]).toBe('3: 10 █');
});

it('is that of the module which the cursor is in, before all others', () => {
  expect(told([BLOCK, OTHER, HELPER], 'Other')).toEqual(['3: 200 ████████ peak', '12: 40 ████', '13: 80 ████████ peak', '22: 1 █']);
});
