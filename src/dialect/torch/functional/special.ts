/** `torch.special`: functions that stand on `torch` too, some under other names. */
import { type Line, type Lines, op } from '../line';
import { pointwise } from './pointwise';

const same = (...names: readonly string[]): Lines =>
  Object.fromEntries(names.flatMap((name): (readonly [string, Line])[] => (pointwise[name] === undefined ? [] : [[name, pointwise[name]]])));

/** By name. */
export const special: Lines = {
  ...same('erf', 'erfc', 'exp2', 'expm1', 'log1p', 'logit', 'round', 'sinc', 'digamma', 'erfinv', 'i0', 'log_softmax', 'softmax'),
  expit: op('sigmoid', 'input'),
};
