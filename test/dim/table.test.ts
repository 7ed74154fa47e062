import { describe, expect, it } from 'vitest';
import {
  assumeAtLeast,
  assumeDivides,
  assumeEqual,
  atMost,
  ceilDivide,
  compare,
  type Dim,
  divides,
  exactDivide,
  type Facts,
  format,
  NO_FACTS,
  ONE,
  parse,
  simplify,
} from '../../src/dim/index';

/** The size that a text says. */
function size(text: string): Dim {
  const dim = parse(text);
  if (!dim) throw new Error(`no size: ${text}`);
  return dim;
}

/** `a == b`, `k | d`, `a >= n`, separated by commas. */
function facts(text: string): Facts {
  return text
    .split(';')
    .filter((part) => part.trim() !== '')
    .reduce((held, part) => {
      const [, left = '', sign = '', right = ''] = /^(.*?)(==|\||>=)(.*)$/.exec(part) ?? [];
      if (sign === '==') return assumeEqual(held, size(left), size(right), part);
      return sign === '|' ? assumeDivides(held, size(left), size(right), part) : assumeAtLeast(held, size(left), size(right), part);
    }, NO_FACTS);
}

describe('the printed form', () => {
  it.each([
    ['h*w', 'h*w'],
    ['w*h', 'h*w'],
    ['1 + h*w', 'h*w + 1'],
    ['c - 1', 'c - 1'],
    ['1 - x', '1 - x'],
    ['-x', '-x'],
    ['3*dim', '3*dim'],
    ['dim*3', '3*dim'],
    ['c//8', 'c//8'],
    ['(h - 1)//2 + 1', '(h - 1)//2 + 1'],
    ['(h + 1)//2', '(h - 1)//2 + 1'],
    ['-((-h)//2)', '(h - 1)//2 + 1'],
    ['max(b, a)', 'max(a, b)'],
    ['max(a, a + 1, 3)', 'max(a + 1, 3)'],
    ['a % b', 'a % b'],
    ['config.units*4', '4*config.units'],
    ['h*w//w', 'h'],
    ['(8*x)//8', 'x'],
    ['(a*b + c)//b', 'a + c//b'],
    ['(c//2)//4', 'c//8'],
    ['(9*x)//8', 'x + x//8'],
    ['(b*n*c)//(b*heads*n)', 'c//heads'],
    ['((h + 1)*w)//(h + 1)', 'w'],
    ['h//(h + 1)', 'h//(h + 1)'],
    ['-(c//8)', '-(c//8)'],
    ['n - c//8', 'n - c//8'],
    ['2*(c//8)', '2*(c//8)'],
    ['h*(c//h)', 'h*(c//h)'],
    ['(a//b)//c', '(a//b)//c'],
    ['n*n', 'n*n'],
    ['n**3', 'n**3'],
    ['(x % 8) % 4', 'x % 4'],
    ['(3*x) % 3', '0'],
    ['7//2', '3'],
    ['-7//2', '-4'],
    ['-7 % 3', '2'],
    ['c//0', '?'],
    ['c % 0', '?'],
    ['9007199254740991 + 1', '?'],
    ['x - x', '0'],
    ['`a b` + 1', '`a b` + 1'],
  ])('%s is %s', (text, expected) => {
    expect(format(size(text))).toBe(expected);
    expect(format(size(expected))).toBe(expected);
  });

  it.each(['', '+', 'a +', '(a', 'a)', 'max()', 'a b', 'a..b', '1.5', 'a**b', 'é(', '/', 'a / b'])('%s is no size', (text) => {
    expect(parse(text)).toBeUndefined();
  });
});

describe('simplify', () => {
  it.each([
    ['c//h*h', '', 'h*(c//h)'],
    ['c//h*h', 'h | c', 'c'],
    ['c//8*8', '8 | c', 'c'],
    ['c//4*4', '8 | c', 'c'],
    ['c//8*16', '8 | c', '2*c'],
    ['b*c//h', 'h | c', 'b*(c//h)'],
    ['b*n*h*(c//h)', 'h | c', 'b*c*n'],
    ['c % h', 'h | c', '0'],
    ['c//h*h', 'c % h == 0', 'c'],
    ['(h//p)*p*(w//p)*p', 'p | h; p | w', 'h*w'],
    ['(h//p)*(w//p)*(c*p*p)', 'p | h; p | w', 'c*h*w'],
    ['c', 'c == in_dim', 'in_dim'],
    ['c//8', 'c == in_dim', 'in_dim//8'],
    ['c//8', 'c == 64', '8'],
    ['h*w', 'n == h*w', 'h*w'],
    ['n', 'n == h*w', 'h*w'],
    ['b*h*w', 'h*w == n', 'b*h*w'],
    ['n', 'b*h*w == b*n', 'h*w'],
    ['dim//heads', 'dim == heads*d', 'd'],
    ['dim//heads*heads', 'heads | dim; dim == 64', '64'],
    ['max(c, 1)', '', 'c'],
    ['min(c, 1)', '', '1'],
    ['max(a, a*b)', '', 'max(a, a*b)'],
    ['max(n, 4)', 'n >= 4', 'n'],
    ['(c - 1)//c', '', '0'],
    ['(c//2)//h', '', 'c//(2*h)'],
    ['c % (c + 1)', '', 'c'],
  ])('%s with %s is %s', (text, given, expected) => {
    expect(format(simplify(size(text), facts(given)))).toBe(expected);
  });
});

