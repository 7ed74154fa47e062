/** einx' core: patterns come first, and brackets mark the axes that an operation is about. */
import { readSide } from '../../../ops/pattern';
import type { OperatorName } from '../../../ops/table';
import { reasonOf } from '../../common/reading';
import { type Arguments, fn, type Host, step, type TensorValue, UNDEFINED, type Value } from '../../common/values';
import { applied, lengthsIn, operandOf } from './applying';
import { contracted } from './functions';

/** A call whose pattern is known. */
interface Call {
  readonly pattern: string;
  readonly tensors: readonly Value[];
  readonly named: readonly (readonly [string, Value])[];
  readonly args: Arguments;
  readonly host: Host;
}

/** Settings that are no lengths of axes. */
const SETTINGS = ['keepdims', 'graph', 'backend', 'op', 'cse'];

const isOpen = ({ args }: Call): boolean => args.openNames !== undefined;
const lengthsOf = ({ named, host }: Call) =>
  lengthsIn(
    named.filter(([name]) => !SETTINGS.includes(name)),
    host,
  );

/** `s...` stands for any number of axes, as `...` does. */
const plainEllipsis = (pattern: string): string => pattern.replace(/[\p{L}\p{N}_]+\.\.\./gu, '...');
const unmarked = (pattern: string): string => pattern.replace(/[[\]]/g, ' ').replace(/\s+/g, ' ').trim();
const axesIn = (term: string): readonly string[] => term.match(/[\p{L}\p{N}_]+|\.\.\./gu) ?? [];

const open = (reason: string, { tensors, host }: Call): TensorValue =>
  host.unknownTensor(
    reason,
    tensors.filter((value) => value.kind === 'tensor'),
  );

const notFollowed = (call: Call): TensorValue => open(`this pattern of \`${call.args.api}\` is not followed: ${call.pattern}`, call);

/** Whether the pattern is only words: no compositions, no lengths, nothing between brackets that is more. */
const isPlain = (pattern: string): boolean => /^[\s\p{L}_][\s\p{L}\p{N}_,[\]]*(->[\s\p{L}\p{N}_]*)?$/u.test(pattern) && !/(^|\W)\d/.test(pattern);

function rearrange(call: Call): Value {
  const [x = UNDEFINED, second] = call.tensors;
  const pattern = plainEllipsis(call.pattern);
  if (second !== undefined || /[[\],+]|(^|[\s(])(?!1[\s)])\d/.test(pattern) || pattern.split('...').length > 3) return notFollowed(call);
  const [left = '', right = ''] = pattern.split('->');
  const makes = axesIn(right).some((name) => !axesIn(left).includes(name) && name !== '1');
  return applied({ task: makes ? 'repeat' : 'rearrange', pattern, lengths: lengthsOf(call), open: isOpen(call) }, x, call.args, call.host);
}

/** Axes between brackets go, or stay with size 1. */
const reduced =
  (reduction: string) =>
  (call: Call): Value => {
    const [x = UNDEFINED] = call.tensors;
    const pattern = plainEllipsis(call.pattern);
    const keeps = call.named.some(([name, value]) => name === 'keepdims' && call.host.truth(value) !== false);
    if (pattern.includes(',') || (keeps && /\[[^\]]*[.(]/.test(pattern)) || !/^[^[]*(\[[^\][]*\][^\][]*)*$/.test(pattern)) return notFollowed(call);
    const [left = '', right] = pattern.split('->');
    const rest = left.replace(/\[([^\]]*)\]/g, (_, inside: string) =>
      keeps
        ? axesIn(inside)
            .map(() => ' 1 ')
            .join('')
        : ' ',
    );
    const whole = `${unmarked(left)} -> ${unmarked(right ?? rest)}`;
    return applied({ task: 'reduce', pattern: whole, lengths: lengthsOf(call), reduction, open: isOpen(call) }, x, call.args, call.host);
  };

function dot(call: Call): Value {
  const outside = !/\[[^\]]*->/.test(call.pattern);
  return outside && isPlain(call.pattern) && call.pattern.includes('->')
    ? contracted(call.tensors, unmarked(call.pattern), call.args, call.host)
    : notFollowed(call);
}

/** The terms of an elementwise call, and the axes of its result: those of the first term that has all where it is not written. */
function termsOf({ pattern, tensors }: Call): { readonly terms: readonly string[]; readonly result: readonly string[] } | undefined {
  const [left = '', right] = pattern.split('->');
  const written = left.split(',');
  const marked = [...left.matchAll(/\[([^\]]*)\]/g)].map(([, inside]) => inside ?? '').join(' ');
  const terms = written.length === 1 && tensors.length === 2 ? [unmarked(left), marked] : written.map(unmarked);
  const all = [...new Set(terms.flatMap(axesIn))];
  const result = right === undefined ? terms.map(axesIn).find((axes) => all.every((name) => axes.includes(name))) : axesIn(right);
  return result && terms.length === tensors.length && all.every((name) => result.includes(name)) ? { terms, result } : undefined;
}

