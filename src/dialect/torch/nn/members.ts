/** What every `nn.Module` has: registration, walks over what it holds, modes, conversions. */

import { opaqueThing } from '../../common/opaque';
import {
  type Arguments,
  argument,
  boolean,
  entry,
  fn,
  type Host,
  type InstanceValue,
  isMissing,
  list,
  NULL,
  native,
  noEffect,
  object,
  string,
  UNDEFINED,
  unknown,
  type Value,
} from '../../common/values';
import { deepCopy } from './copying';
import { trainsBy } from './parameter';
import { bindNames, signatureOf } from './signature';
import { buffersUnder, childrenOf, isModule, moduleState, modulesUnder, parametersUnder, retype, setBuffer, setField, stateDictOf } from './state';
import { workedMember } from './worked';

type Bound = (key: string) => Value;
type Method = (self: InstanceValue, bound: Bound, host: Host, args: Arguments) => Value;

/** A method by its signature. */
interface MethodLine {
  readonly signature: string;
  readonly run: Method;
}

const line = (signature: string, run: Method): MethodLine => ({ signature, run });

/** Methods that give the object back and change nothing that shapes see. */
const SAME = 'to cuda cpu xpu half float double bfloat16 type share_memory to_empty compile ipu hpu mtia'.split(' ');

/** Methods without an effect on shapes and without a result. */
const NOTHING = 'zero_grad extra_repr register_load_state_dict_post_hook set_extra_state named_extra_state'.split(' ');

/** Hooks: what they hold is not followed. */
const HOOKS = [
  'register_forward_hook',
  'register_forward_pre_hook',
  'register_full_backward_hook',
  'register_full_backward_pre_hook',
  'register_backward_hook',
  'register_state_dict_pre_hook',
  'register_load_state_dict_pre_hook',
  '_register_load_state_dict_pre_hook',
  '_register_state_dict_hook',
];

const pairs = (items: readonly (readonly [string, Value])[]): Value => list(items.map(([name, value]) => list([string(name), value], true)));

const register: Method = (self, bound, host) => {
  const name = bound('name');
  if (name.kind === 'string') setField(self, name.value, bound('module'), host);
  else host.setOpen(self, 'a module was registered under an unknown name');
  return NULL;
};

const registerBuffer: Method = (self, bound, host) => {
  const [name, tensor] = [bound('name'), host.expect(bound('tensor'), 'tensor')];
  if (name.kind !== 'string') {
    host.setOpen(self, 'a buffer was registered under an unknown name');
    return NULL;
  }
  setBuffer(self, name.value, tensor, host.truth(bound('persistent')) !== false, host);
  return NULL;
};

const registerParameter: Method = (self, bound, host) => {
  const name = bound('name');
  if (name.kind === 'string') setField(self, name.value, bound('param'), host);
  else host.setOpen(self, 'a parameter was registered under an unknown name');
  return NULL;
};

const recursive = (bound: Bound, host: Host): boolean => host.truth(bound('recurse')) !== false;

/** Whether the user's class says what `train` does. */
const hasOwnTrain = (module: InstanceValue, host: Host): boolean => module.cls !== undefined && host.member(module, 'train').kind === 'function';

/** `module.train(mode)`: of all under it, those whose class says what that does. */
function setMode(self: InstanceValue, mode: Value, host: Host): void {
  for (const [, child] of childrenOf(self)) {
    if (hasOwnTrain(child, host)) host.invoke(host.member(child, 'train'), mode);
    else setMode(child, mode, host);
  }
}

/** Whoever uses a module sets its type and its mode once it is made: where a class of its own says what that does, it is done. */
export function settle(made: Value, host: Host): void {
  if (isModule(made) && (host.precision === 'float16' || host.precision === 'bfloat16')) retype(made, host.precision, host);
  if (!isModule(made) || !modulesUnder(made).some(([, module]) => hasOwnTrain(module, host))) return;
  if (hasOwnTrain(made, host)) host.invoke(host.member(made, 'train'), boolean(host.training));
  else setMode(made, boolean(host.training), host);
}

const train: Method = (self, bound, host) => {
  setMode(self, bound('mode'), host);
  return self;
};

/** What lies at a dotted path. */
function at(self: InstanceValue, path: Value, host: Host): Value {
  if (path.kind !== 'string') return unknown('the path is not known');
  return path.value === '' ? self : path.value.split('.').reduce<Value>((value, name) => host.member(value, name), self);
}

/** `module.apply(f)`: f of every module, the leaves first; it sets weights' values. */
const applyAll: Method = (self, bound, host) => {
  for (const [, module] of [...modulesUnder(self)].reverse()) host.invoke(bound('fn'), module);
  return self;
};

/** `module.requires_grad_(flag)`: of all weights under it. */
const setTrains: Method = (self, bound, host) => {
  for (const [, weight] of parametersUnder(self)) host.trains(weight, trainsBy(bound('requires_grad'), host));
  return self;
};

