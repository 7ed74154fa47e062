/** Pools, padding, resizing and patches: what works on the last axes of images. Their settings bear the names of the functions' arguments. */
import {
  applyReal,
  asConstant,
  constant,
  type Dim,
  floorDivide,
  multiply,
  numberOfReal,
  product,
  type Real,
  realOf,
  sizeOfReal,
  ZERO,
} from '../../../dim/index';
import type { Attribute, Attributes } from '../../../ops/operator';
import { asSize, isMissing, list, type TensorValue, UNKNOWN_SIZE, type Value } from '../../common/values';
import { type Module, type ModuleKind, realAttribute, sizeAttribute, sizeAttributes, Undecided } from './kind';

const FIRST: Attributes = { dataFormat: 'channelsFirst' };

/** Windows and steps: the stride is the window's size where it is left out. */
function windows(m: Module, spatial: number): Attributes {
  const window = m.sizes('kernel_size', spatial);
  checkPadding(m, spatial, window);
  const isStrided = !m.missing('stride') && !(m.value('stride').kind === 'list' && listLength(m.value('stride')) === 0);
  return {
    ...FIRST,
    window: sizeAttributes(window),
    strides: sizeAttributes(isStrided ? m.sizes('stride', spatial) : window),
    padding: m.missing('padding') ? sizeAttributes(window.map(() => ZERO)) : sizeAttributes(m.sizes('padding', spatial)),
    ceilMode: m.missing('ceil_mode') ? false : m.flag('ceil_mode'),
  };
}

/** A window that is padding alone would have no values: torch lets the padding be half of the window at most. */
function checkPadding(m: Module, spatial: number, window: readonly Dim[]): void {
  if (m.missing('padding')) return;
  const dilations = m.missing('dilation') ? [] : m.sizes('dilation', spatial);
  m.sizes('padding', spatial).forEach((padding, at) => {
    const [side, size, dilation] = [padding, window[at], dilations[at] ?? constant(1)].map((each) => each && asConstant(each));
    if (side === undefined || size === undefined || dilation === undefined) return;
    const reach = (size - 1) * dilation + 1;
    if (2 * side > reach) m.fail(`a padding of ${side} is more than half of the window of ${reach}`);
  });
}

const listLength = (value: Value): number => (value.kind === 'list' ? value.items.length : -1);

function image(m: Module, spatial: number): TensorValue {
  const x = m.tensor();
  if (x.shape === null) m.host.tellRank(x, spatial + 1, 'at least');
  return x;
}

const asksPlaces = (m: Module): boolean => (m.missing('return_indices') ? false : m.flag('return_indices'));

export function maxPool(m: Module, spatial: number): Value {
  const attributes = { ...windows(m, spatial), dilations: sizeAttributes(m.missing('dilation') ? [constant(1)] : m.sizes('dilation', spatial)) };
  const x = image(m, spatial);
  const made = m.step('maxPool', [x], attributes);
  return asksPlaces(m) ? list([made, m.step('maxPoolPlaces', [x], attributes)], true) : made;
}

export function avgPool(m: Module, spatial: number): TensorValue {
  const divisor = m.missing('divisor_override') ? undefined : m.size('divisor_override');
  const countsPadding = m.missing('count_include_pad') ? true : m.flag('count_include_pad');
  const attributes = { ...windows(m, spatial), countIncludePad: countsPadding, ...(divisor ? { divisor: sizeAttribute(divisor) } : {}) };
  return m.step('avgPool', [image(m, spatial)], attributes);
}

/** Sizes asked for; None keeps the input's. */
function askedSizes(m: Module, key: string, spatial: number): readonly Attribute[] {
  const value = m.value(key);
  const items: readonly Value[] = value.kind === 'list' ? value.items : Array.from({ length: spatial }, () => value);
  const all = items.length === 1 && items[0] ? Array.from({ length: spatial }, () => items[0] as Value) : items;
  return all.map((item) => (isMissing(item) ? null : sizeAttribute(asSize(m.host.expect(item, 'size')) ?? UNKNOWN_SIZE)));
}

