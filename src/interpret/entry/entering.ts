/** Enters a module as its user would: constructor, build, call; with what is bound, the rest open. */
import type { ClassDefinition, FunctionDefinition, Parameter, Span, Target } from '../../program/types';
import { type Arguments, asNumber, type DictValue, type FunctionValue, type InstanceValue, object, UNDEFINED, type Value } from '../../value/index';
import { callFunction, callValue, construct } from '../calls/calls';
import { classLookup, lineageOf, nativeBase } from '../calls/lineage';
import { evaluate } from '../expressions/evaluate';
import { member } from '../expressions/members';
import { plainArguments } from '../host';
import { commentedShape } from '../learning/comments';
import { learnRank } from '../learning/evidence';
import { boundInput } from '../learning/inputs';
import { parameterValue } from '../learning/parameters';
import { typeEvidence } from '../learning/typeNotes';
import type { Run } from '../run';
import { findCell, type Scope } from '../statements/scope';
import { type EntryRequest, FORWARDS, type Holder } from './request';
import { setUp } from './setUp';

/** Runs the entry; what it returns is the module's output. */
export function enter(run: Run, request: EntryRequest): Value {
  const { target, source } = request;
  const scope = run.modules.get(source.path)?.scope;
  if (!scope) return UNDEFINED;
  if (target.kind === 'file') return UNDEFINED;
  if (target.kind === 'function' && target.holder) return enterFunction(run, heldFunction(run, target.definition, target.holder, scope, source.path));
  if (target.kind === 'function') {
    const held = findCell(scope, target.definition.name)?.value;
    const fn: FunctionValue =
      held?.kind === 'function' && held.definition === target.definition ? held : { kind: 'function', definition: target.definition, scope, file: source.path };
    return target.maker ? enterInstance(run, construct(run, fn, openArguments(run, fn.definition))) : enterFunction(run, fn);
  }
  if (target.kind === 'class') {
    const held = findCell(scope, target.definition.name)?.value;
    const cls =
      held?.kind === 'class' && held.definition === target.definition
        ? held
        : evaluate(run, { kind: 'class', definition: target.definition, span: target.definition.nameSpan }, scope);
    run.span = target.definition.nameSpan;
    const args = constructorArguments(run, target.definition, cls);
    return enterInstance(run, construct(run, cls, args));
  }
  beginForward(run);
  return enterMade(run, evaluate(run, target.expression, scope));
}

/** A function in an object's field: its `this` is the object. */
function heldFunction(run: Run, definition: FunctionDefinition, holder: Holder, scope: Scope, file: string): FunctionValue {
  const heldBy = (object: Value | undefined): FunctionValue | undefined => {
    const held = object?.kind === 'dict' ? object.entries.get(holder.key) : undefined;
    return object && held?.kind === 'function' && held.definition === definition ? { ...held, self: object } : undefined;
  };
  // The object as the file's statements left it, where it has a name.
  const named = holder.name === undefined ? undefined : heldBy(findCell(scope, holder.name)?.value);
  return named ?? heldBy(evaluate(run, holder.object, scope)) ?? { kind: 'function', definition, scope, file };
}

/** What an expression made: a model, whose making is its forward; or an object with a forward, or a function, whose making is none. */
function enterMade(run: Run, made: Value): Value {
  if (run.surroundings.modelOutputs(made)) return made;
  run.rows.length = 0;
  run.recording = false;
  if (made.kind === 'function') return enterFunction(run, made);
  return enterInstance(run, made);
}

/** A constructor's parameters, given or open. */
function constructorArguments(run: Run, definition: ClassDefinition, cls: Value): Arguments {
  const own = definition.methods.findLast((method) => method.role === 'constructor') ?? inheritedConstructor(cls);
  if (!own) return cls.kind === 'class' ? libraryArguments(run, nativeBase(cls)?.wants ?? []) : plainArguments(run, []);
  const args = openArguments(run, own);
  return own.parameters.some(({ rest }) => rest === 'dict') ? withOthers(run, args, own, cls) : args;
}

