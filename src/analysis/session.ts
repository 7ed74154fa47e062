/** What the analysis worker remembers between requests: texts, and the last analysis of each file. The same on every platform. */
import type { Cancellation, Handlers } from '../protocol/channel';
import type { Fit, Priced, PriceRequest, Tie } from '../protocol/compareMessages';
import type { AnalysisOptions, ModuleEntry, ModuleError, ModuleForRun, WorkerAnalysis, WorkerAnswers, WorkerRequest } from '../protocol/messages';
import type { AliveModule, Curve, Diagnostic, FileAnalysis, Hover, InlayHint, Largest, Lens, ModuleAnalysis, Prices, Setting, Sweep } from './types';

/** Reads a file's text: null where there is none. */
export type Read = (file: string) => Promise<string | null>;

/** What the session asks of the analysis, over files that `read` gives. */
export type MakeCore = (read: Read) => Core;

export interface Core {
  analyze(file: string, options: AnalysisOptions): Promise<FileAnalysis>;
  hover(analysis: FileAnalysis, line: number, column: number, options: AnalysisOptions): Hover | null;
  hints(analysis: FileAnalysis, options: AnalysisOptions): readonly InlayHint[];
  lenses(analysis: FileAnalysis, options: AnalysisOptions): readonly Lens[];
  alive(analysis: FileAnalysis, module: string | null, options: AnalysisOptions): readonly AliveModule[];
  forRun(module: ModuleAnalysis, options: AnalysisOptions): ModuleForRun;
  price(module: ModuleAnalysis, setting: Setting): Prices;
  ties(module: ModuleAnalysis): readonly Tie[];
  curve(module: ModuleAnalysis, setting: Setting, sweep: Sweep): Curve;
  largest(module: ModuleAnalysis, setting: Setting, fit: Fit): Largest;
}

/** Answers to the host's requests, over what is remembered. */
export type Session = Handlers<WorkerRequest, WorkerAnswers>;

interface Known {
  readonly analysis: FileAnalysis;
  readonly options: AnalysisOptions;
}

/** A file that changes while it is read is read again, but not for ever. */
const MOST_ROUNDS = 3;

/** Lets the messages in that wait at the door: a cancellation among them. */
const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** The sizes of a module: those chosen for it over those chosen for all (`*`). */
export const sizesFor = (options: AnalysisOptions, module: string): { readonly [symbol: string]: number } => ({
  ...options.sizes['*'],
  ...options.sizes[module],
});

/** The module's errors that the file shows: neither silenced nor set to another severity. */
function errorsIn({ diagnostics }: ModuleAnalysis, { diagnostics: shown }: FileAnalysis): readonly ModuleError[] {
  const place = ({ code, span }: Diagnostic): string => `${code} ${span.file}:${span.line}:${span.column}`;
  const errors = new Set(shown.filter(({ severity }) => severity === 'error').map(place));
  return diagnostics.filter((one) => errors.has(place(one))).map(({ span, message }) => ({ line: span.line, message }));
}

const entriesOf = (analysis: FileAnalysis): readonly ModuleEntry[] =>
  analysis.modules.map((module) => ({
    name: module.name,
    line: module.span.line,
    attention: module.attention,
    faulty: errorsIn(module, analysis).length > 0,
  }));