describe('compare', () => {
  it.each([
    ['c//8', '', 'c//4', 'different'],
    ['c//2', '', 'c//16', 'different'],
    ['2*n', '', 'n', 'different'],
    ['c', '', 'c + 1', 'different'],
    ['64', '', '48', 'different'],
    ['64', '', '64', 'equal'],
    ['n*n', '', 'n', 'unknown'],
    ['n*n + 1', '', 'n', 'different'],
    ['h*w', '', 'c', 'unknown'],
    ['b*h*w', '', 'h*w', 'unknown'],
    ['2*b*h*w', '', 'h*w', 'different'],
    ['2*n', '', '2*m + 1', 'different'],
    ['c', 'c == in_dim', 'in_dim', 'equal'],
    ['in_dim', 'c == in_dim', 'c', 'equal'],
    ['c//h*h', '', 'c', 'unknown'],
    ['c//h*h', 'h | c', 'c', 'equal'],
    ['c//h*h + c % h', '', 'c', 'equal'],
    ['c - c % h', '', 'c//h*h', 'equal'],
    ['c', '8 | c', '12', 'different'],
    ['c', '8 | c', '16', 'unknown'],
    ['c//4', '8 | c', '2*(c//8)', 'equal'],
    ['c//8', '', 'c', 'different'],
    ['c//r', '', 'c', 'unknown'],
    ['c//r', 'r >= 2', 'c', 'different'],
    ['h', '', '(h - 1)//2 + 1', 'unknown'],
    ['h', 'h >= 2', '(h - 1)//2 + 1', 'different'],
    ['h - h//2', '', '(h + 1)//2', 'equal'],
    ['max(a, b)', '', 'a + b', 'different'],
    ['max(a, b) + min(a, b)', '', 'a + b', 'equal'],
    ['b*h*w', 'n == h*w', 'b*n', 'equal'],
    ['c*d', 'h*w == c*d', 'h*w', 'equal'],
    ['3*c', '', 'c', 'different'],
    ['heads*(dim//heads)', 'dim >= heads', '3*dim', 'different'],
    ['heads*(c//heads)', '', 'c + 1', 'different'],
    ['h + 2', '', 'h*1 - 2', 'different'],
    ['x + y', '', 'x', 'different'],
    ['x', 'x >= 5', '4', 'different'],
    ['n', 'n == h*w; h == 3; w == 5', '15', 'equal'],
    ['a//2', 'a == b', 'b//2', 'equal'],
    ['?', '', 'c', 'unknown'],
    ['?', '', '?', 'unknown'],
  ])('%s (%s) against %s: %s', (left, given, right, verdict) => {
    expect(compare(size(left), size(right), facts(given))).toBe(verdict);
    expect(compare(size(right), size(left), facts(given))).toBe(verdict);
  });
});

describe('divides', () => {
  it.each([
    ['8', '', 'c', 'unknown'],
    ['8', '8 | c', 'c', 'yes'],
    ['4', '8 | c', 'c', 'yes'],
    ['16', '8 | c', 'c', 'unknown'],
    ['8', '', '8*c', 'yes'],
    ['8', '', '12', 'no'],
    ['2', '', '2*n + 1', 'no'],
    ['heads', '', 'heads*n', 'yes'],
    ['h', 'h | c', 'b*c', 'yes'],
    ['n + 1', '', 'n', 'no'],
    ['8', '', '4', 'no'],
  ])('%s | %s (given %s): %s', (divisor, given, dividend, verdict) => {
    expect(divides(size(divisor), size(dividend), facts(given))).toBe(verdict);
  });
});

describe('atMost', () => {
  it.each([
    ['n', '', 'n + 1', 'yes'],
    ['n + 1', '', 'n', 'no'],
    ['n', '', 'n*m', 'yes'],
    ['c//8', '', 'c', 'yes'],
    ['n', '', 'm', 'unknown'],
    ['c % h', '', 'h - 1', 'yes'],
    ['max(a, b)', '', 'a + b', 'yes'],
  ])('%s (%s) <= %s: %s', (left, given, right, verdict) => {
    expect(atMost(size(left), size(right), facts(given))).toBe(verdict);
  });
});

describe('exactDivide', () => {
  it.each([
    ['b*n*c', '', 'b*heads*n', 'c//heads', true],
    ['b*n*c', 'heads | c', 'b*heads*n', 'c//heads', false],
    ['b*h*w*c', '', 'b*c', 'h*w', false],
    ['12', '', '4', '3', false],
    ['c', '', '8', 'c//8', true],
  ])('%s (%s) over %s', (left, given, right, quotient, needs) => {
    const division = exactDivide(size(left), size(right), facts(given));
    expect(division && format(division.quotient)).toBe(quotient);
    expect(division?.needs).toBe(needs);
  });

  it('knows what does not divide', () => {
    expect(exactDivide(size('12'), size('5'), NO_FACTS)).toBeUndefined();
    expect(exactDivide(size('2*n + 1'), size('2'), NO_FACTS)).toBeUndefined();
  });
});

describe('ceilDivide', () => {
  it('has one form', () => {
    expect(format(ceilDivide(size('h'), size('2')))).toBe('(h - 1)//2 + 1');
    expect(format(ceilDivide(size('h'), size('s')))).toBe('(h - 1)//s + 1');
    expect(ceilDivide(size('h'), size('s')).text).toBe(size('(h + s - 1)//s').text);
    expect(ceilDivide(size('h'), ONE).text).toBe('h');
  });
});