/** The operand with its axes in the order of the result, and size 1 for those that it does not have. */
function aligned(value: Value, term: string, result: readonly string[], { args, host }: Call): TensorValue {
  const axes = axesIn(term);
  const target = result.map((name) => (axes.includes(name) ? name : '1')).join(' ');
  const operand = operandOf(value, args, host);
  return axes.join(' ') === target
    ? operand
    : applied({ task: 'rearrange', pattern: `${axes.join(' ')} -> ${target}`, lengths: new Map() }, operand, args, host);
}

const elementwise =
  (name: OperatorName) =>
  (call: Call): Value => {
    const found = isPlain(call.pattern) ? termsOf(call) : undefined;
    if (!found || found.terms.some((term) => readSide(term).problem !== undefined)) return notFollowed(call);
    const operands = call.tensors.map((tensor, at) => aligned(tensor, found.terms[at] ?? '', found.result, call));
    return step(call.host, name, operands, {}, call.args);
  };

/** The same shape: softmax over the axes between brackets, one of them. */
function softmax(call: Call): Value {
  const [x = UNDEFINED] = call.tensors;
  const words = call.pattern.match(/\[[^\]]*\]|[^\s[\]]+/g) ?? [];
  const axis = words.findIndex((word) => /^\[\s*[\p{L}_][\p{L}\p{N}_]*\s*\]$/u.test(word));
  const marked = words.filter((word) => word.startsWith('['));
  const before = words.findIndex((word) => word.includes('...'));
  if (axis < 0 || marked.length !== 1 || /[(),>]/.test(call.pattern)) return notFollowed(call);
  const place = before >= 0 && before < axis ? axis - words.length : axis;
  return step(call.host, 'softmax', [operandOf(x, call.args, call.host)], { axis: place }, call.args);
}

const make = (name: string, run: (call: Call) => Value): readonly [string, Value] => [
  name,
  fn(`einx.${name}`, (args, host) => {
    const [pattern = UNDEFINED, ...tensors] = args.positional;
    const call: Call = { pattern: pattern.kind === 'string' ? pattern.value : '', tensors, named: [...args.named], args, host };
    return args.open !== undefined || pattern.kind !== 'string' ? open(args.open ?? reasonOf(pattern, 'the pattern'), call) : run(call);
  }),
];

/** The functions by name. */
export const EINX: Readonly<Record<string, Value>> = Object.fromEntries([
  make('rearrange', rearrange),
  make('dot', dot),
  make('softmax', softmax),
  ...['sum', 'mean', 'max', 'min', 'prod', 'any', 'all'].map((name) => make(name, reduced(name))),
  make('var', reduced('variance')),
  make('std', reduced('std')),
  make('logsumexp', reduced('logSumExp')),
  make('add', elementwise('add')),
  make('subtract', elementwise('sub')),
  make('multiply', elementwise('mul')),
  make('divide', elementwise('div')),
  make('true_divide', elementwise('div')),
  make('maximum', elementwise('maximum')),
  make('minimum', elementwise('minimum')),
  make('where', elementwise('where')),
]);
