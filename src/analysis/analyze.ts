/** Analyses a file: reads each of its modules from its own entry, and gathers what was found. */
import { lower } from '../frontend/index';
import { attentionMaps } from '../graph/index';
import type { ShapeGraph } from '../graph/types';
import { type Bindings, type EntryTarget, type Reading, readModule } from '../interpret/index';
import type { Expression, ImportedName, SourceModule, Span, Statement } from '../program/types';
import { partsOf } from '../program/walk';
import { createProject, type LoadedProgram, loadProgram, type Project } from '../project/index';
import type { ProblemInput } from '../value/host';
import { diagnosticOf, gathered, syntaxDiagnostics } from './diagnostics';
import { candidates } from './discover';
import { withoutDefaults } from './elsewhere';
import { ownNames, withLibraries } from './named';
import { withNeeds } from './needs';
import { type Again, keepReader, type Reader } from './readAgain';
import { type Keep, kept, type Layout, layOut, reuse } from './reuse';
import { silenced } from './silence';
import { surroundingsOf } from './surroundings';
import type { FileAnalysis, ModuleAnalysis } from './types';

export { fixedSymbols, graphAt, moduleIn } from './readAgain';

/** Which modules of the file are wanted, and with what bound. */
export interface Request {
  /** The class or function; without it all. */
  readonly name?: string;
  /** Instead of a name: the expression that makes the module. */
  readonly expression?: Expression;
  readonly bindings: Bindings;
}

export const ALL: Request = { bindings: { training: false } };

/** Steps that reading all modules of a file may take together, and of several one of them: some seconds. Beyond, what is not read yet is unknown, and says so. */
const MOST_STEPS = 2_000_000;
const MOST_OF_ONE = 400_000;

/** What a file's readings have left of the steps that they may take together. */
interface Meter {
  left: number;
}

/** A module with what its reading found besides its graph. */
interface Read {
  readonly name: string;
  readonly reading: Reading;
  /** Reads it again otherwise. */
  readonly again?: Reader;
  readonly isFunction: boolean;
  readonly span: Span;
}

/** Keeps lowered files between analyses. */
export const createAnalyser = (read: (path: string) => Promise<string | undefined>, root?: string): Project =>
  createProject(root === undefined ? { read } : { read, root });

/** Analyses one file; undefined where there is none. */
export async function analyzeFile(file: string, project: Project, request: Request = ALL): Promise<FileAnalysis | undefined> {
  const program = await loadProgram(file, project);
  const source = program.module(program.entry);
  if (!source) return undefined;
  const isPlain = request === ALL;
  const layout = layoutOf(program, source, project, isPlain ? keepsOf(project).get(program.entry) : undefined);
  const analysis = analyzeSource(program, source, request, layout);
  if (layout && isPlain) keepsOf(project).set(program.entry, kept(layout));
  return analysis;
}

/** What is kept of each file between analyses of a project. */
const KEEPS = new WeakMap<Project, Map<string, Keep>>();

function keepsOf(project: Project): Map<string, Keep> {
  const found = KEEPS.get(project) ?? new Map<string, Keep>();
  KEEPS.set(project, found);
  return found;
}

/** The file's layout, over what is kept of its readings; none where a file, itself among them, imports it back whole. */
function layoutOf(program: LoadedProgram, source: SourceModule, project: Project, keep: Keep | undefined): Layout | undefined {
  const text = project.lowered.get(program.entry)?.text;
  const roots = program.circular ? importedBack(program, source) : [];
  if (roots === undefined || text === undefined) return undefined;
  const others = new Map([...program.modules].filter(([path]) => path !== program.entry));
  return layOut(source, text, others, keep, roots);
}

/** The names that files import from the entry, itself among them; undefined where they may be any. */
function importedBack(program: LoadedProgram, source: SourceModule): readonly string[] | undefined {
  if (!source.exportsAll) return undefined;
  const names: string[] = [];
  for (const [path, { body }] of program.modules)
    for (const part of partsOf(body)) {
      if (part.kind !== 'import' || typeof part.from !== 'string' || program.resolve(path, part.from) !== program.entry) continue;
      for (const { imported } of part.names as readonly ImportedName[]) names.push(imported);
    }
  return names.includes('*') ? undefined : names;
}

