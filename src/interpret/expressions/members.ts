/** Reading members of values. */
import { type ClassValue, type FunctionValue, type InstanceValue, UNDEFINED, unknown, type Value } from '../../value/index';
import { callFunction } from '../calls/calls';
import { fieldOf, tellKind } from '../learning/parameters';
import type { Run } from '../run';

/** `object.name`. What an object of a known sort does not have is undefined; what may have it is unknown. */
export function member(run: Run, object: Value, name: string): Value {
  switch (object.kind) {
    case 'unknown':
      return memberOfUnknown(run, object, name);
    case 'tensor':
      return run.surroundings.tensorMember(object, name, run.host) ?? UNDEFINED;
    case 'module':
      return object.get(name, run.host) ?? unknown(`no rule for \`${object.name}.${name}\``);
    case 'native':
      return object.member?.(name, run.host) ?? run.surroundings.builtinMember(object, name, run.host) ?? unknown(`no rule for \`${object.name}.${name}\``);
    case 'instance':
      return instanceMember(run, object, name);
    case 'class':
      return classMember(run, object, name);
    case 'dict':
      return dictMember(run, object, name);
    case 'function':
      return object.properties?.entries.get(name) ?? run.surroundings.builtinMember(object, name, run.host) ?? UNDEFINED;
    default:
      return run.surroundings.builtinMember(object, name, run.host) ?? UNDEFINED;
  }
}

const LIST_ONLY = new Set([
  'length',
  'map',
  'forEach',
  'push',
  'filter',
  'every',
  'some',
  'find',
  'findIndex',
  'pop',
  'shift',
  'unshift',
  'splice',
  'join',
  'flat',
  'flatMap',
  'append',
  'extend',
]);

function memberOfUnknown(run: Run, object: Value & { kind: 'unknown' }, name: string): Value {
  if (object.options) return memberOfOptions(run, object, name);
  if (object.parameter === undefined) {
    if (object.type === 'tensor' || object.type === 'list') return unknown(object.reason);
    return unknown(object.reason);
  }
  if (LIST_ONLY.has(name)) return object.type === 'list' ? unknown(object.reason) : member(run, tellKind(run, object, 'list'), name);
  if (isTensorMember(run, name)) return member(run, tellKind(run, object, 'tensor'), name);
  return fieldOf(run, object.parameter, name);
}

/** One of several: the member of those that have it. */
function memberOfOptions(run: Run, object: Value & { kind: 'unknown' }, name: string): Value {
  const able = (object.options ?? []).filter((option) => option.kind !== 'undefined' && option.kind !== 'null');
  const [only] = able;
  return able.length === 1 && only ? member(run, only, name) : unknown(object.reason);
}

/** Whether tensors have such a member: asked of a tensor that is nowhere. */
function isTensorMember(run: Run, name: string): boolean {
  const probe = { kind: 'tensor' as const, ref: { node: -1, output: 0 }, shape: [], dtype: 'float32' as const };
  return run.surroundings.tensorMember(probe, name, run.host) !== undefined;
}

function dictMember(run: Run, object: Value & { kind: 'dict' }, name: string): Value {
  const own = object.flavour === 'object' ? object.entries.get(name) : undefined;
  if (object.parameter !== undefined && object.flavour === 'object') {
    const field = fieldOf(run, object.parameter, name);
    return own === undefined || field.kind !== 'unknown' ? field : own;
  }
  if (own) return isGetter(own) ? callFunction(run, own, { ...noArguments(run), api: name }, object) : own;
  if (object.prototype) return inherited(run, object, object.prototype, name);
  return run.surroundings.builtinMember(object, name, run.host) ?? (object.open ? unknown(object.open) : UNDEFINED);
}

/** What an object has from its prototype. */
function inherited(run: Run, object: Value & { kind: 'dict' }, prototype: Value & { kind: 'dict' }, name: string): Value {
  const found = dictMember(run, prototype, name);
  return found.kind === 'function' && found.self === undefined && found.definition.role !== 'arrow' ? { ...found, self: object } : found;
}

/** A getter in an object literal is kept as its function. */
const isGetter = (value: Value): value is FunctionValue => value.kind === 'function' && value.definition.role === 'getter';

export const noArguments = (run: Run) => ({ positional: [], named: new Map<string, Value>(), span: run.span, spans: [], api: '' });

/** A field, a method, a getter, or what the library's base class provides. */
export function instanceMember(run: Run, object: InstanceValue, name: string): Value {
  const own = object.members.get(name);
  if (own) return own;
  const found = object.cls ? classLookup(object.cls, name, false) : undefined;
  if (found?.function) {
    if (found.function.definition.role === 'getter') return callFunction(run, found.function, { ...noArguments(run), api: name }, object);
    return { ...found.function, self: object };
  }
  const provided = object.native?.member(object, name, run.host) ?? (object.cls ? nativeBase(object.cls)?.member(object, name, run.host) : undefined);
  if (provided) return provided;
  if (name === 'constructor' && object.cls) return object.cls;
  const outside = object.open ?? (object.cls ? unknownBase(object.cls) : undefined);
  return outside ? unknown(outside) : UNDEFINED;
}

interface Found {
  readonly function?: FunctionValue;
  readonly owner: ClassValue;
}

/** The method of a class or of its nearest base that has one. */
export function classLookup(cls: ClassValue, name: string, isStatic: boolean, depth = 0): Found | undefined {
  if (depth > 30) return undefined;
  const definition = cls.definition.methods.find(
    (method) => method.name === name && method.static === isStatic && method.role !== 'setter' && method.role !== 'constructor',
  );
  if (definition) return { owner: cls, function: { kind: 'function', definition, scope: cls.scope, owner: cls, file: cls.file } };
  for (const base of cls.bases) {
    const found = base.kind === 'class' ? classLookup(base, name, isStatic, depth + 1) : undefined;
    if (found) return found;
  }
  return undefined;
}

/** The library class at the end of the chain of bases. */
export function nativeBase(cls: ClassValue, depth = 0): NonNullable<(Value & { kind: 'native' })['base']> | undefined {
  for (const base of cls.bases) {
    if (base.kind === 'native' && base.base) return base.base;
    const found = base.kind === 'class' && depth < 30 ? nativeBase(base, depth + 1) : undefined;
    if (found) return found;
  }
  return undefined;
}

/** The reason why members that are not found are unknown rather than missing. */
export function unknownBase(cls: ClassValue, depth = 0): string | undefined {
  for (const base of cls.bases) {
    if (base.kind === 'class' && depth < 30) {
      const found = unknownBase(base, depth + 1);
      if (found) return found;
    } else if (!(base.kind === 'native' && base.base)) {
      return base.kind === 'unknown' ? base.reason : `its base class is not known`;
    }
  }
  return undefined;
}

function classMember(run: Run, cls: ClassValue, name: string): Value {
  if (name === 'name') return { kind: 'string', value: cls.definition.name };
  for (let at: Value | undefined = cls, depth = 0; at?.kind === 'class' && depth < 30; at = at.bases[0], depth++) {
    const own = at.members.get(name);
    if (own) return own;
  }
  const found = classLookup(cls, name, true);
  if (found?.function)
    return found.function.definition.role === 'getter'
      ? callFunction(run, found.function, { ...noArguments(run), api: name }, cls)
      : { ...found.function, self: cls };
  const method = name === 'prototype' ? undefined : classLookup(cls, name, false);
  if (method?.function) return method.function;
  const outside = unknownBase(cls);
  return outside || name === 'prototype' ? unknown(outside ?? 'prototypes are not followed') : UNDEFINED;
}
