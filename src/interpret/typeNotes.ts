/** What a written type says of a parameter. */
import type { Parameter, TypeNote } from '../program/types';
import { evidenceOf, learnRank } from './evidence';
import type { Run } from './run';

/** Ranks of the library's types by name. */
const RANKED: { readonly [name: string]: number } = { Scalar: 0, Tensor1D: 1, Tensor2D: 2, Tensor3D: 3, Tensor4D: 4, Tensor5D: 5, Tensor6D: 6 };
const UNRANKED = new Set(['Tensor', 'TensorLike', 'Variable', 'SymbolicTensor']);

/** Notes a parameter's type: tensors with their rank, numbers, lists of tensors. */
export function typeEvidence(run: Run, path: string, parameter: Parameter): void {
  if (parameter.type) note(run, path, parameter.type);
}

function note(run: Run, path: string, type: TypeNote): void {
  const members = (type.members ?? []).filter((one) => one.text !== 'null' && one.text !== 'undefined');
  if (members.length > 0) {
    const [only] = members;
    if (members.length === 1 && only) note(run, path, only);
    return;
  }
  const name = type.name?.split('.').at(-1) ?? type.text;
  const rank = RANKED[name];
  if (rank !== undefined) learnRank(run.evidence, path, rank, 'said');
  else if (UNRANKED.has(name)) evidenceOf(run.evidence, path).kind ??= 'tensor';
  else if (name === 'number') evidenceOf(run.evidence, path).kind ??= 'number';
}
