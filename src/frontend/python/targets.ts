/** What can be assigned to. */
import type { Target, TargetElement } from '../../program/types';
import { indexOf, isSpread } from './expressions';
import { HOLE, type Reader } from './reader';
import { child, type Node, named, textOf } from './tree';

const SEQUENCES = /^(?:pattern_list|tuple_pattern|list_pattern|tuple|list|expression_list)$/;
const STARS = /^(?:list_splat_pattern|list_splat|parenthesized_list_splat)$/;

/** The target that a node is. */
export function targetOf(reader: Reader, node: Node): Target {
  return reader.nested(
    () => readTarget(reader, node),
    () => ({ kind: 'name', name: '', span: reader.span(node) }),
  );
}

function readTarget(reader: Reader, node: Node): Target {
  const span = reader.span(node);
  if (node.type === 'identifier') return { kind: 'name', name: textOf(node) === HOLE ? '' : textOf(node), span };
  if (node.type === 'attribute') {
    const [object, name] = [child(node, 'object'), child(node, 'attribute')];
    if (object && name && textOf(name) !== HOLE) return { kind: 'attribute', object: reader.expression(object), name: textOf(name), span };
  }
  if (node.type === 'subscript') {
    const object = child(node, 'value');
    if (object) return { kind: 'subscript', object: reader.expression(object), index: indexOf(reader, node), span };
  }
  if (SEQUENCES.test(node.type)) return { kind: 'sequence', elements: named(node).map((item) => elementOf(reader, item)), span };
  const [inner] = named(node);
  if (/^(?:parenthesized_expression|as_pattern_target)$/.test(node.type) && inner) return targetOf(reader, inner);
  return { kind: 'name', name: '', span };
}

function elementOf(reader: Reader, node: Node): TargetElement {
  const [inner] = named(node);
  if (STARS.test(node.type) && inner) return { target: targetOf(reader, inner), rest: true };
  return isSpread(node) ? { target: targetOf(reader, node), rest: true } : { target: targetOf(reader, node) };
}

/** The names that a target binds. */
export function namesIn(target: Target): string[] {
  if (target.kind === 'name') return [target.name];
  return target.kind === 'sequence' ? target.elements.flatMap((element) => (element ? namesIn(element.target) : [])) : [];
}
