import { describe, expect, test } from 'vitest';
import { createProject, loadProgram } from '../../src/project/index';
import { join } from '../../src/project/paths';
import { parseJsonc } from '../../src/project/typescript/configuration';
import { candidatesOf } from '../../src/project/typescript/program';

/** A project over files in memory, which notes what it reads. */
function memory(files: { [path: string]: string }, options: { root?: string; mostFiles?: number; mostCharacters?: number } = {}) {
  const reads: string[] = [];
  const read = async (path: string) => {
    reads.push(path);
    return files[path];
  };
  return { reads, project: createProject({ read, ...options }) };
}

/** Where an import of /app/src/a.ts leads. */
const RESOLVED: readonly (readonly [string, string | undefined, { [path: string]: string }?])[] = [
  ['./b', '/app/src/b.ts'],
  ['./b.js', '/app/src/b.ts'],
  ['./b.ts', '/app/src/b.ts'],
  ['./c', '/app/src/c.js'],
  ['./c.mjs', '/app/src/c.mts'],
  ['./d', '/app/src/d/index.tsx'],
  ['./d/', '/app/src/d/index.tsx'],
  ['./e.attention', '/app/src/e.attention.ts'],
  ['..', '/app/index.js'],
  ['../lib/f', '/app/lib/f.cjs'],
  ['./data.json', undefined],
  ['./nowhere', undefined],
  ['@tensorflow/tfjs', undefined],
  ['b', undefined],
  ['/src/b', '/app/src/b.ts'],
  ['/app/src/b', '/app/src/b.ts'],
  ['@/b', '/app/src/b.ts', { '/app/tsconfig.json': '{ // own\n "compilerOptions": { "paths": { "@/*": ["./src/*"], }, } }' }],
  ['~lib', '/app/lib/f.cjs', { '/app/jsconfig.json': '{"compilerOptions": {"baseUrl": "lib", "paths": {"~lib": ["f"], "~*": ["nothing/*"]}}}' }],
  ['f', '/app/lib/f.cjs', { '/app/tsconfig.json': '{"compilerOptions": {"baseUrl": "./lib"}}' }],
  ['@/b', '/app/src/b.ts', { '/app/tsconfig.json': '{"extends": "./base"}', '/app/base.json': '{"compilerOptions": {"paths": {"@/*": ["src/*"]}}}' }],
  ['@/b', undefined, { '/app/tsconfig.json': '{ broken' }],
  ['@/b', undefined, { '/app/tsconfig.json': '{"extends": "./tsconfig"}' }],
];

const FILES = {
  '/app/src/b.ts': '',
  '/app/src/c.js': '',
  '/app/src/c.mts': '',
  '/app/src/d/index.tsx': '',
  '/app/src/e.attention.ts': '',
  '/app/src/data.json': '{}',
  '/app/lib/f.cjs': '',
  '/app/index.js': '',
};

describe('imports', () => {
  for (const [specifier, expected, more] of RESOLVED) {
    test(`${specifier} is ${expected ?? 'none of the files'}${more ? ` with ${Object.values(more).join(' ')}` : ''}`, async () => {
      const { project } = memory({ ...FILES, ...more, '/app/src/a.ts': `import * as x from '${specifier}';` }, { root: '/app' });
      const program = await loadProgram('/app/src/a.ts', project);
      expect(program.resolve('/app/src/a.ts', specifier)).toBe(expected);
      expect(program.missing.length).toBe(expected === undefined && /^\.?\.?\//.test(specifier) ? 1 : 0);
    });
  }
});

test('every form of import is followed, through other files and around circles', async () => {
  const { project } = memory({
    'a.ts':
      "import './b'; export * from './c'; const d = require('./d'); class K { async m() { const e = await import('./e'); return f(() => require('./f')); } } import g = require('./g'); import * as tf from '@tensorflow/tfjs';",
    'b.ts': "import { a } from './a'; import './h';",
    'c.ts': "export { h } from './h'",
    'd.ts': '',
    'e.ts': '',
    'f.ts': '',
    'g.ts': '',
    'h.ts': "import './b'",
  });
  const program = await loadProgram('a.ts', project);
  expect([...program.modules.keys()].sort()).toEqual(['a.ts', 'b.ts', 'c.ts', 'd.ts', 'e.ts', 'f.ts', 'g.ts', 'h.ts']);
  expect(program.resolve('h.ts', './b')).toBe('b.ts');
  expect(program.resolve('a.ts', '@tensorflow/tfjs')).toBeUndefined();
  expect(program.module('h.ts')?.body).toHaveLength(1);
  expect(program.missing).toEqual([]);
});

test('a file that did not change is lowered once', async () => {
  const files: { [path: string]: string } = { 'a.ts': "import './b'", 'b.ts': 'const b = 1' };
  const { project } = memory(files);
  const first = await loadProgram('a.ts', project);
  files['b.ts'] = 'const b = 2';
  const second = await loadProgram('a.ts', project);
  expect(second.module('a.ts')).toBe(first.module('a.ts'));
  expect(second.module('b.ts')).not.toBe(first.module('b.ts'));
});

test('what was asked for is told, found or not', async () => {
  const { project } = memory({ 'a.ts': "import './b'" });
  const { asked, missing } = await loadProgram('a.ts', project);
  expect(asked).toContain('a.ts');
  expect(asked).toContain('b.ts');
  expect(missing).toEqual([{ from: 'a.ts', specifier: './b', reason: 'not-found' }]);
});

test('files and characters are bounded', async () => {
  const files = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`f${at}.ts`, `import './f${at + 1}'; import './g${at}'`]));
  for (let at = 0; at < 40; at++) files[`g${at}.ts`] = 'x'.repeat(1000);
  const few = await loadProgram('f0.ts', memory(files, { mostFiles: 5 }).project);
  expect(few.modules.size).toBe(5);
  expect(few.missing.some(({ reason }) => reason === 'too-many-files')).toBe(true);
  const short = await loadProgram('f0.ts', memory(files, { mostCharacters: 3500 }).project);
  expect(short.modules.size).toBeLessThan(12);
  expect(short.missing.some(({ reason }) => reason === 'too-large')).toBe(true);
  for (const { from, specifier } of short.missing) expect(short.resolve(from, specifier)).toBeUndefined();
});

test('an entry that is not there, a read that fails', async () => {
  expect((await loadProgram('a.ts', memory({}).project)).modules.size).toBe(0);
  const read = async (path: string) => {
    if (path === 'a.ts') return "import './b'; const a = 1";
    throw new Error('no');
  };
  const program = await loadProgram('a.ts', createProject({ read }));
  expect(program.module('a.ts')?.body).toHaveLength(2);
});

test('paths', () => {
  expect([join('/a/b', '../c'), join('/a', '/b'), join('a', '../../b'), join('', './a'), join('/', '../a'), join('vscode', 'a//b/./c')]).toEqual([
    '/a/c',
    '/b',
    '../b',
    'a',
    '/a',
    'vscode/a/b/c',
  ]);
  expect(candidatesOf('a.js').slice(0, 4)).toEqual(['a.js', 'a.ts', 'a.tsx', 'a.jsx']);
});

test('JSON with comments', () => {
  expect(parseJsonc('\ufeff{"a": "// no", /* yes */ "b/*": [1, 2,], // yes\n}')).toEqual({ a: '// no', 'b/*': [1, 2] });
  expect(parseJsonc('{')).toBeUndefined();
});
