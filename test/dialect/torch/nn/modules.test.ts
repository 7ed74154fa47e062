/** Modules of torch against ours: the same settings on the same sizes give the same shapes and state, or fail in both. The truths were recorded from torch. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { NN, stateDictOf } from '../../../../src/dialect/torch/nn/index';
import type { Value } from '../../../../src/value/index';
import { call, sizesOf, type TestHost, testHost, value } from './host';

interface Recorded {
  readonly module: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly inputs: readonly unknown[];
  readonly given: Readonly<Record<string, unknown>>;
  readonly output?: unknown;
  readonly state?: Readonly<Record<string, readonly number[]>>;
  readonly raises?: 'constructor' | 'forward';
}

const recorded = (name: string): readonly Recorded[] => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as Recorded[];

const values = (given: Readonly<Record<string, unknown>>): Record<string, Value> =>
  Object.fromEntries(Object.entries(given).map(([key, item]) => [key, value(item)]));

function run(host: TestHost, given: Recorded): { output: unknown; state: unknown } {
  const cls = NN[given.module];
  if (cls?.kind !== 'native') throw new Error(`there is no ${given.module}`);
  const made = host.call(cls, call(`nn.${given.module}`, given.args.map(value), values(given.kwargs)));
  const output = host.call(made, call('self.layer', given.inputs.map(value), values(given.given)));
  const state = made.kind === 'instance' ? Object.fromEntries(stateDictOf(made).map(([name, tensor]) => [name, sizesOf(tensor)])) : undefined;
  return { output: sizesOf(output), state };
}

const title = ({ module, args, kwargs, inputs }: Recorded): string =>
  `${module}(${JSON.stringify(args)}, ${JSON.stringify(kwargs)}) of ${JSON.stringify(inputs)}`;

describe.each(['basic.json', 'more.json', 'deep.json'])('%s', (file) => {
  const cases = recorded(file);

  it.each(cases.filter((each) => each.raises === undefined).map((each) => [title(each), each] as const))('%s', (_, given) => {
    const host = testHost();
    expect({ ...run(host, given), problems: host.problems }).toEqual({ output: given.output, state: given.state, problems: [] });
  });

  it.each(cases.filter((each) => each.raises !== undefined).map((each) => [title(each), each] as const))('fails: %s', (_, given) => {
    const host = testHost();
    run(host, given);
    expect(host.problems.filter(({ severity }) => severity === 'error')).not.toEqual([]);
  });
});
