/** Containers of modules: their items are a list or a dict of the language's own, so that loops and branches treat them as such. */
import {
  type Arguments,
  argument,
  asNumber,
  type DictValue,
  fn,
  type Host,
  type IndexValue,
  type InstanceValue,
  isMissing,
  type ListValue,
  list,
  NULL,
  object,
  type TensorValue,
  unknown,
  type Value,
} from '../../common/values';
import { type Behaviour, callForward } from './library';
import { inheritedMember } from './members';
import { contentsOf, isModule, itemsOf, moduleState, newState, setContents, setField, startModule, stateMap } from './state';

const isList = (value: Value | undefined): value is ListValue => value?.kind === 'list';

function start(self: InstanceValue, name: string, contents: ListValue | DictValue, host: Host): void {
  startModule(self, newState(name), host);
  setContents(self, contents, host);
}

/** A copy of a list, what is known of its length included. */
function copyOf(value: Value, host: Host): ListValue {
  if (value.kind === 'list')
    return { ...list(value.items), ...(value.times ? { times: value.times } : {}), ...(value.open === undefined ? {} : { open: value.open }) };
  const items = isMissing(value) ? [] : host.iterate(value);
  return 'unknown' in items ? { ...list([]), open: items.unknown } : list(items);
}

/** Items that are given by place. Of a symbolic number alike one stands for all; what follows any other unknown number is not known. */
function fromArguments(args: Arguments): ListValue {
  if (args.open === undefined) return list(args.positional);
  const items = args.inOrder ?? [];
  const isKnown = items.length > 0 && items.every((item) => item.kind !== 'unknown');
  if (!isKnown) return { ...list(args.positional), open: args.open };
  const [only, ...more] = items;
  if (only?.kind === 'list' && more.length === 0) return { ...list(only.items), ...(only.times ? { times: only.times } : {}) };
  return list(items.map((item) => (item.kind === 'list' ? containerOf(SEQUENTIAL, item) : item)));
}

/** `OrderedDict([('conv', …)])` or a dict: the items under names. */
function namedItems(value: Value | undefined): ReadonlyMap<string, Value> | undefined {
  if (value?.kind === 'instance' && contentsOf(value)?.kind === 'dict') return (contentsOf(value) as DictValue).entries;
  if (value?.kind === 'dict') return value.entries;
  if (value?.kind !== 'list') return undefined;
  const pairs = value.items.map((item) => (item.kind === 'list' ? item.items : []));
  const entries = pairs.flatMap(([key, item]) => (key?.kind === 'string' && item ? [[key.value, item] as const] : []));
  return entries.length === pairs.length ? new Map(entries) : undefined;
}

// ---- items by index ----

/** The bounds of a slice over so many items, where they are known. */
function sliced(items: readonly Value[], index: IndexValue & { kind: 'slice' }): readonly Value[] | undefined {
  const bound = (value: Value, missing: number): number | undefined => {
    if (isMissing(value)) return missing;
    const at = asNumber(value);
    return at === undefined ? undefined : Math.min(items.length, Math.max(0, at < 0 ? at + items.length : at));
  };
  const [start, stop] = [bound(index.start, 0), bound(index.stop, items.length)];
  const step = isMissing(index.step) ? 1 : asNumber(index.step);
  if (start === undefined || stop === undefined || step === undefined || step < 1) return undefined;
  return items.slice(start, stop).filter((_, at) => at % step === 0);
}

/** One item, or with a slice a container of some. */
function itemOf(self: InstanceValue, index: IndexValue, host: Host, again: (items: ListValue) => Value): Value | undefined {
  const contents = contentsOf(self);
  if (contents?.kind !== 'list') return undefined;
  if (contents.open !== undefined) return unknown(contents.open);
  if (index.kind === 'slice') {
    if (contents.times) return again(copyOf(contents, host));
    const items = sliced(contents.items, index);
    return items ? again(list(items)) : again({ ...list([]), open: 'the bounds of the slice are not known' });
  }
  if (index.kind !== 'item') return undefined;
  if (contents.times) return contents.items[0];
  const at = asNumber(host.expect(index.value, 'constant'));
  if (at === undefined) return oneOf(contents.items, index.value);
  return contents.items.at(at) ?? outOfRange(host, at, contents.items.length);
}

