/** Loading and activating the extension's bundle with a stand-in for the editor. */
import { execFileSync } from 'node:child_process';
import { line, spread } from './statistics';

const TIMES = 15;

/** Anything that is asked of the editor is there, and does nothing. */
const SCRIPT = `
const Module = require('node:module');
const disposable = { dispose() {} };
const any = () => new Proxy(function () {}, {
  get: (_, name) => name === Symbol.toPrimitive ? () => '' : name === 'then' ? undefined : name === Symbol.iterator ? function* () {} : name === 'length' ? 0 : any(),
  set: () => true,
  apply: () => any(),
  construct: () => any(),
});
const load = Module._load;
Module._load = (name, ...rest) => (name === 'vscode' ? any() : load(name, ...rest));
const start = performance.now();
const extension = require('./dist/extension.js');
Promise.resolve(extension.activate({ subscriptions: [], extensionUri: any(), extensionPath: process.cwd(), workspaceState: { get: (_, other) => other, update() {} }, globalState: { get: (_, other) => other, update() {} }, asAbsolutePath: (path) => path, extension: any(), extensionMode: 1 })).then(() => {
  console.log(performance.now() - start);
  process.exit(0);
}, (error) => {
  console.error(error);
  process.exit(1);
});
`;

export async function measure(): Promise<string[]> {
  const times = Array.from({ length: TIMES + 1 }, () => Number(execFileSync('node', ['-e', SCRIPT], { encoding: 'utf8' }).trim().split('\n').at(-1))).slice(1);
  return [line('activation with the bundle’s loading, ms', `${spread(times)}, of ${TIMES}`, '≤ 50')];
}
