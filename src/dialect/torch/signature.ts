/**
 * Signatures of the API, as text: `input, dim: axis = None, keepdim: keep = false, *, dtype: cast = None`.
 *
 * Each parameter is `name: kind as attribute = default`, in torch's order and under torch's names. Without a kind it is a tensor. `as` names the operator's
 * attribute where it is neither the kind's own nor the parameter's. After a lone `*` parameters are given by keyword only; `*shape: sizes` takes all that
 * is given by place, or one list of it; a last `**` lets any keyword pass. Kinds stand in kinds.ts. A signature is parsed once, when its table is loaded.
 */
import type { Attribute } from '../../ops/operator';
import { type Kind, kindOf } from './kinds';

/** One parameter. */
export interface Param {
  readonly name: string;
  readonly kind: Kind;
  /** The operator's name for the attribute; null where the operator does not want it. */
  readonly as: string | null;
  readonly optional: boolean;
  /** What stands for an argument that is left out; absent for `None` leaves it out too. */
  readonly fallback?: Attribute;
  readonly variadic: boolean;
  readonly keywordOnly: boolean;
}

/** The parameters, in order. */
export interface Signature {
  readonly text: string;
  readonly params: readonly Param[];
  /** Keywords that are no parameter's are taken too. */
  readonly anyKeyword: boolean;
}

/** Reads a signature. Mistakes in a table are mistakes of ours, and throw when it is loaded. */
export function signatureOf(text: string): Signature {
  const params: Param[] = [];
  let keywordOnly = false;
  for (const part of splitOutside(text)) {
    if (part === '*') keywordOnly = true;
    else if (part !== '**') {
      params.push(paramOf(part, keywordOnly));
      keywordOnly ||= part.startsWith('*');
    }
  }
  return { text, params, anyKeyword: text.endsWith('**') };
}

const PARAM = /^(\*?)(\w+)(?:\s*:\s*([\w+ ]*?)(?:\s+as\s+(\w+|-))?)?(?:\s*=\s*(.+))?$/;

function paramOf(text: string, keywordOnly: boolean): Param {
  const [, star = '', name = '', kindName = '', as, fallback] = PARAM.exec(text) ?? [];
  if (name === '') throw new Error(`This is no parameter: ${text}`);
  const kind = kindOf(kindName.trim() || 'tensor');
  const attribute = as ?? kind.as;
  const param = {
    name,
    kind,
    as: attribute === '-' || attribute === null ? null : (attribute ?? name),
    optional: fallback !== undefined,
    variadic: star === '*',
    keywordOnly,
  };
  return fallback === undefined || fallback === 'None' ? param : { ...param, fallback: fallbackOf(fallback) };
}

/** A default as written: JSON, or a word in single quotes. */
const fallbackOf = (text: string): Attribute => (text.startsWith("'") ? text.slice(1, -1) : (JSON.parse(text) as Attribute));

/** Parts between commas that stand outside brackets and quotes. */
function splitOutside(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const letter of text) {
    if (letter === '[') depth += 1;
    if (letter === ']') depth -= 1;
    if (letter === ',' && depth === 0) {
      parts.push(part.trim());
      part = '';
    } else part += letter;
  }
  if (part.trim() !== '') parts.push(part.trim());
  return parts;
}
