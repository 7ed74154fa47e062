/** Convolutions. Their settings bear the names of the functions' arguments, so that one forward serves both. */
import { add, constant, type Dim, floorDivide, multiply, ONE, product, subtract, ZERO } from '../../../dim/index';
import type { Attribute, Attributes } from '../../../ops/operator';
import { list, size, string, type TensorValue, type Value } from '../../common/values';
import { KAIMING, type Module, type ModuleKind, sizeAttribute, sizeAttributes, uniformWithin } from './kind';

const LAYOUT: Attributes = { dataFormat: 'channelsFirst', filterFormat: 'OIHW' };

/** `padding`: a word, or sizes by axis. */
function paddingOf(m: Module, spatial: number): Attribute {
  return m.value('padding').kind === 'string' ? m.word('padding') : sizeAttributes(m.sizes('padding', spatial));
}

/** How far each side is padded where the tensor itself fills it: 'same' pads what a window reaches over, the odd one at the end. */
function sidesOf(m: Module, spatial: number, windows: readonly Dim[]): readonly (readonly [Dim, Dim])[] {
  if (m.value('padding').kind !== 'string') return m.sizes('padding', spatial).map((side) => [side, side]);
  if (m.word('padding') !== 'same') return windows.map(() => [ZERO, ZERO]);
  const dilations = m.sizes('dilation', spatial);
  return windows.map((window, at) => {
    const whole = multiply(subtract(window, ONE), dilations[at] ?? ONE);
    const before = floorDivide(whole, constant(2));
    return [before, subtract(whole, before)];
  });
}

const PAD_MODES: Readonly<Record<string, string>> = { reflect: 'reflect', replicate: 'replicate', circular: 'circular' };

/** A tensor padded from itself along its last axes. */
function padded(m: Module, x: TensorValue, spatial: number, windows: readonly Dim[]): TensorValue {
  const mode = PAD_MODES[m.word('padding_mode')];
  if (mode === undefined) return m.fail(`\`padding_mode\` is '${m.word('padding_mode')}'`);
  if (x.shape === null) return m.host.unknownTensor(x.reason ?? 'the rank of the tensor is not known', [x]);
  const sides = sidesOf(m, spatial, windows);
  const none = Array.from({ length: Math.max(0, x.shape.length - spatial) }, (): Attribute => [0, 0]);
  return m.step('pad', [x], { mode, paddings: [...none, ...sides.map(([before, after]): Attribute => sizeAttributes([before, after]))] });
}

const isZeros = (m: Module): boolean => m.missing('padding_mode') || (m.value('padding_mode').kind === 'string' && m.word('padding_mode') === 'zeros');

/** A convolution over so many axes. */
export function convolve(m: Module, spatial: number): TensorValue {
  const [x, weight, bias] = [m.tensor(), m.held('weight'), m.held('bias')];
  if (!weight) return m.fail('it has no weight');
  if (x.shape === null) m.host.tellRank(x, spatial + 1, 'at least');
  const zeros = isZeros(m);
  const from = zeros ? x : padded(m, x, spatial, weight.shape?.slice(2) ?? []);
  return m.step('conv', bias ? [from, weight, bias] : [from, weight], {
    ...LAYOUT,
    strides: sizeAttributes(m.sizes('stride', spatial)),
    padding: zeros ? paddingOf(m, spatial) : 'valid',
    dilations: sizeAttributes(m.sizes('dilation', spatial)),
    groups: sizeAttribute(m.size('groups')),
  });
}

/** A transposed convolution; `output_size` asks for sizes among those that stride to the input's. */
export function convolveTransposed(m: Module, spatial: number): TensorValue {
  const [x, weight, bias] = [m.tensor(), m.held('weight'), m.held('bias')];
  if (!weight) return m.fail('it has no weight');
  if (x.shape === null) m.host.tellRank(x, spatial + 1, 'at least');
  const asked = m.missing('output_size') ? undefined : m.sizes('output_size', spatial).slice(-spatial);
  const attributes: Attributes = {
    ...LAYOUT,
    strides: sizeAttributes(m.sizes('stride', spatial)),
    padding: sizeAttributes(m.sizes('padding', spatial)),
    dilations: sizeAttributes(m.sizes('dilation', spatial)),
    groups: sizeAttribute(m.size('groups')),
  };
  const outputPadding = asked && x.shape ? missingSizes(m, x, weight, asked, spatial) : m.sizes('output_padding', spatial);
  return m.step('convTranspose', bias ? [x, weight, bias] : [x, weight], { ...attributes, outputPadding: sizeAttributes(outputPadding) });
}

