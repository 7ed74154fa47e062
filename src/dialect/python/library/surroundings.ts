/** What surrounds a program: the system, paths, logs, time, types of things. None of it has a size. */
import {
  boolean,
  FALSE,
  list,
  type ModuleValue,
  type NativeValue,
  NULL,
  native,
  number,
  object,
  string,
  TRUE,
  unknown,
  type Value,
} from '../../../value/index';
import { plainBase } from '../bases';
import { NONE_TYPE, OBJECT } from '../builtins';
import { classOf } from '../classes';
import { range } from '../counting';
import { argument, type Call, functions, isNone, moduleOf, openList, unknownOf } from '../reading';
import { IDENTITY } from './functools';
import { harmless, harmlessModule, opaqueModule } from './opaque';

const because =
  (reason: string, type?: 'number' | 'string' | 'boolean' | 'list'): Call =>
  () =>
    unknown(reason, type);

// ---- os, sys, platform ----

/** `os.path.join(…)`: the parts with slashes between them. */
const joinPaths: Call = (args) => {
  const texts = args.positional.map((value) => (value.kind === 'string' ? value.value : undefined));
  if (args.open !== undefined || !texts.every((text) => text !== undefined)) return unknown('the path is not known', 'string');
  return string(texts.reduce((path, text) => (text.startsWith('/') || path === '' ? text : path.endsWith('/') ? path + text : `${path}/${text}`), ''));
};

const onPath = (apply: (path: string) => Value): Call => {
  return (args) => {
    const path = argument(args, 0);
    return path.kind === 'string' ? apply(path.value) : unknownOf('string', path, 'the path is not known');
  };
};

const PATH = moduleOf('os.path', [
  ...functions('os.path', {
    join: joinPaths,
    basename: onPath((path) => string(path.slice(path.lastIndexOf('/') + 1))),
    dirname: onPath((path) => string(path.slice(0, Math.max(0, path.lastIndexOf('/'))))),
    splitext: onPath((path) => {
      const [, stem = path, ending = ''] = /^(.*[^/])(\.[^./]*)$/.exec(path) ?? [];
      return list([string(stem), string(ending)], true);
    }),
    exists: because('which files there are is not known', 'boolean'),
    isfile: because('which files there are is not known', 'boolean'),
    isdir: because('which files there are is not known', 'boolean'),
    abspath: because('the folder is not known', 'string'),
    expanduser: because('the folder is not known', 'string'),
  }),
  ['sep', string('/')],
]);

const readVariable: Call = (args) => args.positional[1] ?? args.named.get('default') ?? NULL;

/** The environment: none of what is asked of it is set. */
const ENVIRONMENT: NativeValue = {
  kind: 'native',
  name: 'os.environ',
  member: (name) => (name === 'get' ? native('os.environ.get', readVariable) : harmless(`os.environ.${name}`)),
  item: () => unknown('the environment is not known', 'string'),
  items: () => object([], 'map'),
};

const OS = opaqueModule('os', [
  ['path', PATH],
  ['environ', ENVIRONMENT],
  ['sep', string('/')],
  ['name', string('posix')],
  ...functions('os', {
    getenv: readVariable,
    cpu_count: because('the number of processors is not known', 'number'),
    getcwd: because('the folder is not known', 'string'),
    makedirs: () => NULL,
    listdir: () => openList('which files there are is not known'),
  }),
]);

const SYSTEM = opaqueModule('sys', [
  ['maxsize', number(Number.MAX_SAFE_INTEGER)],
  ['platform', string('linux')],
  ['version_info', list([3, 12, 0].map(number), true)],
  ['byteorder', string('little')],
  ...functions('sys', { exit: () => NULL, setrecursionlimit: () => NULL }),
]);

/** Lists that a program may change are new each time they are asked for: nothing of one reading stays for another. */
const SYS: ModuleValue = {
  ...SYSTEM,
  get: (name, host) => (name === 'argv' || name === 'path' ? openList(`\`sys.${name}\` is not known`) : SYSTEM.get(name, host)),
};

// ---- types and classes ----

const typeName = (name: string) => [name, classOf(name, () => unknown(`a \`${name}\` is not made so`), [], { base: plainBase(name) })] as const;

/** A function bound to an object. */
const bind: Call = (args) => {
  const [call, self] = [argument(args, 0), argument(args, 1)];
  return call.kind === 'function' ? { ...call, self } : call;
};

const TYPES = opaqueModule('types', [
  ['SimpleNamespace', classOf('SimpleNamespace', (args) => object(args.named))],
  ['MethodType', classOf('MethodType', bind)],
  ['NoneType', NONE_TYPE],
  ['MappingProxyType', classOf('MappingProxyType', (args) => argument(args, 0))],
  ...['FunctionType', 'LambdaType', 'BuiltinFunctionType', 'ModuleType', 'GeneratorType', 'EllipsisType', 'UnionType'].map(typeName),
]);

const NUMBERS = moduleOf('numbers', ['Number', 'Integral', 'Real', 'Rational', 'Complex'].map(typeName));

const ABC = moduleOf('abc', [
  ['ABC', { ...OBJECT, name: 'ABC', base: plainBase('ABC') }],
  ['ABCMeta', { ...OBJECT, name: 'ABCMeta', base: plainBase('ABCMeta') }],
  ...['abstractmethod', 'abstractproperty', 'abstractstaticmethod', 'abstractclassmethod'].map((name) => [name, IDENTITY] as const),
]);

const isKind =
  (...kinds: readonly Value['kind'][]): Call =>
  (args) => {
    const value = argument(args, 0);
    return value.kind === 'unknown' ? unknown(value.reason, 'boolean') : boolean(kinds.includes(value.kind));
  };