/** A class that has the library's constructor is given what is bound, and what that wants. */
function libraryArguments(run: Run, wants: readonly string[]): Arguments {
  const open = wants.map((name) => [name, parameterValue(run, name)] as const);
  const bound = [...(run.bindings.args ?? [])].map(([name, value]) => [name, take(run, name, value)] as const);
  return { ...plainArguments(run, []), named: new Map(wants.length > 0 ? [...open, ...bound] : []) };
}

/** What makes an object is given what is bound, the rest open. */
const openArguments = (run: Run, own: FunctionDefinition): Arguments =>
  argumentsOf(run, own, (parameter) => argumentFor(run, parameter, takesFields(own), run.bindings.args));

/** Arguments by their places, and by name where nothing else will do. What takes all that is left is given nothing. */
function argumentsOf(run: Run, { parameters, receiver }: FunctionDefinition, valueFor: (parameter: Parameter) => Value): Arguments {
  const positional: Value[] = [];
  const named = new Map<string, Value>();
  for (const parameter of parameters) {
    if (parameter.rest === 'dict' || (parameter.rest !== undefined && receiver !== undefined)) continue;
    if (parameter.keywordOnly && parameter.target.kind === 'name') named.set(parameter.target.name, valueFor(parameter));
    else positional.push(valueFor(parameter));
  }
  return { ...plainArguments(run, positional), named, ...(run.bindings.args || run.bindings.inputs ? {} : { outside: true }) };
}

/** `**kwargs` is given what is bound under other names, and what the constructor of the next class up wants. */
function withOthers(run: Run, args: Arguments, own: FunctionDefinition, cls: Value): Arguments {
  const known = new Set(namesOf(own));
  const named = new Map(args.named);
  const lineage = cls.kind === 'class' ? lineageOf(cls) : [];
  const makers = lineage.flatMap((one) => (one.kind === 'class' ? one.definition.methods.filter(({ role }) => role === 'constructor') : []));
  const next = makers[makers.indexOf(own) + 1];
  for (const parameter of next?.parameters ?? []) {
    const { target, rest } = parameter;
    if (target.kind === 'name' && rest === undefined && !known.has(target.name)) named.set(target.name, argumentFor(run, parameter, false, run.bindings.args));
  }
  for (const [name, value] of run.bindings.args ?? []) if (!known.has(name) && !named.has(name)) named.set(name, take(run, name, value));
  return { ...args, named };
}

/** Whether its only parameter may be an object, whose fields can be given directly. */
function takesFields({ parameters }: FunctionDefinition): boolean {
  const [only, second] = parameters;
  return only !== undefined && !second && (!only.fallback || only.fallback.kind === 'dict') && !/^(?:number|string|boolean)$/.test(only.type?.text ?? '');
}

function inheritedConstructor(cls: Value, depth = 0): FunctionDefinition | undefined {
  if (cls.kind !== 'class' || depth > 30) return undefined;
  const own = cls.definition.methods.findLast((method) => method.role === 'constructor');
  return own ?? cls.bases.map((base) => inheritedConstructor(base, depth + 1)).find((found) => found !== undefined);
}

/** What stands for a parameter: the bound value, or an open one under its name. A pattern's fields go by their own names. */
function argumentFor(run: Run, parameter: FunctionDefinition['parameters'][number], byFields: boolean, given: ReadonlyMap<string, Value> | undefined): Value {
  const { target } = parameter;
  const path = target.kind === 'name' ? target.name : '';
  const bound = target.kind === 'name' ? given?.get(path) : undefined;
  if (bound) return take(run, path, bound);
  typeEvidence(run, path, parameter);
  if (parameter.rest) return parameterValue(run, path);
  if (path !== '') return withFields(run, path, given, byFields);
  const names = target.kind === 'object' && !target.rest ? new Set(target.properties.map(({ key }) => key)) : undefined;
  for (const name of given?.keys() ?? []) if (!names || names.has(name)) run.taken.add(name);
  const fields = given && given.size > 0 ? object(given) : object();
  return { ...fields, parameter: '' };
}

