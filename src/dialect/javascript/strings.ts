/** Strings: `String` and members of strings whose text is known. */
import { type Arguments, asNumber, boolean, list, number, type StringValue, string, unknown, type Value } from '../../value/index';
import { isShort, match, matchAll, patternIn, search } from './patterns';
import { argument, functions, type Members, method, namespaceOf, textOf, unknownOf } from './reading';

const LONGEST = 100_000;

/** A plain argument of a string's method, or undefined where it is not known. */
function plainArgument(value: Value): string | number | undefined {
  return value.kind === 'string' ? value.value : asNumber(value);
}

type Plain = string | number | undefined;

/** A method that is what JavaScript's own is, where its arguments are known; `type` is that of its result. */
function plain(name: string, type: 'string' | 'number' | 'boolean', apply: (text: string, ...given: Plain[]) => string | number | boolean) {
  return method<StringValue>(name, (object, args) => {
    const given = args.positional.filter((value, at) => value.kind !== 'undefined' || at < args.positional.length - 1).map(plainArgument);
    if (given.some((value) => value === undefined) || args.open !== undefined) return unknown('the arguments are not known', type);
    if (typeof given[0] === 'number' && given[0] > LONGEST) return unknown('the text is too long', type);
    return madeBy(() => apply(object.value, ...given), type);
  });
}

function madeBy(make: () => string | number | boolean, type: 'string' | 'number' | 'boolean'): Value {
  try {
    const made = make();
    if (typeof made === 'string') return made.length > LONGEST ? unknown('the text is too long', 'string') : string(made);
    return typeof made === 'number' ? number(made) : boolean(made);
  } catch {
    return unknown('the call throws a RangeError', type);
  }
}

const asText = (value: Plain): string => String(value);
const asCount = (value: Plain): number | undefined => (value === undefined ? undefined : Number(value));

function split(object: StringValue, args: Arguments): Value {
  const separator = argument(args, 0);
  const limit = asNumber(args.positional[1]);
  if (separator.kind === 'undefined') return list([object]);
  const pattern = isShort(object.value) ? patternIn(separator) : undefined;
  if (pattern) return list(object.value.split(pattern, limit).map(string));
  if (separator.kind !== 'string') return unknownOf('list', separator, 'the separator is not known');
  return list(object.value.slice(0, LONGEST).split(separator.value, limit).map(string));
}

/** `replace` and `replaceAll` with a text or a pattern; a function is not followed. */
function replaced(all: boolean) {
  return (object: StringValue, args: Arguments): Value => {
    const [from, to] = [argument(args, 0), argument(args, 1)];
    const wanted = from.kind === 'string' ? from.value : patternIn(from);
    if (wanted === undefined || to.kind !== 'string' || !isShort(object.value)) return unknown('such patterns are not followed', 'string');
    return madeBy(() => (all ? object.value.replaceAll(wanted, to.value) : object.value.replace(wanted, to.value)), 'string');
  };
}

export const STRING_MEMBERS: Members<StringValue> = new Map([
  ['length', (object: StringValue) => number(object.value.length)],
  plain('toLowerCase', 'string', (text) => text.toLowerCase()),
  plain('toUpperCase', 'string', (text) => text.toUpperCase()),
  plain('trim', 'string', (text) => text.trim()),
  plain('trimStart', 'string', (text) => text.trimStart()),
  plain('trimEnd', 'string', (text) => text.trimEnd()),
  plain('toString', 'string', (text) => text),
  plain('valueOf', 'string', (text) => text),
  plain('startsWith', 'boolean', (text, search, at) => text.startsWith(asText(search), asCount(at))),
  plain('endsWith', 'boolean', (text, search, at) => text.endsWith(asText(search), asCount(at))),
  plain('includes', 'boolean', (text, search, at) => text.includes(asText(search), asCount(at))),
  plain('indexOf', 'number', (text, search, at) => text.indexOf(asText(search), asCount(at))),
  plain('lastIndexOf', 'number', (text, search) => text.lastIndexOf(asText(search))),
  plain('charAt', 'string', (text, at) => text.charAt(asCount(at) ?? 0)),
  plain('charCodeAt', 'number', (text, at) => text.charCodeAt(asCount(at) ?? 0)),
  plain('codePointAt', 'number', (text, at) => text.codePointAt(asCount(at) ?? 0) ?? Number.NaN),
  plain('slice', 'string', (text, from, to) => text.slice(asCount(from), asCount(to))),
  plain('substring', 'string', (text, from, to) => text.substring(asCount(from) ?? 0, asCount(to))),
  plain('substr', 'string', (text, from = 0, count) => text.slice(Number(from)).slice(0, asCount(count))),
  plain('padStart', 'string', (text, length, fill) => text.padStart(asCount(length) ?? 0, fill === undefined ? undefined : asText(fill))),
  plain('padEnd', 'string', (text, length, fill) => text.padEnd(asCount(length) ?? 0, fill === undefined ? undefined : asText(fill))),
  plain('repeat', 'string', (text, count) => (text.length * Number(count) > LONGEST ? text.padEnd(LONGEST + 1) : text.repeat(asCount(count) ?? 0))),
  plain('concat', 'string', (text, ...more) => text.concat(...more.map(asText))),
  plain('normalize', 'string', (text) => text.normalize()),
  method<StringValue>('at', (object, args) => {
    const at = asNumber(argument(args, 0));
    const found = at === undefined ? undefined : object.value.at(at);
    return found === undefined ? unknown('the character is not known', 'string') : string(found);
  }),
  method<StringValue>('split', split),
  method<StringValue>('replace', replaced(false)),
  method<StringValue>('replaceAll', replaced(true)),
  method<StringValue>('match', (object, args) => match(object, argument(args, 0))),
  method<StringValue>('matchAll', (object, args) => matchAll(object, argument(args, 0))),
  method<StringValue>('search', (object, args) => search(object, argument(args, 0))),
  method<StringValue>('localeCompare', () => unknown('it depends on the place', 'number')),
]);

export const STRING = namespaceOf(
  'String',
  functions('String', { fromCharCode: () => unknown('the text is not known', 'string'), raw: () => unknown('the text is not known', 'string') }),
  {
    call: (args) => {
      if (args.positional.length === 0) return string('');
      const text = textOf(argument(args, 0));
      return text === undefined ? unknownOf('string', argument(args, 0), 'the text is not known') : string(text);
    },
  },
);
