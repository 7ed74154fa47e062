/** Calls of functions and classes, the user's and the libraries'. */
import type { Expression, FunctionDefinition, Parameter } from '../../program/types';
import {
  type Arguments,
  type ClassValue,
  type FunctionValue,
  type InstanceValue,
  list,
  type NativeBase,
  native,
  object,
  string,
  UNDEFINED,
  unknown,
  type Value,
} from '../../value/index';
import { evaluate } from '../expressions/evaluate';
import { plainMember } from '../expressions/members';
import { inContexts } from '../gradients';
import { inScope } from '../graph';
import { letGo, letScopeGo } from '../held';
import { tellKind, withFallback } from '../learning/parameters';
import type { Run } from '../run';
import { assignTarget } from '../statements/assign';
import { joining, trySide } from '../statements/branch';
import { executeBody, hoist } from '../statements/execute';
import { joinChanges, joinValues } from '../statements/join';
import { begin, redo, takeBack, write } from '../statements/journal';
import { findCell, newScope, ownCell, type Scope } from '../statements/scope';
import { generated } from './generators';
import { after, baseIn, baseWith, callOf, classLookup, lineageOf, methodIn, unknownBase } from './lineage';

const DEPTH_LIMIT = 80;
const RECURSION_LIMIT = 24;

/** Calls anything. What cannot be called gives unknown. */
export function callValue(run: Run, callee: Value, args: Arguments, callback = false): Value {
  switch (callee.kind) {
    case 'function':
      return callFunction(run, callee, args, callee.self, callback);
    case 'native':
      return holding(
        run,
        args,
        callee.call ? callee.call(args, run.host) : (callee.construct?.(args, run.host) ?? unknown(`\`${callee.name}\` cannot be called`)),
      );
    case 'class':
      return construct(run, callee, args);
    case 'instance':
      return holding(run, args, callInstance(run, callee, args));
    case 'unknown':
      return callUnknown(run, callee, args);
    default:
      return unknown(`\`${args.api}\` is no function`);
  }
}

/** A call holds its arguments to its end, whatever the function's own names hold by then. */
function holding(run: Run, args: Arguments, result: Value): Value {
  for (const arg of [...args.positional, ...args.named.values()]) letGo(run, arg);
  return result;
}

/** What an object of the user's or of a library does when it is called. */
function callInstance(run: Run, callee: InstanceValue, args: Arguments): Value {
  if (callee.native?.call) return callee.native.call(callee, args, run.host);
  const own = callee.cls ? classLookup(callee.cls, '__call__', false) : undefined;
  if (own) return callFunction(run, own.function, args, callee);
  const called = callOf(callee);
  if (called) return called(callee, args, run.host);
  return unknown(`\`${args.api}\` is an object that cannot be called`);
}

/** What an unknown function gives from tensors is taken for a tensor that is not known. */
function callUnknown(run: Run, callee: Value & { kind: 'unknown' }, args: Arguments): Value {
  const functions =
    callee.options?.filter((option) => option.kind === 'function' || option.kind === 'native' || option.kind === 'class' || option.kind === 'instance') ?? [];
  const [only] = functions;
  if (only && functions.length === 1) return callValue(run, only, args);
  if (only && functions.length === callee.options?.length) return callEither(run, callee, functions, args);
  if (callee.parameter !== undefined && callee.type === undefined) tellKind(run, callee, 'function');
  return unknownResult(run, callee.reason, args);
}

/** What is one of several that can be called gives what any of them gives. */
function callEither(run: Run, { reason, sides }: Value & { kind: 'unknown' }, functions: readonly Value[], args: Arguments): Value {
  const ends = reportingShared(run, functions, (one) => trySide(run, undefined, () => callValue(run, one, args)));
  const [first, ...others] = ends.flatMap(({ value, changes, facts }) => (value ? [{ value, changes, facts }] : []));
  if (!first) throw ends[0]?.thrown ?? new Error('nothing was called');
  const why = reason.replace(/^it depends on /, '');
  let joined = first;
  for (const other of others) {
    const [left, right, asked] = sides ?? [joined.facts, other.facts, undefined];
    joining(run, { facts: left }, { facts: right }, asked, () => {
      begin(run.journal);
      joinChanges(run, joined.changes, other.changes, why);
      joined = { ...joined, changes: takeBack(run.journal) };
      joined = { ...joined, value: joinValues(run, joined.value, other.value, why) };
    });
  }
  redo(run.journal, joined.changes);
  return joined.value;
}

