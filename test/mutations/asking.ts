/** What the analysis says of a text in place of a file's, with no sizes given and with those of a case. */
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { analyzeFile, createAnalyser, parseExpression, type Request } from '../../src/analysis/analyze';
import type { Diagnostic } from '../../src/analysis/types';
import { argumentsOf, inputsOf } from '../../src/cli/bindings';
import type { RecordRequest } from '../recorder/types';

export interface Finding {
  readonly severity: string;
  readonly code: string;
  readonly message: string;
  readonly places: readonly { readonly file: string; readonly line: number }[];
}

/** Errors and warnings of a file with another text. */
export async function ask(file: string, text: string, root: string, request?: Request): Promise<Finding[]> {
  const read = async (path: string) => (path === file ? text : await readFile(path, 'utf8').catch(() => undefined));
  const analysis = await analyzeFile(file, createAnalyser(read, root), request);
  return (analysis?.diagnostics ?? []).filter(({ severity }) => severity === 'error' || severity === 'warning').map((one) => findingOf(one, root));
}

const findingOf = ({ severity, code, message, span, related }: Diagnostic, root: string): Finding => ({
  severity,
  code,
  message,
  places: [span, ...related.map((one) => one.span)].map((place) => ({ file: relative(root, place.file), line: place.line })),
});

/** A case's arguments and inputs, bound. */
export async function boundRequest(item: RecordRequest): Promise<Request> {
  const inputs = inputsOf(item.inputs);
  const expression = item.new === undefined ? undefined : await parseExpression(item.file, item.new);
  if (expression) return { expression, bindings: { inputs, training: false } };
  const given = item.args ?? {};
  return { ...(item.class === undefined ? {} : { name: item.class }), bindings: { args: argumentsOf(given), inputs, training: false } };
}

const keyOf = ({ code, message }: Finding): string => `${code} ${message}`;

/** What is said that was not said before. */
export function news(found: readonly Finding[], before: readonly Finding[]): Finding[] {
  const known = new Set(before.map(keyOf));
  return found.filter((one) => !known.has(keyOf(one)));
}
