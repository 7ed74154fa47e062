/**
 * Lines of the tables: an API name's signature and what its call does. One line a name, for the function and the method alike:
 *
 *     softmax: op('softmax', 'input, dim: axis, dtype: cast = None'),
 *
 * `op(operator, signature, attributes)` is one step: operands and attributes go to the operator under their names; a `cast` is applied to the first operand.
 * `outputs(operator, names, signature, attributes)` is one step with several outputs, as a named tuple. `composed(signature, run)` does what it likes with
 * the bound arguments. `either(line, line, …)` are torch's overloads: the first that the arguments fit. `unmodelled` and `opaque` say that there is no rule.
 */
import { isFloating } from '../../ops/dtypes';
import type { Attributes, Autocast, DType } from '../../ops/operator';
import { type OperatorName, operator } from '../../ops/table';
import {
  type Arguments,
  fn,
  type Host,
  list,
  type NativeValue,
  number,
  step,
  steps,
  type TensorValue,
  unknown,
  type Value,
  withPositional,
} from '../common/values';
import { type Bound, bind } from './binder';
import { type Fit, fits } from './fitting';
import { asTensor } from './operands';
import { type Signature, signatureOf } from './signature';

/** One API function. */
export interface Line {
  readonly signature: Signature;
  run(bound: Bound): Value;
  /** What a call yields whose arguments are not known. */
  readonly yields: 'tensor' | 'list' | 'other';
  /** Other signatures under the same name, in the order in which they are tried. */
  readonly others?: readonly Line[];
}

export type Lines = Readonly<Record<string, Line>>;

/** A line that composes several steps, or none. */
export const composed = (signature: string, run: (bound: Bound) => Value, yields: Line['yields'] = 'tensor'): Line => ({
  signature: signatureOf(signature),
  run,
  yields,
});

/** A line whose call is one step. */
export function op(name: OperatorName, signature: string, attributes: Attributes = {}): Line {
  return composed(signature, (bound) => typedStep(name, bound, { ...attributes, ...bound.attributes }));
}

/** One step in the type that the call names: its first operand is brought to it, or the step itself computes in it. */
export function typedStep(name: OperatorName, bound: Bound, attributes: Attributes): TensorValue {
  const dtype = typeWithin(name, bound);
  return dtype === undefined
    ? step(bound.host, name, castFirst(bound), attributes, bound.args)
    : step(bound.host, name, bound.operands, { ...attributes, dtype }, bound.args);
}

/** The type that a step itself computes in, of an operand that stays as it is: totals do so always, softmax where it runs as autocast has it. */
function typeWithin(name: OperatorName, { host, operands: [first], attribute }: Bound): DType | undefined {
  const { autocast } = operator(name);
  const dtype = attribute('dtype');
  if (!first || autocast === undefined || typeof dtype !== 'string' || dtype === first.dtype || !isFloating(first.dtype) || !isFloating(dtype as DType))
    return undefined;
  const isAlways = autocast === 'within';
  const isHere = typeof autocast === 'object' && autocast[first.dtype as 'float16'] === 'within' && dtype === 'float32' && host.autocastsTo !== undefined;
  return isAlways || isHere ? (dtype as DType) : undefined;
}

/** A line whose call is one step with several outputs, in a tuple with these names. */
export function outputs(name: OperatorName, names: readonly string[], signature: string, attributes: Attributes = {}): Line {
  const run = (bound: Bound): Value =>
    namedTuple(names, steps(bound.host, name, castFirst(bound), { ...attributes, ...bound.attributes }, bound.args, names.length));
  return composed(signature, run, 'list');
}

/** A tuple whose items have names too. */
export const namedTuple = (names: readonly string[], items: readonly Value[]): Value => ({ ...list(items, true), names });

/** The operands, the first one brought to the dtype that the call names. */
export function castFirst({ host, args, operands, attribute }: Bound): readonly TensorValue[] {
  const [first, ...others] = operands;
  const dtype = first === undefined ? null : attribute('dtype');
  if (first === undefined || typeof dtype !== 'string' || dtype === first.dtype) return operands;
  return [step(host, 'cast', [first], { dtype }, args), ...others];
}

