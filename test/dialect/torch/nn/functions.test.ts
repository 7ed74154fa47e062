/** Layers as functions against torch: the same arguments give the same shapes, or fail in both. The truths were recorded from torch. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LAYER_FUNCTIONS } from '../../../../src/dialect/torch/nn/functional';
import { call, sizesOf, testHost, value } from './host';

interface Recorded {
  readonly function: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly output?: unknown;
  readonly raises?: string;
}

const cases = JSON.parse(readFileSync(new URL('functions.json', import.meta.url), 'utf8')) as readonly Recorded[];

const title = ({ function: name, args, kwargs }: Recorded): string => `${name}(${JSON.stringify(args)}, ${JSON.stringify(kwargs)})`;

describe('torch.nn.functional', () => {
  it.each(cases.map((each) => [title(each), each] as const))('%s', (_, given) => {
    const host = testHost();
    const named = Object.fromEntries(Object.entries(given.kwargs).map(([key, item]) => [key, value(item)]));
    const made = LAYER_FUNCTIONS[given.function]?.call?.(call(`F.${given.function}`, given.args.map(value), named), host);
    if (given.raises === undefined) expect({ output: sizesOf(made), problems: host.problems }).toEqual({ output: given.output, problems: [] });
    else expect(host.problems.filter(({ severity }) => severity === 'error')).not.toEqual([]);
  });
});
