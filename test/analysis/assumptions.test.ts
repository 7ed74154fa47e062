/** What a reading took for granted is told, what the bindings replace is not; no finding rests on a guess alone. */
import { describe, expect, it } from 'vitest';
import { ALL, analyzeFile, createAnalyser, graphAt, type Request } from '../../src/analysis/analyze';
import { assumptionsText } from '../../src/analysis/assumptions';
import { beside } from '../../src/analysis/beside';
import { hoverAt } from '../../src/analysis/hover';
import { traceModule } from '../../src/analysis/trace';
import type { FileAnalysis, ModuleAnalysis } from '../../src/analysis/types';
import { format } from '../../src/dim/index';
import { typeOf } from '../../src/graph/values';
import type { Bindings } from '../../src/interpret/index';
import { number, type Value } from '../../src/value/index';

const FILE = '/assumed.js';

async function analysed(body: string, request: Request = ALL): Promise<FileAnalysis> {
  const text = `import * as tf from '@tensorflow/tfjs';\n${body}\n`;
  const analysis = await analyzeFile(
    FILE,
    createAnalyser(async (file) => (file === FILE ? text : undefined)),
    request,
  );
  if (!analysis) throw new Error('no analysis');
  return analysis;
}

const only = ({ modules }: FileAnalysis): ModuleAnalysis => modules[0] ?? expect.fail('no module');
const findings = ({ diagnostics }: FileAnalysis) => diagnostics.filter(({ severity }) => severity === 'error' || severity === 'warning');
const view = { hintStyle: 'short' as const, sizesOf: () => ({}) };

/** The hover of a text of the second line. */
function hovered(analysis: FileAnalysis, body: string, text: string): string {
  return hoverAt(analysis, 2, body.indexOf(text) + 1, view)?.lines.join('\n') ?? '';
}

describe('ranks that nothing tells', () => {
  const body = 'export function plain(x) { return tf.softmax(x.add(1)); }';

  it('are told on hover, of the input and of the module', async () => {
    const analysis = await analysed(body);
    expect(hovered(analysis, body, 'x)')).toContain('`x` is taken for rank 3: nothing in the code tells it.');
    expect(hovered(analysis, body, 'plain')).toContain('`x` is taken for rank 3: nothing in the code tells it.');
  });

  it('are not told where a type, or the names of its sizes, tell them', async () => {
    for (const told of [
      'export function f(x) { const [b, n, c] = x.shape; return x.reshape([b, n * c]); }',
      'export function f(x) { return tf.conv2d(x, tf.zeros([3, 3, 8, 5]), 1, "same").transpose([0, 3, 1, 2]); }',
    ]) {
      const analysis = await analysed(told);
      expect(hovered(analysis, told, 'f(x')).not.toContain('taken for rank');
    }
  });

  it('a gain by its name, by the part that it plays', async () => {
    const norm = 'export function norm(x, gamma) { return x.sub(x.mean(-1, true)).mul(gamma); }';
    const analysis = await analysed(norm);
    expect(only(analysis).graph.needs.map(({ text }) => text)).toEqual(['c == n_gamma']);
    expect(hovered(analysis, norm, 'gamma')).toContain('`gamma` is taken for rank 1 by the part that it plays');
  });

  it('images have a batch', async () => {
    const up = await analysed('export const up = (x) => tf.image.resizeBilinear(x, [x.shape[1] * 2, x.shape[2] * 2]);');
    expect(traceModule(only(up), false, (file) => file, []).outputs[0]?.shape).toEqual(['b', '2*h', '2*w', 'c']);
  });

  it('needs name the guess that they are told with', async () => {
    const analysis = await analysed('export function f(x, w) { return tf.matMul(x, w); }');
    expect(analysis.diagnostics.map(({ severity, message }) => `${severity} ${message}`)).toEqual([
      'information it runs only where c == n_w, with `x` taken for rank 3, which nothing in the code tells',
    ]);
  });
});

describe('defaults that stand', () => {
  const body = 'export function f(x, axis = 1, causal = true) { const y = x.sum(axis); return causal ? y.add(1) : y; }';

  it('are told on hover, and not where the argument is given', async () => {
    const analysis = await analysed(body);
    expect(hovered(analysis, body, 'axis')).toBe('Read with `axis = 1`, its default.');
    expect(hovered(analysis, body, 'causal')).toBe('Read with `causal = true`, its default.');
    const bound = await analysed(body, { bindings: { training: false, args: new Map([['axis', number(2)]]) } });
    expect(hovered(bound, body, 'axis')).toBe('');
  });
});

