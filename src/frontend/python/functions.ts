/** Functions, methods and lambdas. */
import type { FunctionDefinition, Parameter, Statement } from '../../program/types';
import { present } from '../common/nodes';
import { plainText } from './literals';
import { HOLE, type Reader } from './reader';
import { child, hasMark, type Node, named, ofType, textOf } from './tree';

interface How {
  readonly decorators?: readonly Node[];
  readonly inClass?: boolean;
}

/** Methods that have the class for their receiver without being said to. */
const OF_CLASS = new Set(['__new__', '__init_subclass__', '__class_getitem__']);

/** What a decorator makes of a method. */
interface Part {
  readonly role?: FunctionDefinition['role'];
  readonly static?: boolean;
  readonly free?: boolean;
}

/** What the decorators that Python itself knows make of a method; undefined for any other. */
function partOf(decorator: Node, name: string): Part | undefined {
  const [inner] = named(decorator);
  const text = inner ? textOf(inner).replace(/\s+/g, '') : '';
  if (/^(?:abc\.)?(?:abstract)?staticmethod$/.test(text)) return { static: true, free: true };
  if (/^(?:abc\.)?(?:abstract)?classmethod$/.test(text)) return { static: true };
  if (/^(?:(?:functools\.)?cached_property|(?:abc\.)?(?:abstract)?property)$/.test(text)) return { role: 'getter' };
  if (text === `${name}.getter`) return { role: 'getter' };
  return text === `${name}.setter` ? { role: 'setter' } : undefined;
}

/** The definition of a `def` or a `lambda`. */
export function functionOf(reader: Reader, node: Node, { decorators = [], inClass = false }: How = {}): FunctionDefinition {
  const nameNode = child(node, 'name');
  const name = nameNode ? textOf(nameNode) : '';
  const span = reader.span(node);
  const all = parametersOf(reader, child(node, 'parameters'));
  const parts = inClass ? decorators.map((decorator) => partOf(decorator, name)) : [];
  const part: Part = Object.assign({}, OF_CLASS.has(name) && inClass ? { static: true } : {}, ...parts);
  const [first] = all;
  const receiver = inClass && !part.free && first && first.rest === undefined && first.target.kind === 'name' ? first.target.name : undefined;
  const body = child(node, 'body');
  const lambda = node.type === 'lambda';
  return present<FunctionDefinition>({
    name,
    role: lambda ? 'arrow' : inClass ? (part.role ?? (name === '__init__' ? 'constructor' : 'method')) : 'function',
    static: part.static === true,
    async: hasMark(node, 'async'),
    generator: body !== undefined && yields(body),
    receiver,
    parameters: receiver === undefined ? all : all.slice(1),
    body: reader.within(lambda || !body ? new Set() : outerNames(body), () => (lambda ? returned(reader, body) : bodyOf(reader, body))),
    decorators: decorators.filter((_, at) => parts[at] === undefined).flatMap((decorator) => named(decorator).slice(0, 1).map(reader.expression)),
    returns: reader.type(child(node, 'return_type')),
    doc: lambda ? undefined : docOf(body),
    span,
    nameSpan: nameNode ? reader.span(nameNode) : { ...span, endLine: span.line, endColumn: span.column },
  });
}

const returned = (reader: Reader, body: Node | undefined): Statement[] =>
  body ? [{ kind: 'return', value: reader.expression(body), span: reader.span(body) }] : [];

/** A body without its docstring. */
const bodyOf = (reader: Reader, body: Node | undefined): Statement[] => {
  const doc = docNode(body);
  return reader.block(body && doc ? { ...body, children: body.children.filter((statement) => statement !== doc) } : body);
};

/** The statement that is the docstring of a body. */
export function docNode(body: Node | undefined): Node | undefined {
  const first = body?.children.find((part) => part.named);
  const only = first?.type === 'expression_statement' ? named(first) : [];
  const [text] = only;
  return only.length === 1 && (text?.type === 'string' || text?.type === 'concatenated_string') && plainText(text) !== undefined ? first : undefined;
}

