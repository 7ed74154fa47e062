/** Regular expressions, as far as they are plain: those that could run long on a short text are not followed. */
import { boolean, list, type NativeValue, NULL, native, number, type StringValue, string, UNDEFINED, unknown, type Value } from '../../value/index';
import { argument, type Call, reasonOf, textOf } from './reading';

const LONGEST_TEXT = 1000;
const LONGEST_PATTERN = 200;
/** A repeated group, or a look back at what a group took: these can take exponential time. */
const SLOW = /\)[*+{?]|\\[1-9k]|\(\?<?[=!]/;

const patterns = new WeakMap<NativeValue, RegExp>();

/** The pattern that a value is, where it is followed. */
export function patternIn(value: Value): RegExp | undefined {
  const found = value.kind === 'native' ? patterns.get(value) : undefined;
  return found && new RegExp(found.source, found.flags);
}

/** Whether a text is short enough to be matched. */
export const isShort = (text: string): boolean => text.length <= LONGEST_TEXT;

/** What a match gives: the text, its groups, where it stands. */
export function matched(found: RegExpMatchArray | null): Value {
  return found ? list([...found].map((item) => (item === undefined ? UNDEFINED : string(item)))) : NULL;
}

const exec = (pattern: RegExp, text: Value): Value =>
  text.kind === 'string' && isShort(text.value) && !pattern.global && !pattern.sticky ? matched(pattern.exec(text.value)) : unknown('the text is not known');

function test(pattern: RegExp, text: Value): Value {
  const known = textOf(text);
  return known !== undefined && isShort(known) && !pattern.global && !pattern.sticky
    ? boolean(pattern.test(known))
    : unknown(reasonOf(text, 'the text is not known'), 'boolean');
}

function made(pattern: RegExp): NativeValue {
  const value: NativeValue = {
    kind: 'native',
    name: 'RegExp',
    member: (name) => {
      if (name === 'test') return native('test', (args) => test(pattern, argument(args, 0)));
      if (name === 'exec') return native('exec', (args) => exec(pattern, argument(args, 0)));
      if (name === 'source') return string(pattern.source);
      return name === 'flags' ? string(pattern.flags) : undefined;
    },
  };
  patterns.set(value, pattern);
  return value;
}

/** `new RegExp(source, flags)`, and what `/source/flags` stands for. */
const construct: Call = (args) => {
  const [source, flags] = [argument(args, 0), argument(args, 1)];
  if (source.kind !== 'string' || source.value.length > LONGEST_PATTERN || SLOW.test(source.value)) return unknown('such patterns are not followed');
  try {
    return made(new RegExp(source.value, flags.kind === 'string' ? flags.value : ''));
  } catch {
    return unknown('it is no pattern');
  }
};

export const REGEXP: NativeValue = { kind: 'native', name: 'RegExp', call: construct, construct };

/** `text.match(pattern)`, of a string that is known. */
export function match(text: StringValue, value: Value): Value {
  const pattern = value.kind === 'string' ? new RegExp(value.value.replace(/[^\w\s]/g, '\\$&')) : patternIn(value);
  return pattern && isShort(text.value) ? matched(text.value.match(pattern)) : unknown('such patterns are not followed');
}

/** `text.search(pattern)`. */
export function search(text: StringValue, value: Value): Value {
  const pattern = patternIn(value);
  return pattern && isShort(text.value) ? number(text.value.search(pattern)) : unknown('such patterns are not followed', 'number');
}

/** `text.matchAll(pattern)`, each as a list. */
export function matchAll(text: StringValue, value: Value): Value {
  const pattern = patternIn(value);
  return pattern?.global && isShort(text.value) ? list([...text.value.matchAll(pattern)].map(matched)) : unknown('such patterns are not followed', 'list');
}
