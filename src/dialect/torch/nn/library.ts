/** Classes of the library: each can be made, and extended by the user's classes. */
import {
  type Arguments,
  entry,
  fn,
  type Host,
  type InstanceValue,
  type NativeBase,
  type NativeValue,
  UNDEFINED,
  unknown,
  type Value,
} from '../../common/values';
import { type Module, type ModuleKind, moduleOf, Undecided } from './kind';
import { inheritedMember } from './members';
import { bindNames, signatureOf } from './signature';
import { moduleState, newState, startModule, stateMap } from './state';
import { workOut } from './worked';

/** How a class of the library behaves, on objects of its own and of classes that extend it. */
export type Behaviour = NativeBase & Required<Pick<NativeBase, 'call'>>;

/** The library class of a behaviour. */
export function libraryClass(behaviour: Behaviour, more: Pick<NativeValue, 'member'> = {}): NativeValue {
  return {
    kind: 'native',
    name: behaviour.name,
    call: (args, host) => {
      const self: InstanceValue = { kind: 'instance', native: behaviour, members: new Map(), state: stateMap(newState(behaviour.name)) };
      behaviour.initialise(self, args, host);
      return self;
    },
    member: (name, host) => more.member?.(name, host) ?? unboundMember(behaviour, name),
    base: behaviour,
  };
}

/** `nn.Conv2d.forward(self, x)`, `nn.Module.__init__(self)`: the class's function, given the object. */
function unboundMember(behaviour: Behaviour, name: string): Value | undefined {
  if (name === '__name__' || name === '__qualname__') return { kind: 'string', value: behaviour.name.split('.').at(-1) ?? behaviour.name };
  if (name !== '__init__' && name !== 'forward' && name !== '__call__') return undefined;
  return fn(`${behaviour.name}.${name}`, (args, host) => {
    const [self, ...positional] = args.positional;
    if (self?.kind !== 'instance') return unknown('it is called without an object');
    const rest: Arguments = { ...args, positional, spans: args.spans.slice(1) };
    if (name === '__init__') {
      behaviour.initialise(self, rest, host);
      return UNDEFINED;
    }
    return host.call(behaviour.member(self, name, host) ?? unknown(`\`${behaviour.name}\` has no \`${name}\``), rest);
  });
}

/** Calls the object: its class's forward, the user's or the library's. */
export function callForward(self: InstanceValue, args: Arguments, host: Host): Value {
  workOut(self, host);
  return host.call(host.member(self, 'forward'), args);
}

/** A setting that is not known makes the result unknown. */
function whereDecided(host: Host, args: Arguments, body: () => Value): Value {
  try {
    return body();
  } catch (problem) {
    if (!(problem instanceof Undecided)) throw problem;
    return host.unknownTensor(
      problem.reason,
      args.positional.filter((value) => value.kind === 'tensor'),
    );
  }
}

/** A class of the library from its record. */
export function moduleBehaviour(name: string, kind: ModuleKind): Behaviour {
  const short = name.split('.').at(-1) ?? name;
  const settingsOf = (self: InstanceValue) => (key: string) => moduleState(self)?.settings.get(key);
  return {
    name,
    wants: signatureOf(kind.signature).parameters.flatMap((parameter) => (parameter.fallback === undefined ? [parameter.name] : [])),
    initialise: (self, args, host) => {
      const bound = bindNames(signatureOf(kind.signature), args, host);
      startModule(self, 'failed' in bound ? newState(name, new Map(), bound.failed) : newState(name, bound.values), host);
      if ('failed' in bound || !kind.build) return;
      const module = moduleOf(self, short, settingsOf(self), args, host);
      try {
        kind.build(module);
      } catch (problem) {
        if (!(problem instanceof Undecided)) throw problem;
        startModule(self, newState(name, bound.values, problem.reason), host);
      }
    },
    member: (self, member, host) => {
      if (member === 'forward' && kind.forward) return fn(`${name}.forward`, (args, inner) => forward(self, name, kind, args, inner));
      return inheritedMember(self, member, host) ?? settingMember(self, short, kind, member, host);
    },
    call: callForward,
  };
}

function forward(self: InstanceValue, name: string, kind: ModuleKind, args: Arguments, host: Host): Value {
  return whereDecided(host, args, () => {
    const state = moduleState(self);
    if (state?.unknown !== undefined) throw new Undecided(state.unknown);
    const bound = bindNames(signatureOf(kind.takes ?? 'input'), args, host);
    if ('failed' in bound) throw new Undecided(bound.failed);
    const values = (key: string): Value | undefined => bound.values.get(key) ?? changedSetting(self, key) ?? state?.settings.get(key);
    return kind.forward?.(moduleOf(self, name.split('.').at(-1) ?? name, values, args, host)) ?? UNDEFINED;
  });
}

/** A setting that the code has written over: `norm.eps = 1e-6`. Weights and sub-modules bear names of their own. */
function changedSetting(self: InstanceValue, key: string): Value | undefined {
  const own = self.members.get(key);
  return own?.kind === 'number' || own?.kind === 'string' || own?.kind === 'list' ? own : undefined;
}

/** `conv.out_channels`: a setting, as the library keeps it. */
function settingMember(self: InstanceValue, name: string, kind: ModuleKind, member: string, host: Host): Value | undefined {
  const state = moduleState(self);
  if (kind.fields && state) {
    const module: Module = moduleOf(
      self,
      name,
      (key) => state.settings.get(key),
      { positional: [], named: new Map(), span: host.span, spans: [], api: name },
      host,
    );
    try {
      const found = entry(kind.fields(module), member);
      if (found) return found;
    } catch (problem) {
      if (!(problem instanceof Undecided)) throw problem;
      return unknown(problem.reason);
    }
  }
  return state?.settings.get(member);
}
