/** einops' layers: `Rearrange`, `Reduce` and `EinMix`. */
import { applyReal, type Dim, ONE, product, realOf } from '../../../dim/index';
import { namesIn, type PatternGroup, readSide } from '../../../ops/pattern';
import type { TensorValue, Value } from '../../common/values';
import { type Initializer, type Module, type ModuleKind, realAttribute, Undecided, uniformWithin } from '../nn/kind';
import { libraryClass, moduleBehaviour } from '../nn/library';
import { moduleState } from '../nn/state';
import { applied, lengthsIn, refuse } from './applying';
import { contracted, reduced } from './functions';

/** What is given by name beside the layer's own settings. */
const lengthSettings = (m: Module, own: readonly string[]): readonly (readonly [string, Value])[] =>
  [...(moduleState(m.self)?.settings ?? [])].filter(([name]) => !own.includes(name));

/** Names that are not known may be lengths. */
function build(m: Module): void {
  const reason = m.args.openNames ?? m.args.open;
  if (reason !== undefined) throw new Undecided(reason);
}

const RearrangeKind: ModuleKind = {
  signature: 'pattern, **axes_lengths',
  takes: 'input',
  build,
  forward: (m) =>
    applied({ task: 'rearrange', pattern: m.word('pattern'), lengths: lengthsIn(lengthSettings(m, ['pattern']), m.host) }, m.value('input'), m.args, m.host),
};

const ReduceKind: ModuleKind = {
  signature: 'pattern, reduction, **axes_lengths',
  takes: 'input',
  build,
  forward: (m) => reduced(m.value('input'), m.word('pattern'), m.value('reduction'), lengthSettings(m, ['pattern', 'reduction']), m.args, m.host),
};

// ---- EinMix: a contraction with a weight ----

const EINMIX = ['pattern', 'weight_shape', 'bias_shape'];

interface Mix {
  readonly pattern: string;
  readonly left: readonly PatternGroup[];
  readonly right: readonly PatternGroup[];
  readonly weight: readonly string[];
  readonly bias: readonly string[];
  readonly lengths: ReadonlyMap<string, Dim>;
}

function mixOf(m: Module): Mix {
  const pattern = m.word('pattern');
  const [left, right] = pattern.split('->').map((side) => readSide(side));
  const [weight, bias] = ['weight_shape', 'bias_shape'].map((key) => (m.missing(key) ? [] : namesIn(readSide(m.word(key)).groups)));
  const problem = left?.problem ?? right?.problem ?? (right === undefined ? 'it has no `->`' : undefined);
  if (problem !== undefined) fail(m, pattern, problem);
  return {
    pattern,
    left: left?.groups ?? [],
    right: right?.groups ?? [],
    weight: weight ?? [],
    bias: bias ?? [],
    lengths: lengthsIn(lengthSettings(m, EINMIX), m.host),
  };
}

function fail(m: Module, pattern: string, reason: string): never {
  refuse(reason, pattern, m.args, m.host);
  throw new Undecided(reason);
}

function buildMix(m: Module): void {
  build(m);
  const mix = mixOf(m);
  const missing = [...mix.weight, ...mix.bias].find((name) => !mix.lengths.has(name));
  if (missing !== undefined) fail(m, mix.pattern, `the length of "${missing}" is not given`);
  const size = (name: string): Dim => mix.lengths.get(name) as Dim;
  const inner = product(mix.weight.filter((name) => !namesIn(mix.right).includes(name)).map(size));
  const within = (gain: number): Initializer => uniformWithin(realAttribute(applyReal('div', realOf(inner), realOf(gain))));
  m.weight('weight', mix.weight.map(size), within(3));
  if (m.missing('bias_shape')) m.without('bias');
  else m.weight('bias', biasShape(mix, size), within(1));
}

/** The bias has size 1 on every axis of the output that it does not depend on, from the first on that it does. */
const biasShape = ({ right, bias }: Mix, size: (name: string) => Dim): readonly Dim[] =>
  right.flatMap(({ axes }) => axes).flatMap(({ name }) => (name === '…' ? [] : [bias.includes(name) ? size(name) : ONE]));

const flat = (groups: readonly PatternGroup[]): string =>
  namesIn(groups)
    .map((name) => (name === '…' ? '...' : name))
    .join(' ');

function mix(m: Module): Value {
  const { pattern, left, right, weight, lengths } = mixOf(m);
  const [input = '', output = ''] = pattern.split('->').map((side) => side.trim());
  const isComposed = (groups: readonly PatternGroup[]): boolean => groups.some(({ axes, composed }) => composed || axes.length !== 1);
  const given = new Map([...lengths].filter(([name]) => namesIn(left).includes(name)));
  const parts = isComposed(left)
    ? applied({ task: 'rearrange', pattern: `${input} -> ${flat(left)}`, lengths: given }, m.value('input'), m.args, m.host)
    : m.tensor();
  const held = m.held('weight');
  if (!held) return m.fail('it has no weight');
  const made = contracted([parts, held], `${flat(left)}, ${weight.join(' ')} -> ${flat(right)}`, m.args, m.host) as TensorValue;
  const bias = m.held('bias');
  const sum = bias ? m.step('add', [made, bias]) : made;
  return isComposed(right) ? applied({ task: 'rearrange', pattern: `${flat(right)} -> ${output}`, lengths: new Map() }, sum, m.args, m.host) : sum;
}

const EinMixKind: ModuleKind = { signature: 'pattern, weight_shape, bias_shape=None, **axes_lengths', takes: 'input', build: buildMix, forward: mix };

/** The layers by name. */
export const EINOPS_LAYERS: Readonly<Record<string, Value>> = Object.fromEntries(
  Object.entries({ Rearrange: RearrangeKind, Reduce: ReduceKind, EinMix: EinMixKind }).map(([name, kind]) => [
    name,
    libraryClass(moduleBehaviour(`einops.layers.torch.${name}`, kind)),
  ]),
);
