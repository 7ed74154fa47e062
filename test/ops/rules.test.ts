/** Broadcasting over symbols: which size comes out, and what is demanded for it. */
import { expect, it } from 'vitest';
import { assumeEqual, constant, type Dim, format, NO_FACTS, symbol, UNKNOWN } from '../../src/dim/index';
import type { RuleContext, TensorType } from '../../src/ops/operator';
import { broadcastLayers, broadcastTypes, type Merged } from '../../src/ops/rules';

const CONTEXT: RuleContext = { facts: NO_FACTS, runtime: 'tfjs' };

/** Sizes as text: numbers, names, `?`. */
const shape = (text: string): TensorType => ({ shape: text.split(' ').filter(Boolean).map(dim), dtype: 'float32' });
const dim = (text: string): Dim => (text === '?' ? UNKNOWN : /^\d+$/.test(text) ? constant(Number(text)) : symbol(text));
const shown = ({ shape: merged, demands }: Merged): string =>
  [merged.map(format).join(' '), ...demands.map((demand) => (demand.kind === 'equal' ? `${format(demand.left)} = ${format(demand.right)}` : demand.kind))].join(
    '; ',
  );

it.each([
  ['b n c', 'c', 'b n c'],
  ['b n c', '1 1 c', 'b n c'],
  ['b 1 c', 'n 1', 'b n c'],
  ['b n', 'b m', 'b n; n = m'],
  ['b n', 'b 7', 'b 7; n = 7'],
  ['b 3', 'b 7', 'b 3; 3 = 7'],
  ['b ?', 'b 7', 'b 7'],
  ['b ?', 'b n', 'b ?'],
  ['b ?', 'b 1', 'b ?'],
  ['', 'b n', 'b n'],
])('[%s] with [%s] is %s', (left, right, expected) => {
  expect(shown(broadcastTypes([shape(left), shape(right)], CONTEXT))).toBe(expected);
});

it('takes sizes that facts equate for one', () => {
  const facts = assumeEqual(NO_FACTS, symbol('n'), symbol('m'), 'n == m');
  expect(broadcastTypes([shape('b n'), shape('b m')], { ...CONTEXT, facts }).demands).toEqual([]);
});

it.each([
  ['b h w c', 'b c', 'b h w c'],
  ['b h w c', 'b', 'b h w c'],
  ['b 1 c', 'b n 1', 'b n c'],
  ['b n c', 'a c', 'b n c; b = a'],
  ['b n c', 'b d', 'b n c; c = d'],
])('in merging layers, [%s] with [%s] is %s', (left, right, expected) => {
  expect(shown(broadcastLayers([shape(left), shape(right)], CONTEXT))).toBe(expected);
});

it('broadcasts three operands, each against what the others made', () => {
  expect(shown(broadcastTypes([shape('1 n'), shape('b 1'), shape('b n')], CONTEXT))).toBe('b n');
});
