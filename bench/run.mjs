// The figures of this machine, in one run: ratios and medians. `npm run bench`, `npm run bench -- NAME…`, or `npm run bench -- --corpus DIR`.
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const ROOT = new URL('..', import.meta.url);
const MEASURES = ['keystroke', 'cost', 'commandLine', 'activation', 'host', 'sizes', 'execution', 'webgl'];

/** A measure that reads the source is bundled first. */
async function load(name) {
  const folder = new URL('.cache/bench/', ROOT);
  await mkdir(folder, { recursive: true });
  const outfile = new URL(`${name}.mjs`, folder);
  const options = { bundle: true, platform: 'node', format: 'esm', packages: 'external', logLevel: 'warning' };
  await build({ ...options, entryPoints: [new URL(`${name}.ts`, import.meta.url).pathname], outfile: outfile.pathname });
  return import(pathToFileURL(outfile.pathname).href);
}

/** The folder of a corpus is the caller's; every other measure works in the repository. */
const [first, ...rest] = process.argv.slice(2);
const isCorpus = first === '--corpus';
const wanted = isCorpus ? ['corpus'] : process.argv.slice(2);
const args = isCorpus ? rest.map((arg) => (arg.startsWith('--') || /^\d+$/.test(arg) ? arg : resolve(arg))) : [];
process.chdir(ROOT.pathname);
for (const name of wanted.length > 0 ? wanted : MEASURES) {
  const { measure } = await load(name);
  try {
    for (const line of await measure(args)) console.log(line);
  } catch (error) {
    console.log(`${name}: not measured, ${error.message.split('\n')[0]}`);
    process.exitCode = 1;
  }
}
