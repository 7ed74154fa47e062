/** What a size is by the name that the user gave it: how long, how wide, how many heads. */
import { type Dim, divides, isName, same, simplify, symbol, symbolsOf } from '../../dim/index';
import type { Run, SymbolRecord } from '../run';

const LENGTH = /^(b|bs|n|t|s|l)$|batch|seq|len|time|step|token/i;
const WIDTH = /head|dim|model|chan|embd|embed|hidden|feat|filter|units|width|depth/i;
const BATCH = /^b$|^bs$|batch/i;
const HEADS = /heads?$/i;
/** How wide a head is: dim_head, sizePerHead. */
const OF_HEAD = /dim|size|width|chan|feat|per|(^|_)d_?k?v?_?head/i;

/** Names of two sorts say nothing: `maxLenDim`. */
const isLength = (name: string): boolean => LENGTH.test(name) && !WIDTH.test(name);
const isWidth = (name: string): boolean => WIDTH.test(name) && !LENGTH.test(name) && !/max|block|window|patch|image|num(?!.*head)/i.test(name);

/** Whether the code calls it how many samples there are. */
export const isCalledBatch = ({ name, named }: SymbolRecord): boolean => named && BATCH.test(name);

/** What is known of the names in a size. */
export const recordsOf = (run: Run, dim: Dim): SymbolRecord[] => symbolsOf(dim).flatMap((name) => run.symbols.get(name) ?? []);

const isHeads = (name: string): boolean => HEADS.test(name) && !OF_HEAD.test(name) && isWidth(name);

/** The last part of an argument's path: what it is called. */
const called = ({ name }: SymbolRecord): string => name.split('.').at(-1) ?? name;

/** How many axes of an input are free. */
export const rankOf = (run: Run, input: string | undefined): number =>
  [...run.symbols.values()].filter((one) => one.role === 'data' && one.input === input).reduce((rank, { axis = 0 }) => Math.max(rank, axis + 1), 0);

/** How long an input is, or how many there are of it: an axis before the last that the code calls so. */
const isDataLength = (run: Run, record: SymbolRecord): boolean =>
  record.role === 'data' &&
  record.named &&
  isLength(record.name) &&
  record.axis !== undefined &&
  rankOf(run, record.input) >= 3 &&
  record.axis < rankOf(run, record.input) - 1;

/** Whether how long an input is would have to be how wide something was made. */
export function lengthMeetsWidth(run: Run, left: Dim, right: Dim): boolean {
  const asks = (one: Dim, other: Dim) => {
    const [lengths, widths] = [recordsOf(run, one), recordsOf(run, other)];
    if (one.terms?.length !== 1 || widths.length === 0 || !widths.every((record) => record.role === 'argument' && isWidth(called(record)))) return false;
    const data = lengths.filter(({ role }) => role === 'data');
    const others = lengths.filter(({ role }) => role !== 'data');
    return data.length > 0 && data.every((record) => isDataLength(run, record)) && others.every((record) => isWidth(called(record)));
  };
  return asks(left, right) || asks(right, left);
}

/** Whether a number of heads would bound how long an input may be. */
export function headsBoundLength(run: Run, small: Dim, large: Dim): boolean {
  const [length, heads] = [recordsOf(run, small), recordsOf(run, large)];
  return (
    isName(small) &&
    isName(large) &&
    length.every((record) => isDataLength(run, record)) &&
    heads.every((record) => record.role === 'argument' && isHeads(called(record)))
  );
}

/** Whether a number of heads would have to be how long a sequence is that the code does not name. */
export function headsMeetLength(run: Run, left: Dim, right: Dim): boolean {
  const asks = (one: Dim, other: Dim) => {
    const [[length], [heads]] = [recordsOf(run, one), recordsOf(run, other)];
    return (
      length?.role === 'data' && !length.named && length.axis === 1 && rankOf(run, length.input) === 3 && heads?.role === 'argument' && isHeads(called(heads))
    );
  };
  return isName(left) && isName(right) && (asks(left, right) || asks(right, left));
}

/** Whether a number of heads would have to be how wide something is, directly or since an input's size is both. */
export function headsMeetWidth(run: Run, left: Dim, right: Dim): boolean {
  if (!isName(left) || !isName(right)) return false;
  const heads = (dim: Dim) => namesFor(run, dim).some(isHeads);
  const widths = (dim: Dim) => namesFor(run, dim).some((name) => isWidth(name) && !isHeads(name));
  return (heads(left) && widths(right)) || (heads(right) && widths(left));
}

/** Whether how wide something is would have to be a square of what is no width: of a window's side. */
export function widthMeetsSquare(run: Run, left: Dim, right: Dim): boolean {
  const asks = (one: Dim, other: Dim) => {
    const [term, ...more] = other.terms ?? [];
    const isSquare = more.length === 0 && term?.coefficient === 1 && term.factors.length === 1 && (term.factors[0]?.power ?? 1) > 1;
    const [side] = recordsOf(run, other);
    return isName(one) && isSquare && side?.role === 'argument' && !isWidth(called(side)) && namesFor(run, one).some(isWidth);
  };
  return asks(left, right) || asks(right, left);
}

