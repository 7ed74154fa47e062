import { describe, expect, it } from 'vitest';
import { compare, evaluate, NO_FACTS } from '../../src/dim/index';
import { attentionMaps, costOf, storagesAsRun, storagesAsWritten, wantedNodes } from '../../src/graph/index';
import { Builder, dim, selfAttention } from './builder';

/** Formulas are compared as sizes, so that their order does not matter. */
const equal = (formula: string, expected: string) => expect([formula, compare(dim(formula), dim(expected), NO_FACTS)]).toEqual([formula, 'equal']);

describe('costs of self attention', () => {
  const cost = costOf(selfAttention(), { b: 2, n: 24, c: 64 });

  it('counts parameters and multiply-accumulates', () => {
    equal(cost.parameters.formula, '3*c*c');
    expect(cost.parameters.value).toBe(3 * 64 * 64);
    expect(cost.buffers).toEqual({ formula: '0', value: 0 });
    equal(cost.macs.formula, '3*b*n*c*c + 2*b*n*n*c');
    expect(cost.macs.value).toBe(3 * 2 * 24 * 64 * 64 + 2 * 2 * 24 * 24 * 64);
    expect(cost.flops.value).toBe(2 * (cost.macs.value ?? 0));
    equal(cost.inputBytes.formula, '4*b*n*c');
  });

  it('names the attention map and its bytes', () => {
    expect(cost.attentionMaps).toHaveLength(1);
    equal(cost.attentionMaps[0]?.formula ?? '', '4*b*n*n');
    expect(cost.attentionMaps[0]).toMatchObject({ name: 'attention', value: 4 * 2 * 24 * 24, map: { kind: 'normalised' } });
  });

  it('peaks as we run it where two maps, the values and the input are alive', () => {
    const large = costOf(selfAttention(), { b: 2, n: 1000, c: 16 });
    // At the division: the scores before and after it, the values, the input, and the divisor.
    equal(large.peakAsRun.formula, '8*b*n*n + 8*b*n*c + 4');
    expect(large.peakAsRun.value).toBe(8 * 2 * 1000 ** 2 + 8 * 2 * 1000 * 16 + 4);
  });

  it('peaks as written at the end, where nothing has been freed', () => {
    equal(cost.peakAsWritten.formula, '12*b*n*n + 20*b*n*c + 4');
  });

  it('has formulas without sizes, and no values', () => {
    const { attentionMaps: maps, peakAsRun, macs } = costOf(selfAttention());
    expect([maps[0]?.value, peakAsRun.value, macs.value]).toEqual([undefined, undefined, undefined]);
    equal(maps[0]?.formula ?? '', '4*b*n*n');
  });

  it('says `?` where a size on the way is not known', () => {
    const builder = new Builder();
    const x = builder.input('x', ['n']);
    const y = builder.node('unknown', [x], { reason: 'no rule' }, [{ shape: null, dtype: 'float32' }]);
    const unknown = costOf(builder.graph([y]), { n: 3 });
    expect(unknown.peakAsWritten).toEqual({ formula: '?', unknown: 'a size is not known' });
    expect(unknown.inputBytes.value).toBe(12);
  });
});

describe('attention in one step', () => {
  const builder = new Builder();
  const [q, k, v] = ['q', 'k', 'v'].map((name) => builder.input(name, ['b', 'h', 'n', 'd']));
  if (!q || !k || !v) throw new Error('no inputs');
  const fused = builder.op('scaledDotProductAttention', [q, k, v]);
  const { attentionMaps: maps, macs } = costOf(builder.graph([fused]), { b: 2, h: 4, n: 10, d: 8 });

  it('is attention, and holds no map', () => {
    expect(maps).toHaveLength(1);
    expect(maps[0]).toMatchObject({ formula: '0', value: 0, map: { kind: 'fused', consumer: fused.node } });
  });

  it('has its products counted', () => equal(macs.formula, '2*b*h*n*n*d'));
});

describe('a map on its way', () => {
  it('stays one through a pattern and through an index', () => {
    const builder = new Builder();
    const x = builder.input('x', ['b', 'n', 'n']);
    const map = builder.op('softmax', [x], { axis: -1 });
    const turned = builder.op('rearrange', [map], { pattern: 'b i j -> b j i' });
    const out = builder.op('matmul', [turned, x]);
    expect(attentionMaps(builder.graph([out]))).toMatchObject([{ kind: 'normalised', ref: map, consumer: out.node }]);
  });
});

/** Bytes alive during each step, at n = 1. */
function timelines(build: (builder: Builder) => ReturnType<Builder['op']>): { readonly written: number[]; readonly run: number[] } {
  const builder = new Builder();
  const graph = builder.graph([build(builder)]);
  const alive = (storages: ReturnType<typeof storagesAsWritten>) =>
    graph.nodes.map(({ id }) =>
      storages.filter(({ from, to }) => from <= id && id <= to).reduce((sum, { bytes }) => sum + (evaluate(bytes, { n: 1 }) ?? 0) / 4, 0),
    );
  return { written: alive(storagesAsWritten(graph)), run: alive(storagesAsRun(graph, wantedNodes(graph))) };
}