export function adaptivePool(m: Module, operator: 'adaptiveAvgPool' | 'adaptiveMaxPool', spatial: number): Value {
  const made = m.step(operator, [image(m, spatial)], { ...FIRST, size: askedSizes(m, 'output_size', spatial) });
  const asks = operator === 'adaptiveMaxPool' && asksPlaces(m);
  return asks ? list([made, m.host.unknownTensor('the places of the maxima are not followed', [made], 'int64')], true) : made;
}

/** The p-th root of the sum of p-th powers of each window. */
export function lpPool(m: Module, spatial: number): TensorValue {
  const power = m.host.constant([], 'float32', [m.real('norm_type')]);
  const root = m.host.constant([], 'float32', [applyReal('div', realOf(1), m.real('norm_type'))]);
  const raised = m.step('pow', [image(m, spatial), power]);
  const mean = m.step('avgPool', [raised], windows(m, spatial));
  const window = product(m.sizes('kernel_size', spatial));
  const total = m.step('mul', [mean, m.host.constant([], 'float32', [{ kind: 'size', size: window }])]);
  return m.step('pow', [total, root]);
}

// ---- padding ----

const MODES: Readonly<Record<string, string>> = { constant: 'constant', reflect: 'reflect', replicate: 'replicate', circular: 'circular' };

/** Padding of the last axes, the last one first, as the function takes it. */
export function pad(m: Module, sides: readonly Dim[], mode: string, value: Attribute): TensorValue {
  const x = m.tensor();
  const count = Math.ceil(sides.length / 2);
  if (sides.length % 2 !== 0) return m.fail('the padding has an odd number of sides');
  if (x.shape === null) {
    m.host.tellRank(x, count, 'at least');
    return m.host.unknownTensor(x.reason ?? 'the rank of the tensor is not known', [x]);
  }
  if (count > x.shape.length) return m.fail(`${count} axes are padded, the tensor has ${x.shape.length}`);
  const known = MODES[mode];
  if (known === undefined) return m.fail(`\`mode\` is '${mode}'`);
  if (known !== 'constant' && x.shape.length !== count + 1 && x.shape.length !== count + 2)
    return m.fail(`'${mode}' pads the last ${count} axes of tensors of rank ${count + 1} or ${count + 2}, not ${x.shape.length}`);
  const paddings = Array.from({ length: x.shape.length }, (_, axis): Attribute => {
    const at = 2 * (x.shape === null ? 0 : x.shape.length - 1 - axis);
    return at < sides.length ? sizeAttributes([sides[at] ?? ZERO, sides[at + 1] ?? ZERO]) : [0, 0];
  });
  return m.step('pad', [x], { mode: known, paddings, value });
}

/** `F.pad(x, pad, mode, value)`. */
export function padFunction(m: Module): TensorValue {
  const given = m.value('pad');
  if (given.kind === 'list' && given.open === undefined && given.times === undefined && given.items.length % 2 !== 0)
    return m.fail('the padding has an odd number of sides');
  const sides = m.sizes('pad', 2);
  const value = m.missing('value') ? 0 : realAttribute(m.real('value'));
  return pad(m, sides, m.word('mode'), value);
}

const padding = (spatial: number, mode: string, constantly?: 'zero' | 'value'): ModuleKind => ({
  signature: constantly === 'value' ? 'padding, value' : 'padding',
  forward: (m) => {
    const sides = m.sizes('padding', 2 * spatial);
    const x = m.tensor();
    if (mode !== 'constant') m.ranked(x, spatial + 1, spatial + 2);
    return pad(m, sides, mode, constantly === 'value' ? realAttribute(m.real('value')) : 0);
  },
});

// ---- resizing ----

const METHODS: Readonly<Record<string, { readonly method: string; readonly axes: readonly number[] }>> = {
  nearest: { method: 'nearest', axes: [1, 2, 3] },
  'nearest-exact': { method: 'nearest', axes: [1, 2, 3] },
  linear: { method: 'bilinear', axes: [1] },
  bilinear: { method: 'bilinear', axes: [2] },
  bicubic: { method: 'cubic', axes: [2] },
  trilinear: { method: 'bilinear', axes: [3] },
  area: { method: 'area', axes: [1, 2, 3] },
};

