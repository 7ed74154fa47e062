import { describe, expect, test } from 'vitest';
import { languageOf, lower } from '../../src/frontend/index';
import { lowerTypeScript } from '../../src/frontend/typescript/index';
import { printModule } from '../../src/program/print';
import type { SourceModule, Span, Statement } from '../../src/program/types';

const print = (source: string, path = 'a.ts') => printModule(lowerTypeScript(path, source));

/** Source, and what it lowers to. */
const TABLE: { readonly [about: string]: readonly (readonly [string, string])[] } = {
  literals: [
    ['a = 0x10 + 1_000 + .5e1', 'a = ((16 + 1000) + 5)'],
    ['a = \'x\' + "y" + `z`', 'a = (("x" + "y") + "z")'],
    ['a = `${b}x${c + 1}`', 'a = `{b}x{(c + 1)}`'],
    ['a = [null, undefined, true, , false]', 'a = [null, undefined, true, undefined, false]'],
    ['a = /x\\/[/]y/gi.test(b)', 'a = /x\\/[/]y/gi.test(b)'],
    ['a = 10n', 'a = unknown(big integers are not read)'],
    ['a = tag`x`', 'a = unknown(a tagged template is not read)'],
  ],
  operators: [
    ['a = -(b ** 2) + +c - ~d * !e / f % g', 'a = (((-(b ** 2)) + (+c)) - ((((~d) * (not e)) / f) % g))'],
    ['a = (b & c) | d ^ (e << 1) >> 2', 'a = ((b & c) | (d ^ ((e << 1) >> 2)))'],
    ['a = b >>> 1', 'a = unknown(`>>>` is not read)'],
    ['a >>>= 1', 'a = unknown(`>>>=` is not read)'],
    ['a = b === c && d == null || e !== f', 'a = (((b == c) and (d loose== null)) or (e != f))'],
    ["a = b ?? c; a = 'k' in b; a = b instanceof C", 'a = (b ?? c)\na = ("k" in b)\na = (b instanceof C)'],
    ['a = b ? c : d ? e : f', 'a = (b ? c : (d ? e : f))'],
    ['a = (b, c, d)', 'a = (b; c; d)'],
    ['a = typeof b; a = void b; a = await b', 'a = (typeof b)\na = (b; undefined)\na = (await b)'],
    ['a = b++ + --c', 'a = ((b postfix += 1) + (c -= 1))'],
  ],
  assignments: [
    ['a += 1; a -= 1; a *= 1; a /= 1; a %= 1; a **= 1', 'a += 1\na -= 1\na *= 1\na /= 1\na %= 1\na **= 1'],
    ['a &&= b; a ||= b; a ??= b', 'a and= b\na or= b\na coalesce= b'],
    ['a = b.c = d[0] = e', 'a = b.c = d[0] = e'],
    ['a++; --b', 'a += 1\nb -= 1'],
    ['f(a = b)', 'f((a = b))'],
    ['[a, b[0], ...c.d] = [b, a]', '[a, b[0], ...c.d] = [b, a]'],
    ['({ a, b: c.d, e = 1, f: [g] = [2], ...h } = i)', '{a, b: c.d, e = 1, f: [g] = [2], ...h} = i'],
    ['(a as any).b = c; a!.b = c', 'a.b = c\na.b = c'],
    ['delete a.b, c; delete a[0]', '(unknown(`delete` as a value is not read); c)\ndelete a[0]'],
  ],
  declarations: [
    ['const a = 1, b = a; let c; var d: number', 'const a = 1\nconst b = a\nlet c\nvar d: number'],
    ['const [a, , b = 1, [c], ...d] = e', 'const [a, , b = 1, [c], ...d] = e'],
    ["const { a, b: { c = 1 }, 'd-e': f, [g]: h, ...i } = j", 'const {a, b: {c = 1}, d-e: f, [g]: h, ...i} = j'],
    ['const q: tf.Tensor3D | null = x as tf.Tensor3D', 'const q: tf.Tensor3D | null = x'],
    [
      'const s: [number, string?], n: readonly number[], r: Record<string, number>',
      'const s: tuple<number, string>\nconst n: Array<number>\nconst r: Record<string, number>',
    ],
    ['declare const a: number; declare function f(): void; declare class C {}', ''],
    ['enum E { A, B = 5, C, D = "d" }', 'var E = {A: 0, B: 5, C: 6, D: "d"}'],
    ['const enum E { A = 1 << 2, B }', 'var E = {A: (1 << 2), B: ((1 << 2) + 1)}'],
    ['namespace N { export const a = 1; const b = 2 }', 'var N = arrow N() { const a = 1; const b = 2; return {a: a} }()'],
    ['namespace N.M { export const a = 1 }', 'var N = {M: arrow M() { const a = 1; return {a: a} }()}'],
    ['interface C { a: number; b?: string; c(): void }', 'type C = {a: number, b?: string, c}'],
    ['type C = { a: number } & { b: tf.Tensor }', 'type C = {a: number, b: tf.Tensor}'],
    ["type P = 'same' | 'valid'", "type P = 'same' | 'valid'"],
  ],
  access: [
    ['a.b.c[0][d]', 'a.b.c[0][d]'],
    ['a?.b.c', '<a?.b.c>'],
    ['a?.[0]?.(b).c!.d', '<a?.[0]?.(b).c.d>'],
    ['(a?.b).c', '<a?.b>.c'],
    ['f(a?.b)?.c', '<f(<a?.b>)?.c>'],
    ['a.b!.c', 'a.b.c'],
    ['this.a.#b', 'this.a.#b'],
    ['f<number>(a, ...b)', 'f(a, ...b)'],
    ['new A(b); new A; new a.B<C>(d)', 'new A(b)\nnew A()\nnew a.B(d)'],
    ['<any>a; a as const; a satisfies B', 'a\na\na'],
    ["import('./x'); require('./y')", 'import("./x")\nrequire("./y")'],
    ['import.meta.url', 'unknown(`import.meta` is not read).url'],
  ],
  objects: [
    ["a = { b, c: 1, 'd': 2, 3: 4, [e]: 5, ...f }", 'a = {b: b, c: 1, d: 2, 3: 4, [e]: 5, ...f}'],
    [
      'a = { m(x) { return x }, get g() { return 1 }, set g(v) {}, async *n() {} }',
      'a = {m: method m(x) { return x }, get g: getter g() { return 1 }, n: async method* n() { pass }}',
    ],
    ['a = [...b, 1]', 'a = [...b, 1]'],
  ],
  functions: [
    ['function f(a, b = 1, ...c) { return a }', 'function f(a, b = 1, *c):\n  return a'],
    ['function f({ a, b = 1 } = {}, [c, d]: number[]) {}', 'function f({a, b = 1} = {}, [c, d]: Array<number>):\n  pass'],
    ['function f(this: A, x?: tf.Tensor): tf.Tensor2D {}', 'function f(x?: tf.Tensor) -> tf.Tensor2D:\n  pass'],
    ['function f(a): void; function f(a, b) {}', 'function f(a, b):\n  pass'],
    ['const f = async x => x + 1', 'const f = async arrow f(x) { return (x + 1) }'],
    ['const f = function () {}; const g = function h() {}', 'const f = function f() { pass }\nconst g = function h() { pass }'],
    ['a.b = (x) => ({ x })', 'a.b = arrow b(x) { return {x: x} }'],
    ['function* g() { yield 1; yield; yield* h() }', 'function* g():\n  (await 1)\n  (await undefined)\n  unknown(`yield*` is not read)'],
    ['(function () { a })()', 'function () { a }()'],
    [
      'const f = (q: tf.Tensor, { heads = 8 }: Options = {}): tf.Tensor => q',
      'const f = arrow f(q: tf.Tensor, {heads = 8}: Options = {}) -> tf.Tensor { return q }',
    ],
  ],
  statements: [
    ['if (a) b; else if (c) d; else { e }', 'if a:\n  b\nelse:\n  if c:\n    d\n  else:\n    e'],
    ['for (const [a, b] of c) d; for (e of f) g; for (const h in i) j', 'for const [a, b] of c:\n  d\nfor e of f:\n  g\nfor const h in i:\n  j'],
    ['for await (const a of b) c', 'for const a of b:\n  c'],
    ['for (let i = 0, n = 2; i < n; i++) { a }', 'block:\n  let i = 0\n  let n = 2\n  while (i < n); (i postfix += 1):\n    a'],
    ['for (;;) break', 'block:\n  while true:\n    break'],
    ['while (a) { continue } do { b } while (c)', 'while a:\n  continue\ndo while c:\n  b'],
    ['x: for (;;) { y: { break y } continue x }', 'block:\n  label x:\n    while true:\n      label y:\n        block:\n          break y\n      continue x'],
    ['switch (a) { case 1: case 2: b; break; default: c }', 'switch a:\n  case 1:\n    pass\n  case 2:\n    b\n    break\n  default:\n    c'],
    ['try { a } catch { b } finally { c }', 'try:\n  a\ncatch:\n  b\nfinally:\n  c'],
    ['try { a } catch ({ message }) { b }', 'try:\n  a\ncatch {message}:\n  b'],
    ["throw new Error('x'); debugger; ;", 'throw new Error("x")'],
    ['{ a }', 'block:\n  a'],
    ["'use strict'; a", '"use strict"\na'],
  ],
  modules: [
    ["import * as tf from '@tensorflow/tfjs'", 'import @tensorflow/tfjs: * as tf'],
    ["import a, { b, c as d, type E, default as f } from './m'", 'import ./m: default as a, b, c as d, E, default as f'],
    ["import './m'; import type { T } from './t'; import x = require('y'); import z = a.b", 'import ./m: \nimport ./t: T\nimport y: * as x\nconst z = a.b'],
    [
      "export { a, b as c, type T }; export { d } from './m'; export * from './n'; export * as o from './p'",
      'export a as a, b as c\nexport ./m: d as d\nexport ./n: * as *\nexport ./p: * as o',
    ],
    ['export const a = 1, { b, c: [d] } = e', 'const a = 1\nconst {b, c: [d]} = e\nexport a as a, b as b, d as d'],
    ['export function f() {} export class C {}', 'function f():\n  pass\nexport f as f\nclass C:\n  pass\nexport C as C'],
    ['export default class C {}', 'class C:\n  pass\nexport C as default'],
    ['export default class extends B {}', 'export class default(B) { pass } as default'],
    ['export default function (x) { return x }', 'export function default(x) { return x } as default'],
    ['export default (x) => x', 'export arrow default(x) { return x } as default'],
    ['export default a.b', 'export a.b as default'],
    ['export = a', 'module.exports = a'],
    ['export enum E { A }', 'var E = {A: 0}\nexport E as E'],
    ['module.exports = { a }; exports.b = a', 'module.exports = {a: a}\nexports.b = a'],
  ],
  classes: [
    [
      'class A extends b.C<D> { static x = 1; #y; z?: number = 2; declare w: string; readonly v!: tf.Tensor }',
      'class A(b.C):\n  static x = 1\n  #y\n  z: number = 2\n  w: string\n  v: tf.Tensor',
    ],
    [
      'class A { constructor(private a: number, readonly b = 2, c) { super(); } }',
      'class A:\n  constructor constructor(this.a: number, this.b = 2, c):\n    super()',
    ],
    [
      'class A { get a() { return this.#b } set a(v) { this.#b = v } static s() {} async m() {} }',
      'class A:\n  getter a():\n    return this.#b\n  setter a(v):\n    this.#b = v\n  static method s():\n    pass\n  async method m():\n    pass',
    ],
    ['abstract class A { abstract a(): void; abstract b: number; c(): void; c(x?) {} [key: string]: any }', 'class A:\n  b: number\n  method c(x?):\n    pass'],
    [
      "class A { ['a']() {} [Symbol.iterator]() {} 'b-c'() {} }",
      'class A:\n  method a():\n    pass\n  method [Symbol.iterator]():\n    pass\n  method b-c():\n    pass',
    ],
    ['class A { call = (x) => super.call(x); static { A.y = 1 } }', 'class A:\n  call = arrow call(x) { return super.call(x) }\n  A.y = 1'],
    ['@a @b(1) class A { @c() d() {} }', '@a\n@b(1)\nclass A:\n  @c()\n  method d():\n    pass'],
    ['const A = class extends B {}; A.B = class C {}', 'const A = class A(B) { pass }\nA.B = class C { pass }'],
    ['class A extends mixin(B, C) {}', 'class A(mixin(B, C)):\n  pass'],
  ],
};