/** Does the same with each of several that it may be: what only some of them find may be no mistake, since each may have its own callers. */
function reportingShared<T>(run: Run, options: readonly Value[], body: (option: Value) => T): T[] {
  const known = new Set(run.problems.keys());
  const found: ReadonlySet<string>[] = [];
  const results = options.map((option) => {
    const before = new Map(run.reported);
    const result = body(option);
    found.push(new Set([...run.reported].flatMap(([key, count]) => (count > (before.get(key) ?? 0) ? [key] : []))));
    return result;
  });
  for (const key of found.flatMap((keys) => [...keys])) if (!known.has(key) && !found.every((keys) => keys.has(key))) run.problems.delete(key);
  return results;
}

/** What a call gives that is not followed: a tensor, where it is given one. */
function unknownResult(run: Run, reason: string, args: Arguments): Value {
  const tensors = args.positional.filter((arg) => arg.kind === 'tensor');
  return tensors.length > 0 ? { ...run.host.unknownTensor(reason, tensors), unsure: true } : unknown(reason);
}

/** Calls a function of the user's code. A method that is taken from its class has its object as its first argument. */
export function callFunction(run: Run, fn: FunctionValue, given: Arguments, on: Value | undefined, callback = false): Value {
  const { definition } = fn;
  const isLoose = definition.receiver !== undefined && on === undefined;
  const self = isLoose ? given.positional[0] : on;
  const args = isLoose ? { ...given, positional: given.positional.slice(1), spans: given.spans.slice(1) } : given;
  if (run.frames.length >= DEPTH_LIMIT) return unknownResult(run, `calls nest deeper than ${DEPTH_LIMIT}`, args);
  if (run.frames.filter((frame) => frame.definition === definition).length >= RECURSION_LIMIT)
    return unknownResult(run, `\`${definition.name}\` calls itself more than ${RECURSION_LIMIT} times`, args);
  const scope = newScope(fn.scope as Scope, true);
  declareSelf(scope, fn, self);
  const name = rowName(fn);
  ownCell(scope, '%function').value = string(name);
  const isCallback = callback && definition.role !== 'method';
  const filledIn = (self?.kind === 'instance' && self.filledIn) || isFilledIn(definition, args);
  if (filledIn && definition.role === 'constructor' && self?.kind === 'instance') self.filledIn = true;
  run.frames.push({ name, callback: isCallback, definition, returned: [], turns: [], scope, ...(filledIn && { filledIn }) });
  try {
    const call = () => {
      bindParameters(run, definition, args, scope);
      // Fields come after the parameters that are properties, as TypeScript has it, and before the constructor's own statements.
      if (definition.role === 'constructor' && fn.owner?.bases.length === 0 && self?.kind === 'instance') initialiseFields(run, fn.owner, self);
      hoist(run, definition.body, scope);
      return resultOf(run, executeBody(run, definition.body, scope), definition);
    };
    const decorated = () => inContexts(run, fn, call);
    return isCallback || definition.role === 'getter' || definition.role === 'constructor' ? decorated() : inScope(run, 'function', name, args.span, decorated);
  } finally {
    letScopeGo(run, scope);
    run.frames.pop();
  }
}

/** The result, joined with what branches that were not decided returned. */
function resultOf(run: Run, last: Value | undefined, definition: FunctionDefinition): Value {
  const { returned = [], yielded } = run.frames.at(-1) ?? {};
  if (yielded && definition.generator && !definition.async) return generated(run, yielded, returned.length > 0);
  const end = last ?? (returned.length > 0 && definition.role !== 'constructor' ? UNDEFINED : undefined);
  if (!end && returned.length === 0) return definition.generator ? unknown("a generator's items are not followed", 'list') : UNDEFINED;
  return (
    returned.reduceRight<Value | undefined>(
      (joined, { value, facts, asked }) => joining(run, { facts }, run.known, asked, () => joinValues(run, value, joined, 'a branch that is not decided')),
      end,
    ) ?? UNDEFINED
  );
}

/** Arrow functions and closures stand under the function that holds them. */
function rowName(fn: FunctionValue): string {
  const holder = findCell(fn.scope as Scope, '%function')?.value;
  if (fn.owner) return `${fn.owner.definition.name}.${fn.definition.name}`;
  return holder?.kind === 'string' ? holder.value : fn.definition.name;
}

/** `this` or `self`, and `super`'s class: an arrow function, and a function inside a method that names its object, have their holder's. */
function declareSelf(scope: Scope, { definition, owner }: FunctionValue, self: Value | undefined): void {
  if (definition.role === 'arrow') return;
  if (definition.receiver !== undefined) ownCell(scope, definition.receiver).value = self ?? UNDEFINED;
  if (definition.receiver !== undefined || self !== undefined || findCell(scope, '%owner') === undefined) ownCell(scope, 'this').value = self ?? UNDEFINED;
  if (owner) ownCell(scope, '%owner').value = owner;
}

