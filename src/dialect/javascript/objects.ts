/** `Object` and members of plain objects. */
import { boolean, type DictValue, type Host, list, object, string, UNDEFINED, unknown, type Value } from '../../value/index';
import { itemsOf } from './listItems';
import { argument, type Call, functions, type Member, method, namespaceOf, openList, reasonOf, same, textOf } from './reading';

/** The keys of an object, or why they are not known. */
function keysOf(value: Value, host: Host): readonly string[] | string {
  switch (value.kind) {
    case 'dict':
      if (value.flavour !== 'object') return [];
      return value.open ?? (value.parameter === undefined ? [...value.entries.keys()] : `the fields of \`${value.parameter}\` are not known`);
    case 'instance':
      return value.open ?? [...value.members.keys()];
    case 'list': {
      const items = itemsOf(value, host);
      return typeof items === 'string' ? items : items.map((_, at) => String(at));
    }
    case 'string':
      return [...value.value].map((_, at) => String(at));
    case 'number':
    case 'boolean':
      return [];
    default:
      return reasonOf(value, 'its fields are not known');
  }
}

/** The value under a key: getters are read. */
function valueUnder(value: Value, key: string, host: Host): Value {
  if (value.kind === 'list') return value.items[Number(key)] ?? UNDEFINED;
  if (value.kind === 'string') return string(value.value[Number(key)] ?? '');
  return host.member(value, key);
}

function listed(item: (value: Value, key: string, host: Host) => Value): Call {
  return (args, host) => {
    const value = argument(args, 0);
    const keys = keysOf(value, host);
    return typeof keys === 'string' ? openList(keys) : list(keys.map((key) => item(value, key, host)));
  };
}

/** `Object.assign(target, …sources)`. A configuration that comes from outside makes a new object, whose fields it stands over. */
const assign: Call = (args, host) => {
  const [target = UNDEFINED, ...sources] = args.positional;
  if (target.kind !== 'dict' && target.kind !== 'instance') return target.kind === 'unknown' ? host.merge([target, ...sources]) : target;
  const merged = host.merge(target.kind === 'dict' ? [target, ...sources] : sources);
  for (const [key, value] of merged.entries) if (target.kind === 'instance' || target.entries.get(key) !== value) host.setMember(target, key, value);
  const open = args.open ?? merged.open;
  if (open !== undefined) host.setOpen(target, open);
  if (merged.parameter === undefined) return target;
  if (target.kind === 'dict' && target.parameter === undefined) host.setOpen(target, `the fields of \`${merged.parameter}\` are not known`);
  if (target.kind === 'instance') host.setOpen(target, `the fields of \`${merged.parameter}\` are not known`);
  return target.kind === 'dict' ? merged : target;
};

const fromEntries: Call = (args, host) => {
  const items = host.iterate(argument(args, 0));
  const made = object();
  if ('unknown' in items) return { ...made, open: items.unknown };
  const entries = new Map<string, Value>();
  for (const item of items) {
    const parts = host.iterate(item);
    if ('unknown' in parts) return { ...made, entries, open: parts.unknown };
    const key = textOf(parts[0] ?? UNDEFINED);
    if (key === undefined) return { ...made, entries, open: 'a key is not known' };
    entries.set(key, parts[1] ?? UNDEFINED);
  }
  return { ...made, entries };
};

/** `Object.defineProperty` with a value or a getter. */
const defineProperty: Call = (args, host) => {
  const target = argument(args, 0);
  const key = textOf(argument(args, 1));
  const description = argument(args, 2);
  if (target.kind !== 'dict' && target.kind !== 'instance') return target;
  const given = description.kind === 'dict' ? (description.entries.get('value') ?? description.entries.get('get')) : undefined;
  const getter = description.kind === 'dict' && description.entries.has('get');
  if (key === undefined) host.setOpen(target, 'a key is not known');
  else host.setMember(target, key, given && !getter ? given : unknown('a defined property is not followed'));
  return target;
};

const create: Call = (args, host) => {
  const prototype = argument(args, 0);
  return prototype.kind === 'null' ? object() : host.merge([prototype]);
};

/** Whether the object has a field of its own. */
function hasOwn(target: Value, key: Value, host: Host): Value {
  const keys = keysOf(target, host);
  const text = textOf(key);
  if (text === undefined) return unknown(reasonOf(key, 'the key is not known'), 'boolean');
  if (target.kind === 'dict' && target.parameter === undefined && target.entries.has(text)) return boolean(true);
  return typeof keys === 'string' ? unknown(keys, 'boolean') : boolean(keys.includes(text));
}

const itself: Call = (args) => argument(args, 0);

const is: Call = (args, host) => {
  const equal = same(argument(args, 0), argument(args, 1), host);
  return equal === undefined ? unknown('whether they are equal is not known', 'boolean') : boolean(equal);
};

const keys = listed((_value, key) => string(key));

const toObject: Call = (args) => (args.positional.length === 0 ? object() : argument(args, 0));

export const OBJECT = namespaceOf(
  'Object',
  functions('Object', {
    assign,
    fromEntries,
    defineProperty,
    create,
    is,
    keys,
    getOwnPropertyNames: keys,
    values: listed(valueUnder),
    entries: listed((value, key, host) => list([string(key), valueUnder(value, key, host)])),
    hasOwn: (args, host) => hasOwn(argument(args, 0), argument(args, 1), host),
    freeze: itself,
    seal: itself,
    preventExtensions: itself,
    setPrototypeOf: itself,
  }),
  { call: toObject, construct: toObject },
);

/** Members that every plain object has. */
export const OBJECT_MEMBERS: ReadonlyMap<string, Member<Value>> = new Map([
  method<Value>('hasOwnProperty', (target, args, host) => hasOwn(target, argument(args, 0), host)),
  method<Value>('toString', () => unknown('the text is not known', 'string')),
  method<Value>('valueOf', (target) => target),
]);

/** A copy of plain data, all the way down; what is no plain data stays itself. */
export function copyOf(value: Value, depth = 0): Value {
  if (depth > 32) return unknown('the data nests too deeply');
  if (value.kind === 'list') return { ...value, items: value.items.map((item) => copyOf(item, depth + 1)) };
  if (value.kind === 'dict') return copiedObject(value, depth);
  return value;
}

function copiedObject(value: DictValue, depth: number): Value {
  return { ...value, entries: new Map([...value.entries].map(([key, item]) => [key, copyOf(item, depth + 1)])) };
}
