/** What stands on `torch` beside functions of tensors: contexts, compilers, devices, limits of numbers. */

import { product } from '../../dim/index';
import { isFloating } from '../../ops/dtypes';
import type { DType } from '../../ops/operator';
import { opaqueClass, opaqueThing } from '../common/opaque';
import {
  type Arguments,
  argument,
  boolean,
  FALSE,
  fn,
  list,
  type NativeValue,
  NULL,
  native,
  noEffect,
  number,
  object,
  size,
  string,
  type TensorValue,
  unknown,
  type Value,
} from '../common/values';
import { CHECKPOINTS } from './checkpoints';
import { autocast, CONTEXTS, isFunction } from './contexts';
import { dtypeNamed, dtypeValue } from './dtypes';
import { namespace, opaqueNamespace } from './namespaces';

/** A context and a decorator at once: what it is put around stays what it is. */
const context = (name: string): NativeValue =>
  native(name, (args) => {
    const around = argument(args, 0);
    return isFunction(around) ? around : { ...opaqueThing(name), call: (more: Arguments) => argument(more, 0) };
  });

/** Gives back what it is called with. */
const same = (name: string): NativeValue => native(name, (args) => argument(args, 0));

/** A decorator with or without settings. */
const decorator = (name: string): NativeValue => native(name, (args) => (isFunction(argument(args, 0)) ? argument(args, 0) : same(name)));

const no = (name: string): NativeValue => noEffect(name, FALSE);
const open = (name: string, type: 'boolean' | 'number' | 'string'): NativeValue => native(name, () => unknown(`\`${name}\` is not known to the source`, type));

const device: NativeValue = native('torch.device', () => unknown('the device', 'string'));

const cuda = namespace('torch.cuda', {
  is_available: open('torch.cuda.is_available', 'boolean'),
  is_bf16_supported: open('torch.cuda.is_bf16_supported', 'boolean'),
  device_count: open('torch.cuda.device_count', 'number'),
  current_device: open('torch.cuda.current_device', 'number'),
  memory_allocated: open('torch.cuda.memory_allocated', 'number'),
  max_memory_allocated: open('torch.cuda.max_memory_allocated', 'number'),
  get_device_capability: native('torch.cuda.get_device_capability', () => unknown('the device', 'list')),
  ...Object.fromEntries(['empty_cache', 'synchronize', 'manual_seed', 'manual_seed_all', 'set_device'].map((name) => [name, noEffect(name, NULL)])),
  amp: namespace('torch.cuda.amp', {
    autocast: autocast('torch.cuda.amp.autocast', true),
    custom_fwd: decorator('custom_fwd'),
    custom_bwd: decorator('custom_bwd'),
  }),
  device: context('torch.cuda.device'),
});

const jit = namespace('torch.jit', {
  script: same('torch.jit.script'),
  trace: same('torch.jit.trace'),
  script_method: same('torch.jit.script_method'),
  ignore: decorator('torch.jit.ignore'),
  export: decorator('torch.jit.export'),
  unused: decorator('torch.jit.unused'),
  script_if_tracing: same('torch.jit.script_if_tracing'),
  interface: same('torch.jit.interface'),
  _overload_method: same('torch.jit._overload_method'),
  is_scripting: no('torch.jit.is_scripting'),
  is_tracing: no('torch.jit.is_tracing'),
  annotate: native('torch.jit.annotate', (args) => argument(args, 1)),
  ScriptModule: opaqueClass('torch.jit.ScriptModule'),
});

const utils = namespace('torch.utils', {
  checkpoint: namespace('torch.utils.checkpoint', { ...CHECKPOINTS }),
  data: opaqueNamespace('torch.utils.data'),
  model_zoo: opaqueNamespace('torch.utils.model_zoo'),
});

/** Limits of numbers, by their bits. */
const LIMITS: {
  readonly [dtype in DType]?: { readonly min: number; readonly max: number; readonly eps?: number; readonly tiny?: number; readonly bits: number };
} = {
  float16: { min: -65504, max: 65504, eps: 2 ** -10, tiny: 2 ** -14, bits: 16 },
  bfloat16: { min: -3.3895313892515355e38, max: 3.3895313892515355e38, eps: 2 ** -7, tiny: 2 ** -126, bits: 16 },
  float32: { min: -3.4028234663852886e38, max: 3.4028234663852886e38, eps: 2 ** -23, tiny: 2 ** -126, bits: 32 },
  float64: { min: -Number.MAX_VALUE, max: Number.MAX_VALUE, eps: 2 ** -52, tiny: 2 ** -1022, bits: 64 },
  uint8: { min: 0, max: 255, bits: 8 },
  int8: { min: -128, max: 127, bits: 8 },
  int16: { min: -32768, max: 32767, bits: 16 },
  int32: { min: -(2 ** 31), max: 2 ** 31 - 1, bits: 32 },
  int64: { min: -(2 ** 63), max: 2 ** 63, bits: 64 },
};

/** `torch.finfo(dtype)` and `torch.iinfo(dtype)`. */
const limits = (name: string): NativeValue =>
  native(name, (args) => {
    const dtype = args.positional.length === 0 && !args.named.has('dtype') ? 'float32' : dtypeNamed(args.named.get('dtype') ?? argument(args, 0));
    const found = dtype === undefined ? undefined : LIMITS[dtype];
    if (found === undefined || dtype === undefined) return unknown('the dtype is not known');
    const { min, max, bits, eps, tiny } = found;
    const more: (readonly [string, Value])[] =
      eps === undefined || tiny === undefined
        ? []
        : [
            ['eps', number(eps)],
            ['tiny', number(tiny)],
            ['smallest_normal', number(tiny)],
          ];
    return object([['min', number(min)], ['max', number(max)], ['bits', number(bits)], ['dtype', string(dtype)], ...more]);
  });

