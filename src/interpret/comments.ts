/** Shapes written in comments beside a parameter, or in the doc comment: `// [B, T, C]`, `@param x - (batch, seq, dim)`. */

import { constant } from '../dim/index';
import type { FunctionDefinition, Parameter } from '../program/types';
import { evidenceOf, learnName, learnRank } from './evidence';
import type { Run } from './run';

const SHAPE = /[[(]\s*([A-Za-z_$][\w$]*|\d+|-1|\?|null)(\s*[,x×]\s*([A-Za-z_$][\w$]*|\d+|-1|\?|null))+\s*[\])]/;

/** Notes the rank and the names that a comment gives to a parameter. */
export function commentedShape(run: Run, path: string, parameter: Parameter, definition: FunctionDefinition | undefined): void {
  const text = parameter.comment?.text ?? docLine(definition?.doc, path);
  const found = text === undefined ? null : SHAPE.exec(text);
  if (!found) return;
  const words = found[0]
    .slice(1, -1)
    .split(/\s*[,×]\s*|\s+x\s+/)
    .map((word) => word.trim());
  if (words.length < 2 || words.length > 6) return;
  learnRank(run.evidence, path, words.length, 'said');
  if (evidenceOf(run.evidence, path).rank !== words.length) return;
  words.forEach((word, axis) => {
    if (/^[A-Za-z_$][\w$]*$/.test(word) && word !== 'null') learnName(run.evidence, path, axis, word);
    else if (/^\d+$/.test(word) && Number(word) > 0) evidenceOf(run.evidence, path).sizes.set(axis, constant(Number(word)));
  });
}

/** The line of a doc comment that speaks of the parameter. */
function docLine(doc: string | undefined, name: string): string | undefined {
  return doc?.split('\n').find((line) => new RegExp(`(@param\\s+(\\{[^}]*\\}\\s*)?|^\\W*)\\[?${name.replace(/\$/g, '\\$')}\\b`).test(line));
}
