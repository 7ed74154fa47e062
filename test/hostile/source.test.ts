/** Whatever a file holds, the analysis ends soon, says what it could not read, and keeps the rest. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyzeFile, createAnalyser } from '../../src/analysis/analyze';
import { tracedCounts } from '../../src/analysis/counts';
import { unknownReason } from '../../src/analysis/trace';
import type { FileAnalysis } from '../../src/analysis/types';
import { format } from '../../src/dim/index';
import { typeOf } from '../../src/graph/index';

const GALLERY = resolve(import.meta.dirname, '../../media/gallery/typescript');
const SOURCES = readdirSync(GALLERY).filter((name) => name.endsWith('.ts'));
const textOf = (name: string): string => readFileSync(join(GALLERY, name), 'utf8');
const IMPORT = "import * as tf from '@tensorflow/tfjs';\n";

type Files = Readonly<Record<string, string>>;

async function analyse(files: Files, file = Object.keys(files)[0] ?? ''): Promise<FileAnalysis> {
  const project = createAnalyser(async (path) => files[path.replace(/^\/p\//, '')], '/p');
  const analysis = await analyzeFile(`/p/${file}`, project);
  if (!analysis) throw new Error('there is no such file');
  return analysis;
}

/** The shape of a name's last row, as text; `?` where it is not known, undefined where there is no row. */
function shapeOf(analysis: FileAnalysis, name: string): string | undefined {
  const rows = analysis.modules.flatMap(({ graph }) => graph.rows.filter((row) => row.name === name).map((row) => ({ graph, row })));
  const last = rows.at(-1);
  if (!last) return undefined;
  const shape = last.row.value.kind === 'tensor' ? typeOf(last.graph, last.row.value.ref)?.shape : undefined;
  return shape ? `[${shape.map(format).join(', ')}]` : '?';
}

const codes = (analysis: FileAnalysis): string[] => analysis.diagnostics.map(({ code, severity }) => `${severity} ${code}`);
const alarms = (analysis: FileAnalysis): string[] => codes(analysis).filter((code) => /^(error|warning)/.test(code));

/** Milliseconds that an analysis may take here, on a slow machine under load. */
const SOON = 45_000;

async function soon<T>(work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await work();
  expect(performance.now() - start).toBeLessThan(SOON);
  return result;
}

const GOOD = `export function good(x: tf.Tensor3D) {
  const s = tf.matMul(x, x, false, true);
  return s;
}
`;

describe('source', () => {
  it.each([
    ['a call that is being typed', `${IMPORT}${GOOD}export function typed(x: tf.Tensor2D) {\n  const y = x.relu();\n  const z = tf.matMul(y, \n}\n`],
    ['a class that is being typed', `${IMPORT}${GOOD}export class Half extends tf.layers.Layer {\n  call(inputs) {\n    const y = inputs.\n`],
    ['a string without an end', `${IMPORT}${GOOD}const a = 'no end;\n`],
    ['a comment without an end', `${IMPORT}${GOOD}/* no end`],
    ['words of another language', `${IMPORT}${GOOD}def f(x):\n    return x @ x\n`],
  ])('%s: what still parses keeps its shapes, and the rest is said', async (_, text) => {
    const analysis = await soon(() => analyse({ 'a.ts': text }));
    expect(shapeOf(analysis, 's')).toBe('[b, n, n]');
    expect(codes(analysis)).toContain('information syntax');
    expect(alarms(analysis)).toEqual([]);
  });

  it('of 5 MB is read to its end', async () => {
    const filler = Array.from({ length: (5 * 2 ** 20) / 32 }, (_, at) => `const v${String(at).padStart(8, '0')} = ${String(at).padEnd(8)} + 1;\n`).join('');
    expect(filler.length).toBeGreaterThan(4.9e6);
    const analysis = await soon(() => analyse({ 'a.ts': `${IMPORT}${filler}${GOOD}` }));
    expect(shapeOf(analysis, 's')).toBe('[b, n, n]');
    expect(alarms(analysis)).toEqual([]);
  }, 60_000);

  it.each(['(', '[', '{'])('of 10,000 nested %s is said not to be read', async (bracket) => {
    const close = { '(': ')', '[': ']', '{': '}' }[bracket] ?? '';
    const analysis = await soon(() => analyse({ 'a.ts': `${IMPORT}const a = ${bracket.repeat(10_000)}1${close.repeat(10_000)};\n${GOOD}` }));
    expect(codes(analysis)).toContain('information syntax');
    expect(alarms(analysis)).toEqual([]);
  });

  it.each([
    ['a byte order mark', `\uFEFF${IMPORT}${GOOD}`, '[b, n, n]'],
    ['carriage returns', `${IMPORT}${GOOD}`.replaceAll('\n', '\r\n'), '[b, n, n]'],
    ['replacement characters', `${IMPORT}// \uFFFD\uFFFD\n${GOOD}`, '[b, n, n]'],
    ['a null character', `${IMPORT}const a = '\0';\n${GOOD}`, '[b, n, n]'],
    ['nothing', '', undefined],
  ])('with %s is read', async (_, text, shape) => {
    const analysis = await analyse({ 'a.ts': text });
    expect(shapeOf(analysis, 's')).toBe(shape);
    expect(codes(analysis).filter((code) => code !== 'information needs')).toEqual([]);
  });

  it('has the columns of the text as it is, mark and carriage returns or not', async () => {
    const rows = async (text: string) =>
      (await analyse({ 'a.ts': text })).modules.flatMap(({ graph }) => graph.rows.map(({ span }) => [span.line, span.column, span.endColumn]));
    const plain = await rows(`${IMPORT}${GOOD}`);
    expect(plain.length).toBe(2);
    expect(await rows(`${IMPORT}${GOOD}`.replaceAll('\n', '\r\n'))).toEqual(plain);
    expect(await rows(`\uFEFF${IMPORT}${GOOD}`)).toEqual(plain);
  });
});

