import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  assumeAtLeast,
  assumeAtMost,
  assumeDivides,
  assumeEqual,
  atMost,
  ceilDivide,
  compare,
  type Dim,
  divides,
  evaluate,
  exactDivide,
  type Facts,
  format,
  isUnknown,
  NO_FACTS,
  parse,
  same,
  simplify,
  substitute,
  symbol,
  UNKNOWN,
} from '../../src/dim/index';
import { bindings, build, meaning, type Sizes, type Tree, trees } from './expressions';

const RUNS = { numRuns: 400 };

/** The value of a built size, where it is known at all. */
function valueAt(dim: Dim, sizes: Sizes): number | undefined {
  return isUnknown(dim) ? undefined : evaluate(dim, sizes);
}

describe('the normal form', () => {
  it('means what was written, for all integers', () => {
    fc.assert(
      fc.property(trees(4), fc.array(bindings(-9, 9), { minLength: 4, maxLength: 4 }), (tree, several) => {
        const dim = build(tree);
        for (const sizes of several) {
          const expected = meaning(tree, sizes);
          if (expected === undefined || isUnknown(dim)) continue;
          const value = evaluate(dim, sizes);
          if (value !== undefined || (expected < 1_000_000_000n && expected > -1_000_000_000n))
            expect(value === undefined ? value : BigInt(value)).toBe(expected);
        }
      }),
      RUNS,
    );
  });

  it('is read back as it was printed', () => {
    fc.assert(
      fc.property(trees(4), (tree) => {
        const dim = build(tree);
        expect(parse(format(dim))).toEqual(dim);
      }),
      RUNS,
    );
  });

  it('reads any name back', () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        expect(parse(format(symbol(name)))).toEqual(symbol(name));
      }),
    );
  });

  it('never throws on text', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'ab12+-*/%(),?. `\\') })), (text) => void parse(text)));
  });

  it('is plain data', () => {
    fc.assert(
      fc.property(trees(3), (tree) => {
        const dim = build(tree);
        expect(same(structuredClone(dim), dim)).toBe(true);
        expect(JSON.parse(JSON.stringify(dim))).toEqual(dim);
      }),
    );
  });

  it('substitutes as evaluation does', () => {
    fc.assert(
      fc.property(trees(3), trees(2), bindings(1, 9), (tree, inner, sizes) => {
        const by = build(inner);
        const value = valueAt(by, sizes);
        const replaced = substitute(build(tree), new Map([['a', by]]));
        const expected = value === undefined ? undefined : valueAt(build(tree), { ...sizes, a: value });
        if (expected !== undefined && !isUnknown(replaced)) expect(evaluate(replaced, sizes)).toBe(expected);
      }),
      RUNS,
    );
  });
});

/** Facts that hold at the given sizes. */
function trueFacts(claims: readonly Claim[], sizes: Sizes): Facts {
  return claims.reduce((facts, { kind, left, right }) => {
    const [a, b] = [build(left), build(right)];
    const [x, y] = [valueAt(a, sizes), valueAt(b, sizes)];
    if (x === undefined || y === undefined) return facts;
    if (kind === 'equal') return x === y ? assumeEqual(facts, a, b, 'a test') : facts;
    if (kind === 'divides') return x > 0 && y % x === 0 ? assumeDivides(facts, a, b, 'a test') : facts;
    if (kind === 'least') return x >= y ? assumeAtLeast(facts, a, b, 'a test') : assumeAtMost(facts, a, b, 'a test');
    return assumeAtLeast(facts, a, x, 'a test');
  }, NO_FACTS);
}

interface Claim {
  readonly kind: 'equal' | 'divides' | 'least' | 'number';
  readonly left: Tree;
  readonly right: Tree;
}

const claims: fc.Arbitrary<Claim[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constantFrom('equal' as const, 'divides' as const, 'least' as const, 'number' as const), left: trees(1), right: trees(1) }),
    fc.record({ kind: fc.constantFrom('equal' as const, 'divides' as const), left: trees(0), right: trees(2) }),
  ),
  { maxLength: 6 },
);

