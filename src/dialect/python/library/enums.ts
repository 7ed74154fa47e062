/** `enum`: members with a name and a value. */
import {
  type ClassValue,
  type Host,
  type InstanceValue,
  list,
  type NativeBase,
  type NativeValue,
  native,
  number,
  string,
  unknown,
  type Value,
} from '../../../value/index';
import { moduleOf } from '../reading';

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
  made.members = new Map(members);
  return made;
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
