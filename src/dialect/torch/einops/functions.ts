/** einops' functions. */
import { ELLIPSIS, type PatternTask, readSide } from '../../../ops/pattern';
import { reasonOf } from '../../common/reading';
import {
  type Arguments,
  fn,
  type Host,
  list,
  type NativeValue,
  object,
  size,
  step,
  type TensorValue,
  UNDEFINED,
  unknown,
  type Value,
} from '../../common/values';
import { applied, lengthsIn, namesOf, operandOf, refuse } from './applying';

/** Arguments by their names, and what else is given by name. */
export interface Given {
  readonly values: readonly Value[];
  readonly rest: readonly (readonly [string, Value])[];
}

/** Arguments in the order of the names; undefined stands for what is left out. */
export function given(names: readonly string[], args: Arguments): Given {
  return {
    values: names.map((name, at) => args.positional[at] ?? args.named.get(name) ?? UNDEFINED),
    rest: [...args.named].filter(([name]) => !names.includes(name)),
  };
}

/** The reductions that have a name; others are functions of the user's. */
const REDUCTIONS: readonly string[] = ['mean', 'max', 'min', 'sum', 'prod', 'any', 'all'];

/** The reduction's name: a library's function goes by its own. */
function reductionNamed(value: Value): string | undefined {
  if (value.kind === 'string') return value.value;
  return value.kind === 'native' ? value.name.split('.').at(-1) : undefined;
}

/** Reduces by a pattern. */
export function reduced(tensor: Value, pattern: string, reduction: Value, rest: Given['rest'], args: Arguments, host: Host): Value {
  const name = reductionNamed(reduction);
  const known = name !== undefined && REDUCTIONS.includes(name);
  if (!known && reduction.kind === 'string') refuse(`there is no reduction "${name}"`, pattern, args, host);
  const open = args.openNames !== undefined;
  const made = applied({ task: 'reduce', pattern, lengths: lengthsIn(rest, host), open, reduction: known ? name : 'sum' }, tensor, args, host);
  if (known) return made;
  return host.unknownTensor(reasonOf(reduction, 'the reduction'), [made], made.dtype);
}

function patterned(task: PatternTask): (args: Arguments, host: Host) => Value {
  const names = task === 'reduce' ? ['tensor', 'pattern', 'reduction'] : ['tensor', 'pattern'];
  return (args, host) => {
    const { values, rest } = given(names, args);
    const [tensor = UNDEFINED, pattern = UNDEFINED, reduction = UNDEFINED] = values;
    if (args.open !== undefined || pattern.kind !== 'string')
      return host.unknownTensor(
        args.open ?? reasonOf(pattern, 'the pattern'),
        args.positional.filter((value) => value.kind === 'tensor'),
      );
    if (task === 'reduce') return reduced(tensor, pattern.value, reduction, rest, args, host);
    return applied({ task, pattern: pattern.value, lengths: lengthsIn(rest, host), open: args.openNames !== undefined }, tensor, args, host);
  };
}

/** The same for each of several tensors: einops_exts' `rearrange_many`. */
const many =
  (task: PatternTask) =>
  (args: Arguments, host: Host): Value => {
    const [tensors = UNDEFINED, ...others] = args.positional;
    const items = host.iterate(tensors);
    if ('unknown' in items) return unknown(items.unknown, 'list');
    return list(items.map((item) => patterned(task)({ ...args, positional: [item, ...others] }, host)));
  };