function bindParameters(run: Run, definition: FunctionDefinition, args: Arguments, scope: Scope): void {
  if (definition.role !== 'arrow') ownCell(scope, 'arguments').value = list(args.positional);
  const taken = new Set<string>();
  let at = 0;
  for (const parameter of definition.parameters) {
    if (parameter.rest !== undefined) {
      bindOne(run, parameter, parameter.rest === 'list' ? restList(args, at) : restDict(args, taken), scope);
      if (parameter.rest === 'list') at = args.positional.length;
      continue;
    }
    const name = parameter.target.kind === 'name' && !parameter.positionalOnly ? parameter.target.name : undefined;
    const given = name === undefined ? undefined : args.named.get(name);
    if (given && name !== undefined) taken.add(name);
    bindOne(run, parameter, given ?? (parameter.keywordOnly ? undefined : args.positional[at++]) ?? missing(args, parameter), scope);
  }
}

/** Whether a parameter stands at its default that names are spread for which are not known. */
const isFilledIn = ({ parameters }: FunctionDefinition, { positional, named, openNames }: Arguments): boolean =>
  openNames !== undefined &&
  parameters.some(({ target, fallback }, at) => fallback !== undefined && at >= positional.length && target.kind === 'name' && !named.has(target.name));

/** What a parameter has that is not given: nothing, unless arguments were spread that are not known. */
const missing = ({ open, openNames }: Arguments, { keywordOnly, fallback }: Parameter): Value => {
  const reason = (keywordOnly ? undefined : open) ?? (fallback ? undefined : openNames);
  return reason === undefined ? UNDEFINED : unknown(reason);
};

function restList({ positional, open, outside }: Arguments, at: number): Value {
  const rest = { ...list(positional.slice(at), true), ...(outside && { outside }) };
  if (open !== undefined) rest.open = open;
  return rest;
}

/** The named arguments that no parameter took. */
function restDict({ named, openNames, outside }: Arguments, taken: ReadonlySet<string>): Value {
  const others = [...named].filter(([name]) => !taken.has(name));
  const rest = { ...object(others, 'map'), ...(outside && { outside }) };
  if (openNames !== undefined) rest.open = openNames;
  return rest;
}

/** A field of a configuration that is given for a word: the word that stands here by default is not what it is. */
const isOther = (value: Value, fallback: Expression): boolean =>
  value.kind === 'unknown' && value.parameter?.includes('.') === true && fallback.kind === 'literal' && typeof fallback.value === 'string';

