// The gallery in both languages as a workspace to write in: a copy, inside the repository so that its imports are found.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, temporaryInside } from './folders.mjs';

/** The gallery's own folder. */
export const GALLERY = join(ROOT, 'media', 'gallery');

/** A copy of it, gone when the run ends. */
export function galleryCopy() {
  const folder = join(temporaryInside('gallery'), 'gallery');
  cpSync(GALLERY, folder, { recursive: true });
  return folder;
}
