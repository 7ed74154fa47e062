import { expect, it } from 'vitest';
import { makeCore } from '../../src/analysis/core';
import { createSession } from '../../src/analysis/session';
import { cancellable } from '../../src/protocol/channel';
import type { AnalysisOptions } from '../../src/protocol/messages';

const TEXT = `import * as tf from '@tensorflow/tfjs';
import { project } from './helpers';

export class Attention {
  call(x: tf.Tensor3D) {
    const [b, n, c] = x.shape;
    const q = project(x);
    const scores = tf.softmax(tf.matMul(q, x, false, true));
    return tf.matMul(scores, x);
  }
}

export function broken(x: tf.Tensor2D) {
  const [n, c] = x.shape;
  const y = tf.concat([x, x], 1);
  return tf.matMul(y, tf.zeros([c, c]));
}
`;
const HELPERS = `import * as tf from '@tensorflow/tfjs';
export const project = (t) => tf.relu(t);
`;
const OPTIONS: AnalysisOptions = { sizes: { Attention: { b: 2, n: 10, c: 4 } }, hintStyle: 'short', severities: {}, maxFileBytes: 1e6 };
const WAITING = cancellable().cancellation;

function open() {
  const files: { readonly [file: string]: string } = { '/model.ts': TEXT, '/helpers.ts': HELPERS };
  return createSession(makeCore, async (file) => files[file] ?? null);
}

const analyze = (options: Partial<AnalysisOptions> = {}) => {
  const session = open();
  return Promise.resolve(session.analyze({ kind: 'analyze', file: '/model.ts', options: { ...OPTIONS, ...options } }, WAITING)).then((analysis) => ({
    session,
    analysis,
  }));
};

it('hints the shapes of assigned names where they end', async () => {
  const { analysis } = await analyze();
  const lines = TEXT.split('\n');
  const hints = analysis.hints.map(({ line, column, label }) => `${lines[line - 1]?.slice(0, column - 1).trim()}${label}`);
  expect(hints).toContain('const q: (b, n, c)');
  expect(hints).toContain('const scores: (b, n, n)');
  expect(hints).toContain('const y: (n, 2*c)');
});

it('adds sizes and element type to a full hint', async () => {
  const { analysis } = await analyze({ hintStyle: 'full' });
  expect(analysis.hints.map(({ label }) => label)).toContain(': (b, n, n) = (2, 10, 10) float32');
});

it('puts lenses above attention alone, at the chosen sizes', async () => {
  const { analysis } = await analyze();
  expect(new Set(analysis.lenses.map(({ module, span }) => `${module}:${span.line}`))).toEqual(new Set(['Attention:4']));
  const titles = analysis.lenses.map(({ title }) => title);
  expect(titles[0]).toBe('$(play) Run Attention Block');
  expect(titles[1]).toMatch(/^\(b, n, c\) → \(b, n, c\) · map 800 B · peak .* · 0 params · 1\.6 kMACs$/);
  expect(titles[2]).toBe('at b=2 n=10 c=4');
});

it('finds what does not fit, at the severity that is wanted', async () => {
  const findings = async (severities: AnalysisOptions['severities']) =>
    (await analyze({ severities })).analysis.diagnostics.filter(({ span }) => span.line === 16).map(({ code, severity }) => ({ code, severity }));
  const [finding] = await findings({});
  expect(finding?.severity).toBe('error');
  const code = finding?.code ?? '';
  expect(await findings({ [code]: 'hint' })).toEqual([{ code, severity: 'hint' }]);
  expect(await findings({ [code]: 'off' })).toEqual([]);
});

it('says on hover what stands there, what made it, and at which sizes', async () => {
  const { session } = await analyze();
  const hover = await session.hover({ kind: 'hover', file: '/model.ts', line: 8, column: 12 }, WAITING);
  expect(hover).toMatchObject({ shape: '[b, n, n]', span: { line: 8, column: 11, endColumn: 17 } });
  expect(hover?.lines[0]).toBe('`scores: (b, n, n) float32`');
  expect(hover?.lines.join('\n')).toContain('`(2, 10, 10)` · 800 B at `b=2 n=10`');
  expect(hover?.born).toMatchObject([
    { size: 'b', span: { line: 5, column: 8 } },
    { size: 'n', span: { line: 5, column: 8 } },
  ]);
  const inner = await session.hover({ kind: 'hover', file: '/model.ts', line: 8, column: 36 }, WAITING);
  expect(inner?.lines.join('\n')).toContain('`tf.matMul`: `q (b, n, c)` · `x (b, n, c)ᵀ`');
  expect(await session.hover({ kind: 'hover', file: '/model.ts', line: 3, column: 1 }, WAITING)).toBeNull();
});

it('depends on what it imports, and gives a graph to run', async () => {
  const { session, analysis } = await analyze();
  expect(analysis.dependencies).toContain('/helpers.ts');
  const run = await session.graph({ kind: 'graph', file: '/model.ts', module: 'Attention' }, WAITING);
  expect(run?.sizes).toEqual({ b: 2, n: 10, c: 4 });
  expect(structuredClone(run)?.graph.nodes.map(({ op }) => op)).toEqual(expect.arrayContaining(['relu', 'matmul', 'softmax']));
});

it('gives the errors of a module with its graph, but not what is silenced or less severe', async () => {
  const errorsIn = async (options: Partial<AnalysisOptions> = {}) => {
    const { session } = await analyze(options);
    const run = await session.graph({ kind: 'graph', file: '/model.ts', module: 'broken' }, WAITING);
    expect((await session.graph({ kind: 'graph', file: '/model.ts', module: 'Attention' }, WAITING))?.errors).toBeUndefined();
    return run?.errors;
  };
  expect(await errorsIn()).toEqual([{ line: 16, message: expect.stringMatching(/inner sizes/) }]);
  for (const severity of ['warning', 'off'] as const) expect(await errorsIn({ severities: { 'matmul-mismatch': severity } })).toBeUndefined();
});

it('has nothing to say of a file that is not there', async () => {
  const analysis = await open().analyze({ kind: 'analyze', file: '/none.ts', options: OPTIONS }, WAITING);
  expect(analysis).toMatchObject({ diagnostics: [], hints: [], lenses: [], modules: [] });
});