/** The docstring of a body, its lines without the margin that they share. */
export function docOf(body: Node | undefined): string | undefined {
  const statement = docNode(body);
  const [string] = statement ? named(statement) : [];
  const text = string && plainText(string);
  if (text === undefined) return undefined;
  const lines = text.replace(/\t/g, '        ').split(/\r\n|\r|\n/);
  const margins = lines
    .slice(1)
    .filter((line) => line.trim() !== '')
    .map((line) => line.length - line.trimStart().length);
  const margin = margins.length > 0 ? Math.min(...margins) : 0;
  return lines
    .map((line, at) => (at === 0 ? line.trim() : line.slice(margin).trimEnd()))
    .join('\n')
    .trim();
}

/** A `yield` stands in the body, outside the functions within it. */
function yields(body: Node): boolean {
  if (!/\byield\b/.test(textOf(body))) return false;
  return someWithin(body, ({ type, named: isNamed }) => isNamed && type === 'yield');
}

function someWithin(node: Node, holds: (node: Node) => boolean): boolean {
  const rest = [node];
  for (let at = rest.pop(); at; at = rest.pop()) {
    if (holds(at)) return true;
    for (const part of at.children) if (!/^(?:function_definition|class_definition|lambda)$/.test(part.type) || !part.named) rest.push(part);
  }
  return false;
}

/** The names that a body declares global or nonlocal. */
function outerNames(body: Node): ReadonlySet<string> {
  const found = new Set<string>();
  if (!/\b(?:global|nonlocal)\b/.test(textOf(body))) return found;
  someWithin(body, (node) => {
    if (node.type === 'global_statement' || node.type === 'nonlocal_statement') for (const name of named(node)) found.add(textOf(name));
    return false;
  });
  return found;
}

/** The parameters of a `def` or a `lambda`. */
export function parametersOf(reader: Reader, node: Node | undefined): Parameter[] {
  if (!node) return [];
  let keywordOnly = false;
  let parameters: Parameter[] = [];
  for (const part of named(node)) {
    if (part.type === 'keyword_separator') keywordOnly = true;
    else if (part.type === 'positional_separator') parameters = parameters.map((one) => ({ ...one, positionalOnly: true as const }));
    else {
      const parameter = parameterOf(reader, part, keywordOnly);
      parameters.push(parameter);
      if (parameter.rest === 'list') keywordOnly = true;
    }
  }
  return commented(reader, node, parameters);
}

function parameterOf(reader: Reader, node: Node, keywordOnly: boolean): Parameter {
  const inner = child(node, 'name') ?? (node.type === 'typed_parameter' ? named(node)[0] : undefined) ?? node;
  const rest = inner.type === 'list_splat_pattern' ? 'list' : inner.type === 'dictionary_splat_pattern' ? 'dict' : undefined;
  const [starred] = rest ? named(inner) : [inner];
  const fallback = child(node, 'value');
  const name = starred ?? inner;
  return present<Parameter>({
    target: textOf(name) === HOLE ? { kind: 'name', name: '', span: reader.span(name) } : reader.target(name),
    fallback: fallback && reader.expression(fallback),
    type: reader.type(child(node, 'type') ?? ofType(node, 'type')),
    rest,
    keywordOnly: keywordOnly && rest === undefined ? true : undefined,
    comment: reader.commentBehind(node),
  });
}

/** A comment behind the whole head belongs to the parameter that it names, else to the only one. */
function commented(reader: Reader, node: Node, parameters: readonly Parameter[]): Parameter[] {
  const last = parameters.at(-1);
  const comment = last?.comment;
  const span = reader.span(node);
  if (!last || !comment || span.line !== span.endLine) return [...parameters];
  const bare = parameters.map(({ comment: _, ...parameter }) => parameter);
  const nameOf = ({ target }: Parameter): string => (target.kind === 'name' ? target.name : '');
  const told = bare.findIndex((parameter) => nameOf(parameter) !== '' && new RegExp(`(?:^|[^\\w])${escaped(nameOf(parameter))}\\s*[:=([]`).test(comment.text));
  const own = bare.filter((parameter) => !/^(?:self|cls)$/.test(nameOf(parameter)));
  const owner = told >= 0 ? bare[told] : own.length === 1 ? own[0] : undefined;
  return bare.map((parameter) => (parameter === owner ? { ...parameter, comment } : parameter));
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