for (const [about, rows] of Object.entries(TABLE)) {
  describe(about, () => {
    for (const [source, expected] of rows) test(source, () => expect(print(source)).toBe(expected));
  });
}

test('JSX is unknown, and what stands around it is read', () => {
  expect(print("const a = <div b={c}>it's</div>; const d = 1;", 'a.jsx')).toBe('const a = unknown(JSX is not read)\nconst d = 1');
  expect(print('const a = <T,>(x: T) => <b/>; const d = 1;', 'a.tsx')).toBe('const a = arrow a(x: T) { return unknown(JSX is not read) }\nconst d = 1');
});

test('the extension tells the language', async () => {
  for (const path of ['a.ts', 'a.tsx', 'a.js', 'a.jsx', 'a.mjs', 'a.cjs', 'a.mts', 'A.TS']) expect(languageOf(path)).toBe('typescript');
  expect(languageOf('a.json')).toBeUndefined();
  expect(printModule(await lower('a.ts', 'let a = <number>b'))).toBe('let a: number = b');
});

const text = (source: string, span: Span): string => {
  const lines = source.split(/\r\n|\r|\n/);
  expect(span.line).toBe(span.endLine);
  return (lines[span.line - 1] ?? '').slice(span.column - 1, span.endColumn - 1);
};

