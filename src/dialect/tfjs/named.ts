/** The functions inside tfjs that look a thing up by its name: for those who read tfjs's own layers, or copy their ways. */

import { opaqueThing } from '../common/opaque';
import { argument, entry, fn, type Host, isMissing, type NativeValue, NULL, step, string, type Value } from '../common/values';
import { initializerNamed } from './initializers';
import { activationStep, isActivation } from './layers/activations';
import { asTensor } from './tensorLike';

/** A name or `{className, config}`, as they are written in a configuration. */
function nameIn(value: Value): { readonly name: string; readonly config: Value } | undefined {
  if (value.kind === 'string') return { name: value.value, config: NULL };
  const name = value.kind === 'dict' ? value.entries.get('className') : undefined;
  return name?.kind === 'string' && value.kind === 'dict' ? { name: name.value, config: value.entries.get('config') ?? NULL } : undefined;
}

const lowered = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/** An object whose `apply` is the activation. */
const activation = (name: string): NativeValue => ({
  kind: 'native',
  name,
  member: (member) => {
    if (member === 'getClassName') return fn('getClassName', () => string(name));
    if (member !== 'apply') return undefined;
    return fn(`${name}.apply`, (args, host) => {
      const x = asTensor(host.expect(argument(args, 0), 'tensor'), host);
      const operator = activationStep(name);
      return operator === null ? x : step(host, operator[0], [x], operator[1], args);
    });
  },
});

function getActivation(value: Value): Value {
  const found = isMissing(value) ? 'linear' : nameIn(value)?.name;
  if (found === undefined) return value;
  const name = isActivation(found) ? found : lowered(found);
  return isActivation(name) ? activation(name) : opaqueThing(`the activation ${found}`);
}

function getInitializer(value: Value, host: Host): Value {
  const found = nameIn(value);
  return found ? (initializerNamed(lowered(found.name), found.config, host) ?? opaqueThing(`the initializer ${found.name}`)) : value;
}

/** Of penalties and constraints no shape depends. */
const penalty = (name: string): NativeValue => fn(name, (args) => (isMissing(argument(args, 0)) ? NULL : opaqueThing(name)));

const NAMED: Readonly<Record<string, Value>> = {
  getActivation: fn('getActivation', (args) => getActivation(argument(args, 0))),
  getInitializer: fn('getInitializer', (args, host) => getInitializer(argument(args, 0), host)),
  getConstraint: penalty('getConstraint'),
  getRegularizer: penalty('getRegularizer'),
};

/** One of them, by the name that tfjs exports it under. */
export const namedWithin = (name: string): Value | undefined => entry(NAMED, name);
