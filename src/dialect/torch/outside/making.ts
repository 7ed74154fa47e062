/** What the helpers of other libraries have in common: modules made of classes that they are given, and functions that set values. */
import { type Arguments, argument, fn, isMissing, list, type NativeValue, NULL, native, noEffect, type TensorValue, type Value } from '../../common/values';
import type { Module, ModuleKind } from '../nn/kind';
import { libraryClass, moduleBehaviour } from '../nn/library';
import { through } from '../nn/parts';
import { setField } from '../nn/state';

/** What a class is made with: sizes in their order, and named settings. */
export interface Made {
  readonly positional?: readonly Value[];
  readonly named?: Readonly<Record<string, Value>>;
}

/** An object of a class that was given, or of the library's by its name (`nn.ReLU`). */
export function make(m: Module, cls: Value, { positional = [], named = {} }: Made): Value {
  if (cls.kind === 'string' && cls.value.startsWith('nn.')) return m.host.call(m.class(cls.value.slice(3)), called(m, positional, named, cls.value));
  return m.host.call(cls, called(m, positional, named, m.args.api));
}

const called = (m: Module, positional: readonly Value[], named: Readonly<Record<string, Value>>, api: string): Arguments => ({
  positional,
  named: new Map(Object.entries(named)),
  span: m.args.span,
  spans: positional.map(() => m.args.span),
  api,
});

/** The same under a field; None makes an identity, or nothing where `leaves` says so. */
export function field(m: Module, name: string, cls: Value, made: Made, leaves = false): Value {
  const value = isMissing(cls) ? (leaves ? NULL : m.library('Identity', {})) : make(m, cls, made);
  setField(m.self, name, value, m.host);
  return value;
}

/** Runs the fields that are there one after another. */
export function inOrder(m: Module, names: readonly string[]): TensorValue {
  return names.reduce<TensorValue>((x, name) => (isMissing(m.host.member(m.self, name)) ? x : through(m, name, x)), m.tensor());
}

/** A value for each of `count` axes. */
export const tupleOf = (m: Module, key: string, count: number): readonly Value[] => {
  const value = m.value(key);
  return value.kind === 'list' ? value.items : Array.from({ length: count }, () => value);
};

/** Classes by name from their records. */
export const classesOf = (prefix: string, kinds: Readonly<Record<string, ModuleKind>>): Record<string, NativeValue> =>
  Object.fromEntries(Object.entries(kinds).map(([name, kind]) => [name, libraryClass(moduleBehaviour(`${prefix}.${name}`, kind))]));

/** A function that sets a tensor's values, or a module's: its first argument as it was. */
export const setter = (name: string): NativeValue => native(name, (args) => args.named.get('tensor') ?? args.named.get('module') ?? argument(args, 0));

export const setters = (prefix: string, names: string): Record<string, NativeValue> =>
  Object.fromEntries(names.split(' ').map((name) => [name, setter(`${prefix}.${name}`)]));

/** A value as many times over, where it is not a list already. */
export const tuples = (count: number): NativeValue =>
  fn(`to_${count}tuple`, (args) => {
    const value = args.named.get('x') ?? argument(args, 0);
    if (value.kind === 'list' || value.kind === 'shape') return value;
    return list(
      Array.from({ length: count }, () => value),
      true,
    );
  });

/** A decorator, bare or with settings, that leaves what it decorates as it is. */
export const decorator = (name: string): NativeValue =>
  fn(name, (args) => {
    const first = argument(args, 0);
    return first.kind === 'function' || first.kind === 'class' ? first : fn(name, (inner) => argument(inner, 0));
  });

/** A registry: `@HEADS.register_module()`. */
export const registry = (name: string): NativeValue => ({
  kind: 'native',
  name,
  call: (args) => argument(args, 0),
  member: (member) => (member.startsWith('register') ? decorator(`${name}.${member}`) : noEffect(`${name}.${member}`)),
});
