// The extension as a package, the way users get it.
import { join } from 'node:path';
import { ROOT } from './folders.mjs';
import { run } from './processes.mjs';

/** Builds and packages it; the path of the VSIX. */
export async function packageExtension(folder) {
  const file = join(folder, 'attention-shapes.vsix');
  const program = join(ROOT, 'node_modules', '@vscode', 'vsce', 'vsce');
  await run(process.execPath, [program, 'package', '--no-dependencies', '--allow-missing-repository', '--out', file], { cwd: ROOT });
  return file;
}
