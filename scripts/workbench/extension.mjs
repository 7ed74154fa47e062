// The extension as a package, the way users get it.
import { join } from 'node:path';
import { ROOT } from './folders.mjs';
import { npm } from './processes.mjs';

/** Builds and packages it; the path of the VSIX. */
export async function packageExtension(folder) {
  const file = join(folder, 'attention-shapes.vsix');
  await npm(['run', '--silent', 'package', '--', '--out', file], { cwd: ROOT });
  return file;
}
