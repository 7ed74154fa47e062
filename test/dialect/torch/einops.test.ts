/** einops' functions and layers give the shapes that einops gave, and are wrong where it raised. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { einopsLibrary } from '../../../src/dialect/torch/einops/index';
import { type Arguments, list, type Value } from '../../../src/value/index';
import { call, sizesOf, type TestHost, tensor, testHost, value } from '../tfjs/host';

interface Recorded {
  readonly call: string;
  readonly shapes: number[][];
  readonly pattern: string;
  readonly axes?: Readonly<Record<string, number>>;
  readonly packed?: number[][];
  readonly weight?: string;
  readonly bias?: string | null;
  readonly gives: unknown;
}

const recorded = JSON.parse(readFileSync(new URL('./einops.json', import.meta.url), 'utf8')) as Recorded[];

/** The function or class of that name. */
function named(name: string, host: TestHost): Value {
  const library = einopsLibrary(/^[A-Z]/.test(name) ? 'einops.layers.torch' : 'einops');
  const found = library?.get(name, host);
  if (!found) throw new Error(`no ${name}`);
  return found;
}

const withNames = (api: string, positional: readonly Value[], axes: Readonly<Record<string, unknown>> = {}): Arguments => ({
  ...call(api, positional),
  named: new Map(Object.entries(axes).map(([name, item]) => [name, value(item)])),
});

const forward = (layer: Value, x: Value, host: TestHost): Value => host.call(host.member(layer, 'forward'), call('', [x]));

function run({ call: what, shapes, pattern, axes, packed, weight, bias }: Recorded, host: TestHost): Value {
  const [name = '', reduction] = what.split(':');
  const tensors = shapes.map((shape) => tensor(shape));
  const [x, ...others] = tensors;
  const one: Value = x === undefined || (others.length > 0 && name !== 'einsum') || name === 'pack' ? list(tensors) : x;
  const callee = named(name, host);
  if (name === 'EinMix') return forward(host.call(callee, withNames(name, [], { pattern, weight_shape: weight, bias_shape: bias, ...axes })), one, host);
  const settings = [value(pattern), ...(reduction === undefined ? [] : [value(reduction)])];
  if (/^[A-Z]/.test(name)) return forward(host.call(callee, withNames(name, settings, axes)), one, host);
  if (name === 'einsum') return host.call(callee, call(name, [...tensors, value(pattern)]));
  if (name === 'unpack') return host.call(callee, call(name, [one, value(packed), value(pattern)]));
  return host.call(callee, withNames(name, [one, ...settings], axes));
}

/** Sizes of tensors and sizes as numbers, nested as they are. */
function shapesOf(given: Value): unknown {
  if (given.kind === 'number') return given.real.kind === 'number' ? given.real.value : '?';
  if (given.kind === 'list') return given.items.map(shapesOf);
  if (given.kind === 'dict') return Object.fromEntries([...given.entries].map(([key, item]) => [key, shapesOf(item)]));
  return sizesOf(given);
}

it.each(recorded.map((given) => [JSON.stringify(given), given] as const))('%s', (_, given) => {
  const host = testHost('torch');
  const shape = shapesOf(run(given, host));
  const problems = host.problems.map(({ code, args }) => `${code} ${JSON.stringify(args)}`);
  const failed = typeof given.gives === 'object' && given.gives !== null && 'error' in given.gives;
  if (failed) expect({ problems, shape }).toSatisfy(() => problems.length > 0);
  else expect({ problems, shape }).toEqual({ problems: [], shape: given.gives });
});
