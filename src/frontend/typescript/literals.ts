/** Strings, templates and comments that are left open. */
import { type Edit, edit } from './edits';
import { indentOf, type Scan } from './layout';
import type { Token } from './tokens';

const lineEnd = ({ text }: Scan, from: number): number => {
  const end = text.slice(from).search(/[\r\n]/);
  return end < 0 ? text.length : from + end;
};

/** The line behind a literal's first one is indented no deeper than the line that it starts on. */
function fallsBack(scan: Scan, { start, end }: Token): boolean {
  const next = /[\r\n]+([^\S\r\n]*)\S/.exec(scan.text.slice(start, end));
  return next !== null && (next[1] ?? '').length <= indentOf(scan, start);
}

/** The edit that ends the first literal or comment left open, or undefined where none is. */
export function literalEdit(scan: Scan): Edit | undefined {
  const { text, all: tokens } = scan;
  const swallowed = tokens.find(({ kind, start, end }) => kind === 'comment' && /[\r\n]\s*\/\*\*/.test(text.slice(start, end)));
  const comment = swallowed ?? tokens.find(({ kind, open }) => kind === 'comment' && open);
  if (comment) return edit(lineEnd(scan, comment.start), ' */', '`*/` is missing here');
  const last = tokens.find(({ kind, open }) => kind === 'template' && open);
  const template = last && (tokens.find((token) => token.kind === 'template' && fallsBack(scan, token)) ?? last);
  if (template) return edit(lineEnd(scan, template.start), '`', 'a closing back quote is missing here');
  const string = tokens.find(({ kind, open }) => kind === 'string' && open);
  return string && edit(string.end, text[string.start] ?? '', 'a closing quote is missing here');
}
