/** What a reshape to symbolic sizes gives, and what it demands. */
import { expect, it } from 'vitest';
import { applyReal, assumeDivides, type Dim, format, NO_FACTS, parse, realOf } from '../../src/dim/index';
import type { Attribute, Demand, RuleContext } from '../../src/ops/operator';
import { reshape } from '../../src/ops/reshape';

const size = (text: string): Dim => {
  const dim = parse(text);
  if (!dim) throw new Error(`not a size: ${text}`);
  return dim;
};
const sizes = (text: string): Dim[] => (text === '' ? [] : text.split(', ').map(size));

/** `c / heads` is JavaScript's quotient, `c // heads` rounded down. */
function item(text: string): Attribute {
  const [over, under] = text.split(/ \/ /);
  return under === undefined ? realOf(size(text)) : applyReal('div', realOf(size(over as string)), realOf(size(under)));
}

const words = (demand: Demand): string => {
  if (demand.kind === 'divides') return `${format(demand.divisor)} | ${format(demand.size)}`;
  return demand.kind === 'equal' ? `${format(demand.left)} == ${format(demand.right)}` : `${format(demand.small)} <= ${format(demand.large)}`;
};

function reshaped(from: string, to: string, facts = NO_FACTS) {
  const context: RuleContext = { facts, runtime: 'tfjs' };
  const { outputs, demands = [], problem } = reshape.shape([{ shape: sizes(from), dtype: 'float32' }], { shape: to.split(', ').map(item) }, context);
  return { shape: outputs[0]?.shape.map(format).join(', '), demands: demands.map(words), ...(problem ? { problem: problem.code } : {}) };
}

it.each([
  ['b, t, c', 'b, t, heads, c//heads', 'b, t, heads, c//heads', ['heads | c']],
  ['b, t, c', 'b, t, heads, c / heads', 'b, t, heads, c//heads', ['heads | c']],
  ['b, t, c', 'b, t, heads, -1', 'b, t, heads, c//heads', ['heads | c']],
  ['b, t, c', 'b, -1, heads, c//heads', 'b, t, heads, c//heads', ['heads | c']],
  ['b, t, c', 'b*heads, t, c//heads', 'b*heads, t, c//heads', ['heads | c']],
  ['b, t, heads, c//heads', 'b, t, c', 'b, t, c', ['heads | c']],
  ['b, t, heads, c//heads', 'b, t, -1', 'b, t, heads*(c//heads)', []],
  ['b*heads, t, c//heads', 'b, heads, t, -1', 'b, heads, t, c//heads', []],
  ['b, t, 3*c', 'b, t, 3, heads, c//heads', 'b, t, 3, heads, c//heads', ['heads | c']],
  ['b, h, w, c', 'b, h//p, p, w//p, p, c', 'b, h//p, p, w//p, p, c', ['p | h', 'p | w']],
  ['b, h, w, c', 'b, h*w, c', 'b, h*w, c', []],
  ['b, h, w, c', 'b, -1, c', 'b, h*w, c', []],
  ['b, h, w, c', '-1', 'b*h*w*c', []],
  ['b, n, c', 'b, h, w, c', 'b, h, w, c', ['n == h*w']],
  ['b, (h - 1)//2 + 1, c', 'b, h//2, c', 'b, h//2, c', ['2 | h']],
  ['b, (h - 1)//2 + 1, (w - 1)//2 + 1, c', 'b, h*w//4, c', 'b, h*w//4, c', ['2 | h', '2 | w']],
  ['b, t, c', 'b, ?, c', 'b, t, c', []],
  ['?, t, c', '?, t, c', '?, t, c', []],
  ['?, t, c', '-1, c', '?, c', []],
  ['b, t, 512', 'b, t, 8, 63', 'b, t, 8, 63', ['512 == 504']],
  ['b, t, 10', 'b, t, 3, -1', 'b, t, 3, ?', ['3 | 10']],
  ['b, t, c', 'b, t', 'b, t', ['c == 1']],
] as const)('%s to %s', (from, to, shape, demands) => {
  const found = reshaped(from, to);
  expect({ ...found, shape: found.shape?.split(', ').map((each) => format(size(each))) }).toEqual({
    shape: shape.split(', ').map((each) => format(size(each))),
    demands,
  });
});

it('takes a division as exact once it is known to be', () => {
  const facts = assumeDivides(NO_FACTS, size('heads'), size('c'), 'heads divides c');
  expect(reshaped('b, t, heads, c//heads', 'b, t, c', facts)).toEqual({ shape: 'b, t, c', demands: [] });
  expect(reshaped('b, t, heads, c//heads', 'b, t, -1', facts)).toEqual({ shape: 'b, t, c', demands: [] });
});

it('refuses two sizes of -1, sizes below it, and fractions', () => {
  expect(['-1, -1', 'b, t, -3', 'b, t, 10 / 3'].map((to) => reshaped('b, t, 10', to).problem)).toEqual(['argument', 'argument', 'argument']);
});
