/** Which argument of a call goes to which parameter of a signature. */
import type { Span } from '../../program/types';
import { type Arguments, list, type ProblemInput, type Value } from '../common/values';
import type { Param, Signature } from './signature';

/** Arguments by parameter, and what surely fails as a TypeError. */
export interface Placed {
  readonly values: ReadonlyMap<string, { readonly value: Value; readonly span: Span }>;
  readonly problems: readonly Omit<ProblemInput, 'severity'>[];
  readonly failed?: string;
}

/** Names that torch takes for its own, as numpy has them. */
const ALIASES: Readonly<Record<string, string>> = {
  axis: 'dim',
  keepdims: 'keepdim',
  self: 'input',
  x: 'input',
  a: 'input',
  x1: 'input',
  x2: 'other',
  indices: 'indices_or_sections',
  sections: 'indices_or_sections',
};

/** Keywords that many functions take and that shapes do not depend on. */
const WITHOUT_EFFECT = new Set([
  'device',
  'layout',
  'requires_grad',
  'pin_memory',
  'memory_format',
  'generator',
  'non_blocking',
  'out',
  'names',
  'copy',
  'inplace',
]);

/** Places the arguments. */
export function placed(signature: Signature, args: Arguments): Placed {
  const values = new Map<string, { value: Value; span: Span }>();
  const problems: Omit<ProblemInput, 'severity'>[] = [];
  const spare = placePositional(signature, args, values);
  if (spare > 0) problems.push(problem('too-many-arguments', args, { count: args.positional.length, most: args.positional.length - spare }));
  for (const [given, value] of args.named) {
    const param = parameterNamed(signature, given);
    if (param === undefined) {
      if (!signature.anyKeyword && !WITHOUT_EFFECT.has(given)) problems.push(problem('unexpected-argument', args, { name: given }));
    } else if (values.has(param.name)) problems.push(problem('repeated-argument', args, { name: given }));
    else values.set(param.name, { value, span: args.span });
  }
  if (args.openNames !== undefined) return { values, problems, failed: args.openNames };
  const missing = signature.params.filter((param) => !param.optional && !values.has(param.name) && !(param.variadic && param.kind.role === 'plain'));
  if (missing.length > 0 && args.outside) return { values, problems, failed: 'not all that it takes is given here' };
  for (const param of missing) problems.push(problem('missing-argument', args, { name: param.name }));
  return problems.length === 0 ? { values, problems } : { values, problems, failed: 'the call fails' };
}

const problem = (code: string, args: Arguments, more: ProblemInput['args']): Omit<ProblemInput, 'severity'> => ({
  code,
  span: args.span,
  args: { api: args.api, ...more },
});

const parameterNamed = ({ params }: Signature, name: string): Param | undefined =>
  params.find((param) => param.name === name) ?? params.find((param) => param.name === ALIASES[name]);

/** Places what is given by place, and says how many are too many. */
function placePositional({ params }: Signature, args: Arguments, into: Map<string, { value: Value; span: Span }>): number {
  const byPlace = params.filter((param) => !param.keywordOnly);
  const variadic = byPlace.findIndex((param) => param.variadic);
  const single = variadic < 0 ? byPlace : byPlace.slice(0, variadic);
  single.forEach((param, index) => {
    const value = args.positional[index];
    if (value !== undefined) into.set(param.name, { value, span: args.spans[index] ?? args.span });
  });
  const rest = args.positional.slice(single.length);
  const many = byPlace[variadic];
  if (many === undefined) return rest.length;
  if (rest.length > 0) into.set(many.name, { value: gathered(many, rest), span: args.spans[single.length] ?? args.span });
  return 0;
}

/** One list, or as many values as there are. What stands alone and is not known is a list, or where the kind says so a size. */
function gathered(param: Param, rest: readonly Value[]): Value {
  const [first] = rest;
  if (first === undefined || rest.length > 1) return list(rest);
  if (first.kind === 'list' || first.kind === 'shape' || first.kind === 'dict') return first;
  return first.kind === 'unknown' && (first.type === 'list' || (first.type === undefined && param.kind.alone === 'list')) ? first : list(rest);
}