describe('a branch on a number with a default', () => {
  it('is read as the default has it, and says so; at another number it is read with that', async () => {
    const module = only(
      await analysed('export function f(x, axis = 1) { let y = tf.softmax(x); if (axis === 1) y = y.transpose([0, 2, 1]); return y.mul(2); }'),
    );
    const open = traceModule(module, false, (file) => file, []);
    expect(open.unknown).toEqual([]);
    expect(assumptionsText(module)).toContain('Read with `axis == 1`, as the defaults have it.');
    const rows = (axis: number) => graphAt(module, { axis }).rows.filter(({ name }) => name === 'return');
    for (const [axis, shape] of [
      [1, ['b', 'c', 'n']],
      [2, ['b', 'n', 'c']],
    ] as const) {
      const [row] = rows(axis);
      const type = row?.value.kind === 'tensor' ? typeOf(graphAt(module, { axis }), row.value.ref) : undefined;
      expect(type?.shape?.map(format)).toEqual(shape);
    }
  });
});

describe('a module with sizes beside itself without', () => {
  const pos =
    'export function pos(x, patch = 16, dim = 32) { const y = tf.layers.conv2d({ filters: dim, kernelSize: patch, strides: patch }).apply(x); const p = tf.variable(tf.zeros([1, 224 / patch, 224 / patch, dim])); return y.add(p); }';

  async function traced(body: string, args: { readonly [name: string]: number }, x?: readonly number[]) {
    const given: [string, Value][] = Object.entries(args).map(([name, value]) => [name, number(value)]);
    const inputs = x && { inputs: new Map([['x', { kind: 'tensor', shape: x, dtype: 'float32' } as const]]) };
    const bindings: Bindings = { training: false, args: new Map(given), ...inputs };
    const [open, bound] = [only(await analysed(body)), only(await analysed(body, { bindings }))];
    const literals = new Map(Object.entries(args).map(([name, value]) => [name, String(value)]));
    const hasFault = bound.diagnostics.some(({ severity }) => severity === 'error');
    const other = beside(bound.graph, open.graph, { literals, defaults: true, assumed: open.assumed ?? [], hasFault });
    return traceModule(bound, true, (file) => file, [], other);
  }

  it('keeps the symbols that the numbers come from', async () => {
    const found = await traced(pos, { patch: 8 }, [2, 224, 224, 3]);
    expect(found.values.map(({ shape, sizes }) => [shape, sizes])).toEqual([
      [
        ['b', 'h//patch', 'w//patch', 'dim'],
        [2, 28, 28, 32],
      ],
      [
        ['1', '224//patch', '224//patch', 'dim'],
        [1, 28, 28, 32],
      ],
      [
        ['b', '224//patch', '224//patch', 'dim'],
        [2, 28, 28, 32],
      ],
    ]);
    expect(found.requires).toContain('patch <= h');
  });

  it('has no word of a default that a binding replaces', async () => {
    const body = 'export function f(x, axis = 1) { const [b, n, c] = x.shape; const y = x.sum(axis); return y.add(tf.zeros([b, 8])); }';
    const other = await traced(body, { axis: 2 });
    expect(other.values.map(({ shape }) => shape)).toEqual([
      ['b', 'n'],
      ['b', '8'],
    ]);
    expect(other.requires).toEqual(['n == 8']);
    expect((await traced(body, { axis: 1 })).requires).toEqual(['c == 8']);
  });

  it('has its own needs where it is of another rank', async () => {
    const found = await traced('export const f = (x) => x.add(tf.ones([x.shape[0]]));', {}, [5, 5]);
    expect(found.inputs[0]?.shape).toEqual(['5', '5']);
    expect(found.requires).toEqual([]);
  });
});

describe('findings', () => {
  it('do not rest on a guessed rank alone', async () => {
    // Of rank 3 two of its sizes would have to agree by chance, of rank 4 none.
    const analysis = await analysed('export const f = (x) => x.mul(tf.ones([x.shape[1], 1, 1])).add(tf.ones([9, 1]));');
    expect(findings(analysis)).toEqual([]);
    const typed = await analysed('export const f = (x) => { const [, n, c] = x.shape; return x.mul(tf.ones([n, 1, 1])).add(tf.ones([9, c])); };');
    expect(findings(typed)).toHaveLength(1);
  });
});
