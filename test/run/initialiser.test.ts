import { describe, expect, it } from 'vitest';
import { initialValues } from '../../src/run/initialiser';
import { randomOf } from '../../src/run/random';
import { statisticsOf } from '../../src/run/statistics';

const draw = (shape: readonly number[], settings: { readonly [name: string]: string | number | readonly number[] }, name = 'w') =>
  initialValues(shape, settings, randomOf(7, name));
const spread = (values: Float32Array) => statisticsOf(values);

describe('initialisers', () => {
  it.each([
    ['zeros', {}, 0],
    ['ones', {}, 1],
    ['constant', { value: 2.5 }, 2.5],
  ])('%s', (name, settings, value) => {
    expect([...draw([2, 3], { name, ...settings })]).toEqual(Array.from({ length: 6 }, () => value));
  });

  it('take all values from the source', () => {
    expect([...draw([3], { name: 'constant', value: [1, 2, 3] })]).toEqual([1, 2, 3]);
  });

  it.each([
    ['glorotUniform', [300, 200], Math.sqrt(2 / 500)],
    ['glorotNormal', [300, 200], Math.sqrt(2 / 500) * 0.8796],
    ['heUniform', [3, 3, 40, 50], Math.sqrt(2 / 360)],
    ['leCunUniform', [3, 3, 40, 50], Math.sqrt(1 / 360)],
    ['heNormal', [300, 200], Math.sqrt(2 / 300) * 0.8796],
    ['randomNormal', [300, 200], 0.05],
    ['randomUniform', [300, 200], 0.1 / Math.sqrt(12)],
    ['something else', [300, 200], Math.sqrt(2 / 500)],
  ])('%s has the deviation that it should', (name, shape, std) => {
    const drawn = spread(draw(shape, { name }));
    expect(Math.abs(drawn.std / std - 1)).toBeLessThan(0.03);
    expect(Math.abs(drawn.mean)).toBeLessThan(std / 20);
  });

  it('identity and orthogonal matrices', () => {
    expect([...draw([2, 3], { name: 'identity' })]).toEqual([1, 0, 0, 0, 1, 0]);
    for (const [rows, columns] of [
      [3, 5],
      [5, 3],
      [4, 4],
    ] as const) {
      const values = draw([rows, columns], { name: 'orthogonal' });
      const at = (row: number, column: number) => values[row * columns + column] ?? 0;
      const [vectors, length] = rows <= columns ? [rows, columns] : [columns, rows];
      const element = (vector: number, index: number) => (rows <= columns ? at(vector, index) : at(index, vector));
      for (let a = 0; a < vectors; a += 1) {
        for (let b = 0; b < vectors; b += 1) {
          let product = 0;
          for (let index = 0; index < length; index += 1) product += element(a, index) * element(b, index);
          expect(product).toBeCloseTo(a === b ? 1 : 0, 5);
        }
      }
    }
  });

  it('depend on the name and the seed alone', () => {
    expect(draw([4], { name: 'randomNormal' }, 'a')).toEqual(draw([4], { name: 'randomNormal' }, 'a'));
    expect(draw([4], { name: 'randomNormal' }, 'a')).not.toEqual(draw([4], { name: 'randomNormal' }, 'b'));
  });
});

describe('statistics', () => {
  it('are taken over the finite values, and say where some are not', () => {
    expect(statisticsOf([1, 2, 3, 4])).toEqual({ min: 1, max: 4, mean: 2.5, std: Math.sqrt(1.25), finite: true });
    expect(statisticsOf([1, Number.NaN, 3, Number.POSITIVE_INFINITY])).toEqual({ min: 1, max: 3, mean: 2, std: 1, finite: false });
    expect(statisticsOf([])).toMatchObject({ finite: true, min: Number.NaN });
    expect(statisticsOf([Number.NaN])).toMatchObject({ finite: false, min: Number.NaN });
  });
});
