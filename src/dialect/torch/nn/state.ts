/** What an `nn.Module` keeps beside its fields. Weights, buffers and sub-modules are fields, in the order in which they were set. */
import { isFloating } from '../../../ops/dtypes';
import type { DType } from '../../../ops/operator';
import type { DictValue, Host, InstanceValue, ListValue, TensorValue, Value } from '../../common/values';

const STATE = 'torch.nn.Module';
const CONTENTS = 'torch.nn.contents';

/** The state of a module. */
export interface ModuleState {
  /** The class's name, for words. */
  readonly name: string;
  /** The constructor's arguments by name; undefined where they are not known. */
  readonly settings: ReadonlyMap<string, Value>;
  /** Buffers by name: whether they are in the state dict. */
  readonly buffers: ReadonlyMap<string, boolean>;
  /** Why the constructor's arguments are not known. */
  readonly unknown?: string;
}

/** The state; undefined for what is no module. */
export const moduleState = (value: Value | undefined): ModuleState | undefined =>
  value?.kind === 'instance' ? (value.state.get(STATE) as ModuleState | undefined) : undefined;

/** Whether the value is a module whose constructor ran. */
export const isModule = (value: Value | undefined): value is InstanceValue => moduleState(value) !== undefined;

/** The state of a new module. */
export const newState = (name: string, settings: ReadonlyMap<string, Value> = new Map(), unknown?: string): ModuleState =>
  unknown === undefined ? { name, settings, buffers: new Map() } : { name, settings, buffers: new Map(), unknown };

/** For an object that is just being made. */
export const stateMap = (state: ModuleState, contents?: ListValue | DictValue): InstanceValue['state'] =>
  new Map<string, unknown>(
    contents === undefined
      ? [[STATE, state]]
      : [
          [STATE, state],
          [CONTENTS, contents],
        ],
  );

/** Gives an object the state of a module. */
export const startModule = (self: InstanceValue, state: ModuleState, host: Host): void => host.setState(self, STATE, state);

/** Sets a field. */
export const setField = (self: InstanceValue, name: string, value: Value, host: Host): void => host.setMember(self, name, value);

/** Registers a buffer. */
export function setBuffer(self: InstanceValue, name: string, value: Value, persistent: boolean, host: Host): void {
  const state = moduleState(self);
  if (state) host.setState(self, STATE, { ...state, buffers: new Map(state.buffers).set(name, persistent) });
  setField(self, name, value, host);
}

/** A learnable tensor: what `nn.Parameter` gives. */
export const isParameter = (value: Value | undefined): value is TensorValue => value?.kind === 'tensor' && value.role === 'variable';

/** The list or dict that holds a container's items. */
export const contentsOf = (self: InstanceValue): ListValue | DictValue | undefined => self.state.get(CONTENTS) as ListValue | DictValue | undefined;

/** Makes the object a container. */
export const setContents = (self: InstanceValue, contents: ListValue | DictValue, host: Host): void => host.setState(self, CONTENTS, contents);

/** The name of an item: the field that holds it, else its place. */
function nameAt(self: InstanceValue, item: Value, at: number): string {
  for (const [name, value] of self.members) if (value === item) return name;
  return String(at);
}

/** A container's items with their names in the state dict. */
export function itemsOf(self: InstanceValue): readonly (readonly [string, Value])[] {
  const contents = contentsOf(self);
  if (contents === undefined) return [];
  return contents.kind === 'list' ? contents.items.map((item, at) => [nameAt(self, item, at), item] as const) : [...contents.entries];
}

/** What a module holds by name, in order: its fields, and a container's items. */
const heldBy = (self: InstanceValue): readonly (readonly [string, Value])[] => {
  const items = itemsOf(self);
  return [...items, ...[...self.members].filter(([, value]) => !items.some(([, item]) => item === value))];
};

/** Sub-modules by name, in order. */
export const childrenOf = (self: InstanceValue): readonly (readonly [string, InstanceValue])[] =>
  heldBy(self).filter((member): member is [string, InstanceValue] => isModule(member[1]));

