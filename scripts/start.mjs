// Builds the extension, installs it in a VS Code and opens that on the gallery: `npm start`, or `npm start -- --desktop`.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageExtension } from './workbench/extension.mjs';
import { temporary } from './workbench/folders.mjs';
import { galleryCopy } from './workbench/gallery.mjs';
import { serveInstalled } from './workbench/installed.mjs';
import { atEnd, run } from './workbench/processes.mjs';

const { values } = parseArgs({ options: { desktop: { type: 'boolean', default: false }, port: { type: 'string', default: '0' } } });

/** The command that opens an address here, where somebody can see it. */
function opener() {
  if (process.platform === 'darwin') return ['open'];
  if (process.platform === 'win32') return ['cmd', '/c', 'start', ''];
  return process.env.DISPLAY || process.env.WAYLAND_DISPLAY ? ['xdg-open'] : undefined;
}

function open(address) {
  const [program, ...args] = opener() ?? [];
  if (!program) return;
  const child = spawn(program, [...args, address], { stdio: 'ignore', detached: true });
  child.once('error', () => {});
  child.unref();
}

/** The command line of an installed VS Code. */
async function desktopCommand() {
  const named = process.env.VSCODE_EXECUTABLE;
  if (named) return (await import('@vscode/test-electron')).resolveCliPathFromVSCodeExecutablePath(named);
  if (spawnSync('code', ['--version'], { stdio: 'ignore', shell: process.platform === 'win32' }).status === 0) return 'code';
  throw new Error('no installed VS Code found: put `code` on the PATH, or name its program with VSCODE_EXECUTABLE');
}

/** The window is a process of its own, which says in this file who it is. */
function closeWindow(data) {
  const lock = join(data, 'code.lock');
  if (existsSync(lock)) process.kill(Number(readFileSync(lock, 'utf8')));
}

/** Folders of its own: what the user has in VS Code is left alone. */
async function startDesktop() {
  const command = await desktopCommand();
  const vsix = await packageExtension(temporary('package'));
  const base = temporary('desktop');
  const data = join(base, 'data');
  const own = ['--user-data-dir', data, '--extensions-dir', join(base, 'extensions')];
  const call = (...args) => run(command, [...own, ...args], { shell: process.platform === 'win32' });
  await call('--install-extension', vsix);
  atEnd(() => closeWindow(data));
  console.log('VS Code is open on a copy of the gallery; close its window, or press Ctrl+C here, to end.');
  await call('--disable-workspace-trust', '--new-window', '--wait', galleryCopy());
}

async function startEmbedded() {
  const { server, address } = await serveInstalled({ port: Number(values.port) });
  console.log(`\n  ${address}\n\nThe gallery is a copy: edit it freely. Ctrl+C ends everything.`);
  open(address);
  server.child.once('close', () => process.exit(1));
}

console.log('building and starting VS Code…');
(values.desktop ? startDesktop() : startEmbedded()).catch((error) => {
  console.error(error.message);
  process.exit(1);
});
