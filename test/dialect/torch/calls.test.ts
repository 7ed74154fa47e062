/** Calls of torch's functions, methods and operators: the shapes and dtypes that torch itself gave, or an error where it raised. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { surroundingsOf } from '../../../src/analysis/surroundings';
import { asConstant } from '../../../src/dim/index';
import { lower } from '../../../src/frontend/index';
import { readModule } from '../../../src/interpret/index';
import { asNumber, NULL, native, type Value } from '../../../src/value/index';

type Gives =
  | { readonly shape: readonly number[]; readonly dtype: string }
  | { readonly sizes: readonly number[] }
  | readonly Gives[]
  | number
  | boolean
  | string
  | null;
interface Recorded {
  readonly tensors: { readonly [name: string]: { readonly shape: readonly number[]; readonly dtype: string } };
  readonly calls: readonly (readonly [call: string, gives: Gives])[];
}

const { tensors, calls } = JSON.parse(readFileSync(new URL('./calls.json', import.meta.url), 'utf8')) as Recorded;

/** Calls that raise for reasons that we do not follow: nothing is said of them. */
const UNSAID = new Set(['i.softmax(1)']);

/** Calls without a rule of their own, or whose values decide. */
const OPEN = new Set([
  'a.erfinv()',
  'torch.xlogy(a, a)',
  'torch.copysign(a, a)',
  'torch.lgamma(a)',
  'torch.allclose(a, a)',
  'torch.equal(a, a)',
  'torch.bincount(j, minlength=4)',
  'torch.histc(a, bins=10)',
  'torch.linalg.svd(m)',
  'torch.vander(v)',
  'torch.combinations(v)',
  'torch.unravel_index(j, (2, 3))',
]);

const made = (name: string): string => {
  const { shape = [], dtype = '' } = tensors[name] ?? {};
  return `    ${name} = torch.zeros((${shape.map((size) => `${size},`).join('')}), dtype=torch.${dtype})`;
};

async function read(call: string): Promise<{ readonly value: Value | undefined; readonly problems: readonly string[] }> {
  const names = Object.keys(tensors).filter((name) => new RegExp(`(?<![\\w.'])${name}\\b(?!['=])`).test(call));
  const text = [
    'import torch',
    'import torch.nn.functional as F',
    'def entry():',
    ...names.map(made),
    `    see(${call})`,
    '    return torch.zeros(1)',
    '',
  ].join('\n');
  const source = await lower('a.py', text);
  const target = source.body.find((statement) => statement.kind === 'functionDefinition');
  if (target?.kind !== 'functionDefinition') throw new Error('no entry');
  let value: Value | undefined;
  const surroundings = surroundingsOf('python');
  const see = native('see', (args) => {
    [value] = args.positional;
    return NULL;
  });
  const { problems } = readModule({
    program: { module: (path) => (path === source.path ? source : undefined), resolve: () => undefined },
    surroundings: { ...surroundings, global: (name) => (name === 'see' ? see : surroundings.global(name)) },
    source,
    target: { kind: 'function', definition: target.definition },
    bindings: { training: false },
  });
  return { value, problems: problems.filter(({ severity }) => severity === 'error').map(({ code, args }) => `${code} ${JSON.stringify(args)}`) };
}

/** The value in the record's terms. */
function plain(value: Value | undefined): unknown {
  if (value?.kind === 'tensor')
    return value.shape === null ? `unknown: ${value.reason}` : { shape: value.shape.map((size) => asConstant(size) ?? '?'), dtype: value.dtype };
  if (value?.kind === 'list') return value.shapeOf ? { sizes: value.items.map(asNumber) } : value.items.map(plain);
  if (value?.kind === 'number') return asNumber(value);
  if (value?.kind === 'boolean' || value?.kind === 'string') return value.value;
  return value?.kind === 'unknown' ? `unknown: ${value.reason}` : value?.kind;
}

const isOpen = (ours: unknown): boolean => JSON.stringify(ours)?.includes('unknown: ') === true || JSON.stringify(ours)?.includes('"?"') === true;

describe('calls of torch', () => {
  it.each(calls)('%s', async (call, gives) => {
    const { value, problems } = await read(call);
    if (gives === 'error') return expect({ problems: problems.length > 0 }).toEqual({ problems: !UNSAID.has(call) });
    const ours = plain(value);
    expect({ problems }).toEqual({ problems: [] });
    if (OPEN.has(call)) return expect(isOpen(ours)).toBe(true);
    expect(ours).toEqual(gives);
  });
});
