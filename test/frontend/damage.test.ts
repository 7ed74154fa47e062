import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { lowerTypeScript } from '../../src/frontend/typescript/index';
import { printStatements } from '../../src/program/print';

/** The share of the cases that may cost more than one method. */
const SELDOM = 0.02;
const GALLERY = 'media/gallery/typescript';

/** What each function and method of a source lowers to. */
function bodies(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const statement of lowerTypeScript('a.ts', text).body) {
    if (statement.kind === 'functionDefinition') found.set(statement.definition.name, printStatements(statement.definition.body).join('\n'));
    if (statement.kind !== 'classDefinition') continue;
    for (const method of statement.definition.methods) found.set(`${statement.definition.name}.${method.name}`, printStatements(method.body).join('\n'));
  }
  return found;
}

/** Places of marks that hold the source together, outside of comments: every `step`th. */
function marks(text: string, step: number): number[] {
  const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, (comment) => ' '.repeat(comment.length));
  return [...code.matchAll(/[()[\]{}`']/g)].map(({ index }) => index).filter((_, at) => at % step === 0);
}

test('a mark taken out of real modules costs the method that it stood in, seldom more', () => {
  let cases = 0;
  let more = 0;
  for (const name of readdirSync(GALLERY).filter((file) => file.endsWith('.ts'))) {
    const text = readFileSync(`${GALLERY}/${name}`, 'utf8');
    const whole = bodies(text);
    for (const at of marks(text, 7)) {
      const damaged = bodies(text.slice(0, at) + text.slice(at + 1));
      const lost = [...whole].filter(([key, body]) => damaged.get(key) !== body).length;
      cases++;
      if (lost > 1) more++;
    }
  }
  expect(cases).toBeGreaterThan(100);
  expect(more / cases).toBeLessThan(SELDOM);
});
