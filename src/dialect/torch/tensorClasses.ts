/** `torch.Tensor` and the tensor types of old, as functions, as classes that are asked for, and with their methods. */
import { entry, list, type NativeValue, type Value } from '../common/values';
import { TENSOR_TYPES } from './dtypes';
import { FUNCTIONS, METHODS } from './functional/index';
import { callLine, type Line, lineFunction } from './line';

/** Sizes make a tensor of that shape, a list one of its values. */
function tensorClass(name: string): NativeValue {
  const dtype = TENSOR_TYPES[name] ?? 'float32';
  const make =
    (positional: readonly Value[], line: Line): NonNullable<NativeValue['call']> =>
    (args, host) =>
      callLine(
        line,
        { ...args, positional, spans: positional.map(() => args.span), named: new Map([['dtype', { kind: 'string', value: `torch.${dtype}` }]]) },
        host,
      );
  return {
    kind: 'native',
    name: `torch.${name}`,
    call: (args, host) => {
      const [first] = args.positional;
      const isData = first !== undefined && args.positional.length === 1 && (first.kind === 'list' || first.kind === 'tensor');
      const line = isData ? FUNCTIONS['tensor'] : FUNCTIONS['empty'];
      if (line === undefined) return host.unknownTensor('its values are not known');
      return make(args.positional.length === 0 ? [list([{ kind: 'number', real: { kind: 'number', value: 0 } }])] : args.positional, line)(args, host);
    },
    member: (member) => {
      const line = entry(METHODS, member);
      return line && lineFunction(`torch.${name}.${member}`, line);
    },
  };
}

/** By name. */
export const TENSOR_CLASSES: Readonly<Record<string, Value>> = Object.fromEntries(
  ['Tensor', ...Object.keys(TENSOR_TYPES)].map((name) => [name, tensorClass(name)]),
);