describe('liveness', () => {
  const chain = (builder: Builder) => {
    const x = builder.input('x', ['n']);
    return builder.op('abs', [builder.op('exp', [builder.op('neg', [x])])]);
  };

  it('frees at the last use as we run it, and not at all as written', () => {
    expect(timelines(chain)).toEqual({ written: [1, 2, 3, 4], run: [1, 2, 3, 3] });
  });

  it('frees at the end of a tidy what does not leave it', () => {
    const { written } = timelines((builder) => {
      const x = builder.input('x', ['n']);
      const y = builder.tidy(() => builder.op('exp', [builder.op('neg', [x])]));
      return builder.op('abs', [y]);
    });
    expect(written).toEqual([1, 2, 3, 3]);
  });

  it('frees in the outer tidy what leaves the inner one', () => {
    const { written } = timelines((builder) => {
      const x = builder.input('x', ['n']);
      const y = builder.tidy(() => {
        const inner = builder.tidy(() => builder.op('exp', [builder.op('neg', [x])]));
        return builder.op('abs', [inner]);
      });
      return builder.op('sin', [y]);
    });
    expect(written).toEqual([1, 2, 3, 3, 3]);
  });

  it('frees at dispose', () => {
    const { written } = timelines((builder) => {
      const x = builder.input('x', ['n']);
      const y = builder.op('neg', [x]);
      const z = builder.op('exp', [y]);
      builder.dispose(y);
      return builder.op('abs', [z]);
    });
    expect(written).toEqual([1, 2, 3, 3]);
  });

  it('counts a storage once, whatever shares it, and as long as one handle lives', () => {
    const { written, run } = timelines((builder) => {
      const x = builder.input('x', ['n']);
      const y = builder.op('neg', [x]);
      const view = builder.op('reshape', [y], { shape: [1, -1] });
      const z = builder.op('exp', [y]);
      return builder.op('add', [view, z]);
    });
    expect(written).toEqual([1, 2, 2, 3, 4]);
    expect(run).toEqual([1, 2, 2, 3, 4]);
  });

  it('leaves parameters out, and their views', () => {
    const { run } = timelines((builder) => {
      const weight = builder.op('reshape', [builder.parameter('w', ['n'])], { shape: [-1] });
      return builder.op('add', [builder.input('x', ['n']), weight]);
    });
    expect(run).toEqual([1, 1, 1, 2]);
  });
});

type Build = (builder: Builder, x: ReturnType<Builder['input']>) => ReturnType<Builder['op']>;
const matmul = { transposeA: false, transposeB: false };
const found: readonly [what: string, build: Build, maps: readonly string[]][] = [
  [
    'a softmax that is contracted with values',
    (at, x) => at.op('matmul', [at.op('softmax', [at.op('matmul', [x, x], { transposeA: false, transposeB: true })], { axis: -1 }, 'map'), x], matmul),
    ['map'],
  ],
  [
    'a map that is masked, dropped out and cut on its way',
    (at, x) => {
      const map = at.op('softmax', [at.op('matmul', [x, x], { transposeA: false, transposeB: true })], { axis: -1 }, 'map');
      return at.op('matmul', [at.op('dropout', [at.op('mul', [map, at.constant([], [2])])], { rate: 0.1 }), x], matmul);
    },
    ['map'],
  ],
  [
    'exponentials divided by their sum',
    (at, x) => {
      const e = at.op('exp', [at.op('matmul', [x, x], { transposeA: false, transposeB: true })]);
      const map = at.op('div', [e, at.op('add', [at.op('sum', [e], { axes: [-1], keepDims: true }), at.constant([], [1e-9])])], {}, 'map');
      return at.op('matmul', [map, x], matmul);
    },
    ['map'],
  ],
  [
    'a gate over channels',
    (at, x) => {
      const gate = at.op('sigmoid', [at.op('matmul', [at.op('mean', [x], { axes: [1], keepDims: true }), at.parameter('w', ['c', 'c'])], matmul)], {}, 'gate');
      return at.op('mul', [x, gate]);
    },
    ['gate'],
  ],
  [
    'weights that are multiplied and summed',
    (at, x) => {
      const energy = at.op('transpose', [at.op('matmul', [x, at.parameter('w', ['c', 1])], matmul)], { perm: [0, 2, 1] });
      const map = at.op('transpose', [at.op('softmax', [energy], { axis: -1 }, 'map')], { perm: [0, 2, 1] });
      return at.op('sum', [at.op('mul', [map, x])], { axes: [1], keepDims: false });
    },
    ['map'],
  ],
  ['not a classifier', (at, x) => at.op('softmax', [at.op('matmul', [x, at.parameter('w', ['c', 10])], matmul)], { axis: -1 }), []],
  ['not a swish', (at, x) => at.op('mul', [x, at.op('sigmoid', [x])]), []],
  [
    'not a gated linear unit',
    (at, x) =>
      at.op('mul', [
        at.op('matmul', [x, at.parameter('v', ['c', 'c'])], matmul),
        at.op('sigmoid', [at.op('matmul', [x, at.parameter('w', ['c', 'c'])], matmul)]),
      ]),
    [],
  ],
  [
    'not an entropy',
    (at, x) => {
      const p = at.op('softmax', [x], { axis: -1 });
      return at.op('sum', [at.op('mul', [p, at.op('log', [p])])], { axes: [-1], keepDims: false });
    },
    [],
  ],
  ['not a learned scale', (at, x) => at.op('mul', [x, at.op('sigmoid', [at.parameter('w', [1])])]), []],
];

describe('attention is found by structure', () => {
  it.each(found)('%s', (_, build, expected) => {
    const builder = new Builder();
    const graph = builder.graph([build(builder, builder.input('x', ['b', 'n', 'c']))]);
    expect(attentionMaps(graph).map(({ ref }) => graph.rows.find(({ value }) => value.kind === 'tensor' && value.ref.node === ref.node)?.name)).toEqual(
      expected,
    );
  });
});