/** `torch.Size(sizes)`: a tuple. */
const sizeClass: NativeValue = native('torch.Size', (args, host) => {
  const sizes = argument(args, 0);
  if (sizes.kind === 'shape' || args.positional.length === 0) return args.positional.length === 0 ? list([], true) : sizes;
  const items = host.iterate(sizes);
  return 'unknown' in items ? unknown(items.unknown, 'list') : list(items, true);
});

const ofTensor = (name: string, read: (tensor: TensorValue) => Value): NativeValue =>
  native(name, (args, host) => {
    const value = host.expect(args.named.get('input') ?? argument(args, 0), 'tensor');
    return value.kind === 'tensor' ? read(value) : unknown(value.kind === 'unknown' ? value.reason : 'it is no tensor');
  });

const names = (of: (name: string) => Value, ...all: readonly string[]): Record<string, Value> => Object.fromEntries(all.map((name) => [name, of(name)]));

/** A call that throws where its first argument does not hold. */
const asserting = (name: string): NativeValue => ({
  ...fn(name, (args, host) => {
    host.assert(args.named.get('condition') ?? args.named.get('cond') ?? argument(args, 0));
    return NULL;
  }),
  asserts: true,
});

/** What stands on `torch` itself. */
export const ENVIRONMENT: Readonly<Record<string, Value>> = {
  ...CONTEXTS,
  ...names(
    (name) => noEffect(name, NULL),
    'manual_seed',
    'seed',
    'set_default_dtype',
    'set_default_device',
    'set_default_tensor_type',
    'set_num_threads',
    'set_printoptions',
    'save',
    'use_deterministic_algorithms',
    'set_float32_matmul_precision',
    'set_rng_state',
  ),
  ...names(asserting, '_assert', '_check'),
  ...names(
    (name) => opaqueNamespace(`torch.${name}`),
    'distributed',
    'optim',
    'backends',
    'hub',
    'library',
    'ops',
    'profiler',
    'quantization',
    'ao',
    'func',
    'sparse',
    'multiprocessing',
    'distributions',
    'mps',
    'xpu',
    'export',
    '_dynamo',
    'version',
    'types',
    '_C',
  ),
  ...names(
    (name) => unknown(name, 'string'),
    '__version__',
    'strided',
    'contiguous_format',
    'channels_last',
    'channels_last_3d',
    'preserve_format',
    'sparse_coo',
  ),
  cuda,
  jit,
  utils,
  amp: namespace('torch.amp', { autocast: autocast('torch.amp.autocast', false), custom_fwd: decorator('custom_fwd'), custom_bwd: decorator('custom_bwd') }),
  compile: decorator('torch.compile'),
  compiler: namespace('torch.compiler', {
    is_compiling: no('is_compiling'),
    is_dynamo_compiling: no('is_dynamo_compiling'),
    disable: decorator('disable'),
    allow_in_graph: decorator('allow_in_graph'),
  }),
  onnx: namespace('torch.onnx', { is_in_onnx_export: no('is_in_onnx_export') }),
  overrides: namespace('torch.overrides', {
    ...names(no, 'has_torch_function', 'has_torch_function_unary', 'has_torch_function_variadic'),
  }),
  fx: namespace('torch.fx', { wrap: same('torch.fx.wrap'), Proxy: opaqueClass('torch.fx.Proxy') }),
  autograd: namespace('torch.autograd', {
    Variable: same('torch.autograd.Variable'),
    Function: opaqueClass('torch.autograd.Function'),
    grad: native('torch.autograd.grad', () => unknown('gradients are not followed')),
    no_grad: CONTEXTS.no_grad,
    enable_grad: CONTEXTS.enable_grad,
    set_detect_anomaly: context('set_detect_anomaly'),
  }),
  device,
  Size: sizeClass,
  Generator: opaqueThing('torch.Generator'),
  dtype: opaqueClass('torch.dtype'),
  finfo: limits('torch.finfo'),
  iinfo: limits('torch.iinfo'),
  is_grad_enabled: open('torch.is_grad_enabled', 'boolean'),
  is_inference_mode_enabled: no('torch.is_inference_mode_enabled'),
  is_autocast_enabled: native('torch.is_autocast_enabled', (_args, host) => boolean(host.autocastsTo !== undefined)),
  get_autocast_gpu_dtype: noEffect('torch.get_autocast_gpu_dtype', dtypeValue('float16')),
  get_default_dtype: noEffect('torch.get_default_dtype', dtypeValue('float32')),
  get_rng_state: native('torch.get_rng_state', () => unknown('the state of the random numbers')),
  load: native('torch.load', () => unknown('what a file holds is not known to the source')),
  is_floating_point: ofTensor('torch.is_floating_point', ({ dtype }) => boolean(isFloating(dtype))),
  numel: ofTensor('torch.numel', ({ shape, reason }) => (shape === null ? unknown(reason ?? 'the rank is not known', 'number') : size(product(shape)))),
  is_complex: ofTensor('torch.is_complex', ({ dtype }) => boolean(dtype === 'complex64')),
  inf: number(Number.POSITIVE_INFINITY),
  nan: number(Number.NaN),
  pi: number(Math.PI),
  e: number(Math.E),
  newaxis: NULL,
};
