/** Subscripts: items of lists, sizes of shapes, fields by key. */
import { asConstant } from '../../dim/index';
import type { Expression } from '../../program/types';
import { asSize, string, UNDEFINED, unknown, type Value } from '../../value/index';
import { fieldOf, itemOf, tellRank } from '../learning/parameters';
import type { Run } from '../run';
import { joinValues } from '../statements/join';
import type { Scope } from '../statements/scope';
import { fieldName, textOf } from './arithmetic';
import { ChainEnds, evaluate } from './evaluate';
import { member } from './members';

export function subscript(run: Run, expression: Expression & { kind: 'subscript' }, scope: Scope): Value {
  const owner = evaluate(run, expression.object, scope);
  if (expression.optional && (owner.kind === 'undefined' || owner.kind === 'null')) throw new ChainEnds();
  const [index] = expression.index;
  if (!index || index.kind === 'slice' || index.kind === 'ellipsis') return unknown('slices in brackets are not followed');
  return itemAt(run, owner, evaluate(run, index, scope));
}

/** `owner[key]`. */
export function itemAt(run: Run, owner: Value, key: Value): Value {
  const at = key.kind === 'number' ? constantOf(key) : undefined;
  if (owner.kind === 'list') return listItem(run, owner, key, at);
  if (owner.kind === 'shape') return sizeAt(run, owner, at);
  if (owner.kind === 'unknown') return unknownItem(run, owner, key, at);
  if (owner.kind === 'string')
    return at !== undefined && owner.value[at] !== undefined ? string(owner.value[at] ?? '') : unknown('the character is not known', 'string');
  const text = textOf(key);
  return text === undefined ? byPattern(run, owner, key) : member(run, owner, text);
}

/** A field by a text with holes: the one that was set by the same pattern, else that of a parameter, where all are alike. */
function byPattern(run: Run, owner: Value, key: Value): Value {
  const name = fieldName(key);
  const fields = owner.kind === 'dict' ? owner.entries : owner.kind === 'instance' ? owner.members : undefined;
  const found = name === undefined ? undefined : fields?.get(name);
  if (found) return found;
  if (name !== undefined && owner.kind === 'dict' && owner.parameter !== undefined && owner.flavour === 'object') return fieldOf(run, owner.parameter, name);
  return unknown(key.kind === 'unknown' ? key.reason : 'the key is not known');
}

export const constantOf = (value: Value): number | undefined => {
  const whole = asSize(value);
  return whole ? asConstant(whole) : undefined;
};

function listItem(run: Run, owner: Value & { kind: 'list' }, key: Value, at: number | undefined): Value {
  if (key.kind === 'string' && !/^-?\d+$/.test(key.value)) return member(run, owner, key.value);
  const place = key.kind === 'string' ? Number(key.value) : at;
  if (owner.times) return owner.items[0] ?? UNDEFINED;
  if (place === undefined) return oneOf(run, owner);
  const item = owner.items[place];
  if (item) return item;
  if (owner.parameter !== undefined && place >= 0 && place < MOST_ASKED) return itemOf(run, owner, place);
  if (owner.open !== undefined) return unknown(owner.open);
  return isSurelyBeyond(run, owner, place) ? { kind: 'undefined', beyond: { index: place, shape: owner.items } } : UNDEFINED;
}

/** Whether a shape has nothing there whatever the module is given: an input may have more axes than was thought. */
function isSurelyBeyond(run: Run, { shapeOf }: Value & { kind: 'list' }, place: number): boolean {
  return shapeOf !== undefined && (place < 0 || run.nodes[shapeOf.ref.node]?.op !== 'input');
}

/** So many items a list that is given may be asked for; beyond them somebody counts. */
const MOST_ASKED = 8;

/** An item at a place that is not known: what all items agree on. */
function oneOf(run: Run, owner: Value & { kind: 'list' }): Value {
  const [first, ...rest] = owner.items;
  if (!first || owner.open !== undefined) return unknown(owner.open ?? 'the index is not known');
  return rest.reduce<Value>((joined, item) => joinValues(run, joined, item, 'an index that is not known'), first);
}

/** `x.shape[i]` of an unknown rank tells the least rank. */
function sizeAt(run: Run, owner: Value & { kind: 'shape' }, at: number | undefined): Value {
  if (at !== undefined && at >= 0) tellRank(run, owner.of, at + 1, 'least');
  return unknown(owner.of.reason ?? 'the rank is not known', 'number');
}

function unknownItem(run: Run, owner: Value & { kind: 'unknown' }, key: Value, at: number | undefined): Value {
  const lists = owner.options?.filter((option) => option.kind === 'list') ?? [];
  const [only] = lists;
  if (only && lists.length === 1) return itemAt(run, only, key);
  if (owner.parameter === undefined || owner.options) return unknown(owner.reason);
  if (at !== undefined && at >= 0) return itemOf(run, owner, at);
  const name = fieldName(key);
  return name !== undefined ? fieldOf(run, owner.parameter, name) : unknown(owner.reason);
}
