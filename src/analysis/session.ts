/** What the analysis worker remembers between requests: texts, and the last analysis of each file. The same on every platform. */
import type { Cancellation, Handlers } from '../protocol/channel';
import type { AnalysisOptions, ModuleError, ModuleForRun, WorkerAnalysis, WorkerAnswers, WorkerRequest } from '../protocol/messages';
import type { Diagnostic, FileAnalysis, Hover, InlayHint, Lens, ModuleAnalysis } from './types';

/** Reads a file's text: null where there is none. */
export type Read = (file: string) => Promise<string | null>;

/** What the session asks of the analysis, over files that `read` gives. */
export type MakeCore = (read: Read) => Core;

export interface Core {
  analyze(file: string, options: AnalysisOptions): Promise<FileAnalysis>;
  hover(analysis: FileAnalysis, line: number, column: number, options: AnalysisOptions): Hover | null;
  hints(analysis: FileAnalysis, options: AnalysisOptions): readonly InlayHint[];
  lenses(analysis: FileAnalysis, options: AnalysisOptions): readonly Lens[];
  forRun(module: ModuleAnalysis, options: AnalysisOptions): ModuleForRun;
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

/** Opens a session: `readOutside` gets the texts that it was not told. */
export function createSession(makeCore: MakeCore, readOutside: Read): Session {
  const texts = new Map<string, Promise<string | null>>();
  const known = new Map<string, Known>();
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

  async function analyze(file: string, options: AnalysisOptions, cancellation: Cancellation): Promise<WorkerAnalysis> {
    await breathe();
    if (cancellation.cancelled) throw new Error('cancelled');
    const start = performance.now();
    const analysis = await settled(file, options);
    known.set(file, { analysis, options });
    return {
      diagnostics: analysis.diagnostics,
      hints: core.hints(analysis, options),
      lenses: core.lenses(analysis, options),
      modules: analysis.modules.map(({ name, span, attention }) => ({ name, line: span.line, attention })),
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

  return {
    analyze: ({ file, options }, cancellation) => inTurn(() => analyze(file, options, cancellation)),
    hover: ({ file, line, column }) => hover(file, line, column),
    graph: ({ file, module }) => graph(file, module),
    changed: ({ file, text }) => change(file, text),
    forget({ file }) {
      known.delete(file);
      return null;
    },
  };
}
