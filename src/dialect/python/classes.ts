/** Python's own classes as values, and which of them a value is an instance of. */
import { numberOfReal, sizeOfReal } from '../../dim/index';
import { boolean, type ClassValue, type Host, type InstanceValue, type NativeValue, native, unknown, type Value } from '../../value/index';
import { argument, type Call, itemsOf, reasonOf } from './reading';

const UNIONS = new WeakMap<NativeValue, readonly Value[]>();
const PARTIALS = new WeakSet<Value>();

/** Notes that a value is what `functools.partial` made. */
export function partialObject(value: NativeValue): NativeValue {
  PARTIALS.add(value);
  return value;
}

/** A class that the language or a library provides; members beside those of the table are those of any class. */
export function classOf(name: string, call: Call, members: Iterable<readonly [string, Value]> = [], more: Partial<NativeValue> = {}): NativeValue {
  const table = new Map(members);
  const made: NativeValue = {
    kind: 'native',
    name,
    call,
    member: (wanted) => (wanted === '__class_getitem__' ? native(wanted, () => made) : table.get(wanted)),
    ...more,
  };
  return made;
}

/** `int | None`: any of the classes. */
export function unionOf(classes: readonly Value[]): NativeValue {
  const made = classOf('Union', () => unknown('a union makes no objects'));
  UNIONS.set(
    made,
    classes.flatMap((cls) => (cls.kind === 'native' ? (UNIONS.get(cls) ?? [cls]) : [cls])),
  );
  return made;
}

/** Whether a value can stand among classes. */
export const isClass = (value: Value): boolean => value.kind === 'class' || value.kind === 'native' || value.kind === 'null';

/** The last word of a class's name: `nn.Linear` is a `Linear`. */
const lastName = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

/** Of each kind of value the names of all classes that it is an instance of. */
const LISTS = ['Sequence', 'MutableSequence', 'Collection', 'Iterable', 'Sized', 'Container', 'Reversible'];
const CLASSES: { readonly [kind: string]: readonly string[] } = {
  string: ['str', 'Sequence', 'Collection', 'Iterable', 'Hashable', 'Sized', 'Container', 'AnyStr', 'Text'],
  boolean: ['bool', 'int', 'Number', 'Integral', 'Real', 'Rational', 'Hashable', 'SupportsInt'],
  null: ['NoneType', 'Hashable'],
  whole: ['int', 'Number', 'Integral', 'Real', 'Rational', 'Complex', 'Hashable'],
  fraction: ['float', 'Number', 'Real', 'Complex', 'Hashable'],
  list: ['list', 'List', ...LISTS],
  tuple: ['tuple', 'Tuple', 'Hashable', ...LISTS.filter((name) => name !== 'MutableSequence')],
  map: ['dict', 'Dict', 'Mapping', 'MutableMapping', 'Collection', 'Iterable', 'Sized', 'Container', 'OrderedDict'],
  set: ['set', 'Set', 'AbstractSet', 'MutableSet', 'Collection', 'Iterable', 'Sized', 'Container', 'frozenset', 'FrozenSet'],
  object: ['SimpleNamespace', 'Namespace'],
  function: ['Callable', 'FunctionType', 'LambdaType', 'MethodType', 'Hashable'],
  class: ['type', 'Callable', 'Hashable', 'ABCMeta', 'EnumMeta'],
  module: ['ModuleType'],
  tensor: ['Tensor'],
};

/** Names that this table speaks of; of a class that it does not know nothing is said. */
const NAMED = new Set(Object.values(CLASSES).flat());
const SEQUENCES = new Set(['list', 'tuple', 'List', 'Tuple', ...LISTS]);
const NUMERIC = new Set(['int', 'float', 'Number', 'Integral', 'Real', 'Rational', 'Complex', 'complex']);

/** Whether a value is an instance of any of the classes; undefined where that is not decided. */
export function isInstanceOf(value: Value, classes: readonly Value[], host: Host): boolean | undefined {
  if (value.kind === 'unknown' && value.options) {
    const answers = new Set(value.options.map((option) => isInstanceOf(option, classes, host)));
    return answers.size === 1 ? [...answers][0] : undefined;
  }
  const read = value.kind === 'unknown' ? taught(value, classes, host) : value;
  if (read.kind === 'unknown' && isSetting(read, classes)) return false;
  if (read.kind === 'unknown') return byType(read, classes);
  const answers = classes.map((cls) => isInstance(read, cls, host));
  return answers.includes(true) ? true : answers.includes(undefined) ? undefined : false;
}

