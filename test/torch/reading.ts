/** A recorded call's source, read as a file of the user's. */
import { analyzeFile, createAnalyser, parseExpression } from '../../src/analysis/analyze';
import type { ModuleAnalysis, Precision } from '../../src/analysis/types';
import { valueOfJson } from '../../src/cli/bindings';
import type { InputBinding } from '../../src/interpret/index';
import type { DType } from '../../src/ops/operator';

const FILE = '/calls/call.py';

/** What is read: the function `f`, or what `new` makes. */
export interface Source {
  readonly source: string;
  readonly new?: string;
  readonly train?: boolean;
  readonly inputs: { readonly [name: string]: { readonly shape: readonly number[]; readonly dtype: DType } | { readonly value: unknown } };
}

const bindingOf = (input: Source['inputs'][string]): InputBinding =>
  'shape' in input ? { kind: 'tensor', shape: input.shape, dtype: input.dtype } : { kind: 'value', value: valueOfJson(input.value) };

/** Its analysis: with its inputs bound, or from symbolic sizes alone. */
export async function read({ source, new: made, train = false, inputs }: Source, bound: boolean, precision?: Precision): Promise<ModuleAnalysis> {
  const project = createAnalyser(async (path) => (path === FILE ? source : undefined), '/calls');
  const given = bound ? { inputs: new Map(Object.entries(inputs).map(([name, input]) => [name, bindingOf(input)] as const)) } : {};
  const expression = made === undefined ? undefined : await parseExpression(FILE, made);
  const analysis = await analyzeFile(FILE, project, {
    bindings: { training: train, ...given, ...(precision ? { precision } : {}) },
    ...(expression ? { expression } : { name: 'f' }),
  });
  const [module] = analysis?.modules ?? [];
  if (!module) throw new Error('no module is read');
  return module;
}

/** The findings of error level, as text. */
export const errorsOf = (module: ModuleAnalysis): readonly string[] =>
  module.diagnostics.filter(({ severity }) => severity === 'error').map(({ span, code, message }) => `${span.line} ${code}: ${message}`);