/** Whether a parameter of the entry's stands for itself: what another function has by default is not what the entry has. */
const isOwnDefault = ({ target }: Parameter, value: Value): boolean =>
  value.kind !== 'unknown' || value.parameter === undefined || /[.[]/.test(value.parameter) || (target.kind === 'name' && target.name === value.parameter);

function bindOne(run: Run, parameter: Parameter, value: Value, scope: Scope): void {
  const { fallback } = parameter;
  const filled = fallback && !isOther(value, fallback) ? withFallback(run, value, () => evaluate(run, fallback, scope), isOwnDefault(parameter, value)) : value;
  if (filled.kind === 'unknown' && filled.type === undefined && filled.parameter !== undefined && parameter.type?.name === 'str')
    tellKind(run, filled, 'string');
  assignTarget(run, parameter.target, filled, scope, { declares: 'let' });
  const self = parameter.property ? findCell(scope, 'this')?.value : undefined;
  if (self?.kind === 'instance' && parameter.target.kind === 'name') run.host.setMember(self, parameter.target.name, filled);
}

/** `new C(…)`. */
export function construct(run: Run, callee: Value, args: Arguments): Value {
  switch (callee.kind) {
    case 'class':
      return constructClass(run, callee, args);
    case 'native':
      return (callee.construct ?? callee.call)?.(args, run.host) ?? unknown(`no rule for \`new ${callee.name}\``);
    case 'function':
      return constructFunction(run, callee, args);
    case 'unknown':
      return callee.parameter === undefined ? unknown(callee.reason) : callUnknown(run, callee, args);
    default:
      return unknown(`\`${args.api}\` is no class`);
  }
}

/** A function used as a constructor: `this` is a new object. */
function constructFunction(run: Run, callee: FunctionValue, args: Arguments): Value {
  const prototype = callee.properties?.entries.get('prototype');
  const self: Value = prototype?.kind === 'dict' ? { ...object(), prototype } : object();
  const result = callFunction(run, callee, args, self);
  return result.kind === 'dict' || result.kind === 'instance' ? result : self;
}

function constructClass(run: Run, cls: ClassValue, args: Arguments): Value {
  const held = baseWith(cls, 'construct')?.construct?.(cls, args, run.host);
  if (held) return held;
  const self: InstanceValue = { kind: 'instance', cls, members: new Map(), state: new Map() };
  const depth = run.frames.filter((frame) => frame.definition === cls.definition).length;
  if (depth >= RECURSION_LIMIT) return unknown(`\`${cls.definition.name}\` makes itself more than ${RECURSION_LIMIT} times`);
  run.frames.push({
    name: `${cls.definition.name}.constructor`,
    callback: true,
    definition: cls.definition,
    returned: [],
    turns: [],
    scope: cls.scope as Scope,
  });
  try {
    initialise(run, cls, self, args);
  } finally {
    run.frames.pop();
  }
  return self;
}

/** Runs the nearest constructor of a class and its bases on an object. */
function initialise(run: Run, cls: ClassValue, self: InstanceValue, args: Arguments): void {
  initialiseFrom(run, lineageOf(cls), self, args);
}

/** The first of the lineage that has a constructor runs it; classes before it that have none only have fields. */
function initialiseFrom(run: Run, lineage: readonly Value[], self: InstanceValue, args: Arguments): void {
  const [first, ...rest] = lineage;
  if (!first) return;
  if (first.kind !== 'class') {
    if (first.kind === 'native' && first.base) first.base.initialise(self, args, run.host);
    else write(run.journal, self, 'open', first.kind === 'unknown' ? first.reason : 'its base class is not known');
    return;
  }
  const definition = first.definition.methods.findLast((method) => method.role === 'constructor');
  if (definition) {
    callFunction(run, { kind: 'function', definition, scope: first.scope, owner: first, file: first.file }, args, self, true);
    return;
  }
  initialiseFrom(run, rest, self, args);
  initialiseFields(run, first, self);
}

/** The constructor as a function of its own: `Base.__init__(self, …)`. */
export function constructorOf(cls: ClassValue): Value | undefined {
  for (const one of lineageOf(cls)) {
    if (one.kind === 'native' && one.base) return baseConstructor(one.base);
    const definition = one.kind === 'class' ? one.definition.methods.findLast((method) => method.role === 'constructor') : undefined;
    if (one.kind === 'class' && definition) return { kind: 'function', definition, scope: one.scope, owner: one, file: one.file };
  }
  return undefined;
}

const baseConstructor = (base: NativeBase): Value =>
  native(`${base.name}.__init__`, (args, host) => {
    const [self, ...positional] = args.positional;
    if (self?.kind === 'instance') base.initialise(self, { ...args, positional, spans: args.spans.slice(1) }, host);
    return UNDEFINED;
  });

/** `super(…)`: the next constructor of the object's lineage, then this class's own fields. */
export function initialiseBase(run: Run, cls: ClassValue, self: InstanceValue, args: Arguments): void {
  initialiseFrom(run, after(cls, self), self, args);
  initialiseFields(run, cls, self);
}

function initialiseFields(run: Run, cls: ClassValue, self: InstanceValue): void {
  for (const field of cls.definition.fields) {
    if (field.static || (!field.value && self.members.has(field.name))) continue;
    const scope = newScope(cls.scope as Scope, true);
    ownCell(scope, 'this').value = self;
    ownCell(scope, '%owner').value = cls;
    ownCell(scope, '%function').value = string(`${cls.definition.name}.${field.name}`);
    run.host.setMember(self, field.name, field.value ? evaluate(run, field.value, scope) : UNDEFINED);
  }
}

const nameIn = (value: Value | undefined): string => (value?.kind === 'string' ? value.value : '');

/** The member that a method's `super` has: what comes after its class in the object's lineage. */
export function superMember(run: Run, cls: ClassValue, self: Value, name: string): Value {
  const lineage = after(cls, self);
  const found = methodIn(lineage, name, false) ?? methodIn(lineage, name, true);
  if (found) return { ...found.function, self };
  const provided = self.kind === 'instance' ? baseIn(lineage)?.member(self, name, run.host) : undefined;
  if (!provided && name === '__getattribute__' && self.kind === 'instance') return native(name, (args) => plainMember(run, self, nameIn(args.positional[0])));
  return provided ?? unknown(unknownBase(cls) ?? `its base class has no \`${name}\``);
}
