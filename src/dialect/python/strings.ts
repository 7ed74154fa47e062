/** Methods of texts. */
import { asNumber, boolean, type Host, list, NULL, number, type StringValue, string, unknown, type Value } from '../../value/index';
import { argument, type Call, itemsOf, type Member, type Members, method, openList, reasonOf, unknownOf } from './reading';
import { formatFields, joinedText, textOf } from './text';

type Plain = string | number | null | undefined;
type Result = string | number | boolean | readonly string[] | undefined;

const LONGEST = 65_536;

/** Plain arguments; undefined where one is not known. */
function plainArguments(values: readonly Value[]): readonly Plain[] | undefined {
  const plain = values.map((value): Plain => (value.kind === 'string' ? value.value : value.kind === 'null' ? null : asNumber(value)));
  return plain.every((value) => value !== undefined) ? plain : undefined;
}

function resultOf(result: Result, type: 'string' | 'number' | 'boolean' | 'list'): Value {
  if (typeof result === 'string') return result.length > LONGEST ? unknown('the text is too long', 'string') : string(result);
  if (typeof result === 'number') return number(result);
  if (typeof result === 'boolean') return boolean(result);
  return result ? list(result.map(string)) : unknown('the call fails', type);
}

/** A method of texts and numbers that are known; `names` are those of its arguments. */
function plain(
  name: string,
  type: 'string' | 'number' | 'boolean' | 'list',
  call: (text: string, ...args: readonly Plain[]) => Result,
  names: readonly string[] = [],
) {
  return method<StringValue>(name, (owner, args) => {
    const given = names.length > 0 && args.named.size > 0 ? names.map((one, at) => args.positional[at] ?? args.named.get(one) ?? NULL) : args.positional;
    const values = args.open === undefined ? plainArguments(given) : undefined;
    return values ? resultOf(call(owner.value, ...values), type) : unknown(args.open ?? 'what it is given is not known', type);
  });
}

const text = (value: Plain): string => (typeof value === 'string' ? value : '');

/** Python's strip takes all characters of a set away. */
function stripped(value: string, set: Plain, left: boolean, right: boolean): string {
  const drops = (character: string): boolean => (typeof set === 'string' ? set.includes(character) : /\s/.test(character));
  let [from, to] = [0, value.length];
  while (left && from < to && drops(value[from] ?? '')) from++;
  while (right && to > from && drops(value[to - 1] ?? '')) to--;
  return value.slice(from, to);
}

function split(value: string, separator: Plain, most: Plain, fromEnd: boolean): readonly string[] | undefined {
  if (separator === '') return undefined;
  const parts = typeof separator === 'string' ? value.split(separator) : value.trim() === '' ? [] : value.trim().split(/\s+/);
  if (typeof most !== 'number' || most < 0 || parts.length <= most + 1) return parts;
  const by = typeof separator === 'string' ? separator : ' ';
  if (fromEnd) return [parts.slice(0, parts.length - most).join(by), ...parts.slice(parts.length - most)];
  return [...parts.slice(0, most), parts.slice(most).join(by)];
}

function partition(name: string, place: (value: string, separator: string) => number, missing: (value: string) => readonly string[]) {
  return method<StringValue>(name, (owner, args) => {
    const separator = argument(args, 0);
    if (separator.kind !== 'string') return openList(reasonOf(separator, 'the separator is not known'), true);
    const at = place(owner.value, separator.value);
    const parts = at < 0 ? missing(owner.value) : [owner.value.slice(0, at), separator.value, owner.value.slice(at + separator.value.length)];
    return list(parts.map(string), true);
  });
}

/** `startswith` and `endswith` take a tuple of texts too. */
function edge(name: string, test: (value: string, wanted: string) => boolean) {
  return method<StringValue>(name, (owner, args, host) => {
    const given = argument(args, 0);
    const wanted = given.kind === 'list' ? itemsOf(given, host) : [given];
    if (typeof wanted === 'string' || !wanted.every((item) => item.kind === 'string') || args.positional.length > 1)
      return unknownOf('boolean', given, 'what it is compared with is not known');
    return boolean(wanted.some((item) => item.kind === 'string' && test(owner.value, item.value)));
  });
}

function join(owner: StringValue, items: Value, host: Host): Value {
  const parts = itemsOf(items, host);
  if (typeof parts === 'string') return unknown(parts, 'string');
  return joinedText(parts.flatMap((part, at) => (at === 0 ? [part] : [owner.value, part])));
}

function replaced(value: string, from: Plain, to: Plain, count: Plain): string | undefined {
  if (typeof from !== 'string' || typeof to !== 'string') return undefined;
  if (typeof count !== 'number' || count < 0) return value.replaceAll(from, () => to);
  let left = count;
  return value.replaceAll(from, () => (left-- > 0 ? to : from));
}

const capitalized = (value: string): string => value.slice(0, 1).toUpperCase() + value.slice(1).toLowerCase();
const padding = (value: string, width: Plain): number => Math.max(0, Math.min(Number(width ?? 0), 4096) - value.length);
const fill = (value: Plain): string => (typeof value === 'string' ? value : ' ');

/** `text.format(…)`. */
const format: (owner: StringValue) => Call =
  (owner) =>
  ({ positional, named, open }, host) =>
    open === undefined ? formatFields(owner.value, (name, at) => fieldOf(name, at, positional, named, host)) : unknown(open, 'string');

