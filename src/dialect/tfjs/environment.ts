/** Functions about memory, time, back ends and gradients: they run what they are given, and change no shape. */
import { opaqueThing } from '../common/opaque';
import {
  type Arguments,
  argument,
  fn,
  type Host,
  type NativeValue,
  NULL,
  noEffect,
  record,
  string,
  TRUE,
  tensorsIn,
  UNDEFINED,
  unknown,
  type Value,
  withPositional,
} from '../common/values';

const GRADIENTS = 'gradients are not modelled';

/** The last of `tidy(f)` and `tidy(name, f)`. */
const functionIn = (args: Arguments): Value => args.positional.findLast((value) => value.kind === 'function' || value.kind === 'native') ?? argument(args, 0);

const tidy = fn('tidy', (args, host) => host.scoped('tidy', 'tidy', () => host.invoke(functionIn(args))));

const dispose = fn('dispose', (args, host) => {
  for (const tensor of tensorsIn(argument(args, 0))) host.dispose(tensor);
  return UNDEFINED;
});

const numbers = (...names: readonly string[]): Value =>
  record(Object.fromEntries(names.map((name) => [name, unknown('it is measured at run time', 'number')])));

/** Runs the function for its effects, and yields what is measured. */
const measured = (name: string, ...fields: readonly string[]): NativeValue =>
  fn(name, (args, host) => {
    const result = host.invoke(argument(args, 0));
    const figures = numbers(...fields);
    return figures.kind === 'dict' ? { ...figures, entries: new Map([...figures.entries, ['result', result]]) } : figures;
  });

/** A gradient function: what it differentiates is run, its gradients are not modelled. */
const gradient = (name: string, result: (value: Value, args: Arguments, host: Host) => Value): NativeValue =>
  fn(name, (made) => fn(name, (args, host) => result(runAll(argument(made, 0), args, host), args, host)));

/** `tf.grads` takes its inputs in one list. */
function runAll(f: Value, args: Arguments, host: Host): Value {
  const [first] = args.positional;
  return host.invoke(f, ...(first?.kind === 'list' ? first.items : args.positional.slice(0, 1)));
}

const unknownGradient = (host: Host, args: Arguments): Value => host.unknownTensor(GRADIENTS, tensorsIn(argument(args, 0)));

/** The function returns its value and how to differentiate it; only the value matters. */
const customGrad = fn('customGrad', (made) =>
  fn('customGrad', (args, host) => {
    const result = host.call(argument(made, 0), withPositional(args, [...args.positional, noEffect('save')]));
    return result.kind === 'dict' ? (result.entries.get('value') ?? unknown(GRADIENTS)) : result.kind === 'tensor' ? result : unknown(GRADIENTS);
  }),
);

const engine = record({
  startScope: noEffect('startScope'),
  endScope: noEffect('endScope'),
  disposeVariables: noEffect('disposeVariables'),
  tidy,
  memory: fn('memory', () => numbers('numTensors', 'numDataBuffers', 'numBytes')),
});

const HERE = 'it depends on where the program runs';

const backend: NativeValue = {
  ...opaqueThing('tf.backend()', HERE),
  member: (name) => (name === 'epsilon' || name === 'floatPrecision' ? fn(name, () => unknown(HERE, 'number')) : opaqueThing(`tf.backend().${name}`, HERE)),
};

/** An optimizer: `minimize` runs the loss. */
export const optimizer = (name: string): NativeValue => ({
  kind: 'native',
  name,
  member: (member) => {
    if (member !== 'minimize') return opaqueThing(`${name}.${member}`, GRADIENTS);
    return fn('minimize', (args, host) => {
      const cost = host.invoke(argument(args, 0));
      return host.truth(argument(args, 1)) === true ? cost : NULL;
    });
  },
});

/** Functions on `tf` that change no shape, by name. */
export const ENVIRONMENT: Readonly<Record<string, Value>> = {
  tidy,
  keep: fn('keep', (args) => argument(args, 0)),
  dispose,
  disposeVariables: noEffect('disposeVariables'),
  engine: fn('engine', () => engine),
  memory: fn('memory', () => numbers('numTensors', 'numDataBuffers', 'numBytes', 'numBytesInGPU')),
  time: measured('time', 'wallMs', 'kernelMs'),
  profile: measured('profile', 'newBytes', 'newTensors', 'peakBytes'),
  print: noEffect('print'),
  nextFrame: noEffect('nextFrame'),
  ready: noEffect('ready'),
  setBackend: noEffect('setBackend', TRUE),
  getBackend: fn('getBackend', () => unknown('the back end is chosen at run time', 'string')),
  registerBackend: noEffect('registerBackend', TRUE),
  removeBackend: noEffect('removeBackend'),
  enableProdMode: noEffect('enableProdMode'),
  enableDebugMode: noEffect('enableDebugMode'),
  disableDeprecationWarnings: noEffect('disableDeprecationWarnings'),
  deprecationWarn: noEffect('deprecationWarn'),
  setWasmPaths: noEffect('setWasmPaths'),
  forceHalfFloat: noEffect('forceHalfFloat'),
  env: fn('env', () => opaqueThing('tf.env()', 'it depends on where the program runs')),
  backend: fn('backend', () => backend),
  grad: gradient('grad', (_, args, host) => unknownGradient(host, args)),
  grads: gradient('grads', () => unknown(GRADIENTS, 'list')),
  valueAndGrad: gradient('valueAndGrad', (value, args, host) => record({ value, grad: unknownGradient(host, args) })),
  valueAndGrads: gradient('valueAndGrads', (value) => record({ value, grads: unknown(GRADIENTS, 'list') })),
  variableGrads: fn('variableGrads', (args, host) => record({ value: host.invoke(argument(args, 0)), grads: unknown(GRADIENTS) })),
  customGrad,
  version: record({ tfjs: string('4.22.0') }),
};
