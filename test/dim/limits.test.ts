import { describe, expect, it } from 'vitest';
import {
  add,
  assumeEqual,
  compare,
  constant,
  type Dim,
  floorDivide,
  isUnknown,
  maximum,
  minimum,
  multiply,
  NO_FACTS,
  ONE,
  parse,
  power,
  product,
  simplify,
  substitute,
  sum,
  symbol,
  UNKNOWN,
} from '../../src/dim/index';

const many = (count: number): Dim[] => Array.from({ length: count }, (_, index) => symbol(`s${index}`));

/** Runs it and checks that it took less than a second. */
function soon<T>(run: () => T): T {
  const start = performance.now();
  const result = run();
  expect(performance.now() - start).toBeLessThan(10_000);
  return result;
}

describe('what is too large ends in unknown, soon', () => {
  it.each<[string, () => Dim]>([
    ['a sum of 10,000', () => sum(many(10_000))],
    ['a product of 10,000', () => product(many(10_000))],
    ['the power of a sum', () => power(sum(many(20)), 40)],
    ['a huge power', () => power(symbol('a'), 1e9)],
    ['a huge power of a number', () => power(constant(3), 1e9)],
    ['a negative power', () => power(symbol('a'), -1)],
    ['a nested division', () => many(10_000).reduce((held, each) => floorDivide(held, each))],
    ['nested maxima and minima', () => many(10_000).reduce((held, each, index) => (index % 2 ? maximum(held, each) : minimum(held, each)))],
    ['overflow', () => multiply(constant(2 ** 30), constant(2 ** 30))],
    ['overflow of a coefficient', () => multiply(multiply(constant(2 ** 30), symbol('a')), constant(2 ** 30))],
    ['a fraction', () => constant(0.5)],
    ['not a number', () => constant(Number.NaN)],
    [
      'doubling by substitution',
      () => Array.from({ length: 100 }).reduce<Dim>((held) => substitute(held, new Map([['x', add(multiply(symbol('x'), symbol('x')), ONE)]])), symbol('x')),
    ],
  ])('%s', (_, make) => {
    expect(isUnknown(soon(make))).toBe(true);
  });

  it('reads hostile text', () => {
    expect(soon(() => parse(`${'('.repeat(100_000)}a${')'.repeat(100_000)}`))).toBeUndefined();
    expect(soon(() => parse(Array.from({ length: 10_000 }, (_, index) => `s${index}`).join('+')))).toEqual(UNKNOWN);
    expect(soon(() => parse(`${'-'.repeat(100_001)}a`))?.text).toBe('-a');
    expect(soon(() => parse('1'.repeat(100_000)))).toEqual(UNKNOWN);
  });

  it('compares the largest that there are', () => {
    const deep = (offset: number): Dim =>
      Array.from({ length: 50 }, (_, index) => symbol(`t${index + offset}`)).reduce((held, each) => floorDivide(held, each));
    const wide = (offset: number): Dim => sum(Array.from({ length: 90 }, (_, index) => floorDivide(symbol(`u${index + offset}`), constant(index + 2))));
    expect(isUnknown(deep(0)) || isUnknown(wide(0))).toBe(false);
    expect(soon(() => compare(deep(0), deep(1), NO_FACTS))).toBe('unknown');
    expect(soon(() => compare(wide(0), wide(1), NO_FACTS))).toBe('unknown');
    expect(soon(() => compare(add(wide(0), ONE), wide(0), NO_FACTS))).toBe('different');
  });

  it('takes many facts, contradictory and circular ones too', () => {
    const size = (text: string): Dim => parse(text) ?? UNKNOWN;
    const circle = assumeEqual(assumeEqual(NO_FACTS, size('a'), size('b + c'), ''), size('b'), size('a - c'), '');
    expect(simplify(size('a - b'), circle).text).toBe('c');
    const swap = assumeEqual(assumeEqual(NO_FACTS, size('a*b'), size('c*d'), ''), size('c*d'), size('a*b'), '');
    expect(compare(size('a*b'), size('c*d'), swap)).toBe('equal');
    const grows = assumeEqual(NO_FACTS, size('x'), size('2*(x//2)'), '');
    expect(simplify(size('x//2*6'), grows).text).toBe('3*x');
    const wrong = assumeEqual(NO_FACTS, constant(64), constant(48), '');
    expect(compare(constant(64), constant(48), wrong)).toBe('different');
    expect(soon(() => many(300).reduce((facts, each, index) => assumeEqual(facts, each, symbol(`s${index + 1}`), ''), NO_FACTS)).list.length).toBe(200);
  });
});