/** The sizes asked for, or those that the factors give. */
function resized(m: Module, x: TensorValue, spatial: number): { readonly size: readonly Attribute[]; readonly scales?: readonly Attribute[] } {
  if (!m.missing('size')) return { size: sizeAttributes(m.sizes('size', spatial)) };
  if (m.missing('scale_factor')) return m.fail('neither `size` nor `scale_factor` is given');
  const factors = factorsOf(m, spatial);
  const lengths = x.shape?.slice(2) ?? [];
  const size = lengths.map((length, at) => sizeAttribute(scaled(length, factors[at] ?? realOf(1))));
  const recomputes = !m.missing('recompute_scale_factor') && m.flag('recompute_scale_factor');
  return recomputes ? { size } : { size, scales: factors.map(realAttribute) };
}

function factorsOf(m: Module, spatial: number): readonly Real[] {
  const value = m.value('scale_factor');
  const items: readonly Value[] = value.kind === 'list' ? value.items : Array.from({ length: spatial }, () => value);
  return items.map((item) => {
    const given = m.host.expect(item, 'number');
    if (given.kind !== 'number') throw new Undecided(given.kind === 'unknown' ? given.reason : 'the scale is not known');
    return given.real;
  });
}

/** floor(n · factor), exact where the factor is a size. */
function scaled(length: Dim, factor: Real): Dim {
  const real = applyReal('floor', applyReal('mul', realOf(length), factor));
  const whole = numberOfReal(real);
  return sizeOfReal(real) ?? (whole === undefined ? fraction(length, numberOfReal(factor)) : constant(whole));
}

/** A whole share of a size: `scale_factor=0.5` halves it. */
function fraction(length: Dim, factor: number | undefined): Dim {
  if (factor === undefined || factor <= 0) return UNKNOWN_SIZE;
  const inverse = 1 / factor;
  if (Number.isInteger(inverse)) return floorDivide(length, constant(inverse));
  const twice = factor * 2;
  return Number.isInteger(twice) ? floorDivide(multiply(length, constant(twice)), constant(2)) : UNKNOWN_SIZE;
}

/** A list of which all items are known; one that is given has those that were asked for so far. */
const isWholeList = (value: Value): boolean => value.kind === 'list' && value.open === undefined && value.parameter === undefined && !value.times;

/** Images of [batch, channels, spatial…] at other sizes. */
export function interpolate(m: Module): TensorValue {
  const x = m.tensor();
  const mode = m.word('mode');
  const row = METHODS[mode];
  if (!row) return m.fail(`\`mode\` is '${mode}'`);
  if (x.shape === null) {
    const [only, ...more] = row.axes;
    m.host.tellRank(x, only !== undefined && more.length === 0 ? only + 2 : 3, more.length === 0 ? 'exactly' : 'at least');
    return m.host.unknownTensor(x.reason ?? 'the rank of the tensor is not known', [x]);
  }
  const spatial = x.shape.length - 2;
  if (!row.axes.includes(spatial)) return m.fail(`'${mode}' takes tensors of rank ${row.axes.map((axes) => axes + 2).join(' or ')}, not ${x.shape.length}`);
  if (!m.missing('size') && isWholeList(m.value('size')) && listLength(m.value('size')) !== spatial)
    return m.fail(`${listLength(m.value('size'))} sizes are given for ${spatial} spatial axes`);
  const isGiven = (key: string): boolean => !m.missing(key) && m.value(key).kind !== 'unknown';
  if (isGiven('size') && isGiven('scale_factor')) return m.fail('both `size` and `scale_factor` are given');
  const { size, scales } = resized(m, x, spatial);
  if (row.method === 'area') return m.step('adaptiveAvgPool', [x], { ...FIRST, size });
  const align = !m.missing('align_corners') && m.flag('align_corners');
  const half = mode === 'nearest-exact' || (row.method !== 'nearest' && !align);
  const antialias = !m.missing('antialias') && m.flag('antialias');
  return m.step('resize', [x], {
    ...FIRST,
    size,
    method: row.method,
    alignCorners: align,
    halfPixelCenters: half,
    ...(scales ? { scales } : {}),
    ...(antialias ? { antialias } : {}),
  });
}