describe('programs without an end', () => {
  const BODIES: readonly (readonly [string, string])[] = [
    ['a function that calls itself', 'export function f(x: tf.Tensor2D): tf.Tensor {\n  const y = f(x.relu() as tf.Tensor2D);\n  return y;\n}\n'],
    [
      'functions that call each other',
      'export function f(x: tf.Tensor2D): tf.Tensor {\n  return g(x);\n}\nexport function g(x: tf.Tensor2D): tf.Tensor {\n  const y = f(x);\n  return y;\n}\n',
    ],
    ['a growing argument', 'export function f(x: tf.Tensor2D): tf.Tensor {\n  const y = f(tf.concat([x, x], 0));\n  return y;\n}\n'],
    ['a class that makes itself', 'export class A {\n  next = new A();\n  call(x: tf.Tensor2D) {\n    const y = this.next.call(x);\n    return y;\n  }\n}\n'],
    ['while (true)', 'export function f(x: tf.Tensor2D) {\n  let y: tf.Tensor = x;\n  while (true) {\n    y = y.relu();\n  }\n  return y;\n}\n'],
    [
      'a loop that grows',
      'export function f(x: tf.Tensor2D) {\n  let y: tf.Tensor = x;\n  for (let i = 0; i >= 0; i++) {\n    y = tf.concat([y, x], 0);\n  }\n  return y;\n}\n',
    ],
    ['a loop of 10⁹ turns', 'export function f(x: tf.Tensor2D) {\n  let y: tf.Tensor = x;\n  for (let i = 0; i < 1e9; i++) y = y.relu();\n  return y;\n}\n'],
    [
      'loops within loops',
      `export function f(x: tf.Tensor2D) {\n  let y: tf.Tensor = x;\n${Array.from({ length: 8 }, (_, at) => `  for (let i${at} = 0; i${at} < 1000; i${at}++) `).join('\n')} y = y.add(x);\n  return y;\n}\n`,
    ],
    [
      'a list that grows',
      'export function f(x: tf.Tensor2D) {\n  const list = [x];\n  for (const one of list) list.push(one);\n  const y = tf.stack(list);\n  return y;\n}\n',
    ],
    [
      'a text that grows',
      `export function f(x: tf.Tensor2D) {\n  let s = 'a';\n  for (let i = 0; i < 100; i++) s = s + s;\n  const y = x.relu();\n  return y;\n}\n`,
    ],
    [
      'an array of 10⁹',
      'export function f(x: tf.Tensor2D) {\n  const many = Array.from({ length: 1e9 }, () => x);\n  const y = tf.stack(many);\n  return y;\n}\n',
    ],
    [
      'a getter of itself',
      'export class A {\n  get w(): tf.Tensor {\n    return this.w;\n  }\n  call(x: tf.Tensor2D) {\n    const y = x.add(this.w);\n    return y;\n  }\n}\n',
    ],
    ['a class of itself', 'export class A extends A {\n  call(x: tf.Tensor2D) {\n    const y = x.relu();\n    return y;\n  }\n}\n'],
  ];

  it.each(BODIES)(
    '%s: it ends, without an alarm, and the other module keeps its shapes',
    async (_, body) => {
      const analysis = await soon(() => analyse({ 'a.ts': `${IMPORT}${body}${GOOD}` }));
      expect(shapeOf(analysis, 's')).toBe('[b, n, n]');
      expect(alarms(analysis)).toEqual([]);
    },
    60_000,
  );

  it('says why what a recursion gives is not known', async () => {
    const analysis = await analyse({ 'a.ts': `${IMPORT}${BODIES[0]?.[1] ?? ''}` });
    const [module] = analysis.modules;
    const reasons = module?.graph.rows.map(({ value }) => unknownReason(module.graph, value)) ?? [];
    expect(shapeOf(analysis, 'y')).toBe('?');
    expect(tracedCounts(analysis).unknown).toBe(2);
    expect(reasons.every((reason) => reason?.includes('`f` calls itself'))).toBe(true);
  });

  it.each([
    [
      'two files that import each other',
      {
        'a.ts': `${IMPORT}import { g } from './b';\nexport const scale = 2;\nexport function f(x: tf.Tensor3D) {\n  const s = g(x);\n  return s;\n}\n`,
        'b.ts': `${IMPORT}import { scale } from './a';\nexport function g(x: tf.Tensor3D) {\n  return tf.matMul(x, x, false, true).mul(scale);\n}\n`,
      },
    ],
    [
      'a file that imports itself',
      {
        'a.ts': `${IMPORT}import { g } from './a';\nexport function g(x: tf.Tensor3D) {\n  return tf.matMul(x, x, false, true);\n}\nexport function f(x: tf.Tensor3D) {\n  const s = g(x);\n  return s;\n}\n`,
      },
    ],
    [
      'names handed on in a circle',
      {
        'a.ts': `${IMPORT}export * from './b';\nimport { g } from './b';\nexport function f(x: tf.Tensor3D) {\n  const s = tf.matMul(x, x, false, true);\n  return s;\n}\n`,
        'b.ts': "export * from './a';\nexport * from './b';\n",
      },
    ],
  ] as readonly (readonly [string, Files])[])('%s', async (_, files) => {
    const analysis = await soon(() => analyse(files));
    expect(shapeOf(analysis, 's')).toBe('[b, n, n]');
    expect(alarms(analysis)).toEqual([]);
  });
});

