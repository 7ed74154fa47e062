/** Where sizes come from: the axis of an input, an argument, or the step that made them. */
import { asConstant, format, isName, isUnknown, symbolsOf } from '../dim/index';
import type { GraphSymbol, ShapeGraph, ValueRef } from '../graph/types';
import { refKey, typeOf } from '../graph/values';
import { bornAt, type Held } from '../interpret/index';
import type { Span } from '../program/types';
import { firstNamed } from './needs';
import { lineText } from './shapeText';
import type { Hover, ModuleAnalysis } from './types';

/** More sizes than this made a hover longer than it helps. */
const MOST_MADE = 4;

const hasAxis = (graph: ShapeGraph, ref: ValueRef, symbol: string): boolean =>
  (typeOf(graph, ref)?.shape ?? []).some((size) => symbolsOf(size).includes(symbol));

/** Where a symbol was born: where the argument is named, or at the input that has an axis of that size. */
function birthOf(module: ModuleAnalysis, { name, role, span }: GraphSymbol): Span | undefined {
  if (span) return span;
  const input = module.graph.inputs.find(({ ref }) => hasAxis(module.graph, ref, name))?.span;
  const named = firstNamed(module.mentions, name);
  return role === 'argument' ? (named ?? input) : (input ?? named);
}

/** Where each of these symbols was born. */
export function birthsOf(module: ModuleAnalysis, symbols: readonly string[]): Hover['born'] {
  const births = module.graph.symbols.filter(({ name }) => symbols.includes(name)).map((symbol) => ({ size: symbol.name, span: birthOf(module, symbol) }));
  return births.flatMap(({ size, span }) => (span ? [{ size, span }] : []));
}

function symbolText(module: ModuleAnalysis, symbol: GraphSymbol): string {
  const { name, origin, role, example } = symbol;
  const place = role === 'argument' ? birthOf(module, symbol) : undefined;
  const fallback = role === 'argument' && example !== undefined ? `, ${example} by default` : '';
  return `\`${name}\`: ${origin === `argument \`${name}\`` ? 'argument' : origin}${fallback}${place === undefined ? '' : `, ${lineText(place, module.span)}`}`;
}

/** Where each of these symbols comes from. */
export const symbolTexts = (module: ModuleAnalysis, symbols: readonly string[]): readonly string[] =>
  module.graph.symbols.filter(({ name }) => symbols.includes(name)).map((symbol) => symbolText(module, symbol));

/** The step that made a size which is no symbol. */
function madeTexts({ graph }: ModuleAnalysis, held: Held, at: Span): readonly string[] {
  if (held.kind !== 'tensor') return [];
  const inputs = new Set(graph.inputs.map(({ ref }) => refKey(ref)));
  const texts = (typeOf(graph, held.ref)?.shape ?? []).map((size, axis) => {
    const isPlain = isUnknown(size) || asConstant(size) === 1 || isName(size);
    const birth = isPlain ? undefined : bornAt(graph.nodes, held.ref, axis);
    if (!birth || birth.span.line === at.line || birth.kind === 'input' || birth.kind === 'constant') return undefined;
    return `\`${format(size)}\`: ${birth.kind === 'weight' ? 'the weight ' : ''}\`${birth.api}\`, ${lineText(birth.span, at)}`;
  });
  return inputs.has(refKey(held.ref)) ? [] : [...new Set(texts.filter((text) => text !== undefined))].slice(0, MOST_MADE);
}

/** Where the sizes of a value come from, in one line. */
export function originsOf(module: ModuleAnalysis, held: Held, symbols: readonly string[], at: Span): string {
  return [...symbolTexts(module, symbols), ...madeTexts(module, held, at)].join(' · ');
}