/** Whether it is asked of a setting if it is a list: what may be one number or several is given as one. */
function isSetting(value: Value & { kind: 'unknown' }, classes: readonly Value[]): boolean {
  if (value.parameter === undefined || value.type !== undefined || value.options) return false;
  return isAll(classes, SEQUENCES);
}

/** What asking for its class tells of a parameter: an input that might be a tensor is one, what might be a whole number is one. */
function taught(value: Value & { kind: 'unknown' }, classes: readonly Value[], host: Host): Value {
  if (value.parameter === undefined || value.type !== undefined || classes.some((cls) => isEnumeration(cls))) return value;
  if (host.isList(value, isAll(classes, SEQUENCES)) === false) return host.expect(value, 'tensor');
  return isAll(classes, NUMERIC) ? host.expect(value, 'number') : value;
}

/** Whether a class has its members for objects: what may be one of these is no tensor. */
const isEnumeration = (cls: Value, depth = 0): boolean =>
  cls.kind === 'class'
    ? depth < MOST_BASES && cls.bases.some((base) => isEnumeration(base, depth + 1))
    : cls.kind === 'native' && cls.base?.classItems !== undefined;

const MOST_BASES = 30;

const isAll = (classes: readonly Value[], names: ReadonlySet<string>): boolean =>
  classes.length > 0 && classes.every((cls) => cls.kind === 'native' && names.has(lastName(cls.name)));

const TYPE_CLASSES: { readonly [type: string]: readonly (readonly string[])[] } = {
  number: [CLASSES['whole'] ?? [], CLASSES['fraction'] ?? []],
  string: [CLASSES['string'] ?? []],
  boolean: [CLASSES['boolean'] ?? []],
  list: [CLASSES['list'] ?? [], CLASSES['tuple'] ?? []],
  tensor: [CLASSES['tensor'] ?? []],
};

/** Of a value of which only the sort is known: what holds of all of the sort. */
function byType(value: Value & { kind: 'unknown' }, classes: readonly Value[]): boolean | undefined {
  if (value.type === undefined || !classes.every((cls) => cls.kind === 'native')) return undefined;
  const names = classes.map((cls) => (cls.kind === 'native' ? lastName(cls.name) : ''));
  if (names.includes('object')) return true;
  const sorts = (TYPE_CLASSES[value.type] ?? []).map((of) => names.some((name) => of.includes(name)));
  if (sorts.length > 0 && sorts.every((is) => is)) return true;
  return sorts.every((is) => !is) && names.every((name) => NAMED.has(name)) ? false : undefined;
}

/** What is given as an object of which the fields alone are known. */
const isGiven = (value: Value): boolean => value.kind === 'dict' && value.parameter !== undefined;

/** Whether a value is an instance of one class. */
function isInstance(value: Value, cls: Value, host: Host): boolean | undefined {
  if (cls.kind === 'null') return value.kind === 'null';
  if (cls.kind === 'class')
    return value.kind === 'instance' && value.cls ? descends(value.cls, cls) : value.kind === 'unknown' || isGiven(value) ? undefined : false;
  if (cls.kind !== 'native') return undefined;
  const union = UNIONS.get(cls);
  if (union) return isInstanceOf(value, union, host);
  const name = lastName(cls.name);
  if (name === 'object' || name === 'Any') return true;
  if (name === 'Union' || name === 'Optional') return undefined;
  if (value.kind === 'instance') return instanceIs(value, cls, name, host);
  if (value.kind === 'tensor') return tensorIs(value, name);
  if (value.kind === 'shape') return ['Size', 'tuple', 'Tuple', ...LISTS].includes(name) ? name !== 'MutableSequence' : NAMED.has(name) ? false : undefined;
  if (value.kind === 'list' && name === 'Size') return value.shapeOf !== undefined;
  return ofKind(value, name);
}

