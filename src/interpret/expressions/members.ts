/** Reading members of values. */
import type { Expression } from '../../program/types';
import { type ClassValue, type FunctionValue, type InstanceValue, string, UNDEFINED, unknown, type Value } from '../../value/index';
import { callFunction, constructorOf } from '../calls/calls';
import { classLookup, lineageOf, nativeBase, unknownBase } from '../calls/lineage';
import { rootOf } from '../learning/inputs';
import { fieldOf, notLeftOut, tellKind } from '../learning/parameters';
import type { Run } from '../run';

/** `object.name`. What an object of a known sort does not have is undefined; what may have it is unknown. */
export function member(run: Run, object: Value, name: string): Value {
  notLeftOut(run, object);
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
    case 'list':
      return object.items[object.names?.indexOf(name) ?? -1] ?? run.surroundings.builtinMember(object, name, run.host) ?? UNDEFINED;
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
  if (object.parameter === undefined || object.type === 'string') return unknown(object.reason);
  if (run.evidence.get(object.parameter)?.settings) return fieldOf(run, object.parameter, name);
  if (LIST_ONLY.has(name)) return object.type === 'list' ? unknown(object.reason) : member(run, tellKind(run, object, 'list'), name);
  if (isTensorMember(run, name) && !isSetting(run, object.parameter, name)) return member(run, tellKind(run, object, 'tensor'), name);
  return fieldOf(run, object.parameter, name);
}

/** Members of tensors that settings have under the same name. */
const SETTING = /^(?:dim|size|ndim|shape|mean|std|var|max|min|norm|scale|expand|repeat|split|device|dtype|type|data|index|names|topk|T|H)$/;
/** What a tensor that a constructor is given is called. */
const TENSOR = /weight|bias|mask|tensor|matrix|embed|table|kernel|buffer|anchor|coord|points?$|^[a-z]$/i;

/** What a constructor is given has fields, unless it is called as tensors are. */
const isSetting = (run: Run, path: string, name: string): boolean => {
  const root = rootOf(path);
  return !run.recording && !run.inputSpans.has(root) && SETTING.test(name) && !TENSOR.test(root);
};

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

/** A field, a method, a getter, what the class itself has, or what the library's base class provides. */
export function instanceMember(run: Run, object: InstanceValue, name: string): Value {
  const plain = plainMember(run, object, name);
  return plain.kind === 'undefined' || plain.kind === 'unknown' ? (ownReading(run, object, name) ?? plain) : plain;
}

/** Objects whose `__getattribute__` is being asked. */
const ASKED = new WeakMap<InstanceValue, Set<string>>();

/** `__getattribute__` may know an attribute by another name. It is asked where there is none by its own. */
function ownReading(run: Run, object: InstanceValue, name: string): Value | undefined {
  const found = object.cls && !name.startsWith('__') ? classLookup(object.cls, '__getattribute__', false) : undefined;
  const asked = ASKED.get(object) ?? new Set<string>();
  if (!found || asked.has(name)) return undefined;
  ASKED.set(object, asked.add(name));
  try {
    return callFunction(run, found.function, { ...noArguments(run), positional: [string(name)], spans: [run.span], api: name }, object);
  } finally {
    asked.delete(name);
  }
}

/** The attribute of an object as it stands. */
export function plainMember(run: Run, object: InstanceValue, name: string): Value {
  const own = object.members.get(name);
  if (own) return own;
  const found = object.cls ? classLookup(object.cls, name, false) : undefined;
  if (found)
    return isProperty(found.function) ? callFunction(run, found.function, { ...noArguments(run), api: name }, object) : { ...found.function, self: object };
  const shared = object.cls && run.surroundings.ways.objectsSeeStatics ? sharedMember(object, object.cls, name) : undefined;
  if (shared) return shared;
  const provided = object.native?.member(object, name, run.host) ?? (object.cls ? nativeBase(object.cls)?.member(object, name, run.host) : undefined);
  if (provided) return provided;
  if ((name === 'constructor' || name === '__class__') && object.cls) return object.cls;
  const builtin = run.surroundings.builtinMember(object, name, run.host);
  if (builtin) return builtin;
  const outside = object.open ?? (object.cls ? unknownBase(object.cls) : undefined);
  return outside ? unknown(outside) : (fallbackMember(run, object, name) ?? UNDEFINED);
}

/** A getter, or a method that a decorator makes one. */
const isProperty = ({ definition }: FunctionValue): boolean => definition.role === 'getter' || definition.decorators.some(isPropertyDecorator);

const isPropertyDecorator = (decorator: Expression): boolean =>
  (decorator.kind === 'name' || decorator.kind === 'attribute') && /^(?:cached_?|lazy_?)property$/i.test(decorator.name);

/** What the class has as its own, as its objects see it: a function becomes their method. */
function sharedMember(object: InstanceValue, cls: ClassValue, name: string): Value | undefined {
  const method = classLookup(cls, name, true);
  if (method) return { ...method.function, self: cls };
  const value = staticField(cls, name);
  return value?.kind === 'function' && value.self === undefined && value.definition.role !== 'arrow' ? { ...value, self: object } : value;
}

/** `__getattr__` answers for what is nowhere else. */
function fallbackMember(run: Run, object: InstanceValue, name: string): Value | undefined {
  const found = object.cls && !name.startsWith('__') ? classLookup(object.cls, '__getattr__', false) : undefined;
  return found && callFunction(run, found.function, { ...noArguments(run), positional: [string(name)], spans: [run.span], api: name }, object);
}

/** A field of the class or of its nearest base. */
function staticField(cls: ClassValue, name: string): Value | undefined {
  for (const one of lineageOf(cls)) {
    const own = one.kind === 'class' ? one.members.get(name) : undefined;
    if (own) return own;
  }
  return undefined;
}

function classMember(run: Run, cls: ClassValue, name: string): Value {
  const own = staticField(cls, name);
  if (own) return own;
  if (name === 'name' || name === '__name__' || name === '__qualname__') return string(cls.definition.name);
  const found = classLookup(cls, name, true);
  if (found)
    return found.function.definition.role === 'getter'
      ? callFunction(run, found.function, { ...noArguments(run), api: name }, cls)
      : { ...found.function, self: cls };
  const method = name === 'prototype' ? undefined : classLookup(cls, name, false);
  if (method) return method.function;
  const maker = name === '__init__' ? constructorOf(cls) : undefined;
  if (maker) return maker;
  const outside = unknownBase(cls);
  return outside || name === 'prototype' ? unknown(outside ?? 'prototypes are not followed') : UNDEFINED;
}