const loaded = record({ missing_keys: list([]), unexpected_keys: list([]) });

function record(fields: Readonly<Record<string, Value>>): Value {
  return object(Object.entries(fields));
}

const METHODS: Readonly<Record<string, MethodLine>> = {
  register_buffer: line('name, tensor, persistent=True', registerBuffer),
  register_parameter: line('name, param', registerParameter),
  add_module: line('name, module', register),
  register_module: line('name, module', register),
  parameters: line('recurse=True', (self, bound, host) =>
    list(
      parametersUnder(self)
        .filter(([path]) => recursive(bound, host) || !path.includes('.'))
        .map(([, value]) => value),
    ),
  ),
  named_parameters: line("prefix='', recurse=True, remove_duplicate=True", (self, bound, host) =>
    pairs(parametersUnder(self).filter(([path]) => recursive(bound, host) || !path.includes('.'))),
  ),
  buffers: line('recurse=True', (self) => list(buffersUnder(self).map(([, value]) => value))),
  named_buffers: line("prefix='', recurse=True, remove_duplicate=True", (self) => pairs(buffersUnder(self).map(([name, value]) => [name, value]))),
  children: line('', (self) => list(childrenOf(self).map(([, child]) => child))),
  named_children: line('', (self) => pairs(childrenOf(self))),
  modules: line('', (self) => list(modulesUnder(self).map(([, module]) => module))),
  named_modules: line("memo=None, prefix='', remove_duplicate=True", (self) => pairs(modulesUnder(self))),
  state_dict: line('*args, destination=None, prefix="", keep_vars=False', (self) => object(stateDictOf(self), 'map')),
  load_state_dict: line('state_dict, strict=True, assign=False', () => loaded),
  get_submodule: line('target', (self, bound, host) => at(self, bound('target'), host)),
  get_parameter: line('target', (self, bound, host) => at(self, bound('target'), host)),
  get_buffer: line('target', (self, bound, host) => at(self, bound('target'), host)),
  set_submodule: line('target, module, strict=False', (self, bound, host) => {
    const path = bound('target');
    if (path.kind !== 'string') return NULL;
    const names = path.value.split('.');
    const owner = at(self, string(names.slice(0, -1).join('.')), host);
    if (isModule(owner)) setField(owner, names.at(-1) ?? '', bound('module'), host);
    return NULL;
  }),
  apply: line('fn', applyAll),
  train: line('mode=True', train),
  requires_grad_: line('requires_grad=True', setTrains),
  eval: line('', (self, _bound, host) => {
    host.invoke(host.member(self, 'train'), boolean(false));
    return self;
  }),
  __deepcopy__: line('memo=None', (self, _bound, host) => deepCopy(self, host)),
  _get_name: line('', (self) => string(self.cls?.definition.name ?? moduleState(self)?.name.split('.').at(-1) ?? 'Module')),
};

function method(self: InstanceValue, name: string, { signature, run }: MethodLine): Value {
  return fn(name, (args, host) => {
    const bound = bindNames(signatureOf(signature), args, host);
    if ('failed' in bound) return unknown(bound.failed);
    return run(self, (key) => bound.values.get(key) ?? UNDEFINED, host, args);
  });
}

/** Fields that every module has. */
const FIELDS: Readonly<Record<string, (self: InstanceValue, host: Host) => Value>> = {
  training: (_, host) => boolean(host.training),
  _modules: (self) => object(childrenOf(self), 'map'),
  _parameters: (self) =>
    object(
      [...self.members].filter(([, value]) => value.kind === 'tensor' && value.role === 'variable'),
      'map',
    ),
  _buffers: (self) =>
    object(
      buffersUnder(self).flatMap(([name, value]) => (name.includes('.') ? [] : [[name, value] as const])),
      'map',
    ),
  dump_patches: () => boolean(false),
  call_super_init: () => boolean(false),
};

/** A method or field that every module has; undefined where it has none of that name. */
export function inheritedMember(self: InstanceValue, name: string, _host: Host): Value | undefined {
  const worked = workedMember(self, name, _host);
  if (worked) return worked;
  const field = entry(FIELDS, name);
  if (field) return field(self, _host);
  const found = entry(METHODS, name);
  if (found) return method(self, name, found);
  if (name === '__call__') return fn('__call__', (args, host) => host.call(host.member(self, 'forward'), args));
  if (SAME.includes(name)) return noEffect(name, self);
  if (NOTHING.includes(name)) return noEffect(name, NULL);
  if (HOOKS.includes(name)) return native(name, () => opaqueThing('a hook'));
  return undefined;
}

/** The first argument of a call, where it is given. */
export const firstOf = (args: Arguments): Value | undefined => (isMissing(argument(args, 0)) ? undefined : argument(args, 0));
