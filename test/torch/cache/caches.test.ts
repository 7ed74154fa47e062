/** What decoders keep of the tokens before, as torch allocated it; and that nothing is said of modules that keep none. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyzeFile, createAnalyser, graphAt, parseExpression } from '../../../src/analysis/analyze';
import { type CacheFigures, cacheFigures, cacheWords } from '../../../src/analysis/cacheFigures';
import { exampleOfModule } from '../../../src/analysis/example';
import type { ModuleAnalysis } from '../../../src/analysis/types';
import { inputsOf } from '../../../src/cli/bindings';
import { evaluate, parse } from '../../../src/dim/index';
import { keyValueCache } from '../../../src/graph/keyValueCache';

interface Truth {
  readonly new: string;
  readonly inputs: { readonly [name: string]: unknown };
  readonly bytesPerToken: number;
  readonly tokens: number;
  readonly bytes: number;
  readonly keyValueHeads: number | null;
  readonly queryHeads: number | null;
}

const TRUTHS = readFileSync(join(import.meta.dirname, 'caches.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Truth);

const project = createAnalyser(
  async (path) => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return undefined;
    }
  },
  import.meta.dirname,
);

async function bound(name: string, made: string, inputs: Truth['inputs']): Promise<CacheFigures | undefined> {
  const file = join(import.meta.dirname, name);
  const expression = (await parseExpression(file, made)) ?? expect.fail(made);
  const bindings = { training: false, inputs: inputsOf(inputs) };
  const { graph } = (await analyzeFile(file, project, { bindings, expression }))?.modules[0] ?? expect.fail(`${made} is not read`);
  return cacheFigures(graph, graph, {});
}

const DECODERS = 'decoders.py';
const NONE = 'keepingNone.py';

describe.each(TRUTHS.map((truth) => [`${truth.new} of ${JSON.stringify(truth.inputs)}`, truth] as const))('%s', (_, truth) => {
  it('keeps what torch keeps', async () => {
    const found = (await bound(DECODERS, truth.new, truth.inputs)) ?? expect.fail('nothing is found');
    expect({
      bytesPerToken: found.perToken.value,
      tokens: found.tokens,
      bytes: found.bytes.value,
      keyValueHeads: found.keyValueHeads ?? null,
      queryHeads: found.queryHeads ?? null,
    }).toEqual({
      bytesPerToken: truth.bytesPerToken,
      tokens: truth.tokens,
      bytes: truth.bytes,
      keyValueHeads: truth.keyValueHeads,
      queryHeads: truth.queryHeads,
    });
  });
});

async function modulesOf(name: string): Promise<readonly ModuleAnalysis[]> {
  return (await analyzeFile(join(import.meta.dirname, name), project, { bindings: { training: false } }))?.modules ?? expect.fail(name);
}

function atExample(module: ModuleAnalysis): CacheFigures | undefined {
  const example = exampleOfModule(module, {});
  const sizes = 'sizes' in example ? example.sizes : expect.fail(example.reason);
  return cacheFigures(module.graph, graphAt(module, sizes), sizes);
}

describe('from symbols alone', () => {
  const FORMULAS: Readonly<Record<string, string>> = {
    Returned: '8*heads*(c//heads)',
    Continued: '8*heads*(c//heads)',
    Written: '8*kv_heads*(c//heads)',
    Indexed: '8*kv_heads*(dim//heads)',
    MultiQuery: '8*(dim_x//heads)',
    Latent: '4*place_dim + 4*rank',
    Grouped: '8*kv_heads*(c//heads)',
    Stateful: '8*heads*(dim_x//heads)',
    Windowed: '8*heads*(dim_x//heads)',
    Merged: '8*heads*(dim_x//heads)',
    Turned: '8*kv_heads*(dim_hidden_states//heads)',
    Decoder: '24*heads*(dim//heads)',
  };

  it('the formula is in the symbols of the code, and comes to what torch keeps of a token', async () => {
    const found = new Map((await modulesOf(DECODERS)).map((module) => [module.name, atExample(module)]));
    expect(Object.fromEntries(Object.keys(FORMULAS).map((name) => [name, found.get(name)?.perToken.formula]))).toEqual(FORMULAS);
    // A class with its defaults: a token takes as much whatever goes in.
    for (const truth of TRUTHS.filter(({ new: made }) => made.endsWith('()'))) {
      const { perToken, keyValueHeads, queryHeads } = found.get(truth.new.slice(0, -2)) ?? expect.fail(truth.new);
      expect([truth.new, perToken.value, keyValueHeads ?? null, queryHeads ?? null]).toEqual([
        truth.new,
        truth.bytesPerToken,
        truth.keyValueHeads,
        truth.queryHeads,
      ]);
    }
  });

  it('all bytes go by samples and tokens', async () => {
    const module = (await modulesOf(DECODERS)).find(({ name }) => name === 'Continued') ?? expect.fail('Continued');
    const { bytes } = cacheFigures(module.graph, module.graph, undefined) ?? expect.fail('nothing is found');
    const formula = parse(bytes.formula) ?? expect.fail(bytes.formula);
    const at = (sizes: { readonly [symbol: string]: number }) => evaluate(formula, { b: 3, c: 48, heads: 3, h: 11, t: 2, ...sizes });
    expect([at({}), at({ b: 6 }), at({ h: 24 })]).toEqual([14976, 2 * 14976, 2 * 14976]);
  });

  it('what is smaller is said', async () => {
    const found = new Map((await modulesOf(DECODERS)).map((module) => [module.name, atExample(module)]));
    const words = (name: string) => cacheWords(found.get(name) ?? expect.fail(name)).split(';')[0];
    expect([words('Written'), words('MultiQuery'), words('Returned')]).toEqual([
      '2 of 8 heads: 4× smaller than with all',
      '1 of 4 heads: 4× smaller than with all',
      'all 4 heads',
    ]);
  });
});

describe('nothing is said of', () => {
  it('any module that keeps none, from symbols', async () => {
    const modules = await modulesOf(NONE);
    expect(modules).toHaveLength(12);
    for (const module of modules) expect([module.name, keyValueCache(module.graph), atExample(module)]).toEqual([module.name, undefined, undefined]);
  });

  it.each([
    ['SelfAttention()', { x: [32, 32, 32] }],
    ['SelfAttention(4, heads=4)', { x: [4, 4, 4] }],
    ['CrossAttention(4)', { x: [4, 4, 4], memory: [4, 4, 4] }],
    ['Recurrent(4)', { x: [4, 4], state: [4, 4] }],
    ['RecurrentHistory(4)', { x: [4, 4, 4], history: [4, 4, 4] }],
    ['Dense(4, 4)', { x: [4, 4, 4, 4] }],
    ['DenseAttention(4, 4)', { x: [4, 4, 4, 4] }],
    ['ClassToken(4)', { x: [4, 4, 4] }],
    ['LearntMemory(4)', { x: [4, 4, 4] }],
    ['Latents(4)', { x: [4, 4, 4], latents: [4, 4, 4] }],
    ['AllReturned(4)', { x: [4, 4, 4] }],
    ['ValuesReturned(4)', { x: [4, 4, 4] }],
    ['Skipped(4)', { x: [4, 4, 2, 2], skip: [4, 4, 4, 4] }],
  ] as const)('%s, where all sizes are alike', async (made, inputs) => {
    expect(await bound(NONE, made, inputs)).toBeUndefined();
  });
});
