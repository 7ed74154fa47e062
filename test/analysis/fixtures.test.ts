/** `UPDATE=1` rewrites the fixtures, for review. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { regenerate } from './carets';

const FOLDERS = ['typescript', 'python'].map((language) => path.join(import.meta.dirname, '../fixtures', language));
const FILES = FOLDERS.flatMap((folder) => readdirSync(folder).map((name) => path.join(folder, name))).filter((file) => /\.(?:[cm]?[jt]sx?|py)$/.test(file));

describe('caret fixtures', () => {
  it('are many', () => expect(FILES.length).toBeGreaterThanOrEqual(70));

  it.each(FILES.map((file) => [path.basename(file), file] as const))('%s', async (name, file) => {
    const expected = readFileSync(file, 'utf8');
    const shown = await regenerate(expected, name);
    if (process.env.UPDATE) writeFileSync(file, shown);
    else expect(shown).toBe(expected);
  });
});