test('spans count from 1 in UTF-16 units, behind tabs, wide characters and any line end', () => {
  const source = "\tconst a = '😀', b = f(a);\r\n\tconst c = g(b);\rconst d = h(c);\nd.e = a";
  const module = lowerTypeScript('x/a.ts', source);
  const calls = module.body.flatMap((item) =>
    item.kind === 'assign' && item.value ? [[text(source, item.targets[0]!.span), text(source, item.value.span)]] : [],
  );
  expect(calls).toEqual([
    ['a', "'😀'"],
    ['b', 'f(a)'],
    ['c', 'g(b)'],
    ['d', 'h(c)'],
    ['d.e', 'a'],
  ]);
  expect(module.body.map(({ span }) => span.line)).toEqual([1, 1, 2, 3, 4]);
  expect(module.body[2]?.span).toEqual({ file: 'x/a.ts', line: 2, column: 2, endLine: 2, endColumn: 17 });
});

test('member names have spans of their own', () => {
  const source = 'a.b\n  .reshape([1])';
  const [statement] = lowerTypeScript('a.ts', source).body;
  const call = statement?.kind === 'expression' && statement.expression.kind === 'call' ? statement.expression.callee : undefined;
  expect(call?.kind === 'attribute' && text(source, call.nameSpan)).toBe('reshape');
});

