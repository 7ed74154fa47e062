/** `nn.Parameter` and its relatives: tensors that a module keeps. */
import { argument, boolean, fn, type Host, isMissing, type NativeValue, type TensorValue, type Value } from '../../common/values';
import { bindNames, signatureOf } from './signature';

const SIGNATURE = 'data=None, requires_grad=True';

/** The tensor as a weight, which starts as what the tensor holds. */
export function parameterFrom(tensor: TensorValue, trainable: boolean | string, host: Host): TensorValue {
  const made: TensorValue = { ...host.variable(tensor, { trainable: true }), role: 'variable' };
  host.trains(made, trainable);
  return made;
}

function make(value: Value, trainable: boolean | string, host: Host): Value {
  if (isMissing(value)) return host.unknownTensor('a parameter without a value has no shape yet');
  const tensor = host.expect(value, 'tensor');
  return tensor.kind === 'tensor' ? parameterFrom(tensor, trainable, host) : value;
}

/** What a value of `requires_grad` says; a text: why it is not known. */
export const trainsBy = (value: Value, host: Host): boolean | string =>
  isMissing(value) ? true : (host.truth(value) ?? 'whether a weight is trained is not known');

/** `nn.Parameter(tensor, requires_grad=True)`. */
export const Parameter: NativeValue = fn('torch.nn.Parameter', (args, host) => {
  const bound = bindNames(signatureOf(SIGNATURE), args, host);
  if ('failed' in bound) return host.unknownTensor(bound.failed);
  const requires = bound.values.get('requires_grad') ?? boolean(true);
  return make(bound.values.get('data') ?? argument(args, 0), trainsBy(requires, host), host);
});

/** `nn.Buffer(tensor, persistent=True)`: the tensor, which the module keeps. */
export const Buffer: NativeValue = fn('torch.nn.Buffer', (args, host) => {
  const tensor = host.expect(args.named.get('data') ?? argument(args, 0), 'tensor');
  return tensor;
});
