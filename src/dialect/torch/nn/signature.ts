/** Python signatures as the library's pages write them, and the binding of a call's arguments to their names. */
import { type Arguments, boolean, type Host, list, NULL, number, string, unknown, type Value } from '../../common/values';

/** One parameter; without a fallback it must be given. */
interface Parameter {
  readonly name: string;
  readonly fallback?: Value;
}

/** A parsed signature. */
export interface Signature {
  readonly parameters: readonly Parameter[];
  /** How many of them may be given by position. */
  readonly positional: number;
  /** The name of `*args`. */
  readonly rest?: string;
  /** `**kwargs` takes what has no name here. */
  readonly open: boolean;
}

/** Arguments by name, or why they are not known. */
export type BoundNames = { readonly values: ReadonlyMap<string, Value> } | { readonly failed: string };

const parsed = new Map<string, Signature>();

/** The signature of a text such as `in_features, out_features, bias=True, *, device=None`. */
export function signatureOf(text: string): Signature {
  const known = parsed.get(text) ?? parse(text);
  parsed.set(text, known);
  return known;
}

function parse(text: string): Signature {
  const parameters: Parameter[] = [];
  let [positional, rest, open]: [number | undefined, string | undefined, boolean] = [undefined, undefined, false];
  for (const part of splitAtCommas(text)) {
    if (part.startsWith('**')) open = true;
    else if (part.startsWith('*')) {
      positional ??= parameters.length;
      if (part.length > 1) rest = part.slice(1);
    } else {
      const [name = '', fallback] = part.split('=');
      parameters.push(fallback === undefined ? { name } : { name, fallback: literal(fallback) });
    }
  }
  return { parameters, positional: positional ?? parameters.length, open, ...(rest === undefined ? {} : { rest }) };
}

/** Parts at commas that stand in no parentheses. */
function splitAtCommas(text: string): string[] {
  return text
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function literal(text: string): Value {
  if (text === 'None') return NULL;
  if (text === 'True' || text === 'False') return boolean(text === 'True');
  if (/^['"]/.test(text)) return string(text.slice(1, -1));
  // A class of torch.nn by its name: what makes it looks it up.
  if (text.startsWith('nn.')) return string(text);
  if (text.startsWith('(')) return list(splitAtCommas(text.slice(1, -1)).map(literal), true);
  return number(Number(text));
}

/** Binds as Python does. What Python refuses with a TypeError is reported. */
export function bindNames(signature: Signature, args: Arguments, host: Host): BoundNames {
  const values = new Map<string, Value>();
  const { parameters, positional, rest } = signature;
  args.positional.slice(0, positional).forEach((value, at) => {
    const parameter = parameters[at];
    if (parameter) values.set(parameter.name, value);
  });
  const more = args.positional.slice(positional);
  if (rest !== undefined) values.set(rest, list(more, true));
  else if (more.length > 0) return refuse(host, args, 'too-many-arguments', { api: args.api, count: args.positional.length, most: positional });
  for (const [name, value] of args.named) {
    const isKnown = parameters.some((parameter) => parameter.name === name);
    if (isKnown && values.has(name)) return refuse(host, args, 'repeated-argument', { api: args.api, name });
    if (!isKnown && !signature.open) return refuse(host, args, 'unexpected-argument', { api: args.api, name });
    values.set(name, value);
  }
  return withFallbacks(signature, values, args, host);
}

function withFallbacks(signature: Signature, values: Map<string, Value>, args: Arguments, host: Host): BoundNames {
  for (const { name, fallback } of signature.parameters) {
    if (values.has(name)) continue;
    // What may be among arguments that are not known has no default.
    const lacking = fallback === undefined && args.outside ? 'not all that it takes is given here' : undefined;
    const reason = args.open ?? args.openNames ?? lacking;
    if (reason !== undefined) values.set(name, unknown(reason));
    else if (fallback !== undefined) values.set(name, fallback);
    else return refuse(host, args, 'missing-argument', { api: args.api, name });
  }
  return { values };
}

function refuse(host: Host, args: Arguments, code: string, words: { readonly [name: string]: string | number }): BoundNames {
  const reason = args.open ?? args.openNames;
  if (reason !== undefined) return { failed: reason };
  host.report({ code, severity: 'error', span: args.span, args: words });
  return { failed: `the call of \`${args.api}\` fails` };
}
