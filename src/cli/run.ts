/** `run`: executes a module's graph on real tensors on this machine. */
import { readFileSync, writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import path from 'node:path';
import { graphAt } from '../analysis/analyze';
import { exampleOfModule } from '../analysis/example';
import { described, type SizeTree, unknownReason } from '../analysis/trace';
import type { ModuleAnalysis } from '../analysis/types';
import { brokenNeeds, type Sizes, shapeAt, symbolNames, typeOf } from '../graph/index';
import type { RowValue, ShapeGraph } from '../graph/types';
import {
  type NamedTensors,
  prepareRun,
  type RanOutput,
  type RanStep,
  type Refusal,
  type RunResult,
  readTensors,
  refusalText,
  type Statistics,
  type TensorData,
  writeTensors,
} from '../run/index';
import { type CheckedDiagnostic, checkedDiagnostic } from './check';
import { Failure } from './failure';
import { relativeTo } from './files';
import { readOne } from './modules';
import type { Options } from './options';

/** Runs `run`; gives the exit code. */
export async function run(options: Options): Promise<number> {
  const { analysis, root } = await readOne(options);
  const relative = relativeTo(root);
  const module = chosen(analysis.modules, options);
  const sizes = sizesOf(module, options);
  const errors = module.diagnostics.filter(({ severity }) => severity === 'error').map((one) => checkedDiagnostic(one, relative));
  const result = await executed(module, sizes, options, (refusal) => refused(refusal, errors, relative));
  if (options.out !== undefined) writeFileSync(options.out, writeTensors(named(result, graphAt(module, sizes))));
  const document = documentOf({ ...module, graph: graphAt(module, sizes) }, result, sizes, errors, relative);
  process.stdout.write(options.json ? `${JSON.stringify(document)}\n` : asText(document));
  return document.checks.every((one) => one.name === 'values finite' || one.passed) ? 0 : 1;
}

function chosen(modules: readonly ModuleAnalysis[], options: Options): ModuleAnalysis {
  const [only, second] = modules;
  if (!only) throw new Failure('no-source', 'the file has no module that touches tensors');
  if (second && options.className === undefined && options.expression === undefined)
    throw new Failure('usage', `the file has several modules: give --class, one of ${modules.map(({ name }) => name).join(', ')}`);
  return only;
}

/** The sizes of the symbols that are still open: given, or chosen so that every need holds. */
function sizesOf(module: ModuleAnalysis, options: Options): Sizes {
  const example = symbolNames(module.graph).length === 0 ? { sizes: {} } : exampleOfModule(module, options.set);
  if ('reason' in example) throw new Failure('unsupported', `no sizes to run with: ${example.reason}`);
  const [broken] = brokenNeeds(module.graph, example.sizes);
  if (broken) throw new Failure('bad-argument', `\`${broken.need.text}\` does not hold: ${broken.left} against ${broken.right}`);
  return example.sizes;
}

async function executed(module: ModuleAnalysis, sizes: Sizes, options: Options, failure: (refusal: Refusal) => Failure): Promise<RunResult> {
  const { startTfjs } = (await import('./runner')) as typeof import('./runner');
  const tf = await startTfjs(options.backend, `${path.join(__dirname, 'wasm')}${path.sep}`);
  if (!tf) throw new Failure('unsupported', `the back end ${options.backend} does not start`);
  const prepared = prepareRun(graphAt(module, sizes), sizes, {
    tf,
    limits: { maxBytes: totalmem() },
    seed: options.seed,
    training: options.bindings.training,
    ...tensors('weights', options.weights),
    ...inputsFrom(module.graph, tensors('inputs', options.tensors)),
  });
  if ('refusal' in prepared) throw failure(prepared.refusal);
  const ran = await prepared.prepared.run({ timing: true, statistics: true, capture: () => false });
  prepared.prepared.dispose();
  if ('refusal' in ran) throw failure(ran.refusal);
  return ran.result;
}

function tensors(kind: 'weights' | 'inputs', file: string | undefined): { weights?: NamedTensors; inputs?: NamedTensors } {
  if (file === undefined) return {};
  const read = readTensors(bytesOf(file), file);
  if ('refusal' in read) throw new Failure('bad-argument', refusalText(read.refusal));
  return { [kind]: read.tensors };
}

/** In files the items of a list are `x.0`, `x.1`, where the source has `x[0]`. */
function inputsFrom({ inputs }: ShapeGraph, given: { inputs?: NamedTensors }): { inputs?: NamedTensors } {
  if (!given.inputs) return {};
  const names = new Map(inputs.map(({ name }) => [name.replace(/\[(\w+)\]/g, '.$1'), name]));
  return { inputs: new Map([...given.inputs].map(([name, data]) => [names.get(name) ?? name, data])) };
}

function bytesOf(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch {
    throw new Failure('not-found', `cannot read ${file}`);
  }
}

/** Why it did not run; what was found wrong before is the likeliest cause. */
function refused(refusal: Refusal, errors: readonly CheckedDiagnostic[], relative: (file: string) => string): Failure {
  const place = refusal.place ? { file: relative(refusal.place.file), line: refusal.place.line, column: refusal.place.column } : {};
  const where = refusal.place ? ` (${place.file}:${place.line})` : '';
  const code = ['weights', 'inputs', 'sizes'].includes(refusal.code) ? 'bad-argument' : 'unsupported';
  const found = errors.map(({ line, column, message }) => `\n  ${line}:${column} ${message}`).join('');
  const detail = { ...(refusal.operator ? { operator: refusal.operator } : {}), ...place, ...(errors.length > 0 ? { errors } : {}) };
  return new Failure(code, `${refusalText(refusal)}${where}${found}`, detail);
}

/** `output`; of a tuple or dict each under its place in it: `output.0`, `output.1.0`, `output.features`. */
function named({ outputs }: RunResult, { outputPaths }: ShapeGraph): NamedTensors {
  const nameOf = (at: number): string => {
    const path = outputPaths?.[at] ?? (outputs.length > 1 ? String(at) : '');
    return path === '' ? 'output' : `output.${path}`;
  };
  return new Map(outputs.flatMap(({ values }, at): [string, TensorData][] => (values ? [[nameOf(at), values]] : [])));
}

const statistics = (output: RanOutput | undefined): Partial<Statistics> => output?.statistics ?? {};

/** The sizes that ran: of a list or an object those of what ran in it; undefined where nothing did. */
function ranSizes(value: RowValue, steps: ReadonlyMap<number, RanStep>): SizeTree | undefined {
  if (value.kind === 'unknown') return undefined;
  if (value.kind === 'tensor') return steps.get(value.ref.node)?.outputs[value.ref.output]?.ran;
  const parts = value.items.flatMap((item) => {
    const sizes = ranSizes('value' in item ? item.value : item, steps);
    return sizes ? [sizes] : [];
  });
  return parts.length > 0 ? parts : undefined;
}

function documentOf(module: ModuleAnalysis, result: RunResult, sizes: Sizes, errors: readonly CheckedDiagnostic[], relative: (file: string) => string) {
  const { graph } = module;
  const steps = new Map(result.steps.map((step) => [step.node, step]));
  const values = graph.rows.map((row) => {
    const ref = row.value.kind === 'tensor' ? row.value.ref : undefined;
    const step = ref ? steps.get(ref.node) : undefined;
    const output = ref ? step?.outputs[ref.output] : undefined;
    const ran = ranSizes(row.value, steps);
    const predicted = ref ? shapeAt(typeOf(graph, ref) ?? { shape: null }, sizes) : undefined;
    return {
      file: relative(row.statement.file),
      line: row.statement.line,
      column: row.span.column,
      function: row.function,
      name: row.name,
      ...described(graph, row.value, false),
      ...(predicted ? { sizes: predicted } : {}),
      ...(ran ? { ran } : {}),
      ...(step?.ms === undefined ? {} : { ms: step.ms }),
      ...statistics(output),
    };
  });
  const disagreements = result.disagreements.map((one) => {
    const node = graph.nodes[one.node];
    return { file: relative(node?.span.file ?? ''), line: node?.span.line ?? 0, predicted: one.predicted, ran: one.ran };
  });
  const unknown = graph.rows.filter((row) => unknownReason(graph, row.value) !== undefined).length;
  return {
    version: 1,
    module: { file: relative(module.span.file), line: module.span.line, name: module.name },
    backend: result.backend,
    sizes,
    outputs: result.outputs.map((output) => ({ shape: output.ran, dtype: output.dtype, ...statistics(output) })),
    values,
    disagreements,
    errors,
    checks: [
      { name: 'no errors found', passed: errors.length === 0 },
      { name: 'shapes as predicted', passed: disagreements.length === 0, ...(unknown > 0 ? { unknown } : {}) },
      { name: 'values finite', passed: result.outputs.every((output) => output.statistics?.finite ?? true) },
    ],
    peakBytes: result.peakBytes,
    ms: result.ms,
  };
}

type RunDocument = ReturnType<typeof documentOf>;

function asText(document: RunDocument): string {
  const { module, outputs, values, disagreements, errors } = document;
  const rows = values.map((row) => {
    const ms = row.ms === undefined ? '' : `  ${row.ms.toFixed(2)} ms`;
    return `  ${String(row.line).padStart(5)}  ${row.name.padEnd(16)} ${row.ran ? JSON.stringify(row.ran) : 'not run'}${ms}${'min' in row ? `  ${valuesText(row)}` : ''}\n`;
  });
  const wrong = disagreements.map((one) => `  ${one.file}:${one.line} was predicted ${JSON.stringify(one.predicted)} and ran ${JSON.stringify(one.ran)}\n`);
  const found = errors.map((one) => `  ${one.line}:${one.column} error ${one.code} ${one.message}\n`);
  const sizes = Object.entries(document.sizes)
    .map(([name, size]) => `${name}=${size}`)
    .join(' ');
  const head = `${module.file}:${module.line} ${module.name} on ${document.backend}${sizes ? `, ${sizes}` : ''}\n`;
  const result = `→ ${outputs.map((output) => JSON.stringify(output.shape)).join(', ')}, ${document.ms.toFixed(1)} ms`;
  const verdict = wrong.length > 0 || found.length > 0 ? `\n${found.join('')}${wrong.join('')}` : ', shapes as predicted\n';
  return `${head}${rows.join('')}${result}${verdict}`;
}

/** What the values are like; an empty tensor has none, and the -∞ of a mask is nothing bad. */
function valuesText({ min, max, mean, finite, masked }: Partial<Statistics>): string {
  const infinite = finite ? '' : masked ? '−∞' : 'NOT FINITE';
  if (Number.isNaN(min)) return infinite || 'no values';
  return `${short(min)} … ${short(max)}, mean ${short(mean)}${infinite && `  ${infinite}`}`;
}

const short = (value: number | undefined): string => (value === undefined ? '?' : Number(value.toPrecision(4)).toString());
