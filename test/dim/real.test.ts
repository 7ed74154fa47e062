import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyReal,
  assumeDivides,
  constant,
  evaluateReal,
  format,
  formatReal,
  NO_FACTS,
  numberOfReal,
  parse,
  type Real,
  realOf,
  sizeOfReal,
  symbol,
  UNKNOWN,
  wholeOf,
} from '../../src/dim/index';

const of = (text: string): Real => realOf(parse(text) ?? UNKNOWN);
const number = (value: number): Real => realOf(value);

describe('a real over sizes', () => {
  const cases: readonly [Real, string][] = [
    [applyReal('div', number(1), applyReal('sqrt', of('c//h'))), '1/sqrt(c//h)'],
    [applyReal('div', of('c'), of('h')), 'c/h'],
    [applyReal('mul', applyReal('div', of('c'), of('h')), of('h')), 'c'],
    [applyReal('floor', applyReal('div', of('c'), number(8))), 'c//8'],
    [applyReal('ceil', applyReal('div', of('c'), number(2))), '(c - 1)//2 + 1'],
    [applyReal('floor', applyReal('mul', of('c'), number(0.25))), 'c//4'],
    [applyReal('div', of('8*c'), number(8)), 'c'],
    [applyReal('div', of('b*h*w'), of('b*h')), 'w'],
    [applyReal('sqrt', of('n*n')), 'n'],
    [applyReal('sqrt', number(64)), '8'],
    [applyReal('sqrt', of('n')), 'sqrt(n)'],
    [applyReal('pow', of('c'), number(2)), 'c*c'],
    [applyReal('pow', of('c'), number(-0.5)), 'c**(-0.5)'],
    [applyReal('max', of('a'), of('b')), 'max(a, b)'],
    [applyReal('max', of('a'), of('b'), number(1)), 'max(a, b, 1)'],
    [applyReal('add', of('c'), number(1)), 'c + 1'],
    [applyReal('mod', of('c'), of('h')), 'c % h'],
    [applyReal('rem', of('c'), of('h')), 'c % h'],
    [applyReal('rem', of('c - 5'), of('h')), 'rem(c - 5, h)'],
    [applyReal('abs', of('c - 5')), 'abs(c - 5)'],
    [applyReal('div', of('c + 1'), of('h*w')), '(c + 1)/(h*w)'],
    [applyReal('neg', applyReal('log', of('n'))), '-log(n)'],
    [applyReal('mul', number(0.1), of('c')), '0.1*c'],
    [applyReal('mul', applyReal('sqrt', of('c')), number(1)), 'sqrt(c)'],
    [applyReal('div', of('c'), number(0)), 'c/0'],
    [applyReal('mystery', of('c')), 'mystery(c)'],
  ];
  it.each(cases)('%#: %o prints %s', (real, text) => {
    expect(formatReal(real)).toBe(text);
  });

  it('is a size only where it is whole', () => {
    expect(sizeOfReal(number(1.5))).toBeUndefined();
    expect(sizeOfReal(applyReal('div', of('c'), of('h')))).toBeUndefined();
    expect(sizeOfReal(number(3))).toEqual(constant(3));
    expect(numberOfReal(of('c'))).toBeUndefined();
    expect(numberOfReal(applyReal('rsqrt', number(4)))).toBe(0.5);
  });

  it('as a size states what must divide', () => {
    const quotient = applyReal('div', of('b*c'), of('b*h'));
    expect(wholeOf(quotient, NO_FACTS)).toEqual({ size: parse('c//h'), needs: [{ divisor: symbol('h'), size: symbol('c') }] });
    expect(wholeOf(quotient, assumeDivides(NO_FACTS, symbol('h'), symbol('c'), 'c % h == 0'))).toEqual({ size: parse('c//h') });
    expect(format(wholeOf(applyReal('div', of('h*w'), of('p*p')), NO_FACTS)?.size ?? UNKNOWN)).toBe('(h//p)*(w//p)');
    expect(wholeOf(applyReal('pow', applyReal('div', of('n'), of('p')), number(2)), NO_FACTS)).toEqual({
      size: parse('(n//p)*(n//p)'),
      needs: [{ divisor: symbol('p'), size: symbol('n') }],
    });
    expect(wholeOf(number(1.5), NO_FACTS)).toBeUndefined();
    expect(wholeOf(number(Number.NaN), NO_FACTS)).toBeUndefined();
    expect(wholeOf(applyReal('sqrt', of('n')), NO_FACTS)).toBeUndefined();
    expect(format(wholeOf(of('h*w'), NO_FACTS)?.size ?? UNKNOWN)).toBe('h*w');
  });
});

type Plan = number | string | { readonly fn: string; readonly args: readonly Plan[] };

const leaf = fc.oneof(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 8 }), fc.constantFrom(0.5, 1.25, 0.1));
const grow = (below: fc.Arbitrary<Plan>): fc.Arbitrary<Plan> =>
  fc.oneof(
    leaf,
    fc.record({ fn: fc.constantFrom('add', 'sub', 'mul', 'div', 'min', 'max'), args: fc.tuple(below, below) }),
    fc.record({ fn: fc.constantFrom('neg', 'abs', 'square', 'sqrt', 'trunc', 'reciprocal'), args: fc.tuple(below) }),
  );

function build(plan: Plan): Real {
  if (typeof plan === 'object') return applyReal(plan.fn, ...plan.args.map(build));
  return realOf(typeof plan === 'string' ? symbol(plan) : plan);
}

/** The plan with nothing folded. */
function verbatim(plan: Plan): Real {
  if (typeof plan === 'object') return { kind: 'apply', fn: plan.fn, args: plan.args.map(verbatim) };
  return realOf(typeof plan === 'string' ? symbol(plan) : plan);
}

describe('folding', () => {
  it('keeps the value', () => {
    fc.assert(
      fc.property(
        grow(grow(leaf)),
        fc.record({ a: fc.integer({ min: 1, max: 9 }), b: fc.integer({ min: 1, max: 9 }), c: fc.integer({ min: 1, max: 9 }) }),
        (plan, sizes) => {
          const expected = evaluateReal(verbatim(plan), sizes);
          const value = evaluateReal(build(plan), sizes);
          if (expected === undefined || value === undefined || !Number.isFinite(expected) || isJump(plan)) return;
          expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)));
        },
      ),
    );
  });
});

/** Cutting off a fraction jumps where rounding errors meet a whole number: exact folding is then the better answer. */
function isJump(plan: Plan): boolean {
  return typeof plan === 'object' && (plan.fn === 'trunc' || plan.args.some(isJump));
}
