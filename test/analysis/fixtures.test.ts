/** `UPDATE=1` rewrites the fixtures, for review. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { regenerate } from './carets';

const FOLDER = path.join(import.meta.dirname, '../fixtures/typescript');
const NAMES = readdirSync(FOLDER).filter((name) => /\.[cm]?[jt]sx?$/.test(name));

describe('caret fixtures', () => {
  it('are many', () => expect(NAMES.length).toBeGreaterThanOrEqual(25));

  it.each(NAMES)('%s', async (name) => {
    const file = path.join(FOLDER, name);
    const expected = readFileSync(file, 'utf8');
    const shown = await regenerate(expected, name);
    if (process.env.UPDATE) writeFileSync(file, shown);
    else expect(shown).toBe(expected);
  });
});
