/** What happens when: messages, edits of sizes, runs, hiding. Keeps the view, and tells whoever draws it. */
import { brokenNeeds, exampleSizes, isSize, symbolNames } from '../src/graph/index';
import { decodeGraph } from '../src/graph/json';
import { bytesText } from '../src/graph/quantities';
import type { ToPanel } from '../src/protocol/messages';
import { planRun } from '../src/run/plan';
import type { RanOutput, RanStep, Refusal, RunResult } from '../src/run/types';
import type { Backend } from './backend';
import { givenWeights } from './given';
import type { Host } from './host';
import type { Runner, RunOutcome } from './runner';
import { firstStep, isOn, stepAt, stepViews } from './steps';
import { setWords } from './translation';
import { createTyped } from './typed';
import { type Block, EMPTY, type Outcome, type View } from './view';
import { say, sayRefusal } from './words';

export interface Controller {
  view(): View;
  receive(message: ToPanel): void;
  setSize(symbol: string, size: number): void;
  run(keep?: number): void;
  cancel(): void;
  /** Asks for a file of weights. */
  loadWeights(): void;
  /** Draws the weights again. */
  dropWeights(): void;
  /** Asks for the block's prices under other settings. */
  compare(): void;
  /** Shows a step's values; `reveal` also shows its line in the editor. */
  select(step: number, reveal: boolean): void;
  hide(): void;
  unhide(): void;
}

const EDIT_MS = 350;
const DRAW_MS = 60;
/** A device that is lost again so soon is not tried by itself. */
const LOST_AGAIN_MS = 10_000;

/** Bytes in a refusal's words are written with their unit. */
function refusalWords(refusal: Refusal): string {
  const { needed, limit } = refusal.args;
  return sayRefusal(refusal, typeof needed === 'number' && typeof limit === 'number' ? { needed: bytesText(needed), limit: bytesText(limit) } : {});
}

function outcomeOf({ result, timedRuns, cold, textures }: Extract<RunOutcome, { readonly result: RunResult }>): Outcome {
  const { backend, ms, peakBytes, steps, disagreements } = result;
  const outputs = steps.flatMap((step) => step.outputs);
  const isAllFinite = (output: RanOutput): boolean => output.statistics?.finite ?? true;
  const isMasked = (output: RanOutput): boolean => output.statistics?.masked ?? false;
  const finite = outputs.every(isAllFinite) ? 'all' : outputs.every((output) => isAllFinite(output) || isMasked(output)) ? 'masked' : 'no';
  const shapes = outputs.filter(({ predicted }) => predicted).length;
  const seen = { ...(cold ? { cold } : {}), ...(textures ? { textures } : {}) };
  return { backend, ms, ...seen, timedRuns, peakBytes, shapes, disagreements: disagreements.length, finite };
}

