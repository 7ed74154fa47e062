/** Type annotations, as far as shapes use them. */
import type { TypeNote } from '../../program/types';
import { present } from '../common/nodes';
import { plainText } from './literals';
import { child, childrenIn, markOf, type Node, named, textOf } from './tree';

type Fields = { [name in keyof Omit<TypeNote, 'text'>]: TypeNote[name] | undefined };

/** Types whose arguments may stand in quotes because they are declared later; elsewhere quoted arguments are words. */
const QUOTED = /(?:^|\.)(?:Union|Optional|[Ll]ist|[Tt]uple|[Dd]ict|Mapping|Sequence|Iterable|Iterator|Callable|[Ss]et|[Tt]ype|Generator)$/;
const DEPTH = 30;

/** The note that an annotation makes. */
export function typeNote(node: Node | undefined, depth = 0): TypeNote | undefined {
  if (!node) return undefined;
  const note = (fields: Fields): TypeNote => present<TypeNote>({ text: textOf(node).replace(/\s+/g, ' '), ...fields });
  if (depth > DEPTH) return note({});
  const inner = named(node);
  const notes = (nodes: readonly Node[]) => nodes.flatMap((item) => typeNote(item, depth + 1) ?? []);
  switch (node.type) {
    case 'type':
    case 'parenthesized_expression':
      return typeNote(inner[0], depth + 1);
    case 'identifier':
      return note({ name: textOf(node) });
    case 'none':
      return note({ name: 'None' });
    case 'attribute':
    case 'member_type':
      return note({ name: textOf(node).replace(/\s+/g, '') });
    case 'string':
    case 'concatenated_string':
      return quoted(plainText(node) ?? '', note);
    case 'subscript': {
      const value = child(node, 'value');
      return value && generic(textOf(value).replace(/\s+/g, ''), childrenIn(node, 'subscript'), note, depth);
    }
    case 'generic_type': {
      const [name, parameters] = inner;
      return name && generic(textOf(name), parameters ? named(parameters) : [], note, depth);
    }
    case 'union_type':
      return note({ members: flatMembers(notes(inner)) });
    case 'binary_operator':
      return markOf(node) === '|' ? note({ members: flatMembers(notes(inner)) }) : note({});
    case 'list':
    case 'tuple':
    case 'expression_list':
      return note({ name: 'tuple', args: notes(inner) });
    default:
      return note({});
  }
}

/** A union of unions is one. */
const flatMembers = (members: readonly TypeNote[]): TypeNote[] => members.flatMap((member) => (member.members ? [...member.members] : [member]));

function generic(name: string, parameters: readonly Node[], note: (fields: Fields) => TypeNote, depth: number): TypeNote {
  const plain = name.replace(/^.*\./, '');
  const notes = parameters.flatMap((parameter): TypeNote | readonly TypeNote[] => {
    const word = wordOf(parameter);
    if (word !== undefined && !QUOTED.test(name)) return [{ text: word, name: word }];
    return typeNote(parameter, depth + 1) ?? [];
  });
  if (plain === 'Union') return note({ members: flatMembers(notes) });
  if (plain === 'Optional') return note({ members: flatMembers([...notes, { text: 'None', name: 'None' }]) });
  return note({ name, args: notes });
}

/** A quoted argument as written, quotes included. */
function wordOf(node: Node): string | undefined {
  const inner = node.type === 'type' ? named(node)[0] : node;
  return inner?.type === 'string' || inner?.type === 'concatenated_string' ? textOf(inner) : undefined;
}

/** A whole annotation in quotes: a name, with arguments or members, as far as that can be told without the parser. */
function quoted(text: string, note: (fields: Fields) => TypeNote): TypeNote {
  const read = (part: string, depth: number): TypeNote => {
    const plain = part.trim();
    const members = depth > DEPTH ? [plain] : splitAt(plain, '|');
    if (members.length > 1) return { text: plain, members: members.map((member) => read(member, depth + 1)) };
    const found = /^([\w.]+)\s*\[(.*)\]$/s.exec(plain);
    if (!found || depth > DEPTH) return /^[\w.]+$/.test(plain) ? { text: plain, name: plain } : { text: plain };
    const args = splitAt(found[2] ?? '', ',').map((arg) => read(arg, depth + 1));
    if (found[1] === 'Union') return { text: plain, members: args };
    if (found[1] === 'Optional') return { text: plain, members: [...args, { text: 'None', name: 'None' }] };
    return { text: plain, name: found[1] ?? plain, args };
  };
  const { name, args, members } = read(text, 0);
  return { ...note({ name, args, members }), text: text.trim() };
}

/** Splits at a mark that stands outside brackets and quotes. */
function splitAt(text: string, mark: string): string[] {
  const parts: string[] = [''];
  let depth = 0;
  let quote = '';
  for (const letter of text) {
    if (quote !== '') quote = letter === quote ? '' : quote;
    else if (letter === '"' || letter === "'") quote = letter;
    else if (letter === '[' || letter === '(') depth++;
    else if (letter === ']' || letter === ')') depth--;
    if (depth === 0 && quote === '' && letter === mark) parts.push('');
    else parts[parts.length - 1] += letter;
  }
  return parts;
}
