/** `torch.utils.checkpoint`: parts that backward runs once more. */
import { type Arguments, argument, asNumber, fn, type Host, type NativeValue, NULL, unknown, type Value, withPositional } from '../common/values';

/** Which kind it is where that is not said depends on torch's version. */
const isReentrant = (args: Arguments, host: Host): boolean => {
  const given = args.named.get('use_reentrant');
  return given === undefined || host.truth(given) !== false;
};

/** Calls the function with what follows it. */
const checkpoint: NativeValue = fn('torch.utils.checkpoint.checkpoint', (args, host) => {
  const settings = ['use_reentrant', 'preserve_rng_state', 'context_fn', 'determinism_check', 'debug'];
  const named = new Map([...args.named].filter(([name]) => !settings.includes(name)));
  const given = args.positional.slice(1);
  const tensors = given.filter((value) => value.kind === 'tensor');
  const made = host.checkpointed(tensors, isReentrant(args, host), () =>
    host.call(argument(args, 0), { ...withPositional(args, given, args.spans.slice(1)), named }),
  );
  host.holds(tensors);
  return made;
});

/** One function after the other, in so many checkpoints; the last of the parts is none. */
const checkpointSequential: NativeValue = fn('torch.utils.checkpoint.checkpoint_sequential', (args, host) => {
  const functions = host.iterate(argument(args, 0));
  if ('unknown' in functions) return unknown(functions.unknown);
  const given = args.named.get('segments') ?? argument(args, 1);
  const segments = given.kind === 'number' ? asNumber(given) : undefined;
  const run = (some: readonly Value[], from: Value): Value => {
    const made = some.reduce<Value>((value, each) => host.invoke(each, value), from);
    host.letGo(from);
    return made;
  };
  const input = args.positional[2] ?? args.named.get('input') ?? NULL;
  if (segments === undefined || segments < 1)
    return host.around({ unknownInTraining: 'how many checkpoints there are is not known' }, () => run(functions, input));
  const each = Math.floor(functions.length / segments);
  const parts = Array.from({ length: segments - 1 }, (_, at) => functions.slice(at * each, (at + 1) * each));
  const before = parts.reduce<Value>(
    (value, part) => host.checkpointed(value.kind === 'tensor' ? [value] : [], isReentrant(args, host), () => run(part, value)),
    input,
  );
  return run(functions.slice(each * (segments - 1)), before);
});

/** Its functions. */
export const CHECKPOINTS: Readonly<Record<string, NativeValue>> = { checkpoint, checkpoint_sequential: checkpointSequential };