/** `parse_shape(x, 'b c _ _')`: the named axes' sizes. */
function parseShape(args: Arguments, host: Host): Value {
  const { values } = given(['x', 'pattern'], args);
  const [x = UNDEFINED, pattern = UNDEFINED] = values;
  if (pattern.kind !== 'string') return unknown(reasonOf(pattern, 'the pattern'));
  const { groups, problem } = readSide(pattern.value, { blanks: true });
  const tensor = operandOf(x, args, host);
  if (problem !== undefined) {
    refuse(problem, pattern.value, args, host);
    return unknown(problem);
  }
  const covers = groups.some(({ axes }) => axes.some(({ name }) => name === ELLIPSIS));
  host.tellRank(tensor, groups.length - (covers ? 1 : 0), covers ? 'at least' : 'exactly');
  if (tensor.shape === null) return unknown(tensor.reason ?? 'the rank of the tensor is not known');
  if (covers ? tensor.shape.length < groups.length - 1 : tensor.shape.length !== groups.length) {
    refuse(`${groups.length - (covers ? 1 : 0)} axes are wanted, ${tensor.shape.length} given`, pattern.value, args, host);
    return unknown('the pattern is for another rank');
  }
  const names = namesOf(groups, tensor.shape.length);
  host.tellAxes(tensor, names);
  return object(
    tensor.shape.flatMap((length, axis) => (names[axis] === undefined ? [] : [[names[axis] ?? '', size(length)] as const])),
    'map',
  );
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** An equation in single letters for one in words. */
function lettered(pattern: string): { readonly equation: string; readonly terms: readonly string[] } {
  const [left = '', right = ''] = pattern.split('->');
  const terms = left.split(',');
  const words = [...new Set(pattern.match(/[\p{L}\p{N}_]+/gu) ?? [])];
  const text = (side: string) =>
    side
      .trim()
      .replace(/[\p{L}\p{N}_]+/gu, (word) => LETTERS[words.indexOf(word)] ?? word)
      .replace(/\s+/g, '');
  return { equation: `${terms.map(text).join(',')}->${text(right)}`, terms };
}

/** Why einops takes no such equation. */
function equationProblem(pattern: string, count: number): string | undefined {
  if (!pattern.includes('->')) return 'it has no `->`';
  if (/[()]|(^|[\s,>])1([\s,-]|$)/.test(pattern)) return 'einsum takes neither brackets nor axes of length 1';
  const terms = pattern.split('->')[0]?.split(',').length ?? 0;
  return terms === count ? undefined : `it is for ${terms} tensors, ${count} are given`;
}

/** A contraction whose axes are words: the pattern comes last. */
export function contracted(tensors: readonly Value[], pattern: string, args: Arguments, host: Host): Value {
  const operands = tensors.map((tensor) => operandOf(tensor, args, host));
  const problem = equationProblem(pattern, operands.length);
  if (problem !== undefined) {
    refuse(problem, pattern, args, host);
    return host.unknownTensor(problem, operands);
  }
  const { equation, terms } = lettered(pattern);
  const made = step(host, 'einsum', operands, { equation, pattern }, args);
  operands.forEach((operand, at) => tellTerm(operand, terms[at] ?? '', host));
  return made;
}

/** What a term of an equation calls the axes of its operand. */
function tellTerm(operand: TensorValue, term: string, host: Host): void {
  const { groups, problem } = readSide(term, { duplicates: true });
  if (problem === undefined && operand.shape !== null) host.tellAxes(operand, namesOf(groups, operand.shape.length));
}

function einsum(args: Arguments, host: Host): Value {
  const pattern = args.positional.at(-1) ?? UNDEFINED;
  const tensors = args.positional.slice(0, -1);
  if (args.open !== undefined || pattern.kind !== 'string')
    return host.unknownTensor(
      args.open ?? reasonOf(pattern, 'the equation'),
      tensors.filter((value) => value.kind === 'tensor'),
    );
  return contracted(tensors, pattern.value, args, host);
}

const make = (name: string, call: (args: Arguments, host: Host) => Value): readonly [string, NativeValue] => [name, fn(`einops.${name}`, call)];

/** The functions by name. */
export const EINOPS: Readonly<Record<string, Value>> = Object.fromEntries([
  make('rearrange', patterned('rearrange')),
  make('repeat', patterned('repeat')),
  make('reduce', patterned('reduce')),
  make('einsum', einsum),
  make('parse_shape', parseShape),
  make('asnumpy', (args) => args.positional[0] ?? UNDEFINED),
]);

/** The functions of einops_exts. */
export const EINOPS_MANY: Readonly<Record<string, Value>> = Object.fromEntries([
  make('rearrange_many', many('rearrange')),
  make('repeat_many', many('repeat')),
  make('reduce_many', many('reduce')),
]);
