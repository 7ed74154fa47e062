import { describe, expect, it } from 'vitest';
import type { TruthRow } from '../recorder/types';
import { compareRows, describePlaces, sameOutputs, type TracedRow } from './comparison';

const truth = (line: number, name: string, sizes: TruthRow['sizes'], kind: TruthRow['kind'] = 'tensor'): TruthRow => ({
  file: 'a.ts',
  line,
  column: 1,
  endLine: line,
  endColumn: 2,
  function: 'f',
  name,
  kind,
  sizes,
  times: 1,
});
const traced = (line: number, name: string, rest: Partial<TracedRow> = {}): TracedRow => ({ file: 'a.ts', line, name, ...rest });

describe('compareRows', () => {
  const rows = [
    { about: 'the same shape', truth: [truth(1, 'q', [2, 3])], traced: [traced(1, 'q', { sizes: [2, 3] })], verdict: 'right' },
    { about: 'another shape', truth: [truth(1, 'q', [2, 3])], traced: [traced(1, 'q', { sizes: [3, 2] })], verdict: 'wrong' },
    { about: 'no row', truth: [truth(1, 'q', [2, 3])], traced: [traced(2, 'q', { sizes: [2, 3] })], verdict: 'missing' },
    { about: 'no sizes', truth: [truth(1, 'q', [2, 3])], traced: [traced(1, 'q')], verdict: 'unknown' },
    { about: 'one size not known', truth: [truth(1, 'q', [2, 3])], traced: [traced(1, 'q', { sizes: [2, '?'] })], verdict: 'unknown' },
    { about: 'one of two shapes', truth: [truth(1, 'q', [2]), truth(1, 'q', [3])], traced: [traced(1, 'q', { sizes: [3] })], verdict: 'unknown' },
    { about: 'a shape too many', truth: [truth(1, 'q', [2])], traced: [traced(1, 'q', { sizes: [2] }), traced(1, 'q', { sizes: [3] })], verdict: 'wrong' },
    { about: 'a false shape beside an unknown one', truth: [truth(1, 'q', [2])], traced: [traced(1, 'q'), traced(1, 'q', { sizes: [3] })], verdict: 'wrong' },
    { about: 'a list', truth: [truth(1, 'q', [[2], [3]], 'tuple')], traced: [traced(1, 'q', { kind: 'tuple', sizes: [[2], [3]] })], verdict: 'right' },
    { about: 'a list taken for a tensor', truth: [truth(1, 'q', [[2]], 'tuple')], traced: [traced(1, 'q', { sizes: [2] })], verdict: 'wrong' },
    { about: 'a scalar', truth: [truth(1, 'q', [])], traced: [traced(1, 'q', { sizes: [] })], verdict: 'right' },
    {
      about: 'a dict by its items',
      truth: [truth(1, 'q', [[2], [3]], 'dict')],
      traced: [traced(1, 'q', { kind: 'dict', items: { a: { sizes: [2] }, b: { sizes: [3] } } })],
      verdict: 'right',
    },
    { about: 'an attribute with and without `this`', truth: [truth(1, 'this.map', [2])], traced: [traced(1, 'map', { sizes: [2] })], verdict: 'right' },
  ] as const;
  it.each(rows)('$about is $verdict', ({ truth: known, traced: given, verdict }) => {
    const result = compareRows(known, given);
    expect(Object.entries(result).flatMap(([name, places]) => places.map(() => name))).toEqual([verdict]);
  });

  it('leaves returns out on request', () => {
    const result = compareRows([truth(1, 'return', [2])], [], { returns: false });
    expect(result.missing).toEqual([]);
  });

  it('says what ran and what was traced', () => {
    const { wrong } = compareRows([truth(4, 'q', [2, 3])], [traced(4, 'q', { sizes: [3, 2] })]);
    expect(describePlaces(wrong)).toEqual(['a.ts:4 q: ran [2,3], traced [3,2]']);
  });
});

describe('sameOutputs', () => {
  const document = (...sizes: number[][]) => ({ modules: [{ values: [], outputs: sizes.map((item) => ({ sizes: item })) }] });
  it('compares in order', () => {
    expect(sameOutputs([{ sizes: [2] }, { sizes: [3] }], document([2], [3]))).toBe(true);
    expect(sameOutputs([{ sizes: [2] }, { sizes: [3] }], document([3], [2]))).toBe(false);
    expect(sameOutputs([{ sizes: [2] }], document([2], [3]))).toBe(false);
    expect(sameOutputs([], document())).toBe(false);
  });
});