/** An expression of `--new`, in the file's own language. */
export async function parseExpression(file: string, text: string): Promise<Expression | undefined> {
  const module = await lower(file, `(${text})`);
  const [statement] = module.body;
  return statement?.kind === 'expression' && module.syntaxProblems.length === 0 ? statement.expression : undefined;
}

function analyzeSource(program: LoadedProgram, source: SourceModule, request: Request, layout: Layout | undefined): FileAnalysis {
  const meter: Meter = { left: MOST_STEPS };
  const targets = targetsOf(source, request);
  const reads = targets.flatMap((target) => {
    const share: Meter = { left: targets.length > 1 ? Math.min(MOST_OF_ONE, meter.left) : meter.left };
    const given = share.left;
    const read = readTarget(program, source, target, request, layout, share);
    meter.left -= given - share.left;
    return read;
  });
  const touching = reads.filter((one) => touchesTensors(one) || request.name !== undefined || request.expression !== undefined);
  const modules = touching.map((one) => moduleOf(source, one));
  const script = readScript(program, source, request, meter);
  const own = script?.problems.map((problem) => diagnosticOf(problem, '')) ?? [];
  const diagnostics = [...syntaxDiagnostics(source), ...gathered(touching, modules, own)];
  return {
    file: program.entry,
    modules,
    ...(script ? { script: scriptOf(source, script) } : {}),
    diagnostics: diagnostics.filter((one) => !silenced(program.module(one.span.file), one)),
    dependencies: program.asked,
  };
}

/** The file's own statements: a call site can break what a module needs. */
function readScript(program: LoadedProgram, source: SourceModule, request: Request, meter: Meter): Reading | undefined {
  if (request.name !== undefined || request.expression !== undefined) return undefined;
  return readModule({ program, surroundings: surroundingsOf(source.language), source, target: { kind: 'file' }, bindings: request.bindings, meter });
}

/** What stands outside all functions: what they hold is told of each for itself. */
function scriptOf(source: SourceModule, { graph, mentions, assumed }: Reading): ModuleAnalysis {
  return { name: '', span: graph.span, language: source.language, graph, mentions, diagnostics: [], unused: [], assumed, attention: false };
}

/** A class that takes more steps than are followed is one of them, as far as is known. */
const touchesTensors = ({ reading, isFunction }: Read): boolean =>
  reading.touchesTensors || (!isFunction && reading.graph.outputs.some(({ kind }) => kind === 'unknown'));

interface Target {
  readonly name: string;
  readonly target: Exclude<EntryTarget, { kind: 'file' }>;
}

function targetsOf(source: SourceModule, request: Request): Target[] {
  if (request.expression)
    return [{ name: expressionName(request.expression), target: { kind: 'expression', expression: ownNames(source, request.expression) } }];
  const all = candidates(source).filter((one) => request.name === undefined || one.name === request.name);
  return all.map((one) => ({
    name: one.name,
    target:
      one.kind === 'class'
        ? { kind: 'class', definition: one.definition }
        : { kind: 'function', definition: one.definition, ...(one.holder ? { holder: one.holder } : {}), ...(one.maker ? { maker: true } : {}) },
  }));
}

/** What is made: the class in `new C(…)`, the function in `f(…)`. */
function expressionName(expression: Expression): string {
  if (expression.kind === 'call') return expressionName(expression.callee);
  if (expression.kind === 'name') return expression.name;
  return expression.kind === 'attribute' ? expression.name : 'module';
}