function ofKind(value: Value, name: string): boolean | undefined {
  if (value.kind === 'native' && value.name === 'slice') return name === 'slice';
  if (name === 'partial' || PARTIALS.has(value)) return PARTIALS.has(value) && (name === 'partial' || name === 'Callable');
  const kind = kindOf(value);
  if (kind === undefined) return undefined;
  if (kind === 'number') return ofNumber(value, name);
  const own = CLASSES[kind] ?? [];
  if (own.includes(name)) return ['OrderedDict', 'frozenset', 'FrozenSet', 'LambdaType', 'MethodType', 'ABCMeta', 'EnumMeta'].includes(name) ? undefined : true;
  return value.kind === 'native' && !NAMED.has(name) ? undefined : false;
}

/** The row of the table for a value. */
function kindOf(value: Value): string | undefined {
  switch (value.kind) {
    case 'list':
      return value.tuple ? 'tuple' : 'list';
    case 'dict':
      return value.parameter !== undefined ? undefined : value.flavour;
    case 'native':
      return value.base || /^[A-Z]/.test(lastName(value.name)) || NAMED.has(value.name) ? 'class' : 'function';
    case 'unknown':
    case 'undefined':
      return undefined;
    default:
      return value.kind;
  }
}

/** A size is an int, and what is written as one taken for one; whether it was written 1.0 is not kept. */
function ofNumber(value: Value, name: string): boolean | undefined {
  if (value.kind !== 'number' || !NAMED.has(name)) return value.kind === 'number' && (name === 'complex' || !NUMERIC.has(name)) ? false : undefined;
  const known = numberOfReal(value.real);
  const whole = known === undefined ? (sizeOfReal(value.real) !== undefined ? true : value.real.kind === 'apply' ? undefined : true) : Number.isInteger(known);
  const [asInt, asFloat] = [CLASSES['whole']?.includes(name), CLASSES['fraction']?.includes(name)];
  if (asInt === asFloat) return asInt;
  if (whole === undefined) return undefined;
  return whole ? (known !== undefined && name === 'float' ? undefined : asInt) : asFloat;
}

function tensorIs(value: Value & { kind: 'tensor' }, name: string): boolean | undefined {
  if (name === 'Tensor') return true;
  if (name === 'Parameter') return value.role === 'variable' ? true : undefined;
  return /Tensor$/.test(name) || name === 'Iterable' || name === 'Callable' || name === 'Hashable' ? undefined : false;
}

/** All that a class descends from, itself first; `open` where a base is not known. */
export function ancestry(cls: ClassValue): { readonly classes: readonly Value[]; readonly open?: string } {
  const classes: Value[] = [];
  let open: string | undefined;
  const visit = (at: Value): void => {
    if (classes.includes(at) || classes.length > 64) return;
    classes.push(at);
    if (at.kind === 'class') for (const base of at.bases) visit(base);
    else if (at.kind !== 'native') open ??= reasonOf(at, 'a base class is not known');
  };
  visit(cls);
  return open === undefined ? { classes } : { classes, open };
}

/** Whether a class is another or descends from it. */
function descends(cls: ClassValue, from: ClassValue): boolean | undefined {
  const { classes, open } = ancestry(cls);
  if (classes.some((one) => one.kind === 'class' && one.definition === from.definition)) return true;
  return open === undefined ? false : undefined;
}

function instanceIs(value: InstanceValue, cls: NativeValue, name: string, host: Host): boolean | undefined {
  if (name === 'Module' && has(value, 'named_parameters', host)) return true;
  if (value.cls) {
    const { classes, open } = ancestry(value.cls);
    const answers = classes.map((one) => (one === cls ? true : one.kind === 'native' ? isSubclassByName(lastName(one.base?.name ?? one.name), name) : false));
    if (answers.includes(true)) return true;
    if (name === 'Callable') return has(value, '__call__', host) || has(value, 'forward', host) ? true : undefined;
    if (name === 'Iterable') return has(value, '__iter__', host) ? true : undefined;
    return open !== undefined || answers.includes(undefined) ? undefined : false;
  }
  return value.native ? isSubclassByName(lastName(value.native.name), name) : undefined;
}