/** Opens a session: `readOutside` gets the texts that it was not told. */
export function createSession(makeCore: MakeCore, readOutside: Read): Session {
  const texts = new Map<string, Promise<string | null>>();
  const known = new Map<string, Known>();
  /** Files of which something that their analysis rests on has changed since. */
  const outdated = new Set<string>();
  /** Files told to have changed since the analysis that runs now began. */
  const touched = new Set<string>();
  let turn: Promise<unknown> = Promise.resolve();

  const read: Read = (file) => {
    const text = texts.get(file) ?? readOutside(file);
    texts.set(file, text);
    return text;
  };
  const core = makeCore(read);

  function change(file: string, text: string | null): null {
    touched.add(file);
    for (const [name, { analysis }] of known) if (name === file || analysis.dependencies.includes(file)) outdated.add(name);
    if (text === null) texts.delete(file);
    else texts.set(file, Promise.resolve(text));
    return null;
  }

  async function settled(file: string, options: AnalysisOptions): Promise<FileAnalysis> {
    for (let round = 1; ; round++) {
      touched.clear();
      const analysis = await core.analyze(file, options);
      if (round === MOST_ROUNDS || ![file, ...analysis.dependencies].some((one) => touched.has(one))) return analysis;
    }
  }

  /** Lets a cancellation in, and gives up after it. */
  async function goOn(cancellation: Cancellation): Promise<void> {
    await breathe();
    if (cancellation.cancelled) throw new Error('cancelled');
  }

  async function learn(file: string, options: AnalysisOptions): Promise<FileAnalysis> {
    const analysis = await settled(file, options);
    known.set(file, { analysis, options });
    outdated.delete(file);
    return analysis;
  }

  const fresh = (file: string): FileAnalysis | undefined => (outdated.has(file) ? undefined : known.get(file)?.analysis);

  async function analyze(file: string, options: AnalysisOptions, cancellation: Cancellation): Promise<WorkerAnalysis> {
    await goOn(cancellation);
    const start = performance.now();
    const analysis = await learn(file, options);
    return {
      diagnostics: analysis.diagnostics,
      hints: core.hints(analysis, options),
      lenses: core.lenses(analysis, options),
      modules: entriesOf(analysis),
      dependencies: analysis.dependencies,
      ms: performance.now() - start,
    };
  }

  /** One analysis at a time, in the order asked: each leaves the thread only to read. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = turn.then(work);
    turn = next.catch(() => undefined);
    return next;
  }

  function hover(file: string, line: number, column: number): Hover | null {
    const of = known.get(file);
    return of ? core.hover(of.analysis, line, column, of.options) : null;
  }

  function graph(file: string, name: string): ModuleForRun | null {
    const of = known.get(file);
    const module = of?.analysis.modules.find((one) => one.name === name);
    if (!of || !module) return null;
    const errors = errorsIn(module, of.analysis);
    return { ...core.forRun(module, of.options), ...(errors.length > 0 ? { errors } : {}) };
  }

  /** Of a file that is not shown nothing is kept. */
  async function modules(file: string, options: AnalysisOptions, cancellation: Cancellation): Promise<readonly ModuleEntry[]> {
    await goOn(cancellation);
    return entriesOf(fresh(file) ?? (await core.analyze(file, options)));
  }

  /** Typing goes before it: between its parts others have their turn. */
  async function price({ file, module: name, options, setting, sweep, fits }: PriceRequest, cancellation: Cancellation): Promise<Priced | null> {
    await goOn(cancellation);
    const module = (fresh(file) ?? (await inTurn(() => learn(file, options)))).modules.find((one) => one.name === name);
    if (!module) return null;
    const at: Setting = { ...setting, sizes: { ...sizesFor(options, name), ...setting.sizes } };
    const prices = core.price(module, at);
    if (sweep || fits) await goOn(cancellation);
    const curve = sweep && core.curve(module, at, sweep);
    const found: Largest[] = [];
    for (const fit of fits ?? []) {
      await goOn(cancellation);
      found.push(core.largest(module, at, fit));
    }
    return { prices, ties: core.ties(module), ...(curve && { curve }), ...(fits && { fits: found }) };
  }

  return {
    analyze: ({ file, options }, cancellation) => inTurn(() => analyze(file, options, cancellation)),
    hover: ({ file, line, column }) => hover(file, line, column),
    graph: ({ file, module }) => graph(file, module),
    alive({ file, module }) {
      const of = known.get(file);
      return of ? core.alive(of.analysis, module, of.options) : [];
    },
    modules: ({ file, options }, cancellation) => inTurn(() => modules(file, options, cancellation)),
    price,
    changed: ({ file, text }) => change(file, text),
    forget({ file }) {
      known.delete(file);
      outdated.delete(file);
      return null;
    },
  };
}
