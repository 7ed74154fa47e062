/** The command line's entry. */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setWasm } from '../frontend/python/wasm';
import { check } from './check';
import { compare } from './compare';
import { cost } from './cost';
import { Failure } from './failure';
import { parseOptions, USAGE } from './options';
import { run } from './run';
import { trace } from './trace';

// Beside the bundle.
setWasm((name) => readFile(path.join(__dirname, 'wasm', name)));

const COMMANDS = { check, trace, cost, run, compare };

async function main(argv: readonly string[]): Promise<number> {
  const wantsJson = argv.includes('--json') || argv.includes('--format=json');
  try {
    const options = parseOptions(argv);
    if (options === 'help') return print(USAGE);
    if (options === 'version') return print(`${version()}\n`);
    return await COMMANDS[options.command](options);
  } catch (error) {
    const failure = error instanceof Failure ? error : undefined;
    const message = error instanceof Error ? error.message : String(error);
    if (wantsJson) await print(`${JSON.stringify({ version: 1, error: { code: failure?.code ?? 'internal', message, ...failure?.detail } })}\n`);
    else process.stderr.write(`attention-shapes: ${message}\n${failure?.code === 'usage' ? 'See attention-shapes --help.\n' : ''}`);
    return 2;
  }
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function version(): string {
  const found: unknown = JSON.parse(readFileSync(path.join(__dirname, '..', 'package.json'), 'utf8'));
  return typeof found === 'object' && found !== null && 'version' in found ? String(found.version) : '0.0.0';
}

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
