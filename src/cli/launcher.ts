/** Starts the program from what was compiled when it was built: where this Node does not take that, it compiles the source as ever. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';

const PROGRAM = join(__dirname, 'program.js');
const COMPILED = join(__dirname, 'program.compiled');

function read(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

const wanted = process.env.ATTENTION_SHAPES_COMPILE === '1';
const cachedData = wanted ? undefined : read(COMPILED);
const script = new Script(Module.wrap(readFileSync(PROGRAM, 'utf8')), { filename: PROGRAM, ...(cachedData ? { cachedData } : {}) });
// What ran by then is compiled too.
if (wanted) process.on('exit', () => writeFileSync(COMPILED, script.createCachedData()));
script.runInThisContext()(module.exports, createRequire(PROGRAM), module, PROGRAM, dirname(PROGRAM));
