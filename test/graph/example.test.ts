import { describe, expect, it } from 'vitest';
import { realOf } from '../../src/dim/index';
import { attributesAt, badSize, brokenNeeds, exampleSizes, type ShapeGraph, shapeAt, symbolNames } from '../../src/graph/index';
import { Builder, dim } from './builder';

function graphWith(edit: (builder: Builder) => void, shape: readonly string[] = ['b', 'h', 'w', 'c']): ShapeGraph {
  const builder = new Builder();
  for (const name of shape.filter((each) => /^\w+$/.test(each))) builder.symbol(name, 'data');
  edit(builder);
  return builder.graph([builder.input('x', shape)]);
}

function sizesOf(graph: ShapeGraph, chosen = {}): { readonly [name: string]: number } {
  const found = exampleSizes(graph, chosen);
  if ('reason' in found) throw new Error(found.reason);
  expect(brokenNeeds(graph, found.sizes)).toEqual([]);
  expect(badSize(graph, found.sizes)).toBeUndefined();
  return found.sizes;
}

describe('example sizes', () => {
  it('are familiar, and differ where they vary independently', () => {
    expect(sizesOf(graphWith(() => {}))).toEqual({ b: 2, h: 16, w: 12, c: 64 });
  });

  it('are few of images, whatever their number is called, and as many tokens as else', () => {
    expect(sizesOf(graphWith(() => {}, ['n', 'c', 'h', 'w']))).toMatchObject({ n: 2, h: 16 });
    expect(sizesOf(graphWith(() => {}, ['b', 'n', 'c']))).toMatchObject({ b: 2, n: 24 });
  });

  it('take a width for an axis of the data, or for a number of features', () => {
    const graph = graphWith((builder) => builder.symbol('layer.width', 'argument'), ['b', 'height', 'width', 'channels']);
    expect(sizesOf(graph)).toMatchObject({ height: 16, width: 12, 'layer.width': 64 });
  });

  it('take defaults from the code', () => {
    const graph = graphWith((builder) => {
      builder.symbol('in_dim', 'argument', 96);
      builder.need('c', '==', 'in_dim');
      builder.need('8', 'divides', 'in_dim');
    });
    expect(sizesOf(graph)).toMatchObject({ c: 96, in_dim: 96 });
  });

  it('leave a default only where a need breaks it', () => {
    const graph = graphWith((builder) => {
      builder.symbol('dim', 'argument', 60);
      builder.symbol('heads', 'argument', 8);
      builder.need('heads', 'divides', 'dim');
    });
    const { dim: width = 0, heads = 1 } = sizesOf(graph);
    expect(width % heads).toBe(0);
    expect(width === 60 || heads === 8).toBe(true);
  });

  it.each([
    ['a product', [['h*w', '==', 'n']], ['b', 'h', 'w', 'n']],
    ['a sum with a factor', [['3*n + 1', '==', 'm']], ['n', 'm']],
    ['a root beyond what is scanned', [['4096*n', '==', 'm']], ['m', 'n']],
    [
      'a divisor of two',
      [
        ['8', 'divides', 'h'],
        ['8', 'divides', 'w'],
      ],
      ['h', 'w'],
    ],
    [
      'a chain',
      [
        ['a', 'divides', 'c'],
        ['c', 'divides', 'd'],
        ['d', '==', '96'],
      ],
      ['a', 'c', 'd'],
    ],
    ['a bound', [['100', '<=', 'h']], ['h']],
    ['a quotient', [['c//8', '==', '12']], ['c']],
    ['a square', [['n*n', '==', 'm']], ['m', 'n']],
  ] as const)('satisfy %s', (_, needs, shape) => {
    sizesOf(graphWith((builder) => needs.forEach(([left, relation, right]) => builder.need(left, relation, right)), [...shape]));
  });

  it('let no size of the graph vanish', () => {
    const graph = graphWith((builder) => builder.node('fill', [], {}, [{ shape: [dim('(h - 40)//2 + 1'), dim('c//128')], dtype: 'float32' }]));
    const { h = 0, c = 0 } = sizesOf(graph);
    expect(h).toBeGreaterThanOrEqual(40);
    expect(c).toBeGreaterThanOrEqual(128);
  });

  it('take the image that a table of places is made for', () => {
    const graph = graphWith((builder) => {
      builder.symbol('resolution', 'argument', 224);
      builder.symbol('patch', 'argument', 16);
      builder.need('(h//patch)*(w//patch)', '==', '(resolution//patch)*(resolution//patch)');
    });
    expect(sizesOf(graph)).toMatchObject({ resolution: 224, h: 224, w: 224 });
  });

  it('are given up soon where there are none to be found', () => {
    const names = ['d', 'e', 'f', 'g'];
    const graph = graphWith(
      (builder) => {
        for (const name of names) builder.need(`(${name}//3)*(h//3)*(w//3)*(b//3)`, '==', '100000000007');
      },
      [...names, 'b', 'h', 'w'],
    );
    // All of what could be tried would take longer than any test may.
    expect(exampleSizes(graph)).toHaveProperty('reason');
  });

  it('keep what the user chose', () => {
    const graph = graphWith((builder) => builder.need('8', 'divides', 'c'));
    expect(sizesOf(graph, { c: 24, b: 5 })).toMatchObject({ c: 24, b: 5 });
    expect(exampleSizes(graph, { c: 25 })).toEqual({ reason: 'no sizes were found that satisfy c % 8 == 0 with c = 25' });
  });

  it('are none where needs contradict each other', () => {
    const graph = graphWith((builder) => {
      builder.need('c', '==', '2*w');
      builder.need('c', '==', '2*w + 1');
    });
    expect(exampleSizes(graph)).toEqual({ reason: 'no sizes were found that satisfy c == 2*w, c == 2*w + 1' });
  });

  it('are found soon among many symbols', () => {
    const names = Array.from({ length: 40 }, (_, index) => `s${index}`);
    const graph = graphWith((builder) => names.slice(1).forEach((name, index) => builder.need(name, '==', `${names[index]}`)), names);
    const start = performance.now();
    expect(new Set(Object.values(sizesOf(graph))).size).toBe(1);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

describe('sizes', () => {
  it('bind shapes and settings', () => {
    expect(shapeAt({ shape: [dim('b'), dim('h*w'), dim('c//8')] }, { b: 2, h: 3, w: 4, c: 64 })).toEqual([2, 12, 8]);
    expect(shapeAt({ shape: [dim('b')] }, {})).toBeUndefined();
    expect(shapeAt({ shape: null }, {})).toBeUndefined();
    expect(attributesAt({ shape: [realOf(dim('h*w')), -1], rate: 0.5, nested: { size: realOf(dim('h')) }, none: null }, { h: 3, w: 4 })).toEqual({
      shape: [12, -1],
      rate: 0.5,
      nested: { size: 3 },
      none: null,
    });
    expect(attributesAt({ size: realOf(dim('h')) }, {})).toBeUndefined();
  });

  it('that break needs are named', () => {
    const graph = graphWith((builder) => builder.need('8', 'divides', 'c'));
    expect(brokenNeeds(graph, { b: 1, h: 1, w: 1, c: 12 })).toMatchObject([{ need: { text: 'c % 8 == 0' }, left: 8, right: 12 }]);
  });

  it('must be whole numbers from 0 on, for every symbol', () => {
    const graph = graphWith(() => {});
    const good = { b: 1, h: 1, w: 1, c: 1 };
    expect(badSize(graph, good)).toBeUndefined();
    expect(badSize(graph, { ...good, w: 0 })).toBeUndefined();
    for (const bad of [-1, 1.5, Number.NaN, 2 ** 31]) expect(badSize(graph, { ...good, w: bad })).toBe('w');
    expect(badSize(graph, { b: 1, h: 1, w: 1 })).toBe('c');
    expect(symbolNames(graph)).toEqual(['b', 'h', 'w', 'c']);
  });
});
