/** Hovers: what is known of the tensor at a place. */
import { symbolsOf } from '../dim/index';
import { shapeAt } from '../graph/bind';
import { figure } from '../graph/cost';
import { exampleSizes } from '../graph/example';
import type { GraphNode, GraphSymbol, GraphType, ShapeGraph, ValueRef } from '../graph/types';
import { bytesOf, namesOf, refKey, tensorsOf, typeOf } from '../graph/values';
import type { Span } from '../program/types';
import { bytesText, rowText, shapeText } from './shapeText';
import type { FileAnalysis, Hover, ModuleAnalysis, View } from './types';

/** A tensor (or a list of them) that stands at a place of the text. */
interface Found {
  readonly module: ModuleAnalysis;
  readonly span: Span;
  readonly name?: string;
  readonly refs: readonly ValueRef[];
  readonly shape: string;
  /** Why it is not known, where it holds no tensor. */
  readonly reason?: string;
}

const isIn = ({ line, column, endLine, endColumn }: Span, atLine: number, atColumn: number): boolean =>
  (atLine > line || (atLine === line && atColumn >= column)) && (atLine < endLine || (atLine === endLine && atColumn <= endColumn));

/** Which of two spans is the narrower. */
const width = ({ line, column, endLine, endColumn }: Span): number => (endLine - line) * 10_000 + endColumn - column;

function rowsAt(module: ModuleAnalysis, at: (span: Span) => boolean): readonly Found[] {
  const { graph } = module;
  return graph.rows
    .filter(({ span, name }) => name !== 'return' && at(span))
    .map(({ span, name, value }) => ({
      module,
      span,
      name,
      refs: tensorsOf(value),
      shape: rowText(graph, value),
      ...(value.kind === 'unknown' && { reason: value.reason }),
    }));
}

function nodesAt(module: ModuleAnalysis, at: (span: Span) => boolean): readonly Found[] {
  const { graph } = module;
  const inputs = graph.inputs.map(({ name, span, ref }) => ({ name, span, refs: [ref] }));
  const steps = graph.nodes
    .filter(({ op }) => op !== 'input')
    .map(({ id, span, outputs }) => ({ span, refs: outputs.map((_, output) => ({ node: id, output })) }));
  return [...inputs, ...steps]
    .filter(({ span }) => at(span))
    .map((one) => ({ ...one, module, shape: one.refs.map((ref) => shapeText(typeOf(graph, ref))).join(', ') }));
}

/** What the step does, with the shapes of what it is given: `matmul([b, n, d], [b, d, n])`. */
function stepText(graph: ShapeGraph, node: GraphNode): string | undefined {
  if (['input', 'parameter', 'constant', 'unknown', 'join'].includes(node.op)) return undefined;
  const names = namesOf(graph);
  const operands = node.inputs.map((ref) => [names.get(refKey(ref)), shapeText(typeOf(graph, ref))].filter((part) => part !== undefined).join(' '));
  return `\`${node.api ?? node.op}\`: ${operands.map((operand) => `\`${operand}\``).join(', ')} → \`${node.outputs.map(shapeText).join(', ')}\``;
}

function exampleText({ graph, name }: ModuleAnalysis, type: GraphType, view: View): string | undefined {
  const example = exampleSizes(graph, view.sizesOf(name));
  if (!('sizes' in example) || symbolsOfType(type).length === 0) return undefined;
  const shape = shapeAt(type, example.sizes);
  const bytes = figure(bytesOf(type), example.sizes).value;
  const sizes = symbolsOfType(type).map((symbol) => `${symbol}=${example.sizes[symbol] ?? '?'}`);
  return shape && bytes !== undefined ? `\`[${shape.join(', ')}]\`, ${bytesText(bytes)} at ${sizes.join(', ')}` : undefined;
}

const symbolsOfType = ({ shape }: Pick<GraphType, 'shape'>): readonly string[] => [...new Set((shape ?? []).flatMap(symbolsOf))];

function symbolLines(graph: ShapeGraph, symbols: readonly string[]): readonly string[] {
  return graph.symbols.filter(({ name }) => symbols.includes(name)).map(({ name, origin }) => `\`${name}\`: ${origin}`);
}

function linesOf({ module, name, refs, shape, reason }: Found, view: View): readonly string[] {
  const { graph } = module;
  const types = refs.map((ref) => typeOf(graph, ref)).filter((type) => type !== undefined);
  const only = types.length === 1 ? types[0] : undefined;
  const node = refs[0] && graph.nodes[refs[0].node];
  const symbols = [...new Set(types.flatMap(symbolsOfType))];
  const unknown = reason ?? types.find((type) => type.unknown !== undefined)?.unknown;
  const needs = graph.needs.map(({ text }) => `\`${text}\``);
  const lines = [
    `**${name === undefined ? '' : `${name}: `}${shape}** ${[...new Set(types.map(({ dtype }) => dtype))].join(', ')}`,
    unknown === undefined ? undefined : `unknown, because ${unknown}`,
    node && stepText(graph, node),
    only && exampleText(module, only, view),
    symbolLines(graph, symbols).join('  \n'),
    needs.length > 0 ? `needs ${needs.join(', ')}` : undefined,
  ];
  return lines.filter((line) => line !== undefined && line !== '').map(String);
}

/** Where a symbol was born: at its argument, or at the input that has an axis of that size. */
function birthOf(graph: ShapeGraph, symbol: GraphSymbol): Span | undefined {
  return symbol.span ?? graph.inputs.find(({ ref }) => symbolsOfType(typeOf(graph, ref) ?? { shape: null }).includes(symbol.name))?.span;
}

function bornOf(graph: ShapeGraph, symbols: readonly string[]): Hover['born'] {
  const births = graph.symbols.filter(({ name }) => symbols.includes(name)).map((symbol) => ({ size: symbol.name, span: birthOf(graph, symbol) }));
  return births.flatMap(({ size, span }) => (span ? [{ size, span }] : []));
}

function hoverOf(found: readonly Found[], view: View): Hover | null {
  const [first] = found;
  if (!first) return null;
  const { graph } = first.module;
  const symbols = first.refs.flatMap((ref) => symbolsOfType(typeOf(graph, ref) ?? { shape: null }));
  const others = [...new Set(found.map(({ shape }) => shape))].filter((shape) => shape !== first.shape);
  const also = others.length > 0 ? [`also ${others.map((shape) => `\`${shape}\``).join(', ')}`] : [];
  return {
    span: first.span,
    lines: [...linesOf(first, view), ...also],
    ...(first.reason === undefined && { shape: first.shape }),
    born: bornOf(graph, symbols),
  };
}

/** What is known of the place: of the name that is assigned there, else of the narrowest expression around it. */
export function hoverAt(analysis: FileAnalysis, line: number, column: number, view: View): Hover | null {
  const at = (span: Span): boolean => span.file === analysis.file && isIn(span, line, column);
  const rows = analysis.modules.flatMap((module) => rowsAt(module, at));
  const all = rows.length > 0 ? rows : analysis.modules.flatMap((module) => nodesAt(module, at));
  const least = Math.min(...all.map(({ span }) => width(span)));
  return hoverOf(
    all.filter(({ span }) => width(span) === least),
    view,
  );
}
