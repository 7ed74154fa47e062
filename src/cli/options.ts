/** The command line's options, parsed and checked. */
import { parseArgs } from 'node:util';
import type { AttentionPath, Precision } from '../analysis/types';
import { isSize, LARGEST_SIZE } from '../graph/bind';
import type { Bindings } from '../interpret/index';
import { argumentsOf, inputsOf } from './bindings';
import { Failure } from './failure';

export type Command = 'check' | 'trace' | 'cost' | 'run' | 'compare';

export interface Options {
  readonly command: Command;
  readonly paths: readonly string[];
  readonly json: boolean;
  readonly format: 'text' | 'json' | 'sarif' | 'markdown' | 'svg';
  readonly failOn: 'error' | 'warning' | 'none';
  readonly stdin: boolean;
  readonly stdinFilename: string | undefined;
  readonly className: string | undefined;
  readonly expression: string | undefined;
  readonly bindings: Bindings;
  /** Whether sizes are bound: rows then have numbers. */
  readonly bound: boolean;
  readonly root: string | undefined;
  readonly set: { readonly [symbol: string]: number };
  readonly weights: string | undefined;
  readonly tensors: string | undefined;
  readonly out: string | undefined;
  readonly seed: number;
  readonly backend: 'cpu' | 'wasm';
  /** As they were written: `cost` and `compare` read them. */
  readonly pricing: PricingOptions;
}

export interface PricingOptions {
  readonly set: string;
  readonly sweep: string | undefined;
  readonly figures: readonly string[];
  readonly limit: string | undefined;
  readonly fits: string | undefined;
  readonly precision: Precision;
  readonly attention: AttentionPath;
}