describe('with facts that hold', () => {
  it('simplification keeps the value', () => {
    fc.assert(
      fc.property(trees(3), claims, bindings(1, 8), (tree, given, sizes) => {
        const dim = build(tree);
        const facts = trueFacts(given, sizes);
        const value = valueAt(dim, sizes);
        const after = simplify(dim, facts);
        if (value !== undefined && !isUnknown(after)) expect(evaluate(after, sizes), `${format(dim)} became ${format(after)}`).toBe(value);
      }),
      RUNS,
    );
  });

  it('every verdict is sound', () => {
    fc.assert(
      fc.property(trees(2), trees(2), claims, bindings(1, 6), (left, right, given, sizes) => {
        const [a, b] = [build(left), build(right)];
        const facts = trueFacts(given, sizes);
        const [x, y] = [valueAt(a, sizes), valueAt(b, sizes)];
        if (x === undefined || y === undefined) return;
        const words = `${format(a)} = ${x}, ${format(b)} = ${y}`;
        const order = atMost(a, b, facts);
        if (order !== 'unknown') expect(order, words).toBe(x <= y ? 'yes' : 'no');
        if (x >= 1 && y >= 1) checkSizes(a, b, x, y, facts, words);
      }),
      { numRuns: 1000 },
    );
  });

  it('a rounded-up quotient is the one of numbers', () => {
    fc.assert(
      fc.property(trees(2), trees(1), bindings(1, 9), (left, right, sizes) => {
        const [a, b] = [build(left), build(right)];
        const [x, y] = [valueAt(a, sizes), valueAt(b, sizes)];
        const quotient = ceilDivide(a, b);
        if (x !== undefined && y !== undefined && y !== 0 && !isUnknown(quotient)) expect(evaluate(quotient, sizes)).toBe(Math.ceil(x / y) + 0);
      }),
      RUNS,
    );
  });
});

function checkSizes(a: Dim, b: Dim, x: number, y: number, facts: Facts, words: string): void {
  const verdict = compare(a, b, facts);
  if (verdict !== 'unknown') expect(verdict, words).toBe(x === y ? 'equal' : 'different');
  const exact = divides(b, a, facts);
  if (exact !== 'unknown') expect(exact, words).toBe(x % y === 0 ? 'yes' : 'no');
}

describe('small sizes, all of them', () => {
  const texts = [
    'a',
    'b',
    '2*a',
    'a + 1',
    'a//2',
    'a//4',
    'a//2*2',
    'a % 3',
    'a*b',
    'a//b',
    'a//b*b',
    '(a - 1)//2 + 1',
    'max(a, b)',
    'min(a, 4)',
    'a*a',
    '7',
    '(a + b)//2',
    '(a//2)//2',
    'a*b//2',
  ];
  const pairs = texts.flatMap((left) => texts.map((right): [string, string] => [left, right]));

  it.each(pairs)('%s against %s', (left, right) => {
    const verdict = compare(size(left), size(right), NO_FACTS);
    const seen = outcomes(size(left), size(right));
    if (verdict === 'equal') expect(seen).toEqual(new Set([true]));
    if (verdict === 'different') expect(seen).toEqual(new Set([false]));
  });

  it('leaves few pairs unknown that could be told', () => {
    const sure = pairs.filter(([left, right]) => outcomes(size(left), size(right)).size === 1);
    const missed = sure.filter(([left, right]) => compare(size(left), size(right), NO_FACTS) === 'unknown');
    expect(sure.length).toBeGreaterThan(60);
    expect(missed.length / sure.length, missed.join('; ')).toBeLessThan(0.15);
  });
});

/** Whether two sizes are equal, over all small values for which both are sizes. */
function outcomes(a: Dim, b: Dim): Set<boolean> {
  const seen = new Set<boolean>();
  for (let x = 1; x <= 40; x++) {
    for (let y = 1; y <= 12; y++) {
      const [p = 0, q = 0] = [evaluate(a, { a: x, b: y }), evaluate(b, { a: x, b: y })];
      if (p >= 1 && q >= 1) seen.add(p === q);
    }
  }
  return seen;
}

function size(text: string): Dim {
  return parse(text) ?? UNKNOWN;
}

describe('exact division', () => {
  it('gives the quotient wherever it divides', () => {
    fc.assert(
      fc.property(trees(2), trees(1), claims, bindings(1, 8), (left, right, given, sizes) => {
        const [a, b] = [build(left), build(right)];
        const facts = trueFacts(given, sizes);
        const [x, y] = [valueAt(a, sizes), valueAt(b, sizes)];
        if (x === undefined || y === undefined || x < 1 || y < 1) return;
        const division = exactDivide(a, b, facts);
        if (!division) expect(x % y).not.toBe(0);
        if (!division || isUnknown(division.quotient)) return;
        if (!division.needs) expect(x % y).toBe(0);
        if (x % y === 0) expect(evaluate(division.quotient, sizes)).toBe(x / y);
      }),
      RUNS,
    );
  });
});