/** Notes that something is called by the name of a binding. */
function take<T>(run: Run, name: string, value: T): T {
  run.taken.add(name);
  return value;
}

/** "A single object parameter by its own name, or its fields directly." */
function withFields(run: Run, path: string, given: ReadonlyMap<string, Value> | undefined, byFields: boolean): Value {
  const value = parameterValue(run, path);
  if (!given || given.size === 0 || !byFields) return value;
  if (value.kind !== 'unknown' && value.kind !== 'dict') return value;
  for (const name of given.keys()) run.taken.add(name);
  return { ...object(given), parameter: path };
}

/** Enters an object's forward: a layer as `apply` would. */
function enterInstance(run: Run, made: Value): Value {
  if (made.kind === 'dict') return enterMethod(run, made, forwardOf(run, made));
  if (made.kind !== 'instance') return made.kind === 'native' || made.kind === 'class' ? UNDEFINED : made;
  run.root = made;
  run.state = run.surroundings.stateOf?.(made);
  if (made.native?.call && !made.native.builds) {
    run.surroundings.settle?.(made, run.host);
    return enterNative(run, made);
  }
  const isLayer = made.native !== undefined || (made.cls !== undefined && nativeBase(made.cls)?.builds === true);
  setUp(run, made, (parameter) => argumentFor(run, parameter, false, run.bindings.args), isLayer);
  run.surroundings.settle?.(made, run.host);
  const method = forwardOf(run, made);
  // A class that adds nothing to how its library base is called: a chain of modules of its own.
  if (!method && !isLayer && made.cls && nativeBase(made.cls)?.call) return enterNative(run, made);
  return isLayer ? enterLayer(run, made, method?.definition) : enterMethod(run, made, method);
}

/** The user's own forward of an object: a method, or a function in a field. */
function forwardOf(run: Run, made: InstanceValue | DictValue): FunctionValue | undefined {
  for (const name of FORWARDS) {
    const found = member(run, made, name);
    if (found.kind === 'function') return found;
    // A field that only may hide the method, and of which nothing is known.
    const own = found.kind === 'unknown' && made.kind === 'instance' && made.cls ? classLookup(made.cls, name, false) : undefined;
    if (own) return { ...own.function, self: made };
  }
  return undefined;
}

/** A library's module is called with what is bound, in the order that it is given. */
function enterNative(run: Run, made: InstanceValue): Value {
  beginForward(run);
  const inputs = [...(run.bindings.inputs ?? [])].map(([name, binding]) => take(run, name, boundInput(run, name, binding)));
  return callValue(run, made, plainArguments(run, inputs.length > 0 ? inputs : [parameterValue(run, 'input')]));
}

function enterMethod(run: Run, made: InstanceValue | DictValue, method: FunctionValue | undefined): Value {
  if (!method) return made.kind === 'dict' ? made : UNDEFINED;
  beginForward(run);
  const args = inputsFor(run, method.definition);
  if (method.definition.name === 'call') buildFor(run, made, args.positional[0] ?? UNDEFINED);
  return callFunction(run, method, args, method.self ?? made);
}

/** A layer whose base class is the user's own file is built for its input's shape too, before it is called. */
function buildFor(run: Run, made: InstanceValue | DictValue, input: Value): void {
  const build = member(run, made, 'build');
  const wants = build.kind === 'function' ? build.definition.parameters[0]?.target : undefined;
  if (build.kind !== 'function' || wants?.kind !== 'name' || !/shape/i.test(wants.name)) return;
  const given = run.host.expect(input, 'tensor');
  const tensors = given.kind === 'list' ? given.items.map((item) => run.host.expect(item, 'tensor')) : [given];
  if (tensors.length === 0 || !tensors.every((tensor) => tensor.kind === 'tensor')) return;
  const shapes = tensors.map((tensor) => member(run, tensor, 'shape'));
  run.recording = false;
  callFunction(run, build, plainArguments(run, given.kind === 'list' ? [{ kind: 'list', tuple: false, items: shapes }] : shapes), build.self ?? made);
  run.recording = true;
}

