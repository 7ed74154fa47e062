/** Members of tensors: methods, and what a tensor tells of itself. */
import { entry, type Host, list, shapeValue, type TensorValue, type Value } from '../common/values';
import { METHODS } from './functional/index';
import { lineMethod } from './line';

type Member = (tensor: TensorValue, host: Host) => Value;

/** `x.shape`: a tuple. */
const shapeTuple = (tensor: TensorValue): Value => {
  const shape = shapeValue(tensor);
  return shape.kind === 'list' ? { ...list(shape.items, true), shapeOf: tensor } : shape;
};

const MEMBERS: Readonly<Record<string, Member>> = {
  shape: shapeTuple,
};

/** A member of a tensor; undefined where tensors have none of that name. */
export function tensorMember(tensor: TensorValue, name: string, host: Host): Value | undefined {
  const member = entry(MEMBERS, name);
  if (member !== undefined) return member(tensor, host);
  const line = entry(METHODS, name);
  return line && lineMethod(tensor, name, line);
}
