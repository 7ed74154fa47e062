/** Operations on symbolic integers. All are total: what cannot be known is UNKNOWN. */
import { add, negate, subtract } from './arithmetic';
import { floorQuotient, remainder } from './division';
import { type Facts, isPositive, NO_FACTS, simplify } from './facts';
import { type Dim, ONE } from './terms';

export { add, addedAndSubtracted, asConstant, isUnknown, key, multiply, negate, power, product, same, subtract, sum } from './arithmetic';
export { maximum, minimum } from './extrema';
export { evaluate, isName, substitute, symbolsOf } from './substitution';
export { type Atom, constant, type Dim, type Factor, ONE, symbol, type Term, UNKNOWN, ZERO } from './terms';

/** a//b as Python's: rounded down. */
export function floorDivide(a: Dim, b: Dim, facts?: Facts): Dim {
  const quotient = floorQuotient(a, b);
  return facts ? simplify(quotient, facts) : quotient;
}

/** a % b as Python's: with the divisor's sign. */
export function modulo(a: Dim, b: Dim, facts?: Facts): Dim {
  const rest = remainder(a, b);
  return facts ? simplify(rest, facts) : rest;
}

/** a/b rounded up. Reads (a - 1)//b + 1 for a divisor that is a size. */
export function ceilDivide(a: Dim, b: Dim, facts: Facts = NO_FACTS): Dim {
  if (isPositive(b, facts)) return floorDivide(add(a, subtract(b, ONE)), b, facts);
  return negate(floorDivide(negate(a), b, facts));
}