function outOfRange(host: Host, at: number, count: number): Value {
  host.report({ code: 'item-out-of-range', severity: 'error', span: host.span, args: { index: at, count } });
  return unknown(`there is no item ${at}`);
}

/** An item at a place that is not known: any of them. */
const oneOf = (items: readonly Value[], at: Value): Value => {
  const [only, ...more] = items;
  if (only && more.length === 0) return only;
  return { kind: 'unknown', reason: at.kind === 'unknown' ? at.reason : 'the index is not known', options: items };
};

function setItemOf(self: InstanceValue, index: IndexValue, value: Value, host: Host): void {
  const contents = contentsOf(self);
  if (contents?.kind !== 'list' || index.kind !== 'item') return;
  const at = asNumber(index.value);
  const place = at !== undefined && at < 0 ? at + contents.items.length : at;
  if (place === undefined || place >= contents.items.length) {
    host.setOpen(contents, 'an item at an unknown place was set');
    return;
  }
  const old = contents.items[place];
  for (const [name, held] of self.members) if (held === old) setField(self, name, value, host);
  host.setItems(
    contents,
    contents.items.map((item, each) => (each === place ? value : item)),
  );
}

/** A module that is set as a field of a sequence is one of its items. */
function noteField(self: InstanceValue, name: string, value: Value, host: Host): void {
  const contents = contentsOf(self);
  if (contents?.kind !== 'list' || !isModule(value)) return;
  const old = self.members.get(name);
  const at = old === undefined ? -1 : contents.items.indexOf(old);
  host.setItems(contents, at < 0 ? [...contents.items, value] : contents.items.map((item, each) => (each === at ? value : item)));
}

/** Methods that a Python list has too, and that do here what they do there; those that return something else say so. */
const LIST_METHODS: Readonly<Record<string, 'self' | 'own'>> = { append: 'self', extend: 'self', insert: 'self', pop: 'own' };

function listMember(self: InstanceValue, name: string): Value | undefined {
  const contents = contentsOf(self);
  if (contents?.kind !== 'list') return undefined;
  if (/^\d+$/.test(name)) return contents.items[Number(name)];
  const sort = Object.hasOwn(LIST_METHODS, name) ? LIST_METHODS[name] : undefined;
  if (sort === undefined) return name === '__len__' ? fn(name, (_, inner) => inner.invoke(inner.member(contents, name))) : undefined;
  return fn(name, (args, inner) => {
    // What is appended stays the module that it is: of a container, `extend` alone takes the items.
    const given = name === 'extend' ? args.positional.map(plain) : args.positional;
    const result = inner.call(inner.member(contents, name), { ...args, positional: given });
    return sort === 'self' ? self : result;
  });
}

/** A container as the list or dict that it holds. */
const plain = (value: Value): Value => (value.kind === 'instance' ? (contentsOf(value) ?? value) : value);

/** `add_module(name, module)` on a sequence. */
const addNamed = (self: InstanceValue): Value =>
  fn('add_module', (args, host) => {
    const [name, module] = [args.named.get('name') ?? argument(args, 0), args.named.get('module') ?? argument(args, 1)];
    if (name.kind !== 'string') {
      const contents = contentsOf(self);
      if (contents?.kind === 'list' && isModule(module)) host.setItems(contents, [...contents.items, module]);
      return NULL;
    }
    noteField(self, name.value, module, host);
    setField(self, name.value, module, host);
    return NULL;
  });

const sequenceMember = (self: InstanceValue, name: string, host: Host): Value | undefined =>
  name === 'add_module' || name === 'register_module' ? addNamed(self) : (listMember(self, name) ?? inheritedMember(self, name, host));

// ---- Sequential ----

