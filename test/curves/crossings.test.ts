/** Where curves cross each other and a limit, against what powers of a size say on paper. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crossings, logAt, passings } from '../../src/curves/index';
import type { NamedCurve } from '../../src/curves/types';

const curve = (label: string, sizes: readonly number[], value: (size: number) => number): NamedCurve => ({
  label,
  points: sizes.map((at) => ({ at, value: value(at) })),
});

const sizes = fc.uniqueArray(fc.integer({ min: 1, max: 4096 }), { minLength: 2, maxLength: 12 }).map((all) => all.sort((a, b) => a - b));
const law = fc.record({ factor: fc.integer({ min: 1, max: 10 ** 6 }), power: fc.integer({ min: 0, max: 4 }) });
const anyCurve = (label: string): fc.Arbitrary<NamedCurve> =>
  sizes.chain((at) =>
    fc
      .array(fc.integer({ min: 1, max: 10 ** 9 }), { minLength: at.length, maxLength: at.length })
      .map((values) => ({ label, points: at.map((size, index) => ({ at: size, value: values[index] ?? 1 })) })),
  );

describe('crossings', () => {
  it('are where two powers of a size are equal, whatever sizes each was taken at', () => {
    fc.assert(
      fc.property(sizes, sizes, law, law, (first, second, one, other) => {
        fc.pre(one.power > other.power);
        const curves = [curve('steep', first, (size) => one.factor * size ** one.power), curve('flat', second, (size) => other.factor * size ** other.power)];
        const exact = (other.factor / one.factor) ** (1 / (one.power - other.power));
        const from = Math.max(first[0] ?? 0, second[0] ?? 0);
        const to = Math.min(first.at(-1) ?? 0, second.at(-1) ?? 0);
        fc.pre(Math.abs(exact - from) > 1e-6 && Math.abs(exact - to) > 1e-6);
        const found = crossings(curves);
        if (exact <= from || exact >= to) expect(found).toEqual([]);
        else {
          expect(found).toHaveLength(1);
          expect(found[0]?.between).toEqual(['flat', 'steep']);
          expect(found[0]?.at).toBeCloseTo(exact, 5);
          expect((found[0]?.value ?? 0) / (one.factor * exact ** one.power)).toBeCloseTo(1, 6);
        }
      }),
    );
  });

  it('are the same whichever curve stands first, and each turns the order of the two', () => {
    fc.assert(
      fc.property(anyCurve('one'), anyCurve('other'), (one, other) => {
        const found = crossings([one, other]);
        expect(crossings([other, one]).map(({ at, between }) => ({ at: at.toFixed(6), between }))).toEqual(
          found.map(({ at, between }) => ({ at: at.toFixed(6), between })),
        );
        for (const [index, { between, at }] of found.entries()) {
          if (index > 0) expect(between).toEqual(found[index - 1]?.between.toReversed());
          const [smaller, larger] = between.map((label) => logAt((label === 'one' ? one : other).points, at));
          expect(smaller ?? Number.NaN).toBeCloseTo(larger ?? Number.NaN, 6);
        }
      }),
    );
  });

  it('are none of equal curves, of curves that only touch, and of curves that share no sizes', () => {
    const at = [1, 2, 4, 8];
    const flat = curve('flat', at, () => 8);
    expect(crossings([flat, curve('same', [1, 3, 8], () => 8)])).toEqual([]);
    expect(crossings([flat, curve('touching', at, (size) => 8 * Math.max(1, 4 / size))])).toEqual([]);
    expect(crossings([flat, curve('touching once', at, (size) => (size === 4 ? 8 : 9))])).toEqual([]);
    expect(crossings([curve('small', [1, 2], (size) => size), curve('large', [4, 8], (size) => size ** 2)])).toEqual([]);
  });

  it('are where a stretch of equal values ends', () => {
    const flat = curve('flat', [1, 2, 4, 8], () => 8);
    const through = curve('through', [1, 2, 4, 8], (size) => [9, 8, 8, 7][Math.log2(size)] ?? 0);
    expect(crossings([flat, through])).toEqual([{ between: ['through', 'flat'], at: expect.closeTo(4, 9), value: expect.closeTo(8, 9) }]);
  });

  it('do not mind points without a logarithm, in disorder or given twice', () => {
    const steep: NamedCurve = {
      label: 'steep',
      points: [
        { at: 16, value: 256 },
        { at: 1, value: 1 },
        { at: 4, value: 0 },
        { at: 16, value: 256 },
        { at: 0, value: 7 },
      ],
    };
    expect(crossings([steep, curve('flat', [1, 16], () => 16)])).toEqual([
      { between: ['flat', 'steep'], at: expect.closeTo(4, 9), value: expect.closeTo(16, 9) },
    ]);
    expect(crossings([{ label: 'none', points: [] }, { label: 'zero', points: [{ at: 1, value: 0 }] }, steep])).toEqual([]);
  });
});

describe('a limit', () => {
  it('is passed where the power of a size reaches it', () => {
    fc.assert(
      fc.property(sizes, law, fc.integer({ min: 1, max: 10 ** 12 }), (at, { factor, power }, limit) => {
        fc.pre(power > 0);
        const exact = (limit / factor) ** (1 / power);
        const [first = 0, last = 0] = [at[0], at.at(-1)];
        fc.pre(Math.abs(exact - first) > 1e-6 && Math.abs(exact - last) > 1e-6);
        const found = passings(
          curve('grows', at, (size) => factor * size ** power),
          limit,
        );
        expect(found).toEqual(exact > first && exact < last ? [{ label: 'grows', at: expect.closeTo(exact, 4), direction: 'up' }] : []);
      }),
    );
  });

  it('is passed downwards and up again', () => {
    const valley = curve('valley', [1, 4, 16], (size) => (size === 4 ? 1 : 16));
    expect(passings(valley, 4)).toEqual([
      { label: 'valley', at: expect.closeTo(2, 9), direction: 'down' },
      { label: 'valley', at: expect.closeTo(8, 9), direction: 'up' },
    ]);
  });
});