/** A controller; `changed` is called whenever the view is another. */
export function createController(host: Host, runner: Runner, changed: () => void): Controller {
  let view: View = EMPTY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let drawing = false;
  let hidden = false;
  let run = 0;
  let lostAt = Number.NEGATIVE_INFINITY;
  const typed = createTyped();
  const given = givenWeights();

  function update(part: Partial<{ [Key in keyof View]: View[Key] | undefined }>): void {
    const entries = Object.entries({ ...view, ...part }).filter(([, value]) => value !== undefined);
    view = Object.fromEntries(entries) as unknown as View;
    changed();
  }

  function save(): void {
    const { block, selected, sizes } = view;
    if (block) host.save({ file: block.file, module: block.graph.name, sizes, ...(selected === undefined ? {} : { selected }) });
  }

  /** Shows what can be said of a run before it: what it will hold, or why it is not run, which it returns. */
  function foresee(): string | undefined {
    const { block, sizes } = view;
    if (!block) return undefined;
    const planned = planRun(block.graph, sizes);
    const broken = brokenNeeds(block.graph, sizes).map(({ need }) => need.text);
    const reason = 'refusal' in planned ? refusalWords(planned.refusal) : undefined;
    const forecast = 'plan' in planned ? planned.plan.forecast : undefined;
    update({ forecast, refusal: reason && say('refused', { reason }), broken });
    return reason;
  }

  function schedule(delay: number): void {
    clearTimeout(timer);
    run += 1;
    runner.stop();
    if (view.running) update({ running: false });
    if (hidden) return;
    timer = setTimeout(() => void start(), delay);
  }

  /** Steps come in faster than they can be drawn. */
  function collect(step: RanStep, into: Map<number, RanStep>, own: number): void {
    into.set(step.node, step);
    if (drawing) return;
    drawing = true;
    setTimeout(() => {
      drawing = false;
      if (own === run) update({ ran: new Map(into) });
    }, DRAW_MS);
  }

  async function start(keep?: number): Promise<void> {
    const { block, sizes } = view;
    if (!block) return;
    run += 1;
    const own = run;
    const unfit = foresee();
    if (unfit !== undefined) return refused(block, unfit);
    const ran = new Map<number, RanStep>();
    const weights = given.of(block)?.tensors;
    update({ running: true, ran: new Map(), outcome: undefined, notice: view.notice === say('hidden') ? undefined : view.notice });
    const outcome = await runner.run({
      graph: block.graph,
      sizes,
      maxBytes: block.limits.maxBytes,
      ...(keep === undefined ? {} : { wanted: keep }),
      ...(weights ? { weights } : {}),
      onBackend: ({ name, why }: Backend) => update({ backend: why ? { name, why: say(why) } : { name } }),
      onStep: (step) => collect(step, ran, own),
    });
    if (own === run) finished(block, outcome, ran);
  }

  function refused(block: Block, reason: string): void {
    update({ running: false, ran: new Map(), outcome: undefined });
    host.post({ kind: 'failed', module: block.graph.name, reason });
  }

  function finished(block: Block, outcome: RunOutcome, ran: ReadonlyMap<number, RanStep>): void {
    const module = block.graph.name;
    if ('result' in outcome) {
      const result = outcomeOf(outcome);
      update({ running: false, ran: new Map(ran), outcome: result });
      host.post({ kind: 'ran', module, backend: result.backend, ms: result.ms, disagreements: result.disagreements, finite: result.finite !== 'no' });
      return;
    }
    const { refusal } = outcome;
    if (refusal.code === 'lost') {
      update({ running: false, ran: new Map(), notice: say('lost') });
      host.post({ kind: 'log', level: 'warn', text: say('lost') });
      if (performance.now() - lostAt > LOST_AGAIN_MS) schedule(EDIT_MS);
      lostAt = performance.now();
      return;
    }
    const reason = refusalWords(refusal);
    const words = refusal.code === 'cancelled' ? say('cancelled') : say(refusal.code === 'failed' ? 'failed' : 'refused', { reason });
    update({ running: false, ran: new Map(ran), refusal: words });
    if (refusal.code !== 'cancelled') host.post({ kind: 'failed', module, reason });
  }

  /** Tells the host the sizes; what is no size stays with us. */
  function tellSizes(block: Block): void {
    const sizes = Object.fromEntries(Object.entries(typed.withoutUnfit(view.sizes)).filter(([, size]) => isSize(size)));
    host.post({ kind: 'sizes', file: block.file, module: block.graph.name, sizes });
  }

  /** The sizes to show: the host's, else those kept for this very block, else our own. */
  function sizesFor(block: Block, given: View['sizes'] | null): View['sizes'] {
    const saved = host.saved();
    const kept = saved?.file === block.file && saved.module === block.graph.name ? saved.sizes : undefined;
    const example = given ? undefined : exampleSizes(block.graph);
    const known = given ?? kept ?? (example && 'sizes' in example ? example.sizes : {});
    const sizes = Object.fromEntries(symbolNames(block.graph).map((name) => [name, known[name] ?? Number.NaN]));
    if (view.block?.file !== block.file || view.block.graph.name !== block.graph.name) typed.forget();
    return typed.over(sizes);
  }

  function show(message: Extract<ToPanel, { kind: 'show' }>): void {
    setWords(message.words);
    const decoded = decodeGraph(message.module.graph);
    if ('error' in decoded) return update({ problem: say('unreadable', { reason: decoded.error }), block: undefined, running: false });
    const { graph } = decoded;
    const { reason } = message.module;
    const block: Block = {
      file: message.file,
      version: message.version,
      graph,
      steps: stepViews(graph),
      limits: message.limits,
      fixed: message.module.fixed ?? [],
      errors: message.module.errors ?? [],
      ...(reason ? { reason } : {}),
    };
    const sizes = sizesFor(block, message.module.sizes);
    const same =
      view.block?.file === block.file && JSON.stringify([view.block.graph, view.sizes, view.block.limits]) === JSON.stringify([graph, sizes, block.limits]);
    const selected = selectionIn(block);
    const isOther = view.block !== undefined && (view.block.file !== block.file || view.block.graph.name !== graph.name);
    const weightsProblem = isOther ? undefined : view.weightsProblem;
    update({
      block,
      sizes,
      notice: undefined,
      problem: undefined,
      weights: given.of(block)?.name,
      weightsProblem,
      ...(selected === undefined ? {} : { selected }),
    });
    save();
    if (same && (view.running || view.outcome)) return;
    update({ ran: new Map(), outcome: undefined });
    foresee();
    schedule(0);
  }

  function takeWeights(message: Extract<ToPanel, { kind: 'weights' }>): void {
    const reason = given.take(message);
    const { block } = view;
    update({ weights: given.of(block)?.name, weightsProblem: reason && say('weightsNotRead', { reason }) });
    if (reason === undefined && given.of(block)) schedule(0);
  }

  /** The same step as before, by its name, where the block is the same one; else the first to look at. */
  function selectionIn(block: Block): number | undefined {
    const before = view.block?.graph.name === block.graph.name ? view.block.steps.find(({ id }) => id === view.selected) : undefined;
    const again =
      before &&
      (block.steps.find(({ id, title }) => id === before.id && title === before.title) ??
        block.steps.find(({ title, op }) => title === before.title && op === before.op));
    const saved = host.saved();
    const kept = saved?.file === block.file && saved.module === block.graph.name ? block.steps.find(({ id }) => id === saved.selected) : undefined;
    return (again ?? kept ?? firstStep(block.steps))?.id;
  }

  function cursor(line: number): void {
    const { block, selected } = view;
    const current = block?.steps.find(({ id }) => id === selected);
    if (!block || (current && isOn(current, block.file, line))) return;
    const step = stepAt(block.steps, block.file, line);
    if (step) update({ selected: step.id });
  }

  return {
    view: () => view,
    receive(message) {
      if (message.kind === 'show') show(message);
      if (message.kind === 'weights') takeWeights(message);
      if (message.kind === 'cursor') cursor(message.line);
      if (message.kind === 'stale' || message.kind === 'gone') update({ notice: message.reason });
    },
    setSize(symbol, size) {
      typed.note(symbol, view.sizes[symbol] ?? Number.NaN, size);
      update({ sizes: { ...view.sizes, [symbol]: size } });
      save();
      const { block } = view;
      // The graph is read at this argument: the host answers with the one for its new number.
      if (block?.fixed.includes(symbol) && isSize(size)) return tellSizes(block);
      const unfit = foresee();
      if (unfit === undefined && block) tellSizes(block);
      schedule(EDIT_MS);
    },
    run(keep) {
      clearTimeout(timer);
      void start(keep);
    },
    cancel() {
      clearTimeout(timer);
      runner.stop();
    },
    loadWeights() {
      const { block } = view;
      if (block) host.post({ kind: 'loadWeights', file: block.file, module: block.graph.name });
    },
    compare() {
      const { block } = view;
      if (block) host.post({ kind: 'compare', file: block.file, module: block.graph.name });
    },
    dropWeights() {
      given.drop();
      host.post({ kind: 'dropWeights' });
      update({ weights: undefined, weightsProblem: undefined });
      schedule(0);
    },
    select(step, reveal) {
      const { block } = view;
      const span = block?.steps.find(({ id }) => id === step)?.span;
      update({ selected: step });
      save();
      if (reveal && span) host.post({ kind: 'reveal', file: span.file, line: span.line, column: span.column });
    },
    hide() {
      hidden = true;
      clearTimeout(timer);
      // What comes in late of a run is none of the view's any more.
      run += 1;
      runner.stop();
      update({ running: false, ran: new Map(), outcome: undefined, ...(view.running ? { notice: say('hidden') } : {}) });
    },
    unhide() {
      if (!hidden) return;
      hidden = false;
      if (view.block) schedule(0);
    },
  };
}
