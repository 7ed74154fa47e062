/** What a module needs of its inputs and arguments, and where its own defaults break that. */
import { asConstant, evaluate, symbolsOf } from '../dim/index';
import type { GraphNeed, ShapeGraph } from '../graph/types';
import { typeOf } from '../graph/values';
import type { Assumption, Mention } from '../interpret/index';
import type { Span } from '../program/types';
import { guessesIn } from './assumptions';
import { shapeText } from './shapeText';
import type { Diagnostic, Words } from './types';
import { say } from './words/index';

type Related = Diagnostic['related'][number];
type Defaults = ReadonlyMap<string, number>;

const related = (span: Span, words: Words): Related => ({ span, message: say(words.code, words.args), words });

/** A module's findings with what it needs: where the defaults break a need, the warning that it holds by chance says no more. */
export function withNeeds(
  findings: readonly Diagnostic[],
  graph: ShapeGraph,
  module: string,
  mentions: readonly Mention[],
  assumed: readonly Assumption[],
): Diagnostic[] {
  const broken = brokenDefaults(graph, module, mentions, assumed);
  const places = new Set(broken.map(({ span }) => placeOf(span)));
  return [
    ...oncePerPlace(findings).filter(({ severity, span }) => severity !== 'warning' || !places.has(placeOf(span))),
    ...broken,
    ...needsOf(graph, module, assumed),
  ];
}

/** What follows from an error at the very same place says no more. */
function oncePerPlace(findings: readonly Diagnostic[]): readonly Diagnostic[] {
  const failed = new Set<string>();
  return findings.filter(({ severity, span }) => {
    const place = placeOf(span);
    if (failed.has(place)) return false;
    if (severity === 'error') failed.add(place);
    return true;
  });
}

const placeOf = ({ file, line, column, endLine, endColumn }: Span): string => [file, line, column, endLine, endColumn].join(':');

/** What the module needs, on its name. */
function needsOf(graph: ShapeGraph, module: string, assumed: readonly Assumption[]): Diagnostic[] {
  if (graph.needs.length === 0) return [];
  const guesses = guessesIn(graph.needs, graph, assumed);
  const words = { code: 'needs', args: { needs: graph.needs.map((need) => need.text).join(', '), ...(guesses !== '' && { guesses }) } };
  const places = graph.needs.map((need) => related(need.span, { code: 'need', args: { need: need.text } }));
  return [{ span: graph.span, severity: 'information', code: 'needs', module, message: say(words.code, words.args), words, related: places }];
}

/** Defaults that are used together and break a need. */
function brokenDefaults(graph: ShapeGraph, module: string, mentions: readonly Mention[], assumed: readonly Assumption[]): Diagnostic[] {
  const defaults: Defaults = new Map(
    graph.symbols.flatMap(({ role, name, example }) => (role === 'argument' && example !== undefined ? [[name, example] as const] : [])),
  );
  const isGuessed = assumed.some(({ kind }) => kind === 'rank');
  // What is left of a tensor's elements is 1 where it was taken for one of fewer axes.
  const isOfRank = ({ relation, right }: GraphNeed): boolean => isGuessed && relation === 'divides' && asConstant(right) === 1;
  return graph.needs.filter((need) => breaks(need, defaults) && !isOfRank(need)).map((need) => brokenNeed(graph, module, mentions, need, defaults));
}

const symbolsIn = ({ left, right }: GraphNeed): readonly string[] => [...new Set([...symbolsOf(left), ...symbolsOf(right)])];

function breaks(need: GraphNeed, defaults: Defaults): boolean {
  const names = symbolsIn(need);
  if (names.length === 0 || names.some((name) => !defaults.has(name))) return false;
  const [left, right] = [evaluate(need.left, Object.fromEntries(defaults)), evaluate(need.right, Object.fromEntries(defaults))];
  if (left === undefined || right === undefined) return false;
  if (need.relation === '==') return left !== right;
  return need.relation === '<=' ? left > right : left > 0 && right % left !== 0;
}

function brokenNeed(graph: ShapeGraph, module: string, mentions: readonly Mention[], need: GraphNeed, defaults: Defaults): Diagnostic {
  const names = symbolsIn(need);
  const values = names.map((name) => `${name} = ${defaults.get(name)}`).join(', ');
  const words = { code: 'defaults-break', args: { need: need.text, values, ...stepAt(graph, need.span) } };
  const places = names.flatMap((name) => {
    const span = firstNamed(mentions, name);
    return span ? [related(span, { code: 'born-default', args: { name, value: defaults.get(name) ?? '' } })] : [];
  });
  return { span: need.span, severity: 'error', code: 'defaults-break', module, message: say(words.code, words.args), words, related: places };
}

/** The call that needs it, and on what. */
function stepAt(graph: ShapeGraph, { line, column, endLine, endColumn, file }: Span): { readonly api: string; readonly shapes: string } | undefined {
  const node = graph.nodes.find(
    ({ span, api }) => api && span.line === line && span.column === column && span.endLine === endLine && span.endColumn === endColumn && span.file === file,
  );
  return node?.api === undefined ? undefined : { api: node.api, shapes: node.inputs.map((ref) => shapeText(typeOf(graph, ref))).join(' and ') };
}

/** Where a size is first named by itself: an argument's own place. */
export function firstNamed(mentions: readonly Mention[], symbol: string): Span | undefined {
  const found = mentions.filter(({ name, held }) => name !== undefined && held.some((one) => one.kind === 'size' && one.size.text === symbol));
  return found.map(({ span }) => span).sort((a, b) => a.line - b.line || a.column - b.column)[0];
}
