import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lowerTypeScript } from '../../src/frontend/typescript/index';

const GALLERY = 'media/gallery/typescript';
const TEXTS = readdirSync(GALLERY)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(`${GALLERY}/${name}`, 'utf8'));

/** What people type, paste and take away. */
const PIECES = [
  'x',
  '.',
  '(',
  ')',
  '{',
  '}',
  '`',
  "'",
  '/*',
  '*/',
  '//',
  '\n',
  '\n\n',
  ' = ',
  ';',
  'class A {\n',
  'const q = x.matMul(k',
  '@d\n',
  'export ',
  'await y',
];

interface Edit {
  readonly at: number;
  readonly drop: number;
  readonly insert: string;
}

const edits: fc.Arbitrary<readonly Edit[]> = fc.array(
  fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), drop: fc.constantFrom(0, 0, 1, 1, 2, 40, 400), insert: fc.constantFrom('', ...PIECES) }),
  { minLength: 1, maxLength: 8 },
);

let fresh = 0;
/** Lowered under a path that nothing was lowered under before. */
function afresh(text: string, path: string): string {
  const other = `fresh${++fresh}.ts`;
  return JSON.stringify(lowerTypeScript(other, text)).replaceAll(other, path);
}

test('a text typed into lowers to what it lowers to when it is opened', () => {
  fc.assert(
    fc.property(fc.constantFrom(...TEXTS), edits, (start, typed) => {
      let text = start;
      lowerTypeScript('typed.ts', text);
      for (const { at, drop, insert } of typed) {
        const place = Math.floor(at * text.length);
        text = text.slice(0, place) + insert + text.slice(place + drop);
        expect(JSON.stringify(lowerTypeScript('typed.ts', text))).toBe(afresh(text, 'typed.ts'));
      }
    }),
    { numRuns: 60 },
  );
});

test('statements that stand where they stood are lowered once', () => {
  const [text = ''] = TEXTS;
  const before = lowerTypeScript('same.ts', text).body;
  const after = lowerTypeScript('same.ts', `${text}\nconst more = 1;\n`).body;
  expect(after.length).toBe(before.length + 1);
  // What stands before the last statement: behind that one there is something new.
  expect(before.length).toBeGreaterThan(2);
  expect(after.slice(0, 2).map((statement, at) => statement === before[at])).toEqual([true, true]);
});
