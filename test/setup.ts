/** Drawn cases are the same in every run, so that a failure is one that anybody can see again; `SEED=7 npm run test:unit` draws others. */
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { setWasm } from '../src/frontend/python/wasm';

fc.configureGlobal({ seed: Number(process.env.SEED ?? 1) });

setWasm((name) => readFile(new URL(`../node_modules/${name.replace(/\.wasm$/, '')}/${name}`, import.meta.url)));
