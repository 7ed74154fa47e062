/** The calls of `calls.jsonl` in halves and under autocast: the results are in the types that torch gives them in, and what torch refuses has no type. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ModuleAnalysis, Precision } from '../../src/analysis/types';
import { outputRefs, typeOf } from '../../src/graph/index';
import { read } from './reading';
import { type Call, calls } from './truths';

/** By setting; null where torch refuses the call. `autocast-within-float16`: what is given is float16 already. */
interface Types {
  readonly id: string;
  readonly types: { readonly [setting: string]: readonly string[] | null };
}

const ALL = new Map(calls().map((call) => [call.id, call] as const));
const TRUTHS = readFileSync(resolve(import.meta.dirname, 'types.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Types);

const lowered = (call: Call): Call => ({
  ...call,
  inputs: Object.fromEntries(
    Object.entries(call.inputs).map(([name, input]) => [name, 'dtype' in input && input.dtype === 'float32' ? { ...input, dtype: 'float16' as const } : input]),
  ),
});

const readIn = (call: Call, setting: string): Promise<ModuleAnalysis> =>
  setting === 'autocast-within-float16' ? read(lowered(call), true, 'autocast-float16') : read(call, true, setting as Precision);

const typesOf = ({ graph }: ModuleAnalysis): readonly (string | undefined)[] => outputRefs(graph).map((ref) => typeOf(graph, ref)?.dtype);

const SETTINGS = ['float16', 'bfloat16', 'autocast-float16', 'autocast-bfloat16', 'autocast-within-float16'];

describe.each(SETTINGS)('in %s', (setting) => {
  const cases = TRUTHS.flatMap(({ id, types }) => {
    const [call, wanted] = [ALL.get(id), types[setting]];
    return call && wanted ? [[id, call, wanted] as const] : [];
  });

  it.each(cases)('%s is in the type that torch gives', async (_, call, wanted) => {
    expect(typesOf(await readIn(call, setting))).toEqual(wanted);
  });
});
