/** The key/value cache of a module in numbers and words. */
import { type Dim, evaluate } from '../dim/index';
import type { Sizes } from '../graph/bind';
import { type CostFigure, figure } from '../graph/cost';
import { readable } from '../graph/formula';
import { type KeyValueCache, keyValueCache } from '../graph/keyValueCache';
import { bytesText } from '../graph/quantities';
import type { ShapeGraph } from '../graph/types';
import type { Span } from '../program/types';

export interface CacheFigures {
  /** Bytes for one more token of one sample. */
  readonly perToken: CostFigure;
  /** How many tokens are kept, and what they take, all samples together. */
  readonly tokens: number | undefined;
  readonly bytes: CostFigure;
  readonly keyValueHeads: number | undefined;
  readonly queryHeads: number | undefined;
  readonly span: Span;
}

/** The cache of a module at sizes, in the module's own symbols where they tell it; undefined where it keeps none. `at` is its graph at the sizes. */
export function cacheFigures(graph: ShapeGraph, at: ShapeGraph, sizes: Sizes | undefined): CacheFigures | undefined {
  const found = keyValueCache(at);
  const cache = found && (symbolic(graph, at, found, sizes) ?? found);
  const number = (size: Dim | undefined): number | undefined => (size && sizes ? evaluate(size, sizes) : undefined);
  return (
    cache && {
      perToken: figure(cache.perToken, sizes),
      tokens: number(cache.tokens),
      bytes: figure(cache.bytes, sizes),
      keyValueHeads: number(cache.heads?.keyValue),
      queryHeads: number(cache.heads?.query),
      span: cache.span,
    }
  );
}

/** The same from symbols alone, where it comes to the same bytes. */
function symbolic(graph: ShapeGraph, at: ShapeGraph, found: KeyValueCache, sizes: Sizes | undefined): KeyValueCache | undefined {
  const other = graph === at ? undefined : keyValueCache(graph);
  const isSame = (key: 'perToken' | 'bytes'): boolean =>
    other !== undefined && sizes !== undefined && evaluate(other[key], sizes) === evaluate(found[key], sizes);
  return isSame('perToken') && isSame('bytes') ? other : undefined;
}

/** `2 of 8 heads: 4× smaller than with all; 16.0 KiB for 32 tokens`. */
export function cacheWords({ tokens, bytes, keyValueHeads: kept, queryHeads: all }: CacheFigures): string {
  const heads =
    kept === undefined || all === undefined ? '' : kept === all ? `all ${all} heads` : `${kept} of ${all} heads: ${ratio(all / kept)}× smaller than with all`;
  const whole = tokens === undefined || bytes.value === undefined ? '' : `${bytesText(bytes.value)} for ${tokens} tokens`;
  return [heads, whole].filter((part) => part !== '').join('; ');
}

/** Bytes per token as they are best read: by the names of the code where heads do not make up a size of the input. */
export function perTokenText({ perToken }: CacheFigures, graph: ShapeGraph): string {
  const { text } = readable(perToken.formula, graph);
  return text.includes('//') ? perToken.formula.replaceAll('*', '·') : text;
}

const ratio = (value: number): string => String(Number(value.toFixed(1)));