/** Own weights by name, in order. */
export const weightsOf = (self: InstanceValue): readonly (readonly [string, TensorValue])[] =>
  heldBy(self).filter((member): member is [string, TensorValue] => isParameter(member[1]));

/** Own buffers by name. */
export const buffersOf = (self: InstanceValue): readonly (readonly [string, TensorValue, boolean])[] =>
  [...(moduleState(self)?.buffers ?? [])].flatMap(([name, persistent]) => {
    const value = self.members.get(name);
    return value?.kind === 'tensor' ? [[name, value, persistent] as const] : [];
  });

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

/** The module and all under it with their paths, each once, as `named_modules()` walks them. */
export function modulesUnder(self: InstanceValue, path = '', seen = new Set<InstanceValue>()): readonly (readonly [string, InstanceValue])[] {
  if (seen.has(self)) return [];
  seen.add(self);
  return [[path, self], ...childrenOf(self).flatMap(([name, child]) => modulesUnder(child, join(path, name), seen))];
}

/** `module.to(dtype)`: the floating weights and buffers under it are in that type. */
export function retype(self: InstanceValue, dtype: DType, host: Host): void {
  for (const [, module] of modulesUnder(self)) {
    const held = new Set<Value>([...weightsOf(module), ...buffersOf(module)].map(([, tensor]) => tensor));
    const typed = (value: Value): Value => (value.kind === 'tensor' && held.has(value) && isFloating(value.dtype) ? host.retyped(value, dtype) : value);
    const contents = contentsOf(module);
    if (contents?.kind === 'list' && contents.items.some((item) => held.has(item))) host.setItems(contents, contents.items.map(typed));
    if (contents?.kind === 'dict') host.setEntries(contents, new Map([...contents.entries].map(([key, item]) => [key, typed(item)])));
    for (const [name, value] of module.members) if (held.has(value)) setField(module, name, typed(value), host);
  }
}

/** All weights under the module by path, each once. */
export function parametersUnder(self: InstanceValue): readonly (readonly [string, TensorValue])[] {
  const seen = new Set<number>();
  return modulesUnder(self).flatMap(([path, module]) =>
    weightsOf(module).flatMap(([name, tensor]) => {
      if (seen.has(tensor.ref.node)) return [];
      seen.add(tensor.ref.node);
      return [[join(path, name), tensor] as const];
    }),
  );
}

/** All buffers under the module by path. */
export const buffersUnder = (self: InstanceValue): readonly (readonly [string, TensorValue, boolean])[] =>
  modulesUnder(self).flatMap(([path, module]) => buffersOf(module).map(([name, tensor, persistent]) => [join(path, name), tensor, persistent] as const));

/** What `state_dict()` holds, by name: a module that stands in two places is there twice. */
export const stateDictOf = (self: InstanceValue): readonly (readonly [string, TensorValue])[] =>
  stateUnder(self, '', []).map(({ name, tensor }) => [name, tensor] as const);

interface StateEntry {
  readonly name: string;
  readonly tensor: TensorValue;
  readonly trainable: boolean;
}

function stateUnder(self: InstanceValue, path: string, above: readonly InstanceValue[]): readonly StateEntry[] {
  if (above.includes(self)) return [];
  return [
    ...weightsOf(self).map(([name, tensor]) => ({ name: join(path, name), tensor, trainable: true })),
    ...buffersOf(self).flatMap(([name, tensor, persistent]) => (persistent ? [{ name: join(path, name), tensor, trainable: false }] : [])),
    ...childrenOf(self).flatMap(([name, child]) => stateUnder(child, join(path, name), [...above, self])),
  ];
}

/** Whether a container holds as many items as a size says, or its items are not all known. */
const isOpen = (self: InstanceValue): boolean => {
  const contents = contentsOf(self);
  return contents?.kind === 'list' && (contents.times !== undefined || contents.open !== undefined);
};

/** What a checkpoint of the module holds; undefined where not all of it is known. */
export const stateOf = (value: Value): readonly StateEntry[] | undefined =>
  isModule(value) && !modulesUnder(value).some(([, module]) => isOpen(module) || moduleState(module)?.unknown !== undefined)
    ? stateUnder(value, '', [])
    : undefined;
