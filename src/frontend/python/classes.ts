/** Classes. */
import type { ClassDefinition, ClassField, Expression, FunctionDefinition, Statement } from '../../program/types';
import { present, unread } from '../common/nodes';
import { docNode, docOf } from './functions';
import { HOLE, MISSING, type Reader } from './reader';
import { child, type Node, named, ofType, textOf } from './tree';

/** The definition of a class. */
export function classOf(reader: Reader, node: Node, decorators: readonly Node[] = []): ClassDefinition {
  const nameNode = child(node, 'name');
  const body = child(node, 'body');
  const span = reader.span(node);
  const methods: FunctionDefinition[] = [];
  const fields: ClassField[] = [];
  const rest: Statement[] = [];
  const doc = docNode(body);
  for (const member of body?.children ?? []) {
    if (!member.named || member === doc) continue;
    const method = methodOf(reader, member);
    if (method === 'none') continue;
    const field = method ? undefined : fieldOf(reader, member);
    if (method) methods.push(method);
    else if (field) fields.push(field);
    else rest.push(...reader.block({ ...member, type: 'block', children: [member] }));
  }
  return present<ClassDefinition>({
    name: nameNode ? textOf(nameNode) : '',
    bases: basesOf(reader, child(node, 'superclasses')),
    methods,
    fields,
    decorators: decorators.flatMap((decorator) => named(decorator).slice(0, 1).map(reader.expression)),
    body: rest,
    doc: docOf(body),
    span,
    nameSpan: nameNode ? reader.span(nameNode) : { ...span, endLine: span.line, endColumn: span.column },
  });
}

function basesOf(reader: Reader, node: Node | undefined): Expression[] {
  return named(node ?? EMPTY)
    .filter(({ type }) => type !== 'keyword_argument' && type !== 'dictionary_splat')
    .map((base) => {
      const span = reader.span(base);
      if (base.type === 'list_splat') return unread('a starred base is not read', span);
      return base.type === 'identifier' && textOf(base) === HOLE ? unread(MISSING, span) : reader.expression(base);
    });
}

const EMPTY: Node = { type: '', named: false, field: undefined, start: 0, end: 0, source: { text: '', original: () => 0 }, children: [] };

/** The method that a member is; 'none' for what only takes a property away. */
function methodOf(reader: Reader, member: Node): FunctionDefinition | 'none' | undefined {
  const decorated = member.type === 'decorated_definition';
  const definition = decorated ? child(member, 'definition') : member;
  if (definition?.type !== 'function_definition') return undefined;
  const decorators = decorated ? named(member).filter(({ type }) => type === 'decorator') : [];
  const name = child(definition, 'name');
  if (name && decorators.some((decorator) => textOf(decorator).replace(/\s+/g, '') === `@${textOf(name)}.deleter`)) return 'none';
  return reader.function(definition, { decorators, inClass: true });
}

/** `x = e`, `x: T = e`, `x: T`. */
function fieldOf(reader: Reader, member: Node): ClassField | undefined {
  const [assignment, more] = member.type === 'expression_statement' ? named(member) : [];
  if (assignment?.type !== 'assignment' || more) return undefined;
  const target = child(assignment, 'left');
  const value = child(assignment, 'right');
  if (target?.type !== 'identifier' || value?.type === 'assignment' || value?.type === 'augmented_assignment') return undefined;
  return present<ClassField>({
    name: textOf(target),
    static: true,
    value: value && reader.expression(value),
    type: reader.type(child(assignment, 'type') ?? ofType(assignment, 'type')),
    span: reader.span(assignment),
  });
}
