/** The words of a refusal, by key: other languages bring a catalogue of the same keys. */
import type { GraphNode } from '../graph/types';
import type { Refusal } from './types';

/** In English. `{name}` is filled from the refusal's args. */
export const REFUSALS = {
  sizeMissing: 'size `{symbol}` must be a whole number from 0 on',
  needBroken: '`{need}` does not hold: {left} against {right}',
  join: 'a branch on `{detail}` is not decided, so it cannot be executed',
  unknown: 'a step is not known, because {detail}',
  constant: 'the values of a constant are not known from the source',
  operator: 'there is no kernel for `{detail}`',
  setting: 'a setting of `{operator}` is not known',
  nothing: 'no result of it is a tensor that is known',
  output: 'a result is not known, because {detail}',
  shapeUnknown: 'the shape of `{name}` is not known',
  memory: 'it would hold {needed} bytes, more than the limit of {limit}',
  texture: 'a tensor of {shape} has {elements} values, more than a texture of this device holds ({limit})',
  weightMissing: 'weight `{name}` is missing',
  weightSpare: 'weight `{name}` belongs to nothing',
  weightShape: 'weight `{name}` has shape {given}, but {wanted} is needed',
  inputSpare: 'there is no input `{name}`',
  inputShape: 'input `{name}` has shape {given}, but {wanted} is needed',
  cancelled: 'it was cancelled',
  lost: 'the graphics device was lost',
  failed: '`{operator}` failed: {message}',
} as const;

export type RefusalKey = keyof typeof REFUSALS;

const CODES: { readonly [key in RefusalKey]: Refusal['code'] } = {
  sizeMissing: 'sizes',
  needBroken: 'sizes',
  join: 'unsupported',
  unknown: 'unsupported',
  constant: 'unsupported',
  operator: 'unsupported',
  setting: 'unsupported',
  nothing: 'unsupported',
  output: 'unsupported',
  shapeUnknown: 'unsupported',
  memory: 'memory',
  texture: 'texture',
  weightMissing: 'weights',
  weightSpare: 'weights',
  weightShape: 'weights',
  inputSpare: 'inputs',
  inputShape: 'inputs',
  cancelled: 'cancelled',
  lost: 'lost',
  failed: 'failed',
};

/** What a step is called; of one that is not known, what its reason names. */
function operatorOf({ api, op, attributes }: GraphNode): string {
  const named = typeof attributes.reason === 'string' ? /`([^`]+)`/.exec(attributes.reason)?.[1] : undefined;
  return api ?? named ?? op;
}

/** Makes a refusal, at a step where there is one. */
export function refuse(key: RefusalKey, args: Refusal['args'] = {}, node?: GraphNode): Refusal {
  const place = node ? { operator: operatorOf(node), node: node.id, place: node.span } : {};
  return { code: CODES[key], key, args, ...place };
}

/** The refusal in words. */
export function refusalText({ key, args }: Refusal, words: { readonly [key in RefusalKey]?: string } = REFUSALS): string {
  return (words[key] ?? REFUSALS[key]).replace(/\{(\w+)\}/g, (hole, name: string) => (Object.hasOwn(args, name) ? String(args[name]) : hole));
}

/** Carries a refusal out of nested steps; never leaves this room. */
export class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusalText(refusal));
    this.name = 'Refused';
  }
}