/** `{0}`, `{name}`, `{name.field}`. */
function fieldOf(name: string, at: number, positional: readonly Value[], named: ReadonlyMap<string, Value>, host: Host): Value | undefined {
  const [head = '', ...fields] = name.split('.');
  const place = fields.length > 0 && /^\d+$/.test(head) ? Number(head) : at;
  const first = head === '' || /^\d+$/.test(head) ? positional[place] : named.get(head);
  return fields.reduce<Value | undefined>((value, field) => value && host.member(value, field), first);
}

const test = (name: string, pattern: RegExp) => plain(name, 'boolean', (value) => pattern.test(value));

export const STRING_MEMBERS: Members<StringValue> = new Map<string, Member<StringValue>>([
  plain('lower', 'string', (value) => value.toLowerCase()),
  plain('casefold', 'string', (value) => value.toLowerCase()),
  plain('upper', 'string', (value) => value.toUpperCase()),
  plain('capitalize', 'string', capitalized),
  plain('title', 'string', (value) => value.replace(/[A-Za-z]+/g, capitalized)),
  plain('swapcase', 'string', (value) => value.replace(/[a-z]|[A-Z]/g, (one) => (one === one.toUpperCase() ? one.toLowerCase() : one.toUpperCase()))),
  plain('strip', 'string', (value, set) => stripped(value, set, true, true)),
  plain('lstrip', 'string', (value, set) => stripped(value, set, true, false)),
  plain('rstrip', 'string', (value, set) => stripped(value, set, false, true)),
  plain('removeprefix', 'string', (value, part) => (value.startsWith(text(part)) ? value.slice(text(part).length) : value)),
  plain('removesuffix', 'string', (value, part) => (text(part) !== '' && value.endsWith(text(part)) ? value.slice(0, -text(part).length) : value)),
  plain('split', 'list', (value, separator, most) => split(value, separator, most, false), ['sep', 'maxsplit']),
  plain('rsplit', 'list', (value, separator, most) => split(value, separator, most, true), ['sep', 'maxsplit']),
  plain('splitlines', 'list', (value) => (value === '' ? [] : value.replace(/\r?\n$/, '').split(/\r?\n/))),
  partition(
    'partition',
    (value, separator) => value.indexOf(separator),
    (value) => [value, '', ''],
  ),
  partition(
    'rpartition',
    (value, separator) => value.lastIndexOf(separator),
    (value) => ['', '', value],
  ),
  plain('replace', 'string', replaced),
  plain('find', 'number', (value, part, from) => value.indexOf(text(part), Number(from ?? 0))),
  plain('rfind', 'number', (value, part) => value.lastIndexOf(text(part))),
  plain('index', 'number', (value, part) => (value.includes(text(part)) ? value.indexOf(text(part)) : undefined)),
  plain('count', 'number', (value, part) => (text(part) === '' ? value.length + 1 : value.split(text(part)).length - 1)),
  plain('ljust', 'string', (value, width, by) => value + fill(by).repeat(padding(value, width))),
  plain('rjust', 'string', (value, width, by) => fill(by).repeat(padding(value, width)) + value),
  plain('center', 'string', (value, width, by) => {
    const missing = padding(value, width);
    const before = Math.floor(missing / 2) + ((missing % 2) & (Number(width) % 2));
    return fill(by).repeat(before) + value + fill(by).repeat(missing - before);
  }),
  plain('zfill', 'string', (value, width) => value.replace(/^([+-]?)/, (sign) => sign + '0'.repeat(padding(value, width)))),
  plain('expandtabs', 'string', (value) => value.replaceAll('\t', '        ')),
  plain('__contains__', 'boolean', (value, part) => value.includes(text(part))),
  plain('__getitem__', 'string', (value, at) => (typeof at === 'number' ? value.at(at) : undefined)),
  plain('__len__', 'number', (value) => [...value].length),
  test('isdigit', /^\p{Nd}+$/u),
  test('isnumeric', /^\p{N}+$/u),
  test('isdecimal', /^\p{Nd}+$/u),
  test('isalpha', /^\p{L}+$/u),
  test('isalnum', /^[\p{L}\p{N}]+$/u),
  test('isspace', /^\s+$/u),
  test('isidentifier', /^[\p{L}_][\p{L}\p{N}_]*$/u),
  plain('isupper', 'boolean', (value) => value !== value.toLowerCase() && value === value.toUpperCase()),
  plain('islower', 'boolean', (value) => value !== value.toUpperCase() && value === value.toLowerCase()),
  edge('startswith', (value, wanted) => value.startsWith(wanted)),
  edge('endswith', (value, wanted) => value.endsWith(wanted)),
  method<StringValue>('join', (owner, args, host) => join(owner, argument(args, 0), host)),
  method<StringValue>('format', (owner, args, host) => format(owner)(args, host)),
  method<StringValue>('format_map', (owner, args) => {
    const given = argument(args, 0);
    return given.kind === 'dict' ? formatFields(owner.value, (name) => given.entries.get(name)) : unknownOf('string', given, 'the text is not known');
  }),
  method<StringValue>('encode', () => unknown('bytes are not followed')),
  method<StringValue>('translate', () => unknown('the text is not known', 'string')),
  // Members of an enumeration of texts are the texts themselves.
  ['value', (owner) => owner],
]);

/** `str(value)`. */
export const toText: Call = (args, host) => {
  if (args.positional.length === 0 && args.named.size === 0) return string('');
  const value = argument(args, 0, 'object');
  const own = value.kind === 'instance' ? host.member(value, '__str__') : undefined;
  if (own?.kind === 'function') return host.invoke(own);
  if (value.kind === 'unknown' && value.constant) return { ...unknown(value.reason, 'string'), constant: true };
  return textOf(value) === undefined ? joinedText([value]) : string(textOf(value) ?? '');
};
