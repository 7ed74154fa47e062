import { expect, test } from 'vitest';
import { assumeDivides, assumeEqual, compare, type Dim, type Facts, NO_FACTS, parse } from '../../src/dim/index';

const size = (text: string): Dim => parse(text) as Dim;
const divided = (facts: Facts, [divisor, whole]: readonly [string, string]): Facts => assumeDivides(facts, size(divisor), size(whole), '');

/** Half the width of a head, counted from 0 in steps of 1 and as a quotient. */
const HALVES = [size('(c - h)//(2*h) + 1'), size('c//(2*h)')] as const;

test.each([
  [[['h', 'c']], 'unknown'],
  [[['2*h', 'c']], 'equal'],
  [
    [
      ['h', 'c'],
      ['2', 'c//h'],
    ],
    'equal',
  ],
  [
    [
      ['h', 'c'],
      ['2*h', 'c'],
    ],
    'equal',
  ],
] as const)('halves of heads, knowing %j: %s', (given, verdict) => {
  expect(compare(...HALVES, given.reduce(divided, NO_FACTS))).toBe(verdict);
});

test('halves of heads where the width has another name', () => {
  const renamed = assumeEqual(divided(NO_FACTS, ['h', 'width']), size('c'), size('width'), '');
  expect(compare(...HALVES, divided(renamed, ['2', 'width//h']))).toBe('equal');
});