const INSPECT = opaqueModule(
  'inspect',
  functions('inspect', {
    isfunction: isKind('function'),
    ismethod: (args) => {
      const value = argument(args, 0);
      return value.kind === 'function' ? boolean(value.self !== undefined) : value.kind === 'unknown' ? unknown(value.reason, 'boolean') : FALSE;
    },
    ismodule: isKind('module'),
    isclass: (args) => {
      const value = argument(args, 0);
      if (value.kind === 'unknown') return unknown(value.reason, 'boolean');
      return value.kind === 'class' || (value.kind === 'native' && value.base !== undefined) ? TRUE : FALSE;
    },
  }),
);

// ---- contexts, warnings, logs ----

const CONTEXTLIB = opaqueModule('contextlib', [
  ['contextmanager', IDENTITY],
  ['asynccontextmanager', IDENTITY],
  ...functions('contextlib', {
    nullcontext: (args) => (isNone(args.positional[0]) ? NULL : argument(args, 0)),
    suppress: () => harmless('contextlib.suppress'),
    redirect_stdout: () => harmless('contextlib.redirect_stdout'),
    redirect_stderr: () => harmless('contextlib.redirect_stderr'),
    closing: (args) => argument(args, 0),
  }),
  ['ExitStack', native('contextlib.ExitStack', () => harmless('contextlib.ExitStack'))],
  ['ContextDecorator', classOf('ContextDecorator', () => NULL, [], { base: plainBase('ContextDecorator') })],
  ['AbstractContextManager', classOf('AbstractContextManager', () => NULL, [], { base: plainBase('AbstractContextManager') })],
]);

const LOGGING = harmlessModule('logging', [
  ...functions('logging', { getLogger: () => harmless('logging.Logger'), basicConfig: () => NULL }),
  ...Object.entries({ DEBUG: 10, INFO: 20, WARNING: 30, WARN: 30, ERROR: 40, CRITICAL: 50 }).map(([name, level]) => [name, number(level)] as const),
  ...['Logger', 'Handler', 'Formatter', 'Filter', 'StreamHandler', 'NullHandler'].map(
    (name) => [name, classOf(name, () => harmless(name), [], { base: plainBase(name) })] as const,
  ),
]);

// ---- time, chance, texts ----

const RANDOM = opaqueModule(
  'random',
  functions('random', {
    seed: () => NULL,
    shuffle: (args, host) => {
      const given = argument(args, 0);
      if (given.kind === 'list')
        host.setItems(
          given,
          given.items.map(() => unknown('it is random')),
        );
      return NULL;
    },
    ...Object.fromEntries(
      ['random', 'uniform', 'gauss', 'normalvariate', 'randint', 'randrange', 'betavariate', 'expovariate'].map((name) => [
        name,
        because('it is random', 'number'),
      ]),
    ),
    choice: because('it is random'),
    sample: because('it is random', 'list'),
    choices: because('it is random', 'list'),
  }),
);

const TIME = opaqueModule(
  'time',
  functions('time', {
    ...Object.fromEntries(
      ['time', 'perf_counter', 'monotonic', 'process_time', 'time_ns', 'perf_counter_ns'].map((name) => [name, because('the time is not known', 'number')]),
    ),
    sleep: () => NULL,
    strftime: because('the time is not known', 'string'),
  }),
);

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const STRING = opaqueModule(
  'string',
  Object.entries({
    ascii_lowercase: LETTERS,
    ascii_uppercase: LETTERS.toUpperCase(),
    ascii_letters: LETTERS + LETTERS.toUpperCase(),
    digits: '0123456789',
    hexdigits: '0123456789abcdefABCDEF',
    punctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
    whitespace: ' \t\n\r\u000b\f',
  }).map(([name, text]) => [name, string(text)] as const),
);

// ---- data in texts, and progress bars ----

const JSON_MODULE = opaqueModule(
  'json',
  functions('json', {
    loads: (args) => {
      const text = argument(args, 0);
      if (text.kind !== 'string') return unknown('the text is not known');
      try {
        return valueOfJson(JSON.parse(text.value), 0);
      } catch {
        return unknown('the text is no JSON');
      }
    },
    load: because('files are not read'),
    dumps: because('a text of JSON is not followed', 'string'),
    dump: () => NULL,
  }),
);

function valueOfJson(json: unknown, depth: number): Value {
  if (depth > 32) return unknown('the data nests too deeply');
  if (typeof json === 'string') return string(json);
  if (typeof json === 'number') return number(json);
  if (typeof json === 'boolean') return boolean(json);
  if (Array.isArray(json)) return list(json.map((item) => valueOfJson(item, depth + 1)));
  if (typeof json !== 'object' || json === null) return NULL;
  return object(
    Object.entries(json).map(([key, item]) => [key, valueOfJson(item, depth + 1)]),
    'map',
  );
}

const TQDM = opaqueModule('tqdm', [
  ['tqdm', IDENTITY],
  ['trange', native('trange', range)],
]);

const FUTURE = moduleOf('__future__', [], (wanted) => string(wanted));

/** Modules with rules of their own. */
export const SURROUNDINGS: readonly ModuleValue[] = [
  OS,
  PATH,
  SYS,
  TYPES,
  NUMBERS,
  ABC,
  INSPECT,
  CONTEXTLIB,
  LOGGING,
  RANDOM,
  TIME,
  STRING,
  JSON_MODULE,
  TQDM,
  FUTURE,
  harmlessModule('warnings'),
  opaqueModule('pathlib'),
];
