// Folders that are made once and kept: a folder without its stamp is made anew.
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const STAMP = '.complete';

/** The folder, made by `make(folder)` where it does not stand yet. It appears whole or not at all. */
export async function madeOnce(folder, make) {
  if (existsSync(join(folder, STAMP))) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  const draft = mkdtempSync(join(dirname(folder), `${basename(folder)}-draft-`));
  try {
    await make(draft);
    writeFileSync(join(draft, STAMP), '');
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return folder;
}
