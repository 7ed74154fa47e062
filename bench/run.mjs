// The figures of this machine, in one run: ratios and medians. `npm run bench`, or `npm run bench -- NAME…`.
import { mkdir } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const ROOT = new URL('..', import.meta.url);
const MEASURES = ['keystroke', 'commandLine', 'activation', 'host', 'sizes', 'execution', 'webgl'];

/** A measure that reads the source is bundled first. */
async function load(name) {
  const folder = new URL('.cache/bench/', ROOT);
  await mkdir(folder, { recursive: true });
  const outfile = new URL(`${name}.mjs`, folder);
  const options = { bundle: true, platform: 'node', format: 'esm', packages: 'external', logLevel: 'warning' };
  await build({ ...options, entryPoints: [new URL(`${name}.ts`, import.meta.url).pathname], outfile: outfile.pathname });
  return import(pathToFileURL(outfile.pathname).href);
}

const wanted = process.argv.slice(2);
process.chdir(ROOT.pathname);
for (const name of wanted.length > 0 ? wanted : MEASURES) {
  const { measure } = await load(name);
  try {
    for (const line of await measure()) console.log(line);
  } catch (error) {
    console.log(`${name}: not measured, ${error.message.split('\n')[0]}`);
    process.exitCode = 1;
  }
}