/** `layer.apply(inputs, kwargs)` with what its `call` names its input. */
function enterLayer(run: Run, layer: InstanceValue, call: FunctionDefinition | undefined): Value {
  const input = call?.parameters[0];
  const name = input?.target.kind === 'name' ? input.target.name : 'inputs';
  if (input) noteInput(run, name, input, call);
  noteSpecification(run, layer, name);
  const value = input?.target.kind === 'sequence' && call ? patternInput(run, input) : inputValue(run, name);
  const kwargs = layerKeywords(run, call?.parameters[1]);
  beginForward(run);
  // What the user puts over `apply` is for those who call it: the module is what the library's own `apply` runs.
  const apply = (layer.cls && nativeBase(layer.cls)?.member(layer, 'apply', run.host)) ?? member(run, layer, 'apply');
  return callValue(run, apply, plainArguments(run, [value, ...kwargs]));
}

/** `this.inputSpec = [{ ndim: 4 }]`: tfjs itself holds the only input to it. */
function noteSpecification(run: Run, layer: InstanceValue, name: string): void {
  const specified = layer.members.get('inputSpec');
  const [only, second] = specified?.kind === 'list' && specified.open === undefined ? specified.items : [];
  const rank = only?.kind === 'dict' && !second ? asNumber(only.entries.get('ndim')) : undefined;
  if (rank !== undefined && Number.isInteger(rank) && rank > 0) learnRank(run.evidence, name, rank, 'said');
}

/** What is bound under the name of `call`'s second parameter, or of a field that it destructures; and the mode. */
function layerKeywords(run: Run, parameter: FunctionDefinition['parameters'][number] | undefined): Value[] {
  const names = parameter?.target.kind === 'object' ? parameter.target.properties.flatMap(({ key }) => (typeof key === 'string' ? [key] : [])) : [];
  const fields = names.flatMap((name) => {
    const binding = run.bindings.inputs?.get(name);
    return binding ? [[name, take(run, name, boundInput(run, name, binding))] as const] : [];
  });
  const whole = parameter?.target.kind === 'name' ? run.bindings.inputs?.get(parameter.target.name) : undefined;
  const name = parameter?.target.kind === 'name' ? parameter.target.name : '';
  const given = whole ? take(run, name, boundInput(run, name, whole)) : undefined;
  const mode = run.bindings.training ? [['training', { kind: 'boolean' as const, value: true }] as const] : [];
  if (given && given.kind !== 'dict') return [given];
  const entries = new Map([...mode, ...fields, ...(given?.entries ?? [])]);
  return entries.size > 0 ? [object(entries)] : [];
}

function enterFunction(run: Run, fn: Value & { kind: 'function' }): Value {
  beginForward(run);
  run.span = fn.definition.nameSpan;
  const args = inputsFor(run, fn.definition);
  const made = callFunction(run, fn, args, fn.self);
  return run.bindings.inputs ? made : enterReturned(run, made, new Set(namesOf(fn.definition)), 0);
}

const MOST_FACTORIES = 3;

/** What a factory returns, a function or an object with a forward, is entered as its user would, unless a parameter of it is called as one of the factory's. */
function enterReturned(run: Run, made: Value, outer: ReadonlySet<string>, depth: number): Value {
  const fn = made.kind === 'dict' ? forwardOf(run, made) : made;
  if (fn?.kind !== 'function' || depth >= MOST_FACTORIES) return made;
  const names = namesOf(fn.definition);
  if (names.some((name) => outer.has(name))) return made;
  const self = fn.self ?? (made.kind === 'dict' ? made : undefined);
  const result = callFunction(run, fn, inputsFor(run, fn.definition), self);
  return enterReturned(run, result, new Set([...outer, ...names]), depth + 1);
}