/** Whether heads of another size than a part of the width would have to fill it: how wide a head is, the width has said. */
export function headsFillWidth(run: Run, left: Dim, right: Dim): boolean {
  const asks = (one: Dim, other: Dim) => {
    const [width, ...more] = recordsOf(run, one);
    const parts = recordsOf(run, other);
    const heads = parts.find((record) => record.role === 'argument' && isHeads(called(record)));
    if (width?.role !== 'argument' && width?.role !== 'data') return false;
    if (!isName(one) || more.length > 0 || !heads || other.terms?.length !== 1 || parts.length < 2) return false;
    const names = namesFor(run, one);
    const isOther = (record: SymbolRecord) => record === heads || (record.role === 'argument' && !isWidth(called(record)));
    return names.some(isWidth) && parts.every(isOther) && divides(symbol(heads.name), one, run.known.facts) === 'yes';
  };
  return asks(left, right) || asks(right, left);
}

/** What the user calls an input's last axis. */
const FEATURES = /^(c|d|e)$/i;

/** The names of arguments that a size is known to be, and its own where the code names an input's last axis so. */
const namesFor = (run: Run, dim: Dim): string[] => [...ofArguments(run, dim), ...ofFeatures(run, dim)];

function ofFeatures(run: Run, dim: Dim): string[] {
  const [record] = isName(dim) ? recordsOf(run, dim) : [];
  if (record?.role !== 'data' || !record.named || rankOf(run, record.input) < 3 || record.axis !== rankOf(run, record.input) - 1) return [];
  return FEATURES.test(record.name) ? ['dim'] : [record.name];
}

/** Whether the module is made with it. */
export const isArgument = (run: Run, dim: Dim): boolean => ofArguments(run, dim).length > 0;

const ofArguments = (run: Run, dim: Dim): string[] => argumentRecords(run, dim).map(called);

/** The arguments that a size is known to be. */
export const argumentsFor = (run: Run, dim: Dim): string[] => argumentRecords(run, dim).map(({ name }) => name);

const argumentRecords = (run: Run, dim: Dim): SymbolRecord[] =>
  [...run.symbols.values()].filter(
    (record) => record.role === 'argument' && same(simplify(symbol(record.name), run.known.facts), simplify(dim, run.known.facts)),
  );

/** What an argument is called that says how long or how large something is. */
const EXTENT = /len|seq|size|side|max|block|window|patch|image|token|time|step|height|width|num(?!.*head)|^[nlt]$/i;

/** Whether how long or how high an input is, whose channels are another axis, would have to be a number of heads or of a weight's channels. */
export function partMeetsLength(run: Run, left: Dim, right: Dim): boolean {
  const asks = (one: Dim, other: Dim) => {
    const [[length], [part]] = [recordsOf(run, one), recordsOf(run, other)];
    if (length?.role !== 'data' || !length.named || !length.axis || isWidth(length.name) || part?.role !== 'argument' || EXTENT.test(called(part)))
      return false;
    const others = [...run.symbols.values()].filter((record) => record.role === 'data' && record.input === length.input && record.axis !== length.axis);
    const isFeature = isArgument(run, one) || !others.some(({ name, axis }) => axis !== 0 && isArgument(run, symbol(name)));
    return !isFeature && rankOf(run, length.input) >= 3 && isMadeWide(run, part.name);
  };
  return isName(left) && isName(right) && (asks(left, right) || asks(right, left));
}

/** Whether some weight makes that many channels of others, or that many times others. */
const isMadeWide = (run: Run, name: string): boolean =>
  run.nodes.some(({ op, outputs }) => {
    const shape = op === 'parameter' ? (outputs[0]?.shape ?? []) : [];
    const isTimes = shape.some(
      (size) => size.terms?.length === 1 && size.terms[0]?.factors.length === 2 && symbolsOf(size).includes(name) && symbolsOf(size).length > 1,
    );
    return isTimes || (shape.length >= 3 && shape[0]?.text === name && shape[1]?.text !== name && symbolsOf(shape[1] ?? shape[0]).length > 0);
  });

/** Whether one input's samples times something would have to be another's so many times over. */
export function batchesTimes(run: Run, left: Dim, right: Dim): boolean {
  const [one, other] = [left, right].map((dim) => (dim.terms?.length === 1 ? dim.terms[0]?.coefficient : undefined));
  const holdsBatch = (dim: Dim) => recordsOf(run, dim).some(({ role, axis, input }) => role === 'data' && axis === 0 && rankOf(run, input) >= 3);
  return one !== undefined && other !== undefined && one !== other && holdsBatch(left) && holdsBatch(right);
}

/** Whether the batch times something would have to be one argument's doing: the batch varies. */
export function batchMakesArgument(run: Run, left: Dim, right: Dim): boolean {
  const asks = (one: Dim, other: Dim) => {
    const records = recordsOf(run, one);
    const batch = records.find((record) => record.role === 'data' && record.axis === 0 && record.named && rankOf(run, record.input) >= 3);
    const [only, ...more] = recordsOf(run, other);
    return batch !== undefined && one.terms?.length === 1 && records.length > 1 && only?.role === 'argument' && more.length === 0;
  };
  return asks(left, right) || asks(right, left);
}

/** Whether one input's batch would have to be another axis of an input of as many axes. */
export function batchMeetsOtherAxis(run: Run, left: Dim, right: Dim): boolean {
  if (!isName(left) || !isName(right)) return false;
  const [a] = recordsOf(run, left);
  const [b] = recordsOf(run, right);
  if (a?.role !== 'data' || b?.role !== 'data' || a.input === b.input) return false;
  const [rank, other] = [rankOf(run, a.input), rankOf(run, b.input)];
  const asks = (one: SymbolRecord, two: SymbolRecord) => one.axis === 0 && one.named && BATCH.test(one.name) && (two.axis ?? 0) > 0 && !BATCH.test(two.name);
  return rank >= 3 && rank === other && (asks(a, b) || asks(b, a));
}