const commentOf = (module: SourceModule): (string | undefined)[] => module.body.map((statement: Statement) => statement.comment?.text);

test('a comment belongs to the statement before it on its line, or to the one below it', () => {
  const source = `const a = 1; // [B, T, C]
// above
const b = f(
  a, // first
  a, /* second */
); // last
/* one */ const c = 2;

// far

const d = 3;
const e = 1, // of e
  g = 2; // of g
if (a) { // inside
  b;
}`;
  const module = lowerTypeScript('a.ts', source);
  expect(commentOf(module)).toEqual(['[B, T, C]', 'last', undefined, undefined, 'of e', 'of g', undefined]);
  expect(module.comments.map((comment) => comment.text)).toEqual(['[B, T, C]', 'above', 'first', 'second', 'last', 'one', 'far', 'of e', 'of g', 'inside']);
  expect(commentOf(lowerTypeScript('a.ts', '// above\nconst b = 1;'))).toEqual(['above']);
});

test('comment marks inside strings, templates and regular expressions are none', () => {
  expect(lowerTypeScript('a.js', "a = '// no' + `/* no ${/* yes */ b} // no` + /[/]*no/.source; // end").comments.map((comment) => comment.text)).toEqual([
    'yes',
    'end',
  ]);
});

test('doc comments, parameter comments and types from a doc comment', () => {
  const source = `/**
 * Attends.
 * @param {tf.Tensor3D} x - [B, T, C]
 * @param {number[]} [sizes]
 */
function f(
  x, // [B, T, C]
  sizes = [], /* sizes */
) {}
/** Made up. */
export default class A {
  /** Calls. */
  call(x) {}
}`;
  const [f, a] = lowerTypeScript('a.js', source).body;
  const definition = f?.kind === 'functionDefinition' ? f.definition : undefined;
  expect(definition?.doc).toBe('Attends.\n@param {tf.Tensor3D} x - [B, T, C]\n@param {number[]} [sizes]');
  expect(definition?.parameters.map(({ comment, type }) => [comment?.text, type?.name])).toEqual([
    ['[B, T, C]', 'tf.Tensor3D'],
    ['sizes', 'Array'],
  ]);
  expect(a?.kind === 'classDefinition' && [a.definition.doc, a.definition.methods[0]?.doc]).toEqual(['Made up.', 'Calls.']);
});

test('source with a mark of byte order or a shebang', () => {
  expect(print('\ufeffconst a = 1')).toBe('const a = 1');
  expect(print('#!/usr/bin/env node\nconst a = 1 // x', 'a.js')).toBe('const a = 1 # x');
});