/** The names that a function's parameters go by, the fields of patterns among them. */
function namesOf({ parameters }: FunctionDefinition): string[] {
  const named = (target: Target): string[] => {
    if (target.kind === 'name') return [target.name];
    if (target.kind === 'sequence') return target.elements.flatMap((element) => (element ? named(element.target) : []));
    return target.kind === 'object' ? target.properties.flatMap(({ key, target: field }) => [...(typeof key === 'string' ? [key] : []), ...named(field)]) : [];
  };
  return parameters.flatMap(({ target }) => named(target));
}

/** A forward's parameters: bound inputs and arguments, or open ones. */
function inputsFor(run: Run, definition: FunctionDefinition): Arguments {
  const own = { ...definition, parameters: definition.parameters.filter(({ rest }) => rest === undefined) };
  const args = argumentsOf(run, own, (parameter) => inputFor(run, parameter, definition));
  const takers = new Set(definition.parameters.map(({ rest }) => rest));
  if (!takers.has('list') && !takers.has('dict')) return args;
  const known = new Set(namesOf(definition));
  const others = [...(run.bindings.inputs ?? [])]
    .filter(([name]) => !known.has(name))
    .map(([name, binding]) => [name, take(run, name, boundInput(run, name, binding))] as const);
  if (takers.has('dict')) return { ...args, named: new Map([...args.named, ...others]) };
  return { ...args, ...placed([...args.positional, ...others.map(([, value]) => value)], run.span) };
}

const placed = (positional: readonly Value[], span: Span) => ({ positional, spans: positional.map(() => span) });

function inputFor(run: Run, parameter: Parameter, definition: FunctionDefinition): Value {
  const { target } = parameter;
  if (target.kind !== 'name') return patternInput(run, parameter);
  noteInput(run, target.name, parameter, definition);
  return inputValue(run, target.name, run.bindings.args?.get(target.name));
}

/** `forward({q, k, v})`: fields go by the names they get. */
function patternInput(run: Run, parameter: FunctionDefinition['parameters'][number]): Value {
  if (parameter.target.kind === 'sequence') {
    for (const element of parameter.target.elements) if (element?.target.kind === 'name') run.inputSpans.set(element.target.name, element.target.span);
    return {
      kind: 'list',
      tuple: false,
      items: parameter.target.elements.map((element) => (element?.target.kind === 'name' ? inputValue(run, element.target.name) : UNDEFINED)),
    };
  }
  const names = parameter.target.kind === 'object' && !parameter.target.rest ? new Set(parameter.target.properties.map(({ key }) => key)) : undefined;
  const bound = [...(run.bindings.inputs ?? [])]
    .filter(([name]) => !names || names.has(name))
    .map(([name, binding]) => [name, boundInput(run, name, binding)] as const);
  const given = argumentFor(run, parameter, false, new Map([...(run.bindings.args ?? []), ...bound]));
  if (parameter.target.kind === 'object')
    for (const property of parameter.target.properties) if (property.target.kind === 'name') run.inputSpans.set(property.target.name, property.target.span);
  // What bound inputs leave out is not given.
  return bound.length > 0 && given.kind === 'dict' ? object(given.entries) : given;
}

/** Type notes and comments beside a parameter tell its rank and names. */
function noteInput(run: Run, name: string, parameter: FunctionDefinition['parameters'][number], definition: FunctionDefinition | undefined): void {
  run.inputSpans.set(name, parameter.target.span);
  typeEvidence(run, name, parameter);
  commentedShape(run, name, parameter, definition);
}

/** A bound input, an argument, or an open parameter. */
function inputValue(run: Run, name: string, argument?: Value): Value {
  const binding = run.bindings.inputs?.get(name);
  if (binding) return take(run, name, boundInput(run, name, binding));
  if (argument) return take(run, name, argument);
  if (run.bindings.inputs && run.bindings.inputs.size > 0) return UNDEFINED;
  return parameterValue(run, name);
}

/** From here on it is the module's forward: its assignments are rows, its steps are its own. */
function beginForward(run: Run): void {
  run.recording = true;
  run.start = run.nodes.length;
}
