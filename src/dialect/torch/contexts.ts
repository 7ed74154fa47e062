/** Contexts that say how what stands in them is run: whether autograd follows, in which type autocast computes. */
import { opaqueThing } from '../common/opaque';
import { type Arguments, type Around, argument, fn, type Host, type NativeValue, native, type Value } from '../common/values';
import { dtypeNamed } from './dtypes';

/** Whether a value can be called. */
export const isFunction = ({ kind }: Value): boolean => kind === 'function' || kind === 'native' || kind === 'class' || kind === 'instance';

/** Runs what stands in a context. */
type Runs = <T>(body: () => T, host: Host) => T;

/** A context, by what it does with the steps in it; as a decorator it goes for what it decorates. */
function contextOf(name: string, of: (args: Arguments, host: Host) => Runs): NativeValue {
  const made = (within: Runs): NativeValue => ({ ...opaqueThing(name), call: (more) => wrapped(name, argument(more, 0), within), within });
  const plain = (host: Host): Runs => of({ positional: [], named: new Map(), span: host.span, spans: [], api: name }, host);
  return {
    ...native(name, (args, host) => (isFunction(argument(args, 0)) ? wrapped(name, argument(args, 0), plain(host)) : made(of(args, host)))),
    within: (body, host) => plain(host)(body, host),
  };
}

/** What is called runs in the context. */
const wrapped = (name: string, called: Value, within: Runs): Value =>
  isFunction(called) ? fn(name, (args, host) => within(() => host.call(called, args), host)) : called;

/** A context that says what is around the steps in it. */
const around = (name: string, of: (args: Arguments, host: Host) => Around): NativeValue =>
  contextOf(name, (args, host) => {
    const settings = of(args, host);
    return (body, inner) => inner.around(settings, body);
  });

const OFF: Around = { untracked: true };
const ON: Around = { untracked: false };
const INFERENCE: Around = { untracked: true, inference: true };

/** `torch.set_grad_enabled(flag)`, `torch.inference_mode(flag)`: what the flag says goes for the mode that the code is read in. */
const tracked = (name: string, flag: Value, host: Host): Around =>
  host.truth(flag) === true ? ON : { unknownInTraining: `whether gradients are followed under \`${name}\` is not known` };

/** `torch.inference_mode(mode=True)`. */
function inferenceMode(args: Arguments, host: Host): Around {
  const mode = args.named.get('mode') ?? args.positional[0];
  return mode === undefined || host.truth(mode) === true ? INFERENCE : { unknownInTraining: 'whether it runs in inference mode is not known' };
}

/** `torch.autocast(device_type, dtype=None, enabled=True)`; `isOfCuda`: the form that has no device, `autocast(enabled=True, dtype=torch.float16)`. */
export const autocast = (name: string, isOfCuda: boolean): NativeValue =>
  contextOf(name, (args, host) => {
    const [device, dtype, enabled] = ['device_type', 'dtype', 'enabled'].map(
      (key, at) => args.named.get(key) ?? args.positional[isOfCuda ? ([-1, 1, 0][at] ?? -1) : at],
    );
    const isOn = enabled === undefined ? true : host.truth(enabled);
    if (isOn === false) return (body, inner) => inner.autocasting('none', body);
    const type = dtype === undefined || dtype.kind === 'null' ? 'usual' : dtypeNamed(dtype);
    const unknownBecause = notFollowed(isOn, device, type);
    if (unknownBecause !== undefined) return (body, inner) => inner.around({ unknown: unknownBecause }, body);
    const to = type === 'float16' || type === 'bfloat16' || type === 'usual' ? type : 'none';
    return (body, inner) => inner.autocasting(to, body);
  });

/** Why it is not known what an autocast does; what a device is that the code does not name is taken for a GPU. */
function notFollowed(isOn: boolean | undefined, device: Value | undefined, type: string | undefined): string | undefined {
  if (isOn === undefined) return 'whether autocast is on is not known';
  if (device?.kind === 'string' && !device.value.startsWith('cuda')) return `autocast on \`${device.value}\` is not followed`;
  return type === undefined ? 'which type autocast lowers to is not known' : undefined;
}

/** Those that stand on `torch` itself. */
export const CONTEXTS = {
  no_grad: around('torch.no_grad', () => OFF),
  enable_grad: around('torch.enable_grad', () => ON),
  inference_mode: around('torch.inference_mode', inferenceMode),
  set_grad_enabled: around('torch.set_grad_enabled', (args, host) => tracked('set_grad_enabled', args.named.get('mode') ?? argument(args, 0), host)),
  autocast: autocast('torch.autocast', false),
} satisfies Readonly<Record<string, NativeValue>>;