/** Runs the items one after another. Of a symbolic number alike, one stands for all. */
function runInOrder(self: InstanceValue, args: Arguments, host: Host): Value {
  const contents = contentsOf(self);
  const tensors = args.positional.filter((value): value is TensorValue => value.kind === 'tensor');
  if (contents?.kind !== 'list') return host.unknownTensor('its modules are not known', tensors);
  let value = args.positional.length === 1 ? argument(args, 0) : (args.named.get('input') ?? argument(args, 0));
  if (contents.open !== undefined) return host.unknownTensor(contents.open, tensors);
  const turn = (item: Value): void => {
    value = host.call(item, { positional: [value], named: new Map(), span: args.span, spans: [args.spans[0] ?? args.span], api: apiOf(self, item, args) });
  };
  if (contents.times) return runAlike(contents, value, host, turn, () => value);
  for (const item of contents.items) turn(item);
  return value;
}

/** How a module in a sequence is called in messages: by the sequence and its own name. */
function apiOf(self: InstanceValue, item: Value, args: Arguments): string {
  const name = itemsOf(self).find(([, each]) => each === item)?.[0] ?? '';
  return /^\d+$/.test(name) ? `${args.api}[${name}]` : `${args.api}.${name}`;
}

/** What a turn gives must be what the next one takes; a tensor that keeps its shape stays as it is. */
function runAlike(contents: ListValue, first: Value, host: Host, turn: (item: Value) => void, result: () => Value): Value {
  const [item] = contents.items;
  if (!item || !contents.times) return first;
  host.repeat(contents.times, () => turn(item));
  const last = result();
  const isSame =
    first.kind === 'tensor' && last.kind === 'tensor' && first.shape?.map((size) => size.text).join() === last.shape?.map((size) => size.text).join();
  return isSame || last.kind !== 'tensor'
    ? last
    : host.unknownTensor('how often the modules are repeated is not known', first.kind === 'tensor' ? [first] : []);
}

function startSequential(self: InstanceValue, args: Arguments, host: Host): void {
  const [first, ...others] = args.positional;
  const named = others.length === 0 && args.open === undefined && first?.kind !== 'instance' ? namedItems(first) : undefined;
  if (named === undefined) {
    const isOther = others.length === 0 && first !== undefined && first.kind === 'unknown';
    start(self, 'torch.nn.Sequential', isOther && first.kind === 'unknown' ? list([first]) : fromArguments(args), host);
    return;
  }
  start(self, 'torch.nn.Sequential', list([...named.values()]), host);
  if (first?.kind === 'dict' && first.open !== undefined) host.setOpen(contentsOf(self) as ListValue, first.open);
  for (const [name, value] of named) setField(self, name, value, host);
}

export const SEQUENTIAL: Behaviour = {
  name: 'torch.nn.Sequential',
  initialise: startSequential,
  member: (self, name, host) => (name === 'forward' ? fn('forward', (args, inner) => runInOrder(self, args, inner)) : sequenceMember(self, name, host)),
  call: callForward,
  contents: contentsOf,
  item: (self, index, host) => itemOf(self, index, host, (items) => containerOf(SEQUENTIAL, items)),
  setItem: setItemOf,
  set: noteField,
};

/** A container of the items. */
function containerOf(behaviour: Behaviour, items: ListValue | DictValue): InstanceValue {
  return { kind: 'instance', native: behaviour, members: new Map(), state: stateMap(newState(behaviour.name), items) };
}

// ---- lists and dicts ----

const listBehaviour = (name: string, convert: (value: Value, host: Host) => Value): Behaviour => {
  const behaviour: Behaviour = {
    name,
    initialise: (self, args, host) => {
      const given = copyOf(args.named.get('modules') ?? args.named.get('values') ?? argument(args, 0), host);
      start(self, name, { ...given, items: given.items.map((item) => convert(item, host)) }, host);
    },
    member: sequenceMember,
    call: callForward,
    contents: contentsOf,
    item: (self, index, host) => itemOf(self, index, host, (items) => containerOf(behaviour, items)),
    setItem: (self, index, value, host) => setItemOf(self, index, convert(value, host), host),
  };
  return behaviour;
};

