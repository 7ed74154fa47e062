#!/usr/bin/env node
/** Runs report.ts from source. */
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const folder = join(here, '../../.cache');
const outfile = join(folder, `mutations-${process.pid}.mjs`);
mkdirSync(folder, { recursive: true });
process.on('exit', () => rmSync(outfile, { force: true }));
await build({
  entryPoints: [join(here, 'report.ts')],
  bundle: true,
  outfile,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  logLevel: 'error',
  // The corpus is found from where its list stands.
  define: { 'import.meta.dirname': JSON.stringify(here) },
});
await import(pathToFileURL(outfile).href);
