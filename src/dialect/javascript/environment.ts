/** What surrounds a program: console, JSON, promises, time, errors, the process. Nothing here has a size. */
import {
  FALSE,
  type Host,
  list,
  type NativeValue,
  NULL,
  native,
  number,
  object,
  string,
  TRUE,
  UNDEFINED,
  type UnknownValue,
  unknown,
  type Value,
} from '../../value/index';
import { copyOf } from './objects';
import { REGEXP } from './patterns';
import { argument, type Call, functions, namespaceOf, openList, reasonOf } from './reading';

const nothing: Call = () => UNDEFINED;

/** An object of which nothing is known. */
const opaque = (name: string, reason: string, more: Partial<NativeValue> = {}): NativeValue => ({
  kind: 'native',
  name,
  member: () => unknown(reason),
  ...more,
});

/** `console.anything()` does nothing. */
export const CONSOLE: NativeValue = { kind: 'native', name: 'console', member: (name) => native(`console.${name}`, nothing) };

// ---- JSON ----

/** What a text that `JSON.stringify` made was made from: `JSON.parse` of it is a copy. */
const sources = new WeakMap<UnknownValue, Value>();

const stringify: Call = (args) => {
  const made = unknown('a text of JSON is not followed', 'string');
  sources.set(made, argument(args, 0));
  return made;
};

const parse: Call = (args) => {
  const text = argument(args, 0);
  const source = text.kind === 'unknown' ? sources.get(text) : undefined;
  if (source) return copyOf(source);
  if (text.kind !== 'string') return unknown(reasonOf(text, 'the text is not known'));
  try {
    return valueOfJson(JSON.parse(text.value), 0);
  } catch {
    return unknown('the text is no JSON');
  }
};

function valueOfJson(json: unknown, depth: number): Value {
  if (depth > 32) return unknown('the data nests too deeply');
  if (typeof json === 'string') return string(json);
  if (typeof json === 'number') return number(json);
  if (typeof json === 'boolean') return json ? TRUE : FALSE;
  if (Array.isArray(json)) return list(json.map((item) => valueOfJson(item, depth + 1)));
  if (typeof json !== 'object' || json === null) return NULL;
  return object(Object.entries(json).map(([key, item]) => [key, valueOfJson(item, depth + 1)]));
}

export const JSON_OBJECT = namespaceOf('JSON', functions('JSON', { stringify, parse }));
export const STRUCTURED_CLONE = native('structuredClone', (args) => copyOf(argument(args, 0)));

// ---- promises: transparent, as `await` is ----

const all: Call = (args, host) => {
  const items = host.iterate(argument(args, 0));
  return 'unknown' in items ? openList(items.unknown) : list(items);
};

const settled: Call = (args, host) => {
  const items = host.iterate(argument(args, 0));
  if ('unknown' in items) return openList(items.unknown);
  return list(
    items.map((value) =>
      object([
        ['status', string('fulfilled')],
        ['value', value],
      ]),
    ),
  );
};

/** `new Promise((resolve, reject) => …)`: what `resolve` is given while the function runs. */
const construct: Call = (args, host) => {
  let resolved: Value = unknown('when a promise is kept is not followed');
  const resolve = native('resolve', (given) => {
    resolved = argument(given, 0);
    return UNDEFINED;
  });
  host.invoke(argument(args, 0), resolve, native('reject', nothing));
  return resolved;
};

const identity: Call = (args) => argument(args, 0);

export const PROMISE = namespaceOf(
  'Promise',
  functions('Promise', {
    resolve: identity,
    all,
    allSettled: settled,
    race: () => unknown('which promise is first is not known'),
    any: () => unknown('which promise is first is not known'),
    reject: () => unknown('it is rejected'),
  }),
  { construct },
);

/** `then`, `catch`, `finally` of any value. */
export function promiseMember(value: Value, name: string): Value | undefined {
  if (name === 'then') return native('then', (args, host: Host) => host.invoke(argument(args, 0), value));
  if (name === 'catch') return native('catch', () => value);
  if (name !== 'finally') return undefined;
  return native('finally', (args, host: Host) => {
    host.invoke(argument(args, 0));
    return value;
  });
}

// ---- errors ----

function errorClass(name: string): NativeValue {
  const make: Call = (args) =>
    object([
      ['message', args.positional[0] ?? string('')],
      ['name', string(name)],
      ['stack', unknown('the stack is not known', 'string')],
    ]);
  return {
    kind: 'native',
    name,
    call: make,
    construct: make,
    member: (member) => (member === 'captureStackTrace' ? native('captureStackTrace', nothing) : undefined),
    base: {
      name,
      initialise: (self, args, host) => host.setMember(self, 'message', args.positional[0] ?? string('')),
      member: (_self, member) => (member === 'name' ? string(name) : member === 'stack' ? unknown('the stack is not known', 'string') : undefined),
    },
  };
}

const ERRORS = ['Error', 'TypeError', 'RangeError', 'SyntaxError', 'ReferenceError', 'EvalError', 'AggregateError'];

// ---- time, symbols, the process ----

const time: Call = () => unknown('the time is not known', 'number');
const makeDate: Call = () => opaque('a date', 'the time is not known');
const makeSymbol: Call = () => opaque('a symbol', 'symbols are not followed');
const environment = opaque('process.env', 'the environment is not known');

const process = namespaceOf('process', [
  ['env', environment],
  ['argv', openList('the command line is not known')],
  ...functions('process', {
    hrtime: () => unknown('the time is not known'),
    memoryUsage: () => unknown('memory is not known'),
    nextTick: nothing,
    exit: nothing,
    on: nothing,
    cwd: () => unknown('the folder is not known', 'string'),
  }),
]);

export const ENVIRONMENT: readonly (readonly [string, Value])[] = [
  ['console', CONSOLE],
  ['JSON', JSON_OBJECT],
  ['structuredClone', STRUCTURED_CLONE],
  ['Promise', PROMISE],
  ...ERRORS.map((name) => [name, errorClass(name)] as const),
  ['performance', namespaceOf('performance', functions('performance', { now: time, mark: nothing, measure: nothing }))],
  [
    'Date',
    namespaceOf('Date', functions('Date', { now: time, UTC: time, parse: time }), {
      construct: makeDate,
      call: () => unknown('the time is not known', 'string'),
    }),
  ],
  ['Symbol', { ...opaque('Symbol', 'symbols are not followed'), call: makeSymbol }],
  ['process', process],
  ['RegExp', REGEXP],
  ...['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate', 'queueMicrotask', 'requestAnimationFrame'].map(
    (name) => [name, native(name, nothing)] as const,
  ),
];
