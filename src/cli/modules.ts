/** Reading one file's modules as the options ask. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { analyzeFile, createAnalyser, parseExpression, type Request } from '../analysis/analyze';
import { type Beside, beside } from '../analysis/beside';
import type { Diagnostic, FileAnalysis, ModuleAnalysis } from '../analysis/types';
import { boundLiterals } from './bindings';
import { Failure } from './failure';
import { ENDINGS, isSupported, readText, rootOf, toPosix } from './files';
import type { Options } from './options';

export interface ReadFile {
  readonly analysis: FileAnalysis;
  readonly root: string;
  /** Where sizes are bound: the same module read without them. */
  open(module: ModuleAnalysis): Promise<Beside | undefined>;
}

/** Analyses the one file of `trace`, `cost` and `run`. */
export async function readOne(options: Options): Promise<ReadFile> {
  const [given] = options.paths;
  const file = path.resolve(given ?? '');
  if (!existsSync(file)) throw new Failure('not-found', `no such file: ${given}`);
  if (!isSupported(file)) throw new Failure('no-source', `${given} is not a file that is read: ${ENDINGS}`);
  const root = options.root === undefined ? rootOf(file) : path.resolve(options.root);
  const project = createAnalyser(readText, toPosix(root));
  const analysis = await analyzeFile(toPosix(file), project, await requestOf(options, toPosix(file)));
  if (!analysis) throw new Failure('not-found', `${given} cannot be read`);
  if (options.className !== undefined && analysis.modules.length === 0)
    throw new Failure('no-such-class', `${given} has no class or function '${options.className}'`);
  checkUnused(analysis, options);
  const open = async (module: ModuleAnalysis) => {
    if (!options.bound) return undefined;
    const unbound = await analyzeFile(toPosix(file), project, { name: module.name, bindings: { training: options.bindings.training } });
    const [same] = unbound?.modules ?? [];
    return (
      same &&
      beside(module.graph, same.graph, {
        literals: boundLiterals(options.bindings),
        defaults: options.expression === undefined,
        assumed: same.assumed ?? [],
        hasFault: module.diagnostics.some(isFault),
      })
    );
  };
  return { analysis, root, open };
}

const isFault = ({ severity }: Diagnostic): boolean => severity === 'error' || severity === 'warning';

/** Arguments and inputs that the one module looked at does not have. */
export function checkUnused(analysis: FileAnalysis, { bindings }: Options): void {
  const [module, second] = analysis.modules;
  const name = second ? undefined : module?.unused?.[0];
  if (!module || name === undefined) return;
  const kind = bindings.args?.has(name) ? 'argument' : 'input';
  throw new Failure('bad-argument', `--${kind === 'argument' ? 'args' : 'inputs'}: ${module.name} has no ${kind} '${name}'`);
}

/** The options' class or expression with what is bound. */
export async function requestOf(options: Options, file: string): Promise<Request> {
  const base = { bindings: options.bindings };
  if (options.expression !== undefined) {
    const expression = await parseExpression(file, options.expression);
    if (!expression) throw new Failure('bad-argument', `--new is not an expression: ${options.expression}`);
    return { ...base, expression };
  }
  return options.className === undefined ? base : { ...base, name: options.className };
}
