/** What was found, as the editor shows it: each place once, and what a caller's reading clears left out. */
import type { Reading } from '../interpret/index';
import type { SourceModule, Span } from '../program/types';
import type { ProblemInput } from '../value/host';
import type { Diagnostic, ModuleAnalysis } from './types';
import { say } from './words/index';

/** A reading by the places that it passes, of a function or of a class. */
interface Passing {
  readonly reading: Reading;
  readonly isFunction: boolean;
}

/** A problem in the editor's terms, in English. */
export function diagnosticOf(problem: ProblemInput, module: string): Diagnostic {
  const words = { code: problem.words ?? problem.code, args: problem.args };
  const related = (problem.related ?? []).map((one) => ({ span: one.span, message: say(one.code, one.args), words: { code: one.code, args: one.args } }));
  return { span: problem.span, severity: problem.severity, code: problem.code, module, message: say(words.code, words.args), words, related };
}

/** What of a file is no sentence of its language. */
export function syntaxDiagnostics(source: SourceModule): Diagnostic[] {
  return source.syntaxProblems.map(({ span, message }) => {
    const words = { code: 'syntax', args: { message } };
    return { span, severity: 'information', code: 'syntax', module: '', message: say('syntax', words.args), words, related: [] };
  });
}

const placeOf = ({ file, line, column, endLine, endColumn }: Span): string => `${file}:${line}:${column}:${endLine}:${endColumn}`;

/** All findings, each place and code once. What a function alone would be warned of is left out where a caller's reading passes the same place without it. */
export function gathered(reads: readonly Passing[], modules: readonly ModuleAnalysis[], ofFile: readonly Diagnostic[]): Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  const passed = placesPassed(reads);
  const add = (diagnostic: Diagnostic) => {
    const key = `${diagnostic.code}:${placeOf(diagnostic.span)}`;
    const known = found.get(key);
    if (!known || (known.severity !== 'error' && diagnostic.severity === 'error')) found.set(key, diagnostic);
  };
  modules.forEach((module, at) => {
    for (const diagnostic of module.diagnostics) {
      const alone = reads[at]?.isFunction && diagnostic.code !== 'needs' && clearedElsewhere(diagnostic, at, reads, passed);
      if (!alone) add(diagnostic);
    }
  });
  ofFile.forEach(add);
  return [...found.values()].sort((a, b) => a.span.file.localeCompare(b.span.file) || a.span.line - b.span.line || a.span.column - b.span.column);
}

/** For each reading, the places of its steps. */
const placesPassed = (reads: readonly Passing[]): ReadonlySet<string>[] =>
  reads.map(({ reading }) => new Set(reading.graph.nodes.map((node) => placeOf(node.span))));

function clearedElsewhere(diagnostic: Diagnostic, at: number, reads: readonly Passing[], passed: readonly ReadonlySet<string>[]): boolean {
  const place = placeOf(diagnostic.span);
  const isOpen = ({ reading }: Passing) => diagnostic.code === 'defaults-break' && reading.graph.needs.some(({ span }) => placeOf(span) === place);
  // What needs something there itself says nothing of whether a caller's own defaults meet it.
  const others = reads.filter((read, index) => index !== at && passed[index]?.has(place) && !isOpen(read));
  return (
    others.length > 0 && others.every(({ reading }) => !reading.problems.some((problem) => problem.code === diagnostic.code && placeOf(problem.span) === place))
  );
}
