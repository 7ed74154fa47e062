/** Methods that change the tensor itself: `name_` is what `name` gives, written back. */
import { fn, type Host, NULL, noEffect, type TensorValue, type Value, withPositional } from '../common/values';
import { REFILLS } from './functional/creation';
import { METHODS } from './functional/index';
import { callLine, type Line, type Lines } from './line';
import { weightMethod } from './nn/init';
import { writing, written } from './writing';

/** Methods in place that give the tensor other axes. */
const RESHAPING = new Set(['squeeze', 'unsqueeze', 't', 'transpose', 'swapaxes', 'swapdims', 'resize', 'resize_as', 'detach']);

const lineOf = (name: string): Line | undefined => {
  if (!name.endsWith('_') || name.endsWith('__')) return undefined;
  const plain = name.slice(0, -1);
  return Object.hasOwn(REFILLS, plain) ? REFILLS[plain] : Object.hasOwn(METHODS, plain) ? METHODS[plain] : undefined;
};

/** The method of that name that changes the tensor, where there is one. */
export function inPlaceMember(tensor: TensorValue, name: string): Value | undefined {
  const line = lineOf(name);
  // A leaf that wants gradients can be changed in place only to say how it starts.
  if (tensor.role === 'variable' && name.endsWith('_') && !RESHAPING.has(name.slice(0, -1))) return weightMethod(tensor, name);
  if (name === 'set_' || name === 'resize_') return fn(name, () => NULL);
  // A change in place that has no rule leaves the axes as they are.
  if (line === undefined) return /^[a-z]\w*[a-z0-9]_$/.test(name) ? noEffect(name, tensor) : undefined;
  return fn(name, (args, host) => {
    const result = host.uncast(() => callLine(line, withPositional(args, [tensor, ...args.positional], [args.span, ...args.spans]), host));
    if (result.kind !== 'tensor') return result;
    return host.replace(tensor, RESHAPING.has(name.slice(0, -1)) ? result : written(tensor, result, args.api, host));
  });
}

/** What a tensor holds that the result of an operator is written into: `x += y`. */
export const writtenInPlace = (tensor: TensorValue, result: TensorValue, host: Host): TensorValue => written(tensor, result, '+=', host);

/** `torch.relu_(x)`, `F.relu_(x)`: the function of that name that changes its first operand. */
function inPlaceFunction(name: string, line: Line): Line {
  return { ...line, run: (bound) => writing(line, bound, name) };
}

const NAMES =
  'abs ceil clamp clamp_min clamp_max cos cosh erf exp exp2 expm1 floor fill frac log log10 log1p log2 neg reciprocal relu round rsqrt selu sigmoid sin sqrt square tan tanh trunc zero celu dropout'.split(
    ' ',
  );

/** In-place functions of `torch`. */
export const IN_PLACE_FUNCTIONS: Lines = Object.fromEntries(
  NAMES.flatMap((name): (readonly [string, Line])[] => {
    const line = lineOf(`${name}_`);
    return line === undefined ? [] : [[`${name}_`, inPlaceFunction(`torch.${name}_`, line)]];
  }),
);
