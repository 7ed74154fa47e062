/** `torch.nn.utils`, and torch's own small helpers. */
import { opaqueThing } from '../common/opaque';
import { argument, list, type ModuleValue, type NativeValue, native, unknown, type Value } from '../common/values';
import { namespace } from './namespaces';
import { ON_WEIGHTS } from './nn/normalised';
import { PARAMETRIZATIONS, PARAMETRIZE } from './nn/parametrised';

/** Gives back the module that it changes. */
const onModule = (name: string): NativeValue => native(name, (args) => args.named.get('module') ?? argument(args, 0));

/** `torch.nn.utils`. */
export const NN_UTILITIES: ModuleValue = namespace('torch.nn.utils', {
  skip_init: onModule('torch.nn.utils.skip_init'),
  ...ON_WEIGHTS,
  parametrizations: namespace('torch.nn.utils.parametrizations', { ...PARAMETRIZATIONS }),
  parametrize: namespace('torch.nn.utils.parametrize', { ...PARAMETRIZE, ParametrizationList: opaqueThing('torch.nn.utils.parametrize.ParametrizationList') }),
  rnn: opaqueThing('torch.nn.utils.rnn'),
});

/** A value for each of so many axes: a list stays what it is. */
const tuple = (count: number): NativeValue =>
  native('_ntuple', (args) => {
    const value = argument(args, 0);
    if (value.kind === 'list' || value.kind === 'shape') return value;
    return list(
      Array.from({ length: count }, () => value),
      true,
    );
  });

/** `torch.nn.modules.utils`. */
export const TUPLES: Readonly<Record<string, Value>> = {
  _single: tuple(1),
  _pair: tuple(2),
  _triple: tuple(3),
  _quadruple: tuple(4),
  _ntuple: native('_ntuple', (args) => {
    const count = argument(args, 0);
    return count.kind === 'number' && count.real.kind === 'number' ? tuple(count.real.value) : unknown('how many are wanted', 'list');
  }),
};