function readTarget(
  program: LoadedProgram,
  source: SourceModule,
  { name, target }: Target,
  request: Request,
  layout: Layout | undefined,
  meter: Meter,
): Read[] {
  try {
    const read = (body: readonly Statement[], how: How) => readPart(program, { ...source, body }, target, request.bindings, how);
    const first = (body: readonly Statement[]) => read(body, { meter });
    const { reading, body } =
      layout && target.kind !== 'expression' ? reuse(layout, name, target.definition.nameSpan, first) : wholeFile(source, target, first);
    return [
      {
        name,
        reading: request.bindings.args || request.bindings.inputs ? reading : withoutDefaults(source, target, reading, (given) => read(body, { given, meter })),
        again: { read: (again) => read(body, again), training: request.bindings.training, asksMode: reading.asksMode === true },
        isFunction: target.kind === 'function',
        span: target.kind === 'expression' ? definitionSpan(source, name) : target.definition.nameSpan,
      },
    ];
  } catch (error) {
    // A failure of our own in one module is said in the file, and leaves the others.
    const span = target.kind === 'expression' ? definitionSpan(source, name) : target.definition.nameSpan;
    const problem: ProblemInput = { code: 'internal', severity: 'warning', span, args: { message: error instanceof Error ? error.message : String(error) } };
    return [
      {
        name,
        reading: { graph: emptyGraph(source, name, span), problems: [problem], mentions: [], touchesTensors: true, unused: [], assumed: [] },
        isFunction: target.kind === 'function',
        span,
      },
    ];
  }
}

/** Reads a module from all statements of its file; an expression may name libraries that the file does not import. */
function wholeFile(source: SourceModule, target: EntryTarget, read: (body: readonly Statement[]) => Reading): { reading: Reading; body: readonly Statement[] } {
  const body = target.kind === 'expression' ? withLibraries(source, target.expression) : source.body;
  return { reading: read(body), body };
}

interface How extends Again {
  readonly meter?: Meter;
  readonly given?: readonly string[];
}

/** Reads a module from a part of its file: the statements that it can reach. */
function readPart(
  program: LoadedProgram,
  part: SourceModule,
  target: EntryTarget,
  bindings: Bindings,
  { sizes, precision, training, meter, given }: How,
): Reading {
  const module = (path: string): SourceModule | undefined => (path === part.path ? part : program.module(path));
  return readModule({
    program: { ...program, module },
    surroundings: surroundingsOf(part.language),
    source: part,
    target,
    bindings: { ...bindings, ...(sizes ? { sizes } : {}), ...(precision ? { precision } : {}), ...(training === undefined ? {} : { training }) },
    ...(meter ? { meter } : {}),
    ...(given ? { given } : {}),
  });
}

/** Where a name that `--new` uses is defined; else the file's start. */
function definitionSpan(source: SourceModule, name: string): Span {
  const found = candidates(source).find((one) => one.name === name);
  return found?.definition.nameSpan ?? { file: source.path, line: 1, column: 1, endLine: 1, endColumn: 1 };
}

const emptyGraph = (source: SourceModule, name: string, span: Span): ShapeGraph => ({
  version: 1,
  runtime: surroundingsOf(source.language).runtime,
  language: source.language,
  name,
  span,
  inputs: [],
  nodes: [],
  outputs: [],
  rows: [],
  scopes: [],
  disposals: [],
  symbols: [],
  needs: [],
});

/** A reading that was kept has been described already. */
const DESCRIBED = new WeakMap<Reading, ModuleAnalysis>();

function moduleOf(source: SourceModule, read: Read): ModuleAnalysis {
  const known = DESCRIBED.get(read.reading);
  if (known?.name === read.name && known.span.line === read.span.line) return known;
  const made = describedModule(source, read);
  DESCRIBED.set(read.reading, made);
  if (read.again) keepReader(made, read.again);
  return made;
}

function describedModule(source: SourceModule, { name, reading, span }: Read): ModuleAnalysis {
  const graph: ShapeGraph = { ...reading.graph, name, span };
  const diagnostics = withNeeds(
    reading.problems.map((problem) => diagnosticOf(problem, name)),
    graph,
    name,
    reading.mentions,
    reading.assumed,
  );
  return {
    name,
    span,
    language: source.language,
    graph,
    mentions: reading.mentions,
    diagnostics,
    unused: reading.unused,
    assumed: reading.assumed,
    attention: attentionMaps(graph).length > 0,
  };
}
