/** Feature maps as sequences and back, as the mm libraries have it, and the versions of those libraries. */
import { type Dim, multiply, sizeOfReal } from '../../../dim/index';
import {
  type Arguments,
  argument,
  fn,
  type Host,
  list,
  type NativeValue,
  number,
  step,
  string,
  type TensorValue,
  UNKNOWN_SIZE,
  unknown,
  type Value,
} from '../../common/values';
import { sizeAttributes } from '../nn/kind';

/** The first argument as a tensor with so many axes. */
function ranked(args: Arguments, host: Host, rank: number): TensorValue {
  const x = host.expect(args.named.get('x') ?? argument(args, 0), 'tensor');
  if (x.kind !== 'tensor') return host.unknownTensor(x.kind === 'unknown' ? x.reason : '`x` is no tensor');
  if (x.shape === null) host.tellRank(x, rank, 'exactly');
  return x;
}

/** Height and width, as they are given. */
function placesOf(value: Value, host: Host): readonly [Dim, Dim] {
  const items = host.takeApart(value, 2);
  const size = (at: number): Dim => {
    const item = 'unknown' in items ? undefined : items[at];
    const given = item && host.expect(item, 'size');
    return (given?.kind === 'number' ? sizeOfReal(given.real) : undefined) ?? UNKNOWN_SIZE;
  };
  return [size(0), size(1)];
}

const nlcToNchw = fn('nlc_to_nchw', (args, host) => {
  const x = ranked(args, host, 3);
  const [batch, places, channels] = x.shape ?? [];
  if (!batch || !places || !channels) return host.unknownTensor(x.reason ?? 'the rank of the tensor is not known', [x]);
  const [height, width] = placesOf(args.named.get('hw_shape') ?? argument(args, 1), host);
  const turned = step(host, 'transpose', [x], { perm: [0, 2, 1] }, args);
  return step(host, 'reshape', [turned], { shape: sizeAttributes([batch, channels, height, width]) }, args);
});

const nchwToNlc = fn('nchw_to_nlc', (args, host) => {
  const x = ranked(args, host, 4);
  const [batch, channels, height, width] = x.shape ?? [];
  if (!batch || !channels || !height || !width) return host.unknownTensor(x.reason ?? 'the rank of the tensor is not known', [x]);
  const flat = step(host, 'reshape', [x], { shape: sizeAttributes([batch, channels, multiply(height, width)]) }, args);
  return step(host, 'transpose', [flat], { perm: [0, 2, 1] }, args);
});

/** A version as numbers that compare: `1.3.17` is (1, 3, 17, 0, 0, 0). */
const digits = (text: string): Value => {
  const parts = text.split('.').map(Number);
  return list(
    Array.from({ length: 6 }, (_, at) => number(parts[at] ?? 0)),
    true,
  );
};

const digitVersion = fn('digit_version', (args) => {
  const text = argument(args, 0);
  return text.kind === 'string' && /^\d+(\.\d+)*$/.test(text.value) ? digits(text.value) : unknown('the version is not known');
});

/** The versions that stand for an installed library's. */
const INSTALLED = '2.2.0';

export const VERSIONS: Readonly<Record<string, Value>> = {
  digit_version: digitVersion,
  mmcv_version: digits(INSTALLED),
  __version__: string(INSTALLED),
};

export const SEQUENCES: Readonly<Record<string, NativeValue>> = { nlc_to_nchw: nlcToNchw, nchw_to_nlc: nchwToNlc };
