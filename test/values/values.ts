/** A module run as the code that it is, and its graph run with the same weights and inputs: what differs. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { readOne } from '../../src/cli/modules';
import { parseOptions } from '../../src/cli/options';
import { type NamedTensors, planRun, prepareRun, type RanOutput, type Refusal, refusalText } from '../../src/run/index';
import { traceArguments } from '../accuracy/tracing';
import { type CorpusCase, requestOf } from '../corpus/cases';
import { record } from '../recorder/recorder';
import type { Truth } from '../recorder/types';
import { asData, matchWeights } from './weights';

/** What came of one case. */
export interface Outcome {
  readonly id: string;
  /** Why the graph does not run; the rest is empty then. */
  readonly refused?: string;
  /** The greatest difference of each output, relative where the value is large. */
  readonly differences: readonly number[];
  readonly problem?: string;
}

type Sample = Truth['outputs'][number];

/** The greatest difference between two results, relative to values beyond 1; infinite where their sizes differ. */
export function difference(truth: Sample, ours: RanOutput): number {
  const { data = [] } = truth;
  const values = ours.values?.data ?? new Float32Array();
  if (JSON.stringify(truth.sizes) !== JSON.stringify(ours.ran) || data.length !== values.length) return Number.POSITIVE_INFINITY;
  return data.reduce((most, value, at) => {
    const other = values[at] ?? Number.NaN;
    if (Object.is(value, other) || value === other) return most;
    const distance = Math.abs(value - other) / Math.max(1, Math.abs(value));
    return Number.isNaN(distance) ? Number.POSITIVE_INFINITY : Math.max(most, distance);
  }, 0);
}

/** The graph that the command line would run. */
export async function graphOf(item: CorpusCase) {
  const options = parseOptions(traceArguments(item).map((argument) => (argument === 'trace' ? 'run' : argument)));
  if (options === 'help' || options === 'version') throw new Error('these are not arguments of run');
  const { analysis } = await readOne(options);
  const [module] = analysis.modules;
  if (!module) throw new Error('no module is read');
  return module.graph;
}

const refused = (id: string, refusal: Refusal): Outcome => ({
  id,
  refused: `${refusalText(refusal)}${refusal.place ? ` (${refusal.place.file.split('/').at(-1)}:${refusal.place.line})` : ''}`,
  differences: [],
});

/** The inputs of the run by the graph's names: by name, else by their place. */
function inputsOf(truth: Truth, names: readonly string[]): NamedTensors {
  const byName = new Map(truth.inputs.map((input) => [input.name, input]));
  return new Map(
    names.flatMap((name, at) => {
      const given = byName.get(name) ?? (truth.inputs.length === names.length ? truth.inputs[at] : undefined);
      return given ? [[name, asData(given.sizes, given.dtype, given.data ?? [])] as const] : [];
    }),
  );
}

/** Runs a case both ways. */
export async function runBothWays(item: CorpusCase): Promise<Outcome> {
  const { id } = item;
  const truth = await record({ ...requestOf(item), values: true, warm: true, moveWeights: true });
  const graph = await graphOf(item);
  const planned = planRun(graph, {});
  if ('refusal' in planned) return refused(id, planned.refusal);
  const { parameters, inputs } = planned.plan;
  const matches = matchWeights(parameters, truth.weights ?? []);
  if (!matches) {
    const shapes = (list: readonly { name: string; shape: readonly number[] }[]) =>
      list.map(({ name, shape }) => `${name} ${JSON.stringify(shape)}`).join(', ');
    return { id, differences: [], problem: `weights do not match: of the graph ${shapes(parameters)}; of the run ${shapes(truth.weights ?? [])}` };
  }
  const weights = new Map(matches.map(({ parameter, weight }) => [parameter.name, asData(weight.shape, weight.dtype, weight.data)] as const));
  await tf.setBackend('cpu');
  const ready = prepareRun(
    graph,
    {},
    {
      tf,
      weights,
      inputs: inputsOf(
        truth,
        inputs.map(({ name }) => name),
      ),
    },
  );
  if ('refusal' in ready) return { id, differences: [], problem: refusalText(ready.refusal) };
  const ran = await ready.prepared.run();
  ready.prepared.dispose();
  if ('refusal' in ran) return { id, differences: [], problem: refusalText(ran.refusal) };
  const { outputs } = ran.result;
  if (outputs.length !== truth.outputs.length) return { id, differences: [], problem: `${truth.outputs.length} outputs ran, ${outputs.length} of the graph` };
  return { id, differences: truth.outputs.map((output, at) => difference(output, outputs[at] as RanOutput)) };
}
