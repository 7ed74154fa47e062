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
  weightType: 'weight `{name}` holds {given}, but {wanted} is needed',
  inputSpare: 'there is no input `{name}`',
  inputType: 'input `{name}` holds {given}, but {wanted} is needed',
  inputShape: 'input `{name}` has shape {given}, but {wanted} is needed',
  fileOther: '{file} is a {format} file, no safetensors file',
  fileShort: '{file} is not a safetensors file: it is too short',
  fileHeader: '{file} is not a safetensors file: its header is longer than the file',
  fileJson: '{file} is not a safetensors file: its header is not JSON',
  fileObject: '{file} is not a safetensors file: its header is not an object',
  fileDtype: '`{name}` in {file} has the type {dtype}, which is not read',
  fileShape: '`{name}` in {file} has no shape',
  fileOffsets: '`{name}` in {file} has no offsets',
  fileBytes: '`{name}` in {file} does not have as many bytes as its shape and type take',
  fileBeyond: '`{name}` in {file} ends beyond the file',
  filePlaces: '`{name}` in {file} does not begin where the tensor before it ends',
  fileRest: '{file} holds {bytes} bytes more than its tensors take',
  fileInteger: '`{name}` in {file} holds a whole number of more than 32 bits',
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
  weightType: 'weights',
  inputSpare: 'inputs',
  inputShape: 'inputs',
  inputType: 'inputs',
  fileOther: 'file',
  fileShort: 'file',
  fileHeader: 'file',
  fileJson: 'file',
  fileObject: 'file',
  fileDtype: 'file',
  fileShape: 'file',
  fileOffsets: 'file',
  fileBytes: 'file',
  fileBeyond: 'file',
  filePlaces: 'file',
  fileRest: 'file',
  fileInteger: 'file',
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

/** Several refusals as one: the first, with the others behind it; undefined where there is none. */
export function together([first, ...others]: readonly Refusal[]): Refusal | undefined {
  return first && (others.length > 0 ? { ...first, others } : first);
}

/** The refusal in words, all that it is about one after the other. */
export function refusalText({ key, args, others = [] }: Refusal, words: { readonly [key in RefusalKey]?: string } = REFUSALS): string {
  const own = (words[key] ?? REFUSALS[key]).replace(/\{(\w+)\}/g, (hole, name: string) => (Object.hasOwn(args, name) ? String(args[name]) : hole));
  return [own, ...others.map((other) => refusalText(other, words))].join('; ');
}

/** Carries a refusal out of nested steps; never leaves this room. */
export class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusalText(refusal));
    this.name = 'Refused';
  }
}
