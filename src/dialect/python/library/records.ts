/** Tuples with names: `namedtuple`, `NamedTuple`. */
import {
  asNumber,
  type ClassValue,
  type Host,
  type InstanceValue,
  list,
  type NativeBase,
  type NativeValue,
  native,
  object,
  string,
  unknown,
  type Value,
} from '../../../value/index';
import { ancestry } from '../classes';
import { argument, type Call, itemsOf } from '../reading';

/** A field that a constructor fills: its name, and what it holds where it is not given. */
export interface Field {
  readonly name: string;
  readonly fallback?: (host: Host) => Value;
  readonly keywordOnly?: boolean;
}

/** Gives an object its fields, from arguments by place and by name. */
export function fillFields(self: InstanceValue, fields: readonly Field[], args: Parameters<Call>[0], host: Host): void {
  let at = 0;
  for (const { name, fallback, keywordOnly } of fields) {
    const given = args.named.get(name) ?? (keywordOnly ? undefined : args.positional[at++]);
    const open = args.open ?? args.openNames;
    const value = given ?? (open === undefined ? undefined : unknown(open)) ?? fallback?.(host) ?? unknown(`\`${name}\` is not given`);
    host.setMember(self, name, value);
  }
}

/** The fields that a class's body declares, those of its bases first. */
export const annotatedFields = (cls: ClassValue): readonly Field[] => {
  const fields = new Map<string, Field>();
  for (const one of [...ancestry(cls).classes].reverse()) {
    if (one.kind !== 'class') continue;
    for (const field of one.definition.fields) {
      if (!field.static || field.type === undefined) continue;
      const value = one.members.get(field.name);
      fields.set(field.name, value && value.kind !== 'undefined' ? { name: field.name, fallback: () => value } : { name: field.name });
    }
  }
  return [...fields.values()];
};

/** How tuples with these names behave. */
function behaviourOf(name: string, fieldsOf: (self: InstanceValue) => readonly Field[]): NativeBase {
  const values = (self: InstanceValue): readonly Value[] => fieldsOf(self).map((field) => self.members.get(field.name) ?? unknown('it is not set'));
  const asDict = (self: InstanceValue): Value =>
    object(
      fieldsOf(self).map((field, at) => [field.name, values(self)[at] ?? unknown('it is not set')] as const),
      'map',
    );
  return {
    name,
    initialise: (self, args, host) => fillFields(self, fieldsOf(self), args, host),
    contents: (self) => list(values(self), true),
    told: (self) => list(values(self), true),
    item: (self, index) => {
      const at = index.kind === 'item' ? asNumber(index.value) : undefined;
      return (at === undefined ? undefined : values(self).at(at)) ?? unknown('which item it is is not known');
    },
    member: (self, member) => {
      if (member === '_fields')
        return list(
          fieldsOf(self).map((field) => string(field.name)),
          true,
        );
      if (member === '_asdict') return native('_asdict', () => asDict(self));
      if (member === '_replace') return native('_replace', (args) => ({ ...self, members: new Map([...self.members, ...args.named]) }));
      return undefined;
    },
  };
}

/** `NamedTuple` as the base of a class whose fields its body declares. */
export const NAMED_TUPLE: NativeValue = {
  kind: 'native',
  name: 'NamedTuple',
  call: (args, host) => namedTuple(args, host),
  base: behaviourOf('NamedTuple', (self) => (self.cls ? annotatedFields(self.cls) : [])),
};

/** The names of `namedtuple('P', 'x y')`, `NamedTuple('P', [('x', int)])`. */
function namesIn(value: Value, host: Host): readonly string[] | undefined {
  if (value.kind === 'string') return value.value.replaceAll(',', ' ').trim().split(/\s+/);
  const items = itemsOf(value, host);
  if (typeof items === 'string') return undefined;
  const names = items.map((item) => (item.kind === 'list' ? item.items[0] : item));
  return names.every((name) => name?.kind === 'string') ? names.flatMap((name) => (name?.kind === 'string' ? [name.value] : [])) : undefined;
}

/** `namedtuple(name, fields, defaults=…)`: a class. */
export const namedTuple: Call = (args, host) => {
  const [name, names] = [argument(args, 0, 'typename'), namesIn(argument(args, 1, 'field_names'), host)];
  if (!names) return unknown('the names of its fields are not known');
  const given = args.named.get('defaults');
  const defaults = given ? itemsOf(given, host) : [];
  const first = names.length - (typeof defaults === 'string' ? 0 : defaults.length);
  const fields: readonly Field[] = names.map((field, at) => {
    const value = typeof defaults === 'string' ? undefined : defaults[at - first];
    return value ? { name: field, fallback: () => value } : { name: field };
  });
  const behaviour = behaviourOf(name.kind === 'string' ? name.value : 'namedtuple', () => fields);
  const make: Call = (more, inner) => {
    const self: InstanceValue = { kind: 'instance', native: behaviour, members: new Map(), state: new Map() };
    behaviour.initialise(self, more, inner);
    return self;
  };
  return {
    kind: 'native',
    name: behaviour.name,
    call: make,
    base: behaviour,
    member: (member) =>
      member === '_fields' ? list(names.map(string), true) : member === '_make' ? native('_make', (more, inner) => makeOf(make, more, inner)) : undefined,
  };
};

function makeOf(make: Call, args: Parameters<Call>[0], host: Host): Value {
  const items = itemsOf(argument(args, 0), host);
  return typeof items === 'string' ? unknown(items) : make({ ...args, positional: items, spans: items.map(() => args.span) }, host);
}
