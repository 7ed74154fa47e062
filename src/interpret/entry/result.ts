/** What a run gave, as it is told: the graph of its steps, and what was found. */
import { symbolsOf } from '../../dim/index';
import type { GraphKeeping, GraphState, RowValue, ShapeGraph } from '../../graph/types';
import type { SourceModule, Span } from '../../program/types';
import type { ProblemInput } from '../../value/index';
import { withTraining } from '../gradients';
import { keptBy } from '../held';
import { someAncestor } from '../judging/ancestry';
import { settledNeeds } from '../judging/needs';
import { inputName } from '../learning/inputs';
import type { Run, StateEntry } from '../run';
import { assumptions } from './assumed';
import { byNeeds } from './later';
import type { Output } from './outputs';
import { pruned } from './prune';
import { type EntryRequest, type EntryTarget, nowhere, type Reading } from './request';
import { withStanding } from './standing';
import { nameWeights } from './weights';

/** A model's own inputs are the module's only where the module is the model. */
function isEntryInput(run: Run, node: number, outputs: readonly RowValue[]): boolean {
  if (!run.declared.has(node)) return true;
  return outputs.some((output) => output.kind === 'tensor' && someAncestor(run.nodes, output.ref, (one) => one.id === node));
}

/** The free sizes of the module's own inputs: they stand for nothing else. */
const entrySizes = (run: Run, outputs: readonly RowValue[]): ReadonlySet<string> =>
  new Set(
    [...run.inputs.values()]
      .filter((tensor) => isEntryInput(run, tensor.ref.node, outputs))
      .flatMap((tensor) => (tensor.shape ?? []).flatMap((size) => symbolsOf(size))),
  );

/** What a target is called, and where. */
function named(target: EntryTarget, source: SourceModule): { span: Span; name: string } {
  if (target.kind === 'file') return { span: nowhere(source.path), name: '' };
  return target.kind === 'expression' ? { span: target.expression.span, name: 'new' } : { span: target.definition.nameSpan, name: target.definition.name };
}

/** Names that bindings give and nothing is called by. */
const unusedNames = (run: Run): string[] =>
  [...(run.bindings.args?.keys() ?? []), ...(run.bindings.inputs?.keys() ?? [])].filter((name) => !run.taken.has(name));

const NO_STEPS = new Set(['input', 'parameter', 'constant', 'join']);

/** What was found; of that which must be so at every pass of its place, what was. */
function problemsOf(run: Run): ProblemInput[] {
  return [...run.problems].flatMap(([key, problem]) => (problem.everyPass && (run.reported.get(key) ?? 0) < passesOf(run, problem) ? [] : [problem]));
}

/** How often a call's step was made. */
const passesOf = (run: Run, { span, args }: ProblemInput): number =>
  run.nodes.filter((node) => node.api === args.api && node.span.file === span.file && node.span.line === span.line && node.span.column === span.column).length;

/** A name of a checkpoint; what is worked out of several outputs has no node of its own. */
const stateEntry = ({ name, tensor: { ref, shape, dtype }, trainable }: StateEntry): GraphState => ({
  name,
  type: { shape, dtype },
  trainable,
  ...(ref.output === 0 ? { node: ref.node } : {}),
});

const keepingOf = (run: Run): GraphKeeping => ({
  start: run.start,
  // What autocast lowered weights to is alive until it ends, with the call.
  letGo: [...run.keeping.letGo.values(), ...[...run.autocast.casts.values()].map(({ ref }) => ({ ref, step: run.nodes.length }))],
  kept: keptBy(run.root, run.surroundings),
  inPlace: run.keeping.inPlace,
  ...(run.keeping.checkpoints.length > 0 ? { checkpoints: run.keeping.checkpoints } : {}),
});

/** What a run leaves: its graph, and what was found. */
export function finish(run: Run, request: EntryRequest, told: readonly Output[], stopped: string | undefined): Reading {
  const { target, source } = request;
  const outputs = told.map(({ value }) => value);
  const { span, name } = named(target, source);
  const needs = settledNeeds(run);
  const graph: ShapeGraph = {
    version: 1,
    runtime: run.surroundings.runtime,
    language: source.language,
    name,
    span,
    inputs: [...run.inputs]
      .filter(([, tensor]) => isEntryInput(run, tensor.ref.node, outputs))
      .map(([path, tensor]) => ({ name: inputName(run, path), ref: tensor.ref, span: run.inputSpans.get(path) ?? span })),
    nodes: byNeeds(nameWeights(withTraining(run, withStanding(run, run.nodes, entrySizes(run, outputs))), run.root, run.surroundings), needs),
    outputs,
    ...(told.some(({ path }) => path !== '') ? { outputPaths: told.map(({ path }) => path) } : {}),
    rows: run.rows,
    scopes: run.scopes,
    disposals: run.disposals,
    ...(run.surroundings.ways.countsReferences ? { keeping: keepingOf(run) } : {}),
    symbols: [...run.symbols.values()],
    needs,
    ...(run.state ? { state: run.state.map(stateEntry) } : {}),
  };
  // Of a class the library may take all steps: a chain of modules.
  const touchesTensors = run.nodes.some((node, at) => !NO_STEPS.has(node.op) && (node.scope.length > 0 || (run.root?.kind === 'instance' && at >= run.start)));
  return {
    ...pruned(graph, [...run.mentions.places.values()], run.start),
    problems: problemsOf(run),
    touchesTensors,
    unused: stopped ? [] : unusedNames(run),
    assumed: assumptions(run),
    leftOut: [...run.evidence].flatMap(([path, about]) => (about.leftOut ? [path] : [])),
    ...(run.asksMode ? { asksMode: true } : {}),
    ...(stopped ? { stopped } : {}),
  };
}
