import { describe, expect, it } from 'vitest';
import type { Diagnostic, Lens } from '../../src/analysis/types';
import { carried, shifted } from '../../src/extension/carry';
import { namesTensors } from '../../src/extension/languages';
import { panelHtml } from '../../src/extension/panelHtml';
import { commentsOf, type Insertion, silenceInFile, silenceOnLine } from '../../src/extension/silenceText';
import { formatSizes, parseSizes } from '../../src/extension/sizesText';

const lens = (module: string, line: number): Lens => ({
  span: { file: '/a.ts', line, column: 14, endLine: line, endColumn: 20 },
  module,
  title: module,
  tooltip: '',
  action: 'none',
});
const finding = (code: string): Diagnostic => ({
  span: { file: '/a.ts', line: 1, column: 1, endLine: 1, endColumn: 2 },
  severity: 'information',
  code,
  module: '',
  message: '',
  words: { code, args: {} },
  related: [],
});

describe('lenses while typing', () => {
  const lines = (lenses: readonly Lens[]) => lenses.map(({ span }) => span.line);
  const both = [lens('A', 3), lens('B', 10)];

  it('move with the lines above them', () => {
    expect(lines(shifted(both, { line: 5, endLine: 5, endColumn: 1, lines: 3 }))).toEqual([3, 12]);
    expect(lines(shifted(both, { line: 1, endLine: 1, endColumn: 1, lines: 2 }))).toEqual([4, 11]);
    expect(lines(shifted(both, { line: 4, endLine: 6, endColumn: 1, lines: 1 }))).toEqual([3, 8]);
  });

  it('move with their own line when it is broken before them, not behind', () => {
    expect(lines(shifted(both, { line: 3, endLine: 3, endColumn: 1, lines: 2 }))).toEqual([4, 11]);
    expect(lines(shifted(both, { line: 3, endLine: 3, endColumn: 40, lines: 2 }))).toEqual([3, 11]);
  });

  it('stay at the edit that takes their line away', () => {
    expect(lines(shifted(both, { line: 8, endLine: 12, endColumn: 5, lines: 1 }))).toEqual([3, 8]);
  });

  it('are kept for a module that a broken text hides, and for no other', () => {
    const old = [lens('A', 3), lens('B', 10)];
    expect(carried(old, [lens('A', 4)], [finding('syntax')])).toEqual([lens('A', 4), lens('B', 10)]);
    expect(carried(old, [lens('A', 4)], [finding('matmul-mismatch')])).toEqual([lens('A', 4)]);
  });
});

describe('sizes as typed', () => {
  it('are read and written in one form', () => {
    expect(parseSizes(' b=2,h = 32, config.units=64 ', ['b', 'h', 'config.units'])).toEqual({ sizes: { b: 2, h: 32, 'config.units': 64 } });
    expect(formatSizes({ b: 2, 'config.units': 64 })).toBe('b=2, config.units=64');
    expect(parseSizes('', ['b'])).toEqual({ sizes: {} });
  });

  it.each([
    ['b', { code: 'form', part: 'b' }],
    ['z=3', { code: 'unknown', symbol: 'z' }],
    ['b=-1', { code: 'number', symbol: 'b', value: '-1' }],
    ['b=1.5', { code: 'number', symbol: 'b', value: '1.5' }],
    ['b=1e99', { code: 'number', symbol: 'b', value: '1e99' }],
  ])('%s is refused', (text, problem) => {
    expect(parseSizes(text, ['b'])).toEqual({ problem });
  });
});

