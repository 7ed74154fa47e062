#!/usr/bin/env node
/** Runs the recorder from source: `node test/recorder/record.mjs FILE --new EXPR --inputs JSON`. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
// Beside the repository's own modules, so that the bundle finds typescript and tfjs.
const target = join(here, `../../.cache/recorder-${process.pid}.mjs`);
const result = await build({
  entryPoints: [join(here, 'commandLine.ts')],
  bundle: true,
  write: false,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  logLevel: 'error',
});
mkdirSync(dirname(target), { recursive: true });
writeFileSync(target, result.outputFiles[0].text);
process.on('exit', () => rmSync(target, { force: true }));
await import(pathToFileURL(target).href);
