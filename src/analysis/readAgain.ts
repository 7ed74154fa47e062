/** A module that has been read is read again: at numbers for its arguments, in another number type, in the other mode. */
import type { ShapeGraph } from '../graph/types';
import type { Reading } from '../interpret/index';
import type { ChosenSizes, ModuleAnalysis, Precision } from './types';

/** How it is read; what is not said stays as it was. */
export interface Again {
  readonly sizes?: ChosenSizes;
  readonly precision?: Precision;
  readonly training?: boolean;
}

/** What reads a module again, in which mode it was read, and whether it asks for that. */
export interface Reader {
  readonly read: (again: Again) => Reading;
  readonly training: boolean;
  readonly asksMode: boolean;
}

/** Keeps what reads a module again. */
export const keepReader = (module: ModuleAnalysis, reader: Reader): void => void READERS.set(module, reader);

/**
 * The graph to price and to run at sizes: where a branch or a loop over an argument was not decided, it is read again with the arguments' numbers; and
 * in another number type than float32 it is read again in it. Under tfjs number types have no part.
 */
export function graphAt(module: ModuleAnalysis, sizes: ChosenSizes, precision: Precision = 'float32'): ShapeGraph {
  const { graph } = module;
  const isOpen = hangsOnArguments(graph, module.assumed);
  const typed = graph.runtime === 'torch' ? precision : 'float32';
  if (!isOpen && typed === 'float32') return graph;
  // The arguments that decide it are enough, as a rule: formulas keep the others.
  const deciding = isOpen ? decidingSymbols(module) : [];
  const first = readAt(module, { precision: typed, ...fixedTo(deciding, sizes) });
  return !isOpen || deciding.length === fixedSymbols(module).length || !hangsOnArguments(first.graph, first.assumed)
    ? first.graph
    : readAt(module, { precision: typed, ...fixedTo(fixedSymbols(module), sizes) }).graph;
}

/** The module as it is read in a number type: every value in it has the type that it gets there. */
export function moduleIn(module: ModuleAnalysis, precision: Precision = 'float32'): ModuleAnalysis {
  const reader = READERS.get(module);
  return precision === 'float32' || module.graph.runtime !== 'torch' || !reader ? module : readAs(module, reader, { precision });
}

/** The module as it is in training, or in evaluation: the very same where nothing in it asks for the mode. */
export function moduleInMode(module: ModuleAnalysis, training: boolean): ModuleAnalysis {
  const reader = READERS.get(module);
  return !reader?.asksMode || reader.training === training ? module : readAs(module, reader, { training });
}

/** The module under what stays the same however it is read again. */
function readAs(module: ModuleAnalysis, reader: Reader, fixed: Again): ModuleAnalysis {
  const known = AS.get(module) ?? new Map<string, ModuleAnalysis>();
  AS.set(module, known);
  const key = JSON.stringify(fixed);
  const found = known.get(key);
  if (found) return found;
  const { graph, assumed, mentions } = readAt(module, fixed);
  const made: ModuleAnalysis = { ...module, graph, mentions, ...(assumed && { assumed }) };
  READERS.set(made, { ...reader, training: fixed.training ?? reader.training, read: (again) => reader.read({ ...again, ...fixed }) });
  known.set(key, made);
  return made;
}

/** Modules as they are read in number types and modes. */
const AS = new WeakMap<ModuleAnalysis, Map<string, ModuleAnalysis>>();

type ReadAgain = Pick<ModuleAnalysis, 'graph' | 'assumed' | 'mentions'>;

/** Whether a branch or a loop is not decided, or is by an argument's default alone. */
const hangsOnArguments = (graph: ShapeGraph, assumed: ModuleAnalysis['assumed']): boolean =>
  graph.nodes.some((node) => node.op === 'join' || node.times !== undefined) || (assumed?.some(({ kind }) => kind === 'side') ?? false);

/** Arguments that a test or a count of turns speaks of; all where none is named. */
function decidingSymbols(module: ModuleAnalysis): readonly string[] {
  const sides = (module.assumed ?? []).flatMap((one) => (one.kind === 'side' && one.name !== undefined ? [one.name] : []));
  const tests = module.graph.nodes.flatMap(({ attributes, times }) => [attributes.condition, times].filter((text) => typeof text === 'string'));
  const words = new Set([...sides, ...tests].flatMap((text) => text.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? []));
  const all = fixedSymbols(module);
  const named = all.filter((name) => words.has(name.split('.').at(-1) ?? name));
  return named.length > 0 ? named : all;
}

const fixedTo = (names: readonly string[], sizes: ChosenSizes): Pick<Again, 'sizes'> =>
  names.length === 0 ? {} : { sizes: Object.fromEntries(names.flatMap((name) => (sizes[name] === undefined ? [] : [[name, sizes[name]]]))) };

function readAt(module: ModuleAnalysis, again: Again): ReadAgain {
  const key = JSON.stringify(again);
  const readings = AT.get(module) ?? new Map<string, ReadAgain>();
  AT.set(module, readings);
  const known = readings.get(key);
  if (known) return known;
  const { graph, mentions } = module;
  const reading = READERS.get(module)?.read(again);
  const made: ReadAgain = reading
    ? { graph: { ...reading.graph, name: graph.name, span: graph.span }, assumed: reading.assumed, mentions: reading.mentions }
    : { graph, mentions };
  if (readings.size >= MOST_GRAPHS) for (const first of [...readings.keys()].slice(0, 1)) readings.delete(first);
  readings.set(key, made);
  return made;
}

/** So many settings of a module are kept: a panel asks for several in turn. */
const MOST_GRAPHS = 24;

/** The arguments that a graph at sizes is fixed to. */
export const fixedSymbols = ({ graph }: ModuleAnalysis): readonly string[] => graph.symbols.flatMap(({ name, role }) => (role === 'argument' ? [name] : []));

const AT = new WeakMap<ModuleAnalysis, Map<string, ReadAgain>>();
const READERS = new WeakMap<ModuleAnalysis, Reader>();
