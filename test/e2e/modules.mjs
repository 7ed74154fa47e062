// What the suite is about, told by the files and by the built command line, not by hand.
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { ROOT } from '../../scripts/workbench/folders.mjs';
import { run } from '../../scripts/workbench/processes.mjs';

const CLI = join(ROOT, 'dist', 'cli.js');

/** Each file of a mechanism names its paper; the others help or show slips. */
const PAPER = /^(?: \* )?https:\/\/arxiv\.org\//m;
/** What a file offers: in TypeScript its exports, in Python what stands at its top without a leading underscore. */
const OFFERED = { '.ts': /^export /, '.py': /^(?:class|def) [^_]/ };

const linesOf = (path) => readFileSync(path, 'utf8').split('\n');

async function ask(...args) {
  return JSON.parse(await run(process.execPath, [CLI, ...args, '--json']));
}

/** A tensor of the module's own code to point at: the last that is assigned with a known shape. */
function rowOf({ name, file, values }) {
  const own = values.filter((row) => row.file === file && row.name !== 'return' && row.function.split('.')[0] === name);
  return own.filter(({ shape, kind }) => shape?.length > 0 && !kind && !shape.includes('?')).at(-1);
}

async function modulesOf(folder, file) {
  const path = join(folder, file);
  const lines = linesOf(path);
  const { modules } = await ask('trace', path, '--root', folder);
  const costs = new Map((await ask('cost', path, '--root', folder)).modules.map((cost) => [cost.name, cost]));
  const exported = modules.filter((module) => module.file === file && OFFERED[extname(file)].test(lines[module.line - 1]));
  return exported.map((module) => {
    const { name, line } = module;
    return { name, file, line, head: lines[line - 1], row: rowOf(module), attention: costs.get(name).attentionMaps.length > 0 };
  });
}

/** The modules that are offered by every mechanism in a folder; `attention` where the command line finds attention maps. */
export async function modulesIn(folder) {
  const files = readdirSync(folder).filter((file) => extname(file) in OFFERED && PAPER.test(readFileSync(join(folder, file), 'utf8')));
  return (await Promise.all(files.sort().map((file) => modulesOf(folder, file)))).flat();
}

/** The errors and warnings of a file. */
export async function findingsIn(folder, file) {
  const { files } = await ask('check', join(folder, file), '--fail-on', 'none');
  const diagnostics = files.flatMap((one) => one.diagnostics);
  return diagnostics.filter(({ severity }) => severity === 'error' || severity === 'warning');
}

/** Where a text stands in a file, from 1. */
export function placeOf(folder, file, text) {
  const lines = linesOf(join(folder, file));
  const line = lines.findIndex((one) => one.includes(text));
  if (line < 0) throw new Error(`no ${text} in ${file}`);
  return { line: line + 1, column: lines[line].indexOf(text) + 1 };
}