const keyOfIndex = (index: IndexValue): string | undefined => (index.kind === 'item' && index.value.kind === 'string' ? index.value.value : undefined);

function dictItem(self: InstanceValue, index: IndexValue): Value | undefined {
  const contents = contentsOf(self);
  if (contents?.kind !== 'dict') return undefined;
  const key = keyOfIndex(index);
  const options = [...contents.entries.values()];
  if (key === undefined) return options.length === 1 ? options[0] : { kind: 'unknown', reason: 'the key is not known', options };
  return contents.entries.get(key) ?? unknown(contents.open ?? `there is no item \`${key}\``);
}

function setDictItem(self: InstanceValue, index: IndexValue, value: Value, host: Host): void {
  const contents = contentsOf(self);
  const key = keyOfIndex(index);
  if (contents?.kind !== 'dict') return;
  if (key === undefined) host.setOpen(contents, 'an item under an unknown key was set');
  else host.setEntries(contents, new Map(contents.entries).set(key, value));
}

const DICT_METHODS = new Set(['items', 'keys', 'values', 'get', 'pop', 'clear', 'setdefault', 'popitem', 'copy']);

function dictMember(self: InstanceValue, name: string, host: Host): Value | undefined {
  const contents = contentsOf(self);
  if (contents?.kind !== 'dict') return undefined;
  if (name === 'update') return updateMember(contents);
  if (DICT_METHODS.has(name)) return host.member(contents, name);
  return contents.entries.get(name);
}

const updateMember = (contents: DictValue): Value =>
  fn('update', (args, host) => {
    const more = namedItems(argument(args, 0));
    if (more) host.setEntries(contents, new Map([...contents.entries, ...more]));
    else host.setOpen(contents, 'items that are not known were added');
    return NULL;
  });

const dictBehaviour = (name: string, convert: (value: Value, host: Host) => Value): Behaviour => ({
  name,
  initialise: (self, args, host) => {
    const given = args.named.get('modules') ?? args.named.get('parameters') ?? argument(args, 0);
    const items = namedItems(given);
    const contents = object(
      [...(items ?? [])].map(([key, value]) => [key, convert(value, host)] as const),
      'map',
    );
    start(self, name, isMissing(given) || items ? contents : { ...contents, open: given.kind === 'unknown' ? given.reason : 'its items are not known' }, host);
  },
  member: (self, member, host) => dictMember(self, member, host) ?? (member === 'add_module' ? addKeyed(self) : inheritedMember(self, member, host)),
  call: callForward,
  contents: contentsOf,
  item: dictItem,
  setItem: (self, index, value, host) => setDictItem(self, index, convert(value, host), host),
});

const addKeyed = (self: InstanceValue): Value =>
  fn('add_module', (args, host) => {
    const [name, module] = [args.named.get('name') ?? argument(args, 0), args.named.get('module') ?? argument(args, 1)];
    setDictItem(self, { kind: 'item', value: name }, module, host);
    return NULL;
  });

const asIs = (value: Value): Value => value;

/** A tensor that a list of parameters is given becomes one. */
const asParameter = (value: Value, host: Host): Value =>
  value.kind === 'tensor' && value.role !== 'variable' ? { ...host.variable(value, { trainable: true }), role: 'variable' } : value;

export const CONTAINERS: Readonly<Record<string, Behaviour>> = {
  Sequential: SEQUENTIAL,
  ModuleList: listBehaviour('torch.nn.ModuleList', asIs),
  ModuleDict: dictBehaviour('torch.nn.ModuleDict', asIs),
  ParameterList: listBehaviour('torch.nn.ParameterList', asParameter),
  ParameterDict: dictBehaviour('torch.nn.ParameterDict', asParameter),
};

/** What else lies under a module than its fields: a container's items, under the names that the state dict has. */
export function partsOf(value: Value): readonly (readonly [string, Value])[] {
  if (value.kind !== 'instance' || moduleState(value) === undefined) return [];
  const contents = contentsOf(value);
  return contents === undefined || (isList(contents) && contents.times !== undefined) ? [] : itemsOf(value);
}