describe('mangled source', () => {
  const texts = SOURCES.map(textOf);
  const edits = fc.array(
    fc.tuple(
      fc.nat({ max: 10_000 }),
      fc.nat({ max: 12 }),
      fc.constantFrom('', '(', ')', '{', '}', '[', '...', '`', "'", '=>', ' ', '\n', '.shape', '1e999', 'this', '\\', '/*', '-1', 'null', '\u{1F4A5}'),
    ),
    { minLength: 1, maxLength: 6 },
  );
  const mangle = (text: string, changes: readonly (readonly [number, number, string])[]): string =>
    changes.reduce((now, [at, removed, added]) => {
      const from = at % (now.length + 1);
      return now.slice(0, from) + added + now.slice(from + removed);
    }, text);

  it('never throws, never stalls, and is never a failure of our own', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: texts.length - 1 }), edits, async (which, changes) => {
        const file = SOURCES[which] ?? '';
        const helpers = Object.fromEntries(SOURCES.map((name, at) => [name, texts[at] ?? '']));
        const analysis = await analyse({ ...helpers, [file]: mangle(texts[which] ?? '', changes) }, file);
        expect(codes(analysis)).not.toContain('warning internal');
      }),
      { numRuns: 60, interruptAfterTimeLimit: 25_000 },
    );
  }, 60_000);
});
