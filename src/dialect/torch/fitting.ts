/** Which of a name's overloads a call means. */
import { type Arguments, isMissing, type Value } from '../common/values';
import { placed } from './placing';
import type { Param, Signature } from './signature';

/** The arguments fit; they may, as far as is known; their number and names do but a kind does not; or neither does. */
export type Fit = 'yes' | 'maybe' | 'kind' | 'no';

/** How the arguments of a call fit a signature. */
export function fits(signature: Signature, args: Arguments): Fit {
  const { values, problems } = placed(signature, args);
  if (problems.length > 0) return 'no';
  const verdicts = signature.params.map((param) => {
    const given = values.get(param.name);
    return given === undefined ? 'yes' : fitsKind(param, given.value);
  });
  return verdicts.includes('kind') ? 'kind' : verdicts.includes('maybe') ? 'maybe' : 'yes';
}

const isNumeric = (value: Value): boolean => value.kind === 'number' || value.kind === 'boolean';

function fitsKind({ kind, optional }: Param, value: Value): Fit {
  if (kind.role === 'plain') return 'yes';
  if (isMissing(value)) return optional ? 'yes' : 'kind';
  if (value.kind === 'unknown') return fitsUnknown(kind.role, kind.name, value.type);
  if (kind.role === 'operand') return value.kind === 'tensor' || (kind.term && isNumeric(value)) ? 'yes' : 'kind';
  if (kind.role === 'operands') return value.kind === 'list' || value.kind === 'shape' ? 'yes' : 'kind';
  if (value.kind === 'list' && !kind.name.startsWith('eachOr') && value.items.some((item) => item.kind === 'string')) return 'kind';
  return kindsOf(kind.name).includes(value.kind) ? 'yes' : 'kind';
}

function fitsUnknown(role: string, name: string, type: string | undefined): Fit {
  if (type === undefined) return 'maybe';
  const wanted = role === 'operand' ? ['tensor'] : role === 'operands' ? ['list'] : kindsOf(name);
  return wanted.includes(type) || (name === 'term' && type === 'number') ? 'yes' : 'kind';
}

const LISTS = ['list', 'shape', 'number'];

/** Kinds of values that a kind of parameter takes. */
function kindsOf(name: string): readonly string[] {
  if (['axes', 'sizes', 'extents', 'parts', 'numbers'].includes(name) || name.startsWith('each'))
    return name.startsWith('eachOr') ? [...LISTS, 'string'] : LISTS;
  if (name === 'ints') return ['list'];
  if (name === 'flag' || name === 'keep') return ['boolean'];
  if (name === 'word') return ['string'];
  if (name === 'numberOrWord') return ['number', 'string'];
  return name === 'dtype' || name === 'cast' ? ['string', 'native'] : ['number', 'boolean'];
}
