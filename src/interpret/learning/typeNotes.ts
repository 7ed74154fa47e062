/** What a written type says of a parameter. */
import type { Parameter, Target, TypeNote } from '../../program/types';
import type { Run } from '../run';
import { findCell } from '../statements/scope';
import { evidenceOf, learnRank } from './evidence';
import { noteTensor } from './tensorTypes';

/** Ranks of the library's types by name. */
const RANKED: { readonly [name: string]: number } = { Scalar: 0, Tensor1D: 1, Tensor2D: 2, Tensor3D: 3, Tensor4D: 4, Tensor5D: 5, Tensor6D: 6 };
const UNRANKED = new Set(['Tensor', 'TensorLike', 'Variable', 'SymbolicTensor']);

const LISTS = new Set(['list', 'List']);

/** What classes of settings are called: their fields may have any name. */
const SETTINGS = /(?:config(?:uration)?|args|arguments|options|settings|hparams|hyperparameters)$/i;

/** The rank that a type's name tells. */
const rankOf = (type: TypeNote): number | undefined => RANKED[type.name?.split('.').at(-1) ?? type.text];

/** The rank that a declaration's type gives to each name of its target. */
export function typedRanks(target: Target, type: TypeNote): (readonly [string, number])[] {
  const members = (type.members ?? []).filter((one) => one.text !== 'null' && one.text !== 'undefined');
  const [only] = members;
  if (members.length > 0) return members.length === 1 && only ? typedRanks(target, only) : [];
  if (target.kind === 'name') {
    const rank = rankOf(type);
    return rank === undefined ? [] : [[target.name, rank]];
  }
  if (target.kind !== 'sequence' || (type.name !== 'Array' && type.name !== 'tuple')) return [];
  return target.elements.flatMap((element, at) => {
    const item = type.name === 'tuple' ? type.args?.[at] : type.args?.[0];
    return element && !element.rest && item ? typedRanks(element.target, item) : [];
  });
}

/** Notes a parameter's type: tensors with their rank, numbers, lists of tensors. */
export function typeEvidence(run: Run, path: string, parameter: Parameter): void {
  // What is left out by default has its default until something shows that it is given.
  const isLeftOut = parameter.fallback?.kind === 'literal' && parameter.fallback.value === null && !run.evidence.get(path)?.given;
  if (parameter.type && !isLeftOut) note(run, path, parameter.type, parameter.fallback !== undefined);
}

function note(run: Run, path: string, type: TypeNote, hasDefault: boolean): void {
  const members = (type.members ?? []).filter((one) => !/^(?:null|undefined|None)$/.test(one.text));
  if (members.length > 0) {
    const [only] = members;
    if (members.length === 1 && only) note(run, path, only, hasDefault);
    return;
  }
  if (noteTensor(run, path, type)) return;
  const name = type.name?.split('.').at(-1) ?? type.text;
  const rank = RANKED[name];
  if (rank !== undefined) learnRank(run.evidence, path, rank, 'said');
  else if (UNRANKED.has(name)) evidenceOf(run.evidence, path).kind ??= 'tensor';
  else if (SETTINGS.test(name) || isUsersClass(run, name) || isForeign(run, type)) evidenceOf(run.evidence, path).settings = true;
  else if (LISTS.has(name)) noteList(run, path);
  else if (!hasDefault && (name === 'int' || name === 'float')) evidenceOf(run.evidence, path).kind ??= 'number';
  else if (!hasDefault && isList(type)) noteList(run, path);
  else if (name === 'number') evidenceOf(run.evidence, path).kind ??= 'number';
  else if (name === 'str' || name === 'string') evidenceOf(run.evidence, path).kind ??= 'string';
  else if (isFixedTuple(type)) noteTuple(run, path, type.args);
}

/** A class of the user's own: what has its fields is none of the library's. */
function isUsersClass(run: Run, name: string): boolean {
  for (const { scope } of run.modules.values()) {
    const held = findCell(scope, name)?.value;
    if (held) return held.kind === 'class';
  }
  return false;
}

/** A class of a library that is not known: an image, say, whose methods are its own. */
function isForeign(run: Run, { name }: TypeNote): boolean {
  const [root = '', ...parts] = name?.split('.') ?? [];
  if (parts.length === 0 || /tensor|array|variable/i.test(parts.join('.'))) return false;
  for (const { scope } of run.modules.values()) {
    const held = findCell(scope, root)?.value;
    if (held) return held.kind === 'unknown' || held.kind === 'module';
  }
  return false;
}

/** `List[int]`, `list[Tensor]`, `Sequence[str]`. */
const isList = ({ name, args }: TypeNote): boolean => /^(?:typing\.)?(?:[Ll]ist|Sequence)$/.test(name ?? '') && args?.length === 1;

/** A tuple of so many items, as its note lists them. */
const isFixedTuple = (type: TypeNote): type is TypeNote & { readonly args: readonly TypeNote[] } =>
  /^(?:typing\.)?[Tt]uple$/.test(type.name ?? '') && (type.args ?? []).length > 0 && !(type.args ?? []).some(({ text }) => text === '...');

function noteList(run: Run, path: string): void {
  const about = evidenceOf(run.evidence, path);
  if (about.kind === undefined) about.noted = true;
  about.kind ??= 'list';
}

function noteTuple(run: Run, path: string, items: readonly TypeNote[]): void {
  noteList(run, path);
  const about = evidenceOf(run.evidence, path);
  if (about.kind !== 'list' || about.misnoted) return;
  about.notedLength = items.length;
  about.length = Math.max(about.length ?? 0, items.length);
  about.counted = true;
  items.forEach((item, at) => {
    note(run, `${path}[${at}]`, item, false);
  });
}