/** A function that autocast casts the operands of as a whole: its steps are not cast again. */
export const castAs = (way: Autocast, line: Line): Line => ({
  ...line,
  run: (bound) => {
    const { host, operands } = bound;
    const casts = new Map(host.autocast(way, operands).map((made, at) => [operands[at], made] as const));
    const of = (tensor: TensorValue): TensorValue => casts.get(tensor) ?? tensor;
    const given: Bound = {
      ...bound,
      operands: operands.map(of),
      tensor: (name) => of(bound.tensor(name)),
      maybe: (name) => {
        const given = bound.maybe(name);
        return given && of(given);
      },
      list: (name) => [...bound.list(name)].map(of),
    };
    return host.uncast(() => line.run(given));
  },
});

/** Takes further steps of a call: numbers among the operands stand beside the tensors. */
export const taking =
  ({ host, args }: Pick<Bound, 'host' | 'args'>) =>
  (name: OperatorName, inputs: readonly (TensorValue | number)[], attributes: Attributes = {}): TensorValue => {
    const beside = inputs.filter((input) => typeof input !== 'number');
    const operands = inputs.map((input) => (typeof input === 'number' ? asTensor(floating(input), host, beside) : input));
    return step(host, name, operands, attributes, args);
  };

const floating = (value: number): Value => ({ ...number(value), ...(Number.isInteger(value) ? {} : { floating: true }) });

/** Overloads: the first whose parameters the arguments fit is called. */
export function either(first: Line, ...others: readonly Line[]): Line {
  return { ...first, others };
}

/** A line without a rule: an unknown tensor that says so. */
export const unmodelled = (signature = 'input, *args: any, **', dtype: DType = 'float32'): Line =>
  composed(signature, ({ host, args, operands }) => host.unknownTensor(`no rule for \`${args.api}\``, operands, dtype));

/** A line without a rule, whose result is no single tensor. */
export const opaque = (signature: string): Line => composed(signature, ({ args }) => unknown(`no rule for \`${args.api}\``), 'other');

/** Of overloads the one that the arguments fit; where none does, the first that takes so many of these names. */
export function chosen(line: Line, args: Arguments): Line {
  if (line.others === undefined) return line;
  const lines = [line, ...line.others];
  const of = (fit: Fit) => lines.find((each) => fits(each.signature, args) === fit);
  return of('yes') ?? of('maybe') ?? of('kind') ?? line;
}

/** Calls a line with the arguments. `out=` is what the result is written to. */
export function callLine(line: Line, args: Arguments, host: Host): Value {
  const taken = chosen(line, args);
  const bound = bind(taken.signature, args, host);
  if ('failed' in bound) {
    return taken.yields === 'tensor' ? host.unknownTensor(bound.failed, bound.operands) : unknown(bound.failed, taken.yields === 'list' ? 'list' : undefined);
  }
  const result = taken.run(bound);
  host.holds(bound.operands);
  const out = args.named.get('out');
  return out?.kind === 'tensor' && result.kind === 'tensor' ? host.replace(out, result) : result;
}

/** The line as a function. */
export const lineFunction = (name: string, line: Line): NativeValue => fn(name, (args, host) => callLine(line, args, host));

/** The line as a method: the tensor stands first. */
export const lineMethod = (tensor: TensorValue, name: string, line: Line): NativeValue =>
  fn(name, (args, host) => callOn(tensor, line, withPositional(args, [tensor, ...args.positional], [args.span, ...args.spans]), host));

/** What may be no tensor may have another method of that name: it breaks none of the line's rules. */
function callOn(tensor: TensorValue, line: Line, args: Arguments, host: Host): Value {
  if (!tensor.unsure) return callLine(line, args, host);
  const result = callLine(line, args, { ...host, report: () => undefined });
  return result.kind === 'tensor' ? { ...result, unsure: true } : result;
}

/** Functions of a namespace by name. */
export const functionsOf = (prefix: string, lines: Lines): Record<string, Value> =>
  Object.fromEntries(Object.entries(lines).map(([name, line]) => [name, lineFunction(`${prefix}.${name}`, line)]));