const FLAGS = {
  json: { type: 'boolean' },
  format: { type: 'string' },
  'fail-on': { type: 'string' },
  stdin: { type: 'boolean' },
  'stdin-filename': { type: 'string' },
  class: { type: 'string' },
  args: { type: 'string' },
  new: { type: 'string' },
  inputs: { type: 'string' },
  eval: { type: 'boolean' },
  train: { type: 'boolean' },
  root: { type: 'string' },
  sizes: { type: 'string' },
  weights: { type: 'string' },
  tensors: { type: 'string' },
  out: { type: 'string' },
  seed: { type: 'string' },
  backend: { type: 'string' },
  sweep: { type: 'string' },
  set: { type: 'string' },
  figure: { type: 'string', multiple: true },
  limit: { type: 'string' },
  fits: { type: 'string' },
  dtype: { type: 'string' },
  attention: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

const COMMANDS: readonly string[] = ['check', 'trace', 'cost', 'run', 'compare'];
const COMMANDS_TEXT = 'check, trace, cost, run or compare';

/** In what `check` and `compare` answer. */
const FORMATS = { check: ['text', 'json', 'sarif'], compare: ['text', 'markdown', 'json', 'svg'] } as const;
const PRECISIONS: readonly Precision[] = ['float32', 'float16', 'bfloat16', 'autocast-float16', 'autocast-bfloat16'];
const PATHS: readonly AttentionPath[] = ['written', 'fused', 'stepwise'];

export const USAGE = `attention-shapes: shapes, mistakes and costs of attention modules, read from their source

  attention-shapes check PATH…    what is wrong, in files and folders
  attention-shapes trace FILE     every tensor's shape
  attention-shapes cost FILE      parameters, multiply-accumulates, attention maps, memory
  attention-shapes run FILE       runs the block on real tensors on this machine
  attention-shapes compare FILE:CLASS…
                                  memory and multiply-accumulates of blocks along a size; FILE alone takes its attention
                                  modules, FILE:CLASS[heads=4,attention=fused] a block that is changed

  --json                    one JSON document on stdout
  --class NAME              the class or function to look at
  --args JSON               its arguments by name: '{"dim":64}'
  --new EXPR                instead: the expression that makes it, in the file's own language:
                            'SelfAttention(64, heads=8)', 'new SelfAttention({units: 64})'
  --inputs JSON             inputs by name: '{"x":[2,10,64]}', '{"ids":{"shape":[2,7],"dtype":"int64"}}',
                            '{"xs":{"tensors":[[2,3],[2,5]]}}', '{"mask":{"value":null}}'
  --sizes JSON              numbers for symbols: '{"b":2,"n":10}' (cost, run)
  --eval, --train           mode of dropout and the like (--eval)
  --root DIR                where the user's own imports resolve from
check:
  --format text|json|sarif  --fail-on error|warning|none  --stdin --stdin-filename NAME
run:
  --weights FILE.safetensors  --tensors FILE.safetensors  --out FILE.safetensors  --seed N  --backend cpu|wasm
cost, compare:
  --set SIZES               sizes and arguments, of all blocks that have them: b=1,c=512 or '{"b":1,"c":512}';
                            dtype and attention may stand among them
  --dtype NAME              float32, float16, bfloat16, autocast-float16, autocast-bfloat16
  --attention NAME          written, fused, stepwise
cost:
  --fits MEMORY             the largest batch, and resolution or length, that fits: 24GiB
compare:
  --sweep SIZES             'h=w=16..256' (the default), 'n=64..4096', 'h=w=16,32,64', 'n=64..4096 x2'
  --figure NAME,…           peakInference, peakTraining, saved, map, macs, parameters (peakInference,macs)
  --limit MEMORY            a GPU's memory: 24GiB
  --format text|markdown|json|svg  --out FILE.svg

exit: 0 fine, 1 an error was found (run: a prediction and what ran disagree), 2 it could not run
`;

/** Parses the arguments after the program's name; undefined where help or the version is asked for. */
export function parseOptions(argv: readonly string[]): Options | 'help' | 'version' {
  const { values, positionals } = parsed(argv);
  if (values.help || positionals[0] === 'help') return 'help';
  if (values.version) return 'version';
  const [command, ...paths] = positionals;
  if (command === undefined || !COMMANDS.includes(command))
    throw new Failure('usage', command === undefined ? `a command is missing: ${COMMANDS_TEXT}` : `no command '${command}': ${COMMANDS_TEXT}`);
  checkFlags(command as Command, values);
  if (values.class !== undefined && values.new !== undefined) throw new Failure('usage', '--class and --new exclude each other');
  if (values.args !== undefined && values.new !== undefined) throw new Failure('usage', '--args and --new exclude each other');
  if (values.eval && values.train) throw new Failure('usage', '--eval and --train exclude each other');
  const stdin = values.stdin === true;
  if (!stdin && paths.length === 0) throw new Failure('usage', `${command} needs a path`);
  if (command !== 'check' && command !== 'compare' && paths.length > 1) throw new Failure('usage', `${command} takes one file`);
  const args = values.args === undefined ? undefined : argumentsOf(json('--args', values.args));
  const inputs = values.inputs === undefined ? undefined : inputsOf(json('--inputs', values.inputs));
  return {
    command: command as Command,
    paths,
    stdin,
    stdinFilename: values['stdin-filename'],
    json: values.json === true || values.format === 'json',
    format: oneOf('--format', values.format, FORMATS[command === 'compare' ? 'compare' : 'check'], values.json ? 'json' : 'text'),
    failOn: oneOf('--fail-on', values['fail-on'], ['error', 'warning', 'none'], 'error'),
    className: values.class,
    expression: values.new,
    bindings: { training: values.train === true, ...(args ? { args } : {}), ...(inputs ? { inputs } : {}) },
    bound: inputs !== undefined || args !== undefined || values.new !== undefined,
    root: values.root,
    set: sizesOf('--sizes', values.sizes),
    weights: values.weights,
    tensors: values.tensors,
    out: values.out,
    seed: whole('--seed', values.seed ?? '0'),
    backend: oneOf('--backend', values.backend, ['cpu', 'wasm'], 'cpu'),
    pricing: {
      set: values.set ?? '',
      sweep: values.sweep,
      figures: values.figure ?? [],
      limit: values.limit,
      fits: values.fits,
      precision: oneOf('--dtype', values.dtype, PRECISIONS, 'float32'),
      attention: oneOf('--attention', values.attention, PATHS, 'written'),
    },
  };
}

/** Options that only these commands have. */
const ONLY: { readonly [flag: string]: readonly Command[] } = {
  set: ['cost', 'compare'],
  dtype: ['cost', 'compare'],
  attention: ['cost', 'compare'],
  sizes: ['cost', 'run'],
  fits: ['cost'],
  sweep: ['compare'],
  figure: ['compare'],
  limit: ['compare'],
};

/** What to take instead. */
const INSTEAD: { readonly [given: string]: string } = { 'compare fits': '--limit', 'cost limit': '--fits', 'compare sizes': '--set' };

/** An option that the command does not have would say nothing. */
function checkFlags(command: Command, values: { readonly [flag: string]: unknown }): void {
  for (const [flag, commands] of Object.entries(ONLY)) {
    if (values[flag] === undefined || commands.includes(command)) continue;
    const instead = INSTEAD[`${command} ${flag}`];
    throw new Failure('usage', instead ? `${command} takes ${instead}, not --${flag}` : `${command} takes no --${flag}: it is for ${commands.join(' and ')}`);
  }
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: FLAGS, allowPositionals: true });
  } catch (error) {
    throw new Failure('usage', error instanceof Error ? error.message : String(error));
  }
}

const MOST_NESTED = 100;

const nestsBeyond = (value: unknown, depth: number): boolean =>
  typeof value === 'object' && value !== null && (depth === 0 || Object.values(value).some((item) => nestsBeyond(item, depth - 1)));

function json(flag: string, text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Failure('bad-argument', `${flag} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (nestsBeyond(value, MOST_NESTED)) throw new Failure('bad-argument', `${flag} nests more than ${MOST_NESTED} deep`);
  return value;
}

function oneOf<T extends string>(flag: string, value: string | undefined, among: readonly T[], fallback: T): T {
  if (value === undefined) return fallback;
  const found = among.find((one) => one === value);
  if (!found) throw new Failure('usage', `${flag} is one of ${among.join(', ')}`);
  return found;
}

function whole(flag: string, value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new Failure('usage', `${flag} takes a whole number`);
  return number;
}

function sizesOf(flag: string, text: string | undefined): { readonly [symbol: string]: number } {
  if (text === undefined) return {};
  const value = json(flag, text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Failure('bad-argument', `${flag} is an object of numbers`);
  for (const [name, size] of Object.entries(value))
    if (typeof size !== 'number' || !isSize(size)) throw new Failure('bad-argument', `${flag}: ${name} is a whole number from 0 to ${LARGEST_SIZE}`);
  return value as { readonly [symbol: string]: number };
}