describe('silencing', () => {
  const SLASHES = commentsOf('typescript');
  const apply = (lines: readonly string[], { line, column, text }: Insertion) =>
    lines.map((one, index) => (index === line ? one.slice(0, column) + text + one.slice(column) : one)).join('\n');

  it('puts the code behind the line', () => {
    expect(apply(['const y = tf.matMul(a, b);'], silenceOnLine(['const y = tf.matMul(a, b);'], 0, 'batch', SLASHES))).toBe(
      'const y = tf.matMul(a, b); // attention-shapes-disable-line batch',
    );
  });

  it('adds to the codes that are silenced there', () => {
    const lines = ['f(); // attention-shapes-disable-line batch'];
    expect(apply(lines, silenceOnLine(lines, 0, 'rank', SLASHES))).toBe('f(); // attention-shapes-disable-line rank batch');
  });

  it('goes above a line that has a comment, and is not misled by a string', () => {
    const commented = ['  f(); // why'];
    expect(apply(commented, silenceOnLine(commented, 0, 'rank', SLASHES))).toBe('  // attention-shapes-disable-next-line rank\n  f(); // why');
    const linked = ["f('https://x');"];
    expect(apply(linked, silenceOnLine(linked, 0, 'rank', SLASHES))).toBe("f('https://x'); // attention-shapes-disable-line rank");
  });

  it('silences a file at its top, below what runs it', () => {
    expect(apply(['a'], silenceInFile(['a'], 'rank', SLASHES))).toBe('// attention-shapes-disable rank\na');
    expect(apply(['#!/usr/bin/env node', 'a'], silenceInFile(['#!/usr/bin/env node', 'a'], 'rank', SLASHES))).toBe(
      '#!/usr/bin/env node\n// attention-shapes-disable rank\na',
    );
  });
});

describe('silencing in Python', () => {
  const comments = commentsOf('python');
  const onLine = (...lines: readonly string[]) => silenceOnLine(lines, 0, 'rank', comments);
  const inFile = (...lines: readonly string[]) => silenceInFile(lines, 'rank', comments);

  it('puts the code behind the line, and above one that has a comment or goes on', () => {
    expect(onLine("y = f('#', q @ k)")).toEqual({ line: 0, column: 17, text: '  # attention-shapes-disable-line rank' });
    expect(onLine('    y = q @ k  # why')).toEqual({ line: 0, column: 0, text: '    # attention-shapes-disable-next-line rank\n' });
    expect(onLine('y = q \\', '  @ k')).toEqual({ line: 0, column: 0, text: '# attention-shapes-disable-next-line rank\n' });
    expect(onLine('y = q // 2')).toMatchObject({ column: 10 });
  });

  it('silences a file below what runs it, what tells its encoding, and a magic over its cell', () => {
    expect(inFile('import torch').line).toBe(0);
    expect(inFile('#!/usr/bin/env python', '# -*- coding: utf-8 -*-', 'import torch')).toEqual({
      line: 2,
      column: 0,
      text: '# attention-shapes-disable rank\n',
    });
    expect(inFile('%%time', 'y = f(x)').line).toBe(1);
  });
});

describe('the text test', () => {
  it.each([
    "import * as tf from '@tensorflow/tfjs';",
    'const y = tf.relu(x);',
    'function f(tf, x) {}',
    'const { tf } = window;',
    'import torch.nn as nn',
    'from torchvision.ops import roi_align',
    'from einops import rearrange',
    'import einx',
  ])('reads %s', (text) => {
    expect(namesTensors(text)).toBe(true);
  });

  it.each(['const staff = of.tftp;', 'export const add = (a, b) => a + b;', 'import numpy as np', 'storch = 1'])('passes by %s', (text) => {
    expect(namesTensors(text)).toBe(false);
  });
});

it('locks the panel page down to its own scripts and files', () => {
  const html = panelHtml({
    cspSource: 'https://csp',
    nonce: 'n0nce',
    script: 'https://csp/main.js',
    style: 'https://csp/style.css',
    wasm: 'https://csp/wasm/',
    language: 'en',
    title: '<A & "B">',
  });
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1]?.replaceAll('&#39;', "'");
  expect(policy).toBe(
    "default-src 'none'; script-src 'nonce-n0nce' 'wasm-unsafe-eval'; style-src https://csp; font-src https://csp; img-src https://csp blob: data:; connect-src https://csp",
  );
  expect(html).toContain('<title>&#60;A &#38; &#34;B&#34;&#62;</title>');
  expect(html.match(/<script/g)).toHaveLength(1);
});
