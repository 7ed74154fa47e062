// One VS Code server with data of its own, gone when it is stopped.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { editorProgram } from './editor.mjs';
import { temporary } from './folders.mjs';
import { run, startGroup } from './processes.mjs';

const START_MS = 60_000;

/** A quiet workbench: nothing that asks, fetches or pops up. */
const SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.enableExperiments': false,
  'workbench.tips.enabled': false,
  'git.enabled': false,
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'security.workspace.trust.enabled': false,
  'typescript.disableAutomaticTypeAcquisition': true,
  'files.autoSave': 'off',
};

const folderFlags = ({ data, extensions }) => ['--server-data-dir', data, '--user-data-dir', data, '--extensions-dir', extensions];

/** Waits until the server says where it listens. */
function portOf(child) {
  return new Promise((resolve, reject) => {
    let said = '';
    const fail = (why) => reject(new Error(`the VS Code server ${why}\n${said.slice(-4000)}`));
    const timer = setTimeout(() => fail('did not start in time'), START_MS);
    const listen = (chunk) => {
      said += chunk;
      const port = /Web UI available at \S+:(\d+)/.exec(said)?.[1];
      if (!port) return;
      clearTimeout(timer);
      resolve(Number(port));
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('close', (code) => fail(`ended with ${code}`));
  });
}

/** The address that opens a folder: `open` a file in it; `payload` are further pairs for the workbench. */
const addressOf = (host, { folder, open, payload = [] }) => {
  const remote = (path) => `vscode-remote://${host}${path}`;
  const pairs = [['skipWelcome', 'true'], ['skipReleaseNotes', 'true'], ...(open ? [['openFile', remote(open)]] : [])];
  for (const [name, value] of payload) pairs.push([name, value.startsWith('/') ? remote(value) : value]);
  const where = folder.endsWith('.code-workspace') ? 'workspace' : 'folder';
  return `http://${host}/?${where}=${encodeURIComponent(folder)}&payload=${encodeURIComponent(JSON.stringify(pairs))}`;
};

/** Starts a server; `vsix` is installed first, `settings` are added to the quiet ones, `env` reaches the extensions. */
export async function startServer({ vsix, settings = {}, env = {}, port = 0 } = {}) {
  const program = await editorProgram();
  const base = temporary('vscode');
  const folders = { data: join(base, 'data'), extensions: join(base, 'extensions'), home: join(base, 'home') };
  for (const folder of [join(folders.data, 'User'), folders.extensions, folders.home]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(folders.data, 'User', 'settings.json'), JSON.stringify({ ...SETTINGS, ...settings }));
  const options = { env: { ...process.env, HOME: folders.home, ...env } };
  if (vsix) await run(process.execPath, [program, ...folderFlags(folders), '--install-extension', vsix], options);
  const flags = [
    '--without-connection-token',
    '--accept-server-license-terms',
    '--disable-telemetry',
    '--disable-workspace-trust',
    '--enable-smoke-test-driver',
  ];
  const { child, end } = startGroup(process.execPath, [program, '--host', '127.0.0.1', '--port', String(port), ...flags, ...folderFlags(folders)], options);
  const host = `127.0.0.1:${await portOf(child)}`;
  return { host, child, folders, stop: end, address: (what) => addressOf(host, what) };
}
