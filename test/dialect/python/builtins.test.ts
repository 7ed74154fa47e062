import { describe, expect, test } from 'vitest';
import { seen } from './evaluation';
import truths from './truths.json';

const LIBRARIES = `import collections, collections.abc, copy, functools, itertools, math, operator, os, string, types
from collections import OrderedDict, namedtuple, deque
from functools import partial, reduce
from itertools import accumulate, chain, combinations, islice, permutations, product, repeat, zip_longest
import numpy as np
`;

/** So many expressions are read together. */
const TOGETHER = 40;

async function comparePart(from: number): Promise<void> {
  const part = truths.slice(from, from + TOGETHER) as [string, string][];
  const values = await seen(part.map(([expression]) => `see(${expression})`).join('\n'), LIBRARIES);
  expect(part.map(([expression], at) => `${expression} → ${values[at]}`)).toEqual(part.map(([expression, value]) => `${expression} → ${value}`));
}

describe('what Python itself makes of expressions', () => {
  for (let from = 0; from < truths.length; from += TOGETHER) test(`${truths[from]?.[0]} and so on`, () => comparePart(from));
});

/** Over sizes: `c` and `h` are sizes, `x` is a tensor [b,t,e], `flag` is not known. */
const TABLE: { readonly [about: string]: readonly (readonly [string, string])[] } = {
  arithmetic: [
    ['int(c * 4.0)', '4*c'],
    ['int(c * 0.5)', 'c//2'],
    ['int(c / h)', 'c//h'],
    ['int(c)', 'c'],
    ['round(c)', 'c'],
    ['round(c / 2)', '`round(c/2)`'],
    ['divmod(c, h)', '(c//h, c % h)'],
    ['pow(c, 2)', 'c*c'],
    ['abs(c)', 'c'],
    ['True * c', 'c'],
    ['float(c)', 'c'],
    ['sum([c, h, 1])', 'c + h + 1'],
    ['sum(c for _ in range(h))', 'c*h'],
    ['max(c, 1)', 'max(c, 1)'],
    ['max(c // 4, 1)', 'max(c//4, 1)'],
    ['min([c, c])', 'c'],
    ['sum(x.shape)', 'b + e + t'],
  ],
  math: [
    ['math.ceil(c / 2)', '(c - 1)//2 + 1'],
    ['math.floor(c / h)', 'c//h'],
    ['math.sqrt(c * c)', 'c'],
    ['int(math.sqrt(h * h))', 'h'],
    ['math.isqrt(c * c)', 'c'],
    ['1 / math.sqrt(c)', '1/sqrt(c)'],
    ['math.log2(c)', 'log2(c)'],
    ['math.prod(x.shape[1:])', 'e*t'],
    ['math.prod([c] * 2)', 'c*c'],
    ['math.gcd(c, 1)', '1'],
    ['math.isinf(c)', 'False'],
    ['np.prod(x.shape)', 'b*e*t'],
    ['int(np.ceil(c / 4))', '(c - 1)//4 + 1'],
    ['functools.reduce(operator.mul, x.shape, 1)', 'b*e*t'],
    ['functools.reduce(lambda p, q: p * q, [c, h])', 'c*h'],
  ],
  sequences: [
    ['len(x)', 'b'],
    ['len(x.shape)', '3'],
    ['range(c)', '[?number] times c'],
    ['list(range(1, c))', '[?number] times c - 1'],
    ['range(0, c, 4)', '[?number] times (c - 1)//4 + 1'],
    ['range(c - 1, -1, -1)', '[?number] times c'],
    ['len(range(c))', 'c'],
    ['range(c, c + 2)', '[c, c + 1]'],
    ['[h] * c', '[h] times c'],
    ['[0, 0] * c', '[0] times 2*c'],
    ['[1, 2] * c', '[…]'],
    ['(c,) * 2', '(c, c)'],
    ['[h for _ in range(c)]', '[h] times c'],
    ['list(enumerate([h] * c))', '[(?number, h)] times c'],
    ['list(zip([h] * c, range(c)))', '[(h, ?number)] times c'],
    ['list(zip([h] * c, [1] * h))', '[…]'],
    ['list(map(lambda v: v * 2, [h] * c))', '[2*h] times c'],
    ['reversed([h] * c)', '[h] times c'],
    ['tuple(x.shape)', '(b, t, e)'],
    ['list(x)', '[tensor[t,e]] times b'],
    ['x.shape + (c,)', '(b, t, e, c)'],
    ['[*x.shape[:-1], h]', '[b, t, h]'],
    ['x.shape.numel()', 'b*e*t'],
    ['list(reversed(x.shape))', '[e, t, b]'],
    ['sorted([3, c])', '[…]'],
    ['sorted([c + 1, c])', '[c, c + 1]'],
    ['[v.item() for v in np.linspace(0, 1, c)]', '[?] times c'],
    ['list(map(lambda v: v.shape, x.chunk(2, dim=-1)))[0][0]', 'b'],
    ['any(v > 0 for v in [c, h])', 'True'],
    ['all(v > 3 for v in [c, h])', '?boolean'],
  ],
  classes: [
    ['isinstance(c, int)', 'True'],
    ['isinstance(c, float)', 'False'],
    ['isinstance(c, (list, tuple))', 'False'],
    ['isinstance(x, torch.Tensor)', 'True'],
    ['isinstance(x, (list, tuple))', 'False'],
    ['isinstance(x.shape, tuple)', 'True'],
    ['isinstance(x.shape, torch.Size)', 'True'],
    ['isinstance(torch.nn.Linear(2, 3), torch.nn.Linear)', 'True'],
    ['isinstance(torch.nn.Linear(2, 3), torch.nn.Conv2d)', 'False'],
    ['isinstance(torch.nn.Linear(2, 3), (torch.nn.Conv2d, torch.nn.Module))', 'True'],
    ['isinstance(torch.nn.BatchNorm2d(2), torch.nn.modules.batchnorm._BatchNorm)', 'True'],
    ['isinstance(c, int | None)', 'True'],
    ['issubclass(torch.nn.Linear, torch.nn.Module)', '?boolean'],
    ['callable(torch.nn.ReLU)', 'True'],
    ['type(c) is int', 'True'],
    ['hasattr(x, "shape")', 'True'],
    ['hasattr(x, "nothing_of_the_sort")', '?boolean'],
    ['hasattr(c, "nothing_of_the_sort")', 'False'],
    ['getattr(x, "ndim", None)', '3'],
    ['getattr(torch.nn, "ReLU").__name__', "'ReLU'"],
  ],
  texts: [
    ['f"block{c}"', '?string block*'],
    ['"block{}.{}".format(c, 1)', '?string block*.1'],
    ['"block%d" % c', '?string block*'],
    ['"_".join(["a", str(c)])', '?string a_*'],
    ['str(c)', '?string *'],
  ],
  unknowns: [
    ['os.environ.get("DEBUG", "0")', "'0'"],
    ['os.getenv("DEBUG") is None', 'True'],
    ['np.random.rand(3)', '?'],
    ['len(open("f").read())', '?number'],
    ['sorted([3, 1], key=lambda v: open(v))', '[…]'],
    ['list(zip(itertools.count(), "ab"))', "[(0, 'a'), (1, 'b')]"],
    ['list(itertools.count())', '[…]'],
    ['eval("1")', '?'],
    ['{}["a"]', '?'],
    ['[1].index(2)', '?number'],
    ['1 // 0', '?number'],
  ],
};

describe('over sizes', () => {
  for (const [about, rows] of Object.entries(TABLE))
    test(about, async () => {
      const values = await seen(rows.map(([expression]) => `see(${expression})`).join('\n'), LIBRARIES);
      expect(rows.map(([expression], at) => `${expression} → ${values[at]}`)).toEqual(rows.map(([expression, value]) => `${expression} → ${value}`));
    });
});
