/** `torch.nn.init`: how a weight starts. Shapes stay what they are. */
import type { Attributes } from '../../../ops/operator';
import {
  argument,
  asNumber,
  fn,
  type Host,
  list,
  type ModuleValue,
  type NativeValue,
  native,
  number,
  type TensorValue,
  unknown,
  type Value,
} from '../../common/values';
import { namespace } from '../namespaces';
import { bindNames, signatureOf } from './signature';

/** A setter's signature, and the initialiser that its numbers make; undefined where it is none that has a name. */
interface Setter {
  readonly signature: string;
  readonly initializer: (value: (key: string) => number, word: (key: string) => string) => Attributes | undefined;
}

const setter = (signature: string, initializer: Setter['initializer']): Setter => ({ signature, initializer });

const GAINS: Readonly<Record<string, number>> = { tanh: 5 / 3, relu: Math.SQRT2, selu: 3 / 4 };

/** The gain that suits an activation; a leaky one has a slope. */
const gainOf = (activation: string, slope: number): number => (activation === 'leaky_relu' ? Math.sqrt(2 / (1 + slope ** 2)) : (GAINS[activation] ?? 1));

const KAIMING = "tensor, a=0, mode='fan_in', nonlinearity='leaky_relu', generator=None";

const kaiming =
  (name: string): Setter['initializer'] =>
  (value, word) => ({ name, variance: gainOf(word('nonlinearity'), value('a')) ** 2, mode: word('mode') === 'fan_out' ? 'fanOut' : 'fanIn' });

const SETTERS: Readonly<Record<string, Setter>> = {
  uniform: setter('tensor, a=0.0, b=1.0, generator=None', (value) => ({ name: 'randomUniform', minval: value('a'), maxval: value('b') })),
  normal: setter('tensor, mean=0.0, std=1.0, generator=None', (value) => ({ name: 'randomNormal', mean: value('mean'), stddev: value('std') })),
  trunc_normal: setter('tensor, mean=0.0, std=1.0, a=-2.0, b=2.0, generator=None', (value) => ({
    name: 'torchTruncatedNormal',
    mean: value('mean'),
    stddev: value('std'),
    low: value('a'),
    high: value('b'),
  })),
  constant: setter('tensor, val', (value) => ({ name: 'constant', value: value('val') })),
  ones: setter('tensor', () => ({ name: 'ones' })),
  zeros: setter('tensor', () => ({ name: 'zeros' })),
  eye: setter('tensor', () => ({ name: 'identity', gain: 1 })),
  dirac: setter('tensor, groups=1', () => undefined),
  xavier_uniform: setter('tensor, gain=1.0, generator=None', (value) => ({ name: 'torchXavierUniform', gain: value('gain') })),
  xavier_normal: setter('tensor, gain=1.0, generator=None', (value) => ({ name: 'torchXavierNormal', gain: value('gain') })),
  kaiming_uniform: setter(KAIMING, kaiming('torchKaimingUniform')),
  kaiming_normal: setter(KAIMING, kaiming('torchKaimingNormal')),
  orthogonal: setter('tensor, gain=1, generator=None', (value) => ({ name: 'orthogonal', gain: value('gain') })),
  sparse: setter('tensor, sparsity, std=0.01, generator=None', () => undefined),
};

/** The weight starts so, where all numbers are known. */
function start(weight: Value | undefined, { initializer }: Setter, values: ReadonlyMap<string, Value>, host: Host): void {
  if (weight?.kind !== 'tensor') return;
  let known = true;
  const value = (key: string): number => {
    const found = asNumber(values.get(key));
    known &&= found !== undefined;
    return found ?? 0;
  };
  const word = (key: string): string => {
    const found = values.get(key);
    return found?.kind === 'string' ? found.value : '';
  };
  const made = initializer(value, word);
  if (made && known) host.initialise(weight, made);
}

/** A function that sets a weight's values, and gives the weight back. */
const settingFunction = (name: string, line: Setter): NativeValue =>
  fn(`torch.nn.init.${name}`, (args, host) => {
    const bound = bindNames(signatureOf(line.signature), args, host);
    const weight = ('values' in bound ? bound.values.get('tensor') : undefined) ?? argument(args, 0);
    if ('values' in bound) start(weight, line, bound.values, host);
    return weight;
  });

/** Methods in place that set all values of a weight. */
const METHODS: Readonly<Record<string, Setter>> = {
  uniform_: setter('from=0.0, to=1.0, generator=None', (value) => ({ name: 'randomUniform', minval: value('from'), maxval: value('to') })),
  normal_: setter('mean=0.0, std=1.0, generator=None', (value) => ({ name: 'randomNormal', mean: value('mean'), stddev: value('std') })),
  fill_: setter('value', (value) => ({ name: 'constant', value: value('value') })),
  zero_: setter('', () => ({ name: 'zeros' })),
};

/** A method in place of a weight: how it starts may change, the weight stays itself. */
export const weightMethod = (weight: TensorValue, name: string): NativeValue =>
  fn(name, (args, host) => {
    const line = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
    const bound = line ? bindNames(signatureOf(line.signature), args, host) : undefined;
    if (line && bound && 'values' in bound) start(weight, line, bound.values, host);
    return weight;
  });

const gain: NativeValue = native('torch.nn.init.calculate_gain', (args) => {
  const [word, slope] = [args.named.get('nonlinearity') ?? argument(args, 0), args.named.get('param') ?? argument(args, 1)];
  if (word.kind !== 'string') return unknown('the gain is not known', 'number');
  return slope.kind === 'unknown' ? unknown(slope.reason, 'number') : number(gainOf(word.value, asNumber(slope) ?? 0.01));
});

const fans: NativeValue = native('torch.nn.init._calculate_fan_in_and_fan_out', () =>
  list([unknown('the fan in is not followed', 'number'), unknown('the fan out is not followed', 'number')], true),
);

/** `torch.nn.init`. */
export const INIT: ModuleValue = namespace('torch.nn.init', {
  ...Object.fromEntries(Object.entries(SETTERS).flatMap(([name, line]) => [`${name}_`, name].map((each) => [each, settingFunction(each, line)] as const))),
  calculate_gain: gain,
  _calculate_fan_in_and_fan_out: fans,
  _calculate_correct_fan: native('torch.nn.init._calculate_correct_fan', () => unknown('the fan is not followed', 'number')),
});
