// Where things stand: the repository, what is kept between runs in `.cache/` (git-ignored), and folders of one run.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atEnd } from './processes.mjs';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A path in the folder that outlives runs. */
export const cached = (...parts) => join(ROOT, '.cache', ...parts);

function fresh(parent, name) {
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, `${name}-`));
  atEnd(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** A folder of this run alone, gone when the run ends. */
export const temporary = (name) => fresh(tmpdir(), `attention-shapes-${name}`);

/** The same inside the repository: files in it find the repository's packages. */
export const temporaryInside = (name) => fresh(cached('runs'), name);
