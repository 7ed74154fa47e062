import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEdits, originalOffset } from '../../src/frontend/typescript/edits';
import { lowerTypeScript } from '../../src/frontend/typescript/index';
import { scanOf } from '../../src/frontend/typescript/layout';
import { mend } from '../../src/frontend/typescript/repair';
import { tokensOf } from '../../src/frontend/typescript/tokens';
import { printModule } from '../../src/program/print';

const SOURCE = `import * as tf from '@tensorflow/tfjs';
/** Attention. */
export class Attention extends tf.layers.Layer {
  static className = 'Attention';
  constructor(private units: number, { heads = 8, ...rest }: { heads?: number } = {}) {
    super(rest); // base
    this.name2 = \`attention_\${units}x\${heads}\`;
  }
  call(inputs, kwargs) {
    return tf.tidy(() => {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      const [b, t, c] = x.shape;
      const s = tf.matMul(q, k, false, true).div(tf.scalar(Math.sqrt(c / this.heads))); /* scores */
      for (let i = 0; i < 3; i++) { if (/a[/]b/.test(s)) break; }
      return tf.softmax(s)?.reshape([b, t, -1]) ?? x!;
    });
  }
}
export const f = async (x: tf.Tensor3D) => ({ ...x, y: [1, , 2] });
`;

const REPEATED: readonly (readonly [string, (n: number) => string])[] = [
  ['parentheses', (n) => '('.repeat(n) + ')'.repeat(n)],
  ['open parentheses', (n) => '('.repeat(n)],
  ['brackets', (n) => 'const a = ' + '['.repeat(n) + ']'.repeat(n)],
  ['braces', (n) => '{'.repeat(n) + '}'.repeat(n)],
  ['open braces', (n) => '{'.repeat(n)],
  ['templates', (n) => '`${'.repeat(n) + '}`'.repeat(n)],
  ['a sum', (n) => 'const a = ' + Array(n).fill('b').join(' + ')],
  ['powers', (n) => 'const a = ' + Array(n).fill('b').join(' ** ')],
  ['assignments', (n) => Array(n).fill('b').join(' = ')],
  ['negations', (n) => 'const a = ' + '!'.repeat(n) + 'b'],
  ['members', (n) => 'a' + '.b'.repeat(n)],
  ['calls', (n) => 'a' + '()'.repeat(n)],
  ['conditions', (n) => 'const a = ' + 'b ? c : '.repeat(n) + 'd'],
  ['arrows', (n) => 'const a = ' + 'b => '.repeat(n) + 'c'],
  ['else if', (n) => 'if (a) b(); ' + 'else if (a) b(); '.repeat(n)],
  ['labels', (n) => 'a: '.repeat(n) + 'b'],
  ['type arguments', (n) => 'let a: ' + 'A<'.repeat(n) + 'B' + '>'.repeat(n)],
  ['comparisons', (n) => 'a' + '<a'.repeat(n)],
  ['array types', (n) => 'let a: b' + '[]'.repeat(n)],
  ['open arrow functions', (n) => '(a, '.repeat(n)],
  ['awaits', (n) => 'async function f() { ' + 'await '.repeat(n) + 'b }'],
  ['elements', (n) => '<a>'.repeat(n)],
];

describe('source that nests without end', () => {
  for (const [name, source] of REPEATED) {
    test(name, () => {
      for (const n of [200, 1000, 10_000]) {
        const module = lowerTypeScript('a.tsx', source(n));
        printModule(module);
        const lowered = JSON.stringify(module.body);
        expect(module.syntaxProblems.length > 0 || lowered.length > n).toBe(true);
      }
      expect(printModule(lowerTypeScript('a.ts', 'const f = (a) => (b);'))).toContain('arrow f(a)');
    }, 20_000);
  }

  test('brackets beyond what is read are said', () => {
    const { body, syntaxProblems } = lowerTypeScript('a.ts', REPEATED[0]![1](10_000));
    expect(body).toEqual([]);
    expect(syntaxProblems[0]?.message).toBe('brackets nest more than 250 deep: the file is not read');
  });

  test('a long sum stays a sum of what is read and one unknown', () => {
    const print = printModule(lowerTypeScript('a.ts', REPEATED[6]![1](10_000)));
    expect(print).toContain('unknown(the source is nested too deeply here)');
    expect(print.endsWith('+ b)')).toBe(true);
  });
});

/** The source with pieces cut out, doubled or put elsewhere, and odd characters put in. */
const mangled = fc
  .array(
    fc.record({
      at: fc.nat(SOURCE.length),
      length: fc.nat(30),
      put: fc.oneof(
        fc.constantFrom(
          '{',
          '}',
          '(',
          ')',
          '[',
          ']',
          '`',
          '"',
          "'",
          '/*',
          '*/',
          '//',
          '.',
          '${',
          '<',
          '=>',
          '\n',
          '\r\n',
          '\\',
          '/',
          '@',
          '#',
          '\u2028',
          'class ',
          'enum ',
        ),
        fc.string(),
      ),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((changes) => changes.reduce((text, { at, length, put }) => text.slice(0, at) + put + text.slice(at + length), SOURCE));

test('mangled source never throws, and every span lies in the text', () => {
  fc.assert(
    fc.property(mangled, fc.constantFrom('a.ts', 'a.tsx', 'a.js'), (text, path) => {
      const module = lowerTypeScript(path, text);
      const lines = text.split(/\r\n|\r|\n/);
      JSON.stringify(module, (_, value) => {
        if (value && typeof value === 'object' && 'endColumn' in value) {
          expect(value.line).toBeGreaterThanOrEqual(1);
          expect(value.endLine).toBeLessThanOrEqual(lines.length);
          expect(value.endLine * 1e6 + value.endColumn).toBeGreaterThanOrEqual(value.line * 1e6 + value.column);
          expect(value.endColumn).toBeLessThanOrEqual((lines[value.endLine - 1] ?? '').length + 2);
        }
        return value;
      });
      printModule(module);
    }),
    { numRuns: 300 },
  );
});

test('every truncation is read', () => {
  for (let end = 0; end <= SOURCE.length; end++) {
    const print = printModule(lowerTypeScript('a.ts', SOURCE.slice(0, end)));
    if (end > SOURCE.indexOf('call(inputs')) expect(print).toContain('super(rest)');
  }
});

test('the edits of a repair lead from the text to the mended text and back', () => {
  fc.assert(
    fc.property(mangled, (text) => {
      const { text: repaired, edits } = mend(scanOf(text), true);
      expect(applyEdits(text, edits)).toBe(repaired);
      for (let at = 0; at <= repaired.length; at += 7) {
        const back = originalOffset(edits, at);
        expect(back).toBeGreaterThanOrEqual(0);
        expect(back).toBeLessThanOrEqual(text.length);
      }
    }),
    { numRuns: 300 },
  );
});

test('tokens cover the text in order, without overlap', () => {
  fc.assert(
    fc.property(mangled, (text) => {
      let end = 0;
      for (const token of tokensOf(text)) {
        expect(token.start).toBeGreaterThanOrEqual(end);
        expect(token.end).toBeGreaterThan(token.start);
        expect(
          text
            .slice(end, token.start)
            .replace(/\ufeff/g, '')
            .trim(),
        ).toBe('');
        end = token.end;
      }
    }),
    { numRuns: 300 },
  );
});
