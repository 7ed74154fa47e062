/** `dataclasses`: the constructor that is made from a class's fields, and what else goes through them. */
import {
  type ClassValue,
  FALSE,
  type Host,
  type InstanceValue,
  list,
  type NativeBase,
  type NativeValue,
  native,
  object,
  string,
  TRUE,
  unknown,
  type Value,
} from '../../../value/index';
import { ancestry } from '../classes';
import { truthOf } from '../numbers';
import { argument, type Call, functions, moduleOf, openList } from '../reading';
import { type Field, fillFields } from './records';

/** What `field(…)` says. */
interface Declared {
  readonly fallback?: (host: Host) => Value;
  readonly isGiven: boolean;
  readonly keywordOnly: boolean;
}

const DECLARED = new WeakMap<Value, Declared>();

/** `field(default=…, default_factory=…, init=…)`. */
const field: Call = (args, host) => {
  const [value, factory] = [args.named.get('default'), args.named.get('default_factory')];
  const made: NativeValue = { kind: 'native', name: 'dataclasses.field' };
  const isFlag = (name: string, otherwise: boolean): boolean => {
    const given = args.named.get(name);
    return given ? (truthOf(given, host) ?? otherwise) : otherwise;
  };
  const fallback = value ? () => value : factory ? (inner: Host) => inner.invoke(factory) : undefined;
  DECLARED.set(made, { ...(fallback ? { fallback } : {}), isGiven: isFlag('init', true), keywordOnly: isFlag('kw_only', false) });
  return made;
};

interface DataField extends Field {
  readonly isGiven: boolean;
}

/** Whether a class's own fields are its constructor's arguments: it is decorated, or a class that it descends from says so of all that do. */
const isData = (cls: ClassValue): boolean =>
  cls.bases.includes(DATACLASS) || ancestry(cls).classes.some((one) => one.kind === 'class' && TRANSFORMING.has(one.definition));

/** Classes that are marked by `dataclass_transform`: those that extend them are dataclasses (PEP 681). */
const TRANSFORMING = new WeakSet<object>();

/** `dataclass_transform(…)`: gives a decorator. */
export const dataclassTransform: Call = () =>
  native('dataclasses.dataclass_transform', (args) => {
    const only = argument(args, 0);
    if (only.kind !== 'class') return only;
    TRANSFORMING.add(only.definition);
    return only.bases.includes(DATACLASS) ? only : asDataclass(only);
  });

/** The fields of a class and of those that it descends from, theirs first. */
function fieldsOf(cls: ClassValue): readonly DataField[] {
  const fields = new Map<string, DataField>();
  for (const one of [...ancestry(cls).classes].reverse()) {
    if (one.kind !== 'class' || !isData(one)) continue;
    let keywordOnly = false;
    for (const { name, static: shared, type } of one.definition.fields) {
      if (!shared || type === undefined || /\bClassVar\b/.test(type.text)) continue;
      if (/\bKW_ONLY$/.test(type.text)) keywordOnly = true;
      else fields.set(name, fieldOf(name, one.members.get(name), keywordOnly));
    }
  }
  return [...fields.values()];
}

function fieldOf(name: string, value: Value | undefined, keywordOnly: boolean): DataField {
  const declared = value && DECLARED.get(value);
  if (declared)
    return { name, isGiven: declared.isGiven, keywordOnly: keywordOnly || declared.keywordOnly, ...(declared.fallback ? { fallback: declared.fallback } : {}) };
  return value && value.kind !== 'undefined' ? { name, isGiven: true, keywordOnly, fallback: () => value } : { name, isGiven: true, keywordOnly };
}

/** What the constructor that is made for a dataclass does. */
function initialise(self: InstanceValue, args: Parameters<Call>[0], host: Host): void {
  const fields = self.cls ? fieldsOf(self.cls) : [];
  fillFields(
    self,
    fields.filter(({ isGiven }) => isGiven),
    args,
    host,
  );
  for (const { name, isGiven, fallback } of fields) if (!isGiven && fallback) host.setMember(self, name, fallback(host));
  const after = host.member(self, '__post_init__');
  if (after.kind !== 'function') return;
  // What is given beyond the fields goes to what runs after them, where it takes any name.
  const takesAny = after.definition.parameters.some(({ rest }) => rest === 'dict');
  const others = [...args.named].filter(([name]) => !fields.some((field) => field.name === name));
  host.call(after, { positional: [], spans: [], named: new Map(takesAny ? others : []), span: args.span, api: '__post_init__' });
}

const BASE: NativeBase = { name: 'dataclass', initialise, member: () => undefined };

/** Stands first among the bases of a dataclass: the constructor that is made comes before those of its bases. */
const DATACLASS: NativeValue = { kind: 'native', name: 'dataclass', base: BASE };

/** The class with a constructor made from its fields. */
export const asDataclass = (cls: ClassValue): ClassValue => ({ ...cls, bases: [DATACLASS, ...cls.bases.filter((base) => !isObject(base))] });

const isObject = (base: Value): boolean => base.kind === 'native' && base.name === 'object';

/** `dataclass`, with arguments or without. */
export const DATACLASS_DECORATOR: NativeValue = native('dataclasses.dataclass', (args) => {
  const only = argument(args, 0);
  return only.kind === 'class' ? asDataclass(only) : DATACLASS_DECORATOR;
});

/** The fields' values by name; of dataclasses in them too. */
function asDict(value: Value, depth = 0): Value {
  if (value.kind === 'list')
    return {
      ...list(
        value.items.map((item) => asDict(item, depth + 1)),
        value.tuple,
      ),
      ...(value.open === undefined ? {} : { open: value.open }),
    };
  if (value.kind !== 'instance' || !value.cls || depth > 16) return value;
  const { members } = value;
  return object(
    fieldsOf(value.cls).map(({ name }) => [name, asDict(members.get(name) ?? unknown('it is not set'), depth + 1)] as const),
    'map',
  );
}

const asTuple: Call = (args) => {
  const made = asDict(argument(args, 0));
  return made.kind === 'dict' ? list([...made.entries.values()], true) : openList('its fields are not known', true);
};

const replace: Call = (args) => {
  const value = argument(args, 0, 'obj');
  return value.kind === 'instance' ? { ...value, members: new Map([...value.members, ...args.named]) } : value;
};

const fieldList: Call = (args) => {
  const value = argument(args, 0);
  const cls = value.kind === 'instance' ? value.cls : value.kind === 'class' ? value : undefined;
  return cls
    ? list(
        fieldsOf(cls).map(({ name }) => object([['name', string(name)]])),
        true,
      )
    : openList('its fields are not known', true);
};

const isDataclass: Call = (args) => {
  const value = argument(args, 0);
  const cls = value.kind === 'instance' ? value.cls : value;
  if (cls?.kind === 'class') return ancestry(cls).classes.includes(DATACLASS) ? TRUE : FALSE;
  return value.kind === 'unknown' ? unknown(value.reason, 'boolean') : FALSE;
};

export const DATACLASSES = moduleOf('dataclasses', [
  ...functions('dataclasses', { field, asdict: (args) => asDict(argument(args, 0)), astuple: asTuple, replace, fields: fieldList, is_dataclass: isDataclass }),
  ['dataclass', DATACLASS_DECORATOR],
  ['MISSING', { kind: 'native', name: 'MISSING' }],
  ['KW_ONLY', { kind: 'native', name: 'KW_ONLY' }],
  ['InitVar', { kind: 'native', name: 'InitVar' }],
  ['FrozenInstanceError', { kind: 'native', name: 'FrozenInstanceError' }],
]);
