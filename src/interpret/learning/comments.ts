/** Shapes written in comments: beside a parameter, in the doc comment, and at the statement that gives a tensor its name. */

import { constant } from '../../dim/index';
import type { FunctionDefinition, Parameter, Statement, Target } from '../../program/types';
import { type TensorValue, UNDEFINED, type Value } from '../../value/index';
import type { Run } from '../run';
import { findCell, type Scope } from '../statements/scope';
import { evidenceOf, learnName, learnRank, ReadAgain } from './evidence';
import { tellRank } from './inputs';
import { tellKind } from './parameters';
import { isName, type WrittenShape, writtenShapes } from './shapeWords';
import { typedRanks } from './typeNotes';

/** Notes the rank and the names that a comment gives to a parameter. */
export function commentedShape(run: Run, path: string, parameter: Parameter, definition: FunctionDefinition | undefined): void {
  const text = parameter.comment?.text ?? docText(definition?.doc, path);
  const [found] = run.comments.heed && text !== undefined ? writtenShapes(text) : [];
  if (!found) return;
  const { words } = found;
  run.comments.told = true;
  learnRank(run.evidence, path, words.length, 'said');
  if (evidenceOf(run.evidence, path).rank !== words.length) return;
  noteAlike(run, path, words);
  words.forEach((word, axis) => {
    if (isName(word)) learnName(run.evidence, path, axis, word);
    else if (/^\d+$/.test(word) && Number(word) > 0) evidenceOf(run.evidence, path).sizes.set(axis, constant(Number(word)));
  });
}

/** What a doc comment says of the parameter: the line that begins with its name, and those that go on. */
function docText(doc: string | undefined, name: string): string | undefined {
  const lines = doc?.split('\n') ?? [];
  const own = new RegExp(`(?:[@:]param\\s+(?:\\{[^}]*\\}\\s*|[\\w.]+\\s+(?=[\\w$]+\\s*:))?|^\\W*)\\[?${name.replace(/\$/g, '\\$')}\\b(?:\\s*=[^\\]]*\\])?\\]?`);
  const at = lines.findIndex((line) => own.test(line));
  if (at < 0) return undefined;
  const rest = lines.slice(at + 1);
  const end = rest.findIndex((line) => /^\s*(?:@|$|[-*]?\s*[\w$]+\s*:)/.test(line));
  const line = lines[at] ?? '';
  return [line.replace(own, ''), ...(/@param/.test(line) ? rest.slice(0, end < 0 ? rest.length : end) : deeper(line, rest))].join(' ');
}

const marginOf = (line: string): number => /^\s*/.exec(line)?.[0].length ?? 0;

/** The lines below one that stand further in than it: they go on with it. */
function deeper(line: string, rest: readonly string[]): readonly string[] {
  const end = rest.findIndex((next) => next.trim() === '' || marginOf(next) <= marginOf(line));
  return /^\W*[\w$]+\s*(?:$|:|\()/.test(line) ? rest.slice(0, end < 0 ? rest.length : end) : [];
}

/** The same name twice says that the two sizes are one. */
function noteAlike(run: Run, path: string, words: readonly string[]): void {
  const { alike } = evidenceOf(run.evidence, path);
  words.forEach((word, axis) => {
    const first = words.indexOf(word);
    if (isName(word) && first < axis) alike.set(axis, first);
  });
}

/** Notes what the type and the comment at an assignment say of the tensors that get their names there. */
export function statementShapes(run: Run, statement: Statement & { kind: 'assign' }, scope: Scope): void {
  const [target] = statement.targets;
  if (!run.comments.heed || !target) return;
  const typed = target && statement.type ? typedRanks(target, statement.type) : [];
  for (const [name, rank] of typed) tellShape(run, findCell(scope, name)?.value ?? UNDEFINED, Array<string>(rank).fill('?'));
  const shapes = statement.comment ? writtenShapes(statement.comment.text).filter(({ words }) => words.some(isName)) : [];
  if (shapes.length === 0) return;
  for (const [name, shape] of shapesFor(target, shapes, scope)) {
    const value = findCell(scope, name)?.value;
    if (value) tellShape(run, value, shape.words);
  }
}

/** Which name each shape is of: that before it; else the targets' own, in order. */
function shapesFor(target: Target, shapes: readonly WrittenShape[], scope: Scope): (readonly [string, WrittenShape])[] {
  const labelled = shapes.flatMap((shape) => shape.labels.filter((label) => findCell(scope, label) !== undefined).map((label) => [label, shape] as const));
  if (labelled.length > 0) return labelled;
  const names = target.kind === 'name' ? [target.name] : target.kind === 'sequence' ? target.elements.map(elementName) : [];
  const last = shapes.at(-1);
  if (names.length === 1 && last && (shapes.length === 1 || last.result)) return [[names[0] ?? '', last]];
  return names.length === shapes.length && !shapes.some(({ result }) => result)
    ? names.flatMap((name, at) => (name !== '' && shapes[at] ? [[name, shapes[at]] as const] : []))
    : [];
}

const elementName = (element: (Target & { kind: 'sequence' })['elements'][number]): string => (element?.target.kind === 'name' ? element.target.name : '');

/** A tensor of this shape: tells the rank of the input that it comes from, and names for sizes that have none. */
function tellShape(run: Run, value: Value, words: readonly string[]): void {
  if (value.kind === 'unknown' && value.parameter !== undefined && !value.options && value.type === undefined && isTensorShape(words)) {
    run.comments.told = true;
    tellKind(run, value, 'tensor');
  }
  if (value.kind !== 'tensor') return;
  if (value.shape === null) tellOpen(run, value, words);
  else if (value.shape.length === words.length)
    tellWords(
      run,
      value.shape.map((size) => size.text),
      words,
    );
}

/** Three axes or more, or a batch first: a pair may be the two numbers of a window. */
const isTensorShape = (words: readonly string[]): boolean =>
  words.length > 2 || words.every((word) => word === '?') || /^(?:B|N|bs?|batch\w*|n)$/.test(words[0] ?? '');

function tellOpen(run: Run, tensor: TensorValue, words: readonly string[]): void {
  if (!tensor.ranked) return;
  run.comments.told = true;
  const { input, offset } = tensor.ranked;
  if (offset === 0 && evidenceOf(run.evidence, input).rank === undefined && run.nodes[tensor.ref.node]?.op === 'input') noteAlike(run, input, words);
  tellRank(run, tensor, words.length, 'said');
}

/** Names of sizes that are an input's own and that nothing else names. */
function tellWords(run: Run, sizes: readonly string[], words: readonly string[]): void {
  let news = false;
  words.forEach((word, axis) => {
    const record = run.symbols.get(sizes[axis] ?? '');
    if (!isName(word) || record?.role !== 'data' || record.named || record.input === undefined || record.axis === undefined) return;
    if ((run.symbols.get(word)?.role ?? 'data') !== 'data') return;
    const about = evidenceOf(run.evidence, record.input);
    if (about.words.has(record.axis) || about.sizes.has(record.axis) || [...about.words.values(), ...about.names.values()].includes(word)) return;
    about.words.set(record.axis, word);
    news = true;
  });
  if (news) throw new ReadAgain();
}
