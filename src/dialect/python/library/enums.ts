/** `enum`: members with a name and a value. */
import {
  type Arguments,
  type ClassValue,
  type Host,
  type InstanceValue,
  keyOf,
  list,
  type NativeBase,
  type NativeValue,
  native,
  number,
  string,
  unknown,
  type Value,
} from '../../../value/index';
import { ancestry } from '../classes';
import { argument, moduleOf, reasonOf } from '../reading';

const AUTO = new WeakSet<Value>();

/** `auto()`: the next number. */
const auto = native('enum.auto', () => {
  const made: NativeValue = { kind: 'native', name: 'enum.auto' };
  AUTO.add(made);
  return made;
});

/** Whether members of an enumeration are plain texts or numbers as well. */
const isPlain = (cls: ClassValue): boolean =>
  cls.bases.some(
    (base) =>
      (base.kind === 'native' && ['str', 'int', 'float', 'IntEnum', 'StrEnum', 'IntFlag'].includes(base.name)) || (base.kind === 'class' && isPlain(base)),
  );

/** A class's members become objects with their names and values; those that are plain texts or numbers too stay what they are. */
function extended(cls: ClassValue, _host: Host): ClassValue {
  const plain = isPlain(cls);
  const texts = cls.bases.some((base) => base.kind === 'native' && base.name === 'StrEnum');
  const made: ClassValue = { ...cls };
  const names = new Set(cls.definition.fields.filter(({ static: shared, value }) => shared && value !== undefined).map(({ name }) => name));
  let last = 0;
  const members = [...cls.members].map(([name, given]): readonly [string, Value] => {
    if (!names.has(name) || name.startsWith('_')) return [name, given];
    const value = AUTO.has(given) ? (texts ? string(name.toLowerCase()) : number(last + 1)) : given;
    if (value.kind === 'number' && value.real.kind === 'number') last = value.real.value;
    return [name, plain ? value : memberOf(made, name, value)];
  });
  const isMember = (name: string): boolean => names.has(name) && !name.startsWith('_');
  const held = members.filter(([name]) => isMember(name));
  const only = members.map(([name, value]) => [name, isMember(name) ? first(held, value) : value] as const);
  made.members = new Map(only);
  MEMBERS.set(made.definition, new Map(only.filter(([name]) => isMember(name))));
  return made;
}

/** The members of each enumeration, by name. */
const MEMBERS = new WeakMap<ClassValue['definition'], ReadonlyMap<string, Value>>();

/** Another name of a member is that member. */
function first(members: readonly (readonly [string, Value])[], member: Value): Value {
  const key = keyOf(valueIn(member));
  return members.find(([, other]) => key !== undefined && keyOf(valueIn(other)) === key)?.[1] ?? member;
}

/** What a member stands for. */
const valueIn = (member: Value): Value => (member.kind === 'instance' ? (member.members.get('value') ?? member) : member);

const itemsOfClass = (cls: ClassValue): ReadonlyMap<string, Value> | undefined => {
  for (const one of ancestry(cls).classes) {
    const members = one.kind === 'class' ? MEMBERS.get(one.definition) : undefined;
    if (members && members.size > 0) return members;
  }
  return undefined;
};

/** `Mode('a')`: the member of that value. */
function memberFor(cls: ClassValue, args: Arguments): Value {
  const value = argument(args, 0);
  const members = [...(itemsOfClass(cls)?.values() ?? [])];
  const key = keyOf(valueIn(value));
  const found = key === undefined ? undefined : members.find((member) => keyOf(valueIn(member)) === key);
  return found ?? unknown(reasonOf(value, 'which member of an enumeration it is is not known'));
}

const memberOf = (cls: ClassValue, name: string, value: Value): InstanceValue => ({
  kind: 'instance',
  cls,
  members: new Map([
    ['name', string(name)],
    ['value', value],
    ['_value_', value],
    ['_name_', string(name)],
  ]),
  state: new Map(),
});

const base = (name: string): NativeBase => ({
  name,
  initialise: (self, _args, host) => host.setOpen(self, 'which member of an enumeration it is is not followed'),
  member: () => undefined,
  construct: memberFor,
  classItems: itemsOfClass,
  extended,
});

const enumClass = (name: string): readonly [string, NativeValue] => [
  name,
  { kind: 'native', name, call: () => unknown('enumerations that are made by a call are not followed'), base: base(name) },
];

export const ENUM = moduleOf('enum', [
  ...['Enum', 'IntEnum', 'StrEnum', 'Flag', 'IntFlag', 'EnumMeta', 'EnumType', 'ReprEnum'].map(enumClass),
  ['auto', auto],
  ['unique', native('enum.unique', (args) => args.positional[0] ?? list([]))],
]);