/** What is lacking between the smallest sizes and those that are asked for. */
function missingSizes(m: Module, x: TensorValue, weight: TensorValue, asked: readonly Dim[], spatial: number): readonly Dim[] {
  const [strides, paddings, dilations] = [m.sizes('stride', spatial), m.sizes('padding', spatial), m.sizes('dilation', spatial)];
  return asked.map((wanted, at) => {
    const length = x.shape?.at(at - spatial) ?? ONE;
    const window = weight.shape?.at(at - spatial) ?? ONE;
    const steps = multiply(subtract(length, ONE), strides[at] ?? ONE);
    const reach = multiply(subtract(window, ONE), dilations[at] ?? ONE);
    return subtract(wanted, subtract(add(add(steps, reach), ONE), multiply(constant(2), paddings[at] ?? ZERO)));
  });
}

function buildConv(m: Module, spatial: number, transposed: boolean): void {
  const [inner, outer, groups, windows] = [m.size('in_channels'), m.size('out_channels'), m.size('groups'), m.sizes('kernel_size', spatial)];
  m.divides(groups, inner);
  m.divides(groups, outer);
  const [first, second] = transposed ? [inner, m.share(outer, groups)] : [outer, m.share(inner, groups)];
  m.weight('weight', [first, second, ...windows], KAIMING);
  if (m.flag('bias')) m.weight('bias', [outer], uniformWithin(sizeAttribute(product([second, ...windows]))));
  else m.without('bias');
}

/** Settings as the library keeps them: one number for each axis. */
function fieldsOf(m: Module, spatial: number): Readonly<Record<string, Value>> {
  const tuple = (key: string): Value => ({ ...list(m.sizes(key, spatial).map(size), true) });
  const padding = m.value('padding');
  return {
    kernel_size: tuple('kernel_size'),
    stride: tuple('stride'),
    dilation: tuple('dilation'),
    padding: padding.kind === 'string' ? string(padding.value) : tuple('padding'),
  };
}

const CONV = 'in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, padding_mode="zeros", device=None, dtype=None';
const TRANSPOSED =
  'in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1, padding_mode="zeros", device=None, dtype=None';

const convolution = (spatial: number): ModuleKind => ({
  signature: CONV,
  build: (m) => buildConv(m, spatial, false),
  forward: (m) => convolve(m, spatial),
  fields: (m) => fieldsOf(m, spatial),
});

const transposedConvolution = (spatial: number): ModuleKind => ({
  signature: TRANSPOSED,
  takes: 'input, output_size=None',
  build: (m) => buildConv(m, spatial, true),
  forward: (m) => convolveTransposed(m, spatial),
  fields: (m) => fieldsOf(m, spatial),
});

/** Channels that the first input tells. */
const lazy = (spatial: number): ModuleKind => ({
  signature: CONV.replace('in_channels, ', ''),
  forward: (m) => {
    const x = m.tensor();
    if (!m.self.members.has('weight')) {
      if (x.shape === null) return m.host.unknownTensor(x.reason ?? 'the rank of the tensor is not known', [x]);
      const channels = x.shape.at(-spatial - 1) ?? ONE;
      buildConv({ ...m, size: (key) => (key === 'in_channels' ? channels : m.size(key)) }, spatial, false);
    }
    return convolve(m, spatial);
  },
});

export const CONVOLUTION_KINDS: Readonly<Record<string, ModuleKind>> = {
  Conv1d: convolution(1),
  Conv2d: convolution(2),
  Conv3d: convolution(3),
  ConvTranspose1d: transposedConvolution(1),
  ConvTranspose2d: transposedConvolution(2),
  ConvTranspose3d: transposedConvolution(3),
  LazyConv1d: lazy(1),
  LazyConv2d: lazy(2),
  LazyConv3d: lazy(3),
};