const has = (value: InstanceValue, name: string, host: Host): boolean => ['function', 'native'].includes(host.member(value, name).kind);

/** Library classes that a user's class may be asked after as such: the families of torch's modules. */
const FAMILIES: readonly (readonly [string, RegExp])[] = [
  ['_BatchNorm', /^(Lazy|Sync)?BatchNorm(\dd)?$/],
  ['_NormBase', /^(Lazy|Sync)?(Batch|Instance)Norm(\dd)?$/],
  ['_InstanceNorm', /^(Lazy)?InstanceNorm\dd$/],
  ['_ConvNd', /^(Lazy)?Conv(Transpose)?\dd$/],
  ['_ConvTransposeNd', /^(Lazy)?ConvTranspose\dd$/],
  ['_ConvTransposeMixin', /^(Lazy)?ConvTranspose\dd$/],
  ['_DropoutNd', /Dropout(\dd)?$/],
  ['_MaxPoolNd', /^MaxPool\dd$/],
  ['_AvgPoolNd', /^AvgPool\dd$/],
  ['_AdaptiveAvgPoolNd', /^AdaptiveAvgPool\dd$/],
  ['_AdaptiveMaxPoolNd', /^AdaptiveMaxPool\dd$/],
  ['RNNBase', /^(RNN|LSTM|GRU)$/],
];

/** Classes that give their objects nothing of a module. */
const PLAIN_BASES = new Set(['object', 'ABC', 'Generic', 'Protocol', 'Enum', 'NamedTuple', 'TypedDict']);

/** Whether a library's class of one name is, or descends from, one of the other. */
export function isSubclassByName(own: string, wanted: string): boolean | undefined {
  if (own === wanted || wanted === 'object') return true;
  const family = FAMILIES.find(([name]) => name === wanted);
  if (family) return family[1].test(own);
  if (wanted === 'Module') return NAMED.has(own) || PLAIN_BASES.has(own) || /Error$|Exception$/.test(own) ? false : undefined;
  if (/Exception$/.test(wanted)) return /Error$|Exception$|Warning$/.test(own) ? true : own === 'Module' ? false : undefined;
  return wanted.startsWith('_') ? undefined : false;
}

/** The classes that `isinstance` is asked about, tuples of them taken apart. */
function classesIn(value: Value, host: Host, depth = 0): readonly Value[] {
  if (value.kind !== 'list' || depth > 4) return [value];
  const items = itemsOf(value, host);
  return typeof items === 'string' ? [unknown(items)] : items.flatMap((item) => classesIn(item, host, depth + 1));
}

/** `isinstance(value, classes)`. */
export const isInstanceCall: Call = (args, host) => {
  const value = argument(args, 0);
  const answer = isInstanceOf(value, classesIn(argument(args, 1), host), host);
  return answer === undefined ? unknown(reasonOf(value, 'whether it is an instance of that class is not known'), 'boolean') : boolean(answer);
};

/** `issubclass(cls, classes)`. */
export const isSubclassCall: Call = (args, host) => {
  const cls = argument(args, 0);
  const wanted = classesIn(argument(args, 1), host);
  const answers = wanted.map((one) => isSubclass(cls, one));
  if (answers.includes(true)) return boolean(true);
  return answers.includes(undefined) ? unknown(reasonOf(cls, 'whether it descends from that class is not known'), 'boolean') : boolean(false);
};

function isSubclass(cls: Value, wanted: Value): boolean | undefined {
  if (cls === wanted) return true;
  if (cls.kind === 'class' && wanted.kind === 'class') return descends(cls, wanted);
  if (cls.kind === 'native' && wanted.kind === 'native') return isSubclassByName(lastName(cls.base?.name ?? cls.name), lastName(wanted.name));
  if (cls.kind === 'native' && wanted.kind === 'class') return false;
  if (cls.kind !== 'class' || wanted.kind !== 'native') return undefined;
  const { classes, open } = ancestry(cls);
  const answers = classes.map((one) => (one.kind === 'native' ? isSubclassByName(lastName(one.base?.name ?? one.name), lastName(wanted.name)) : false));
  if (answers.includes(true)) return true;
  return open !== undefined || answers.includes(undefined) ? undefined : false;
}