// ---- patches ----

const patchWindows = (m: Module): Attributes => ({
  window: sizeAttributes(m.sizes('kernel_size', 2)),
  strides: sizeAttributes(m.sizes('stride', 2)),
  dilations: sizeAttributes(m.sizes('dilation', 2)),
  padding: sizeAttributes(m.sizes('padding', 2)),
});

export const unfold = (m: Module): TensorValue => m.step('unfold', [m.tensor()], patchWindows(m));

export const fold = (m: Module): TensorValue => m.step('fold', [m.tensor()], { ...patchWindows(m), size: sizeAttributes(m.sizes('output_size', 2)) });

// ---- the table ----

const MAX = 'kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False';
const AVG = 'kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None';
const EACH = [1, 2, 3];

const perAxes = (name: string, kind: (spatial: number) => ModuleKind): Record<string, ModuleKind> =>
  Object.fromEntries(EACH.map((spatial) => [`${name}${spatial}d`, kind(spatial)]));

export const POOLING_KINDS: Readonly<Record<string, ModuleKind>> = {
  ...perAxes('MaxPool', (spatial) => ({ signature: MAX, forward: (m) => maxPool(m, spatial) })),
  ...perAxes('AvgPool', (spatial) => ({ signature: spatial === 1 ? AVG.replace(', divisor_override=None', '') : AVG, forward: (m) => avgPool(m, spatial) })),
  ...perAxes('AdaptiveAvgPool', (spatial) => ({ signature: 'output_size', forward: (m) => adaptivePool(m, 'adaptiveAvgPool', spatial) })),
  ...perAxes('AdaptiveMaxPool', (spatial) => ({
    signature: 'output_size, return_indices=False',
    forward: (m) => adaptivePool(m, 'adaptiveMaxPool', spatial),
  })),
  ...perAxes('LPPool', (spatial) => ({ signature: 'norm_type, kernel_size, stride=None, ceil_mode=False', forward: (m) => lpPool(m, spatial) })),
  ...perAxes('ZeroPad', (spatial) => padding(spatial, 'constant', 'zero')),
  ...perAxes('ConstantPad', (spatial) => padding(spatial, 'constant', 'value')),
  ...perAxes('ReflectionPad', (spatial) => padding(spatial, 'reflect')),
  ...perAxes('ReplicationPad', (spatial) => padding(spatial, 'replicate')),
  ...perAxes('CircularPad', (spatial) => padding(spatial, 'circular')),
  Upsample: { signature: 'size=None, scale_factor=None, mode="nearest", align_corners=None, recompute_scale_factor=None', forward: interpolate },
  UpsamplingNearest2d: { signature: 'size=None, scale_factor=None', forward: (m) => interpolate(withSettings(m, { mode: 'nearest' })) },
  UpsamplingBilinear2d: { signature: 'size=None, scale_factor=None', forward: (m) => interpolate(withSettings(m, { mode: 'bilinear', align_corners: true })) },
  Unfold: { signature: 'kernel_size, dilation=1, padding=0, stride=1', forward: unfold },
  Fold: { signature: 'output_size, kernel_size, dilation=1, padding=0, stride=1', forward: fold },
};

/** The module with some settings fixed. */
export function withSettings(m: Module, fixed: Readonly<Record<string, string | boolean>>): Module {
  const has = (key: string): boolean => Object.hasOwn(fixed, key);
  return {
    ...m,
    missing: (key) => (has(key) ? false : m.missing(key)),
    word: (key) => (has(key) ? String(fixed[key]) : m.word(key)),
    flag: (key) => (has(key) ? fixed[key] === true : m.flag(key)),
  };
}
