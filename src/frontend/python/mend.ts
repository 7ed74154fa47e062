/** Half-typed lines: what may be put behind one, so that it can be read as far as it goes. */
import { HOLE } from './reader';
import { stringEnd } from './strings';

/** Brackets that a line leaves open, and whether each is a call's. */
interface Open {
  readonly mark: string;
  readonly call: boolean;
}

interface Loose {
  /** The text without closing brackets that nothing opens; where a string is not closed, a hole stands for it. */
  readonly text: string;
  readonly open: readonly Open[];
}

const CLOSING: { readonly [mark: string]: string } = { '(': ')', '[': ']', '{': '}' };

function looseEnds(text: string): Loose {
  const open: Open[] = [];
  let kept = '';
  for (let at = 0; at < text.length; at++) {
    const mark = text[at] ?? '';
    if (mark === '"' || mark === "'") {
      const { end, closed } = stringEnd(text, at);
      if (!closed) return { text: kept.replace(/[rbuft]{1,2}$/i, '') + HOLE, open };
      kept += text.slice(at, end);
      at = end - 1;
    } else if (mark === '#') {
      while (at < text.length && text[at] !== '\n') at++;
      kept += ' '.repeat(Math.max(0, at - kept.length));
      at--;
    } else if (mark in CLOSING) {
      open.push({
        mark,
        call:
          mark === '(' &&
          /[\w\])]\s*$/.test(kept) &&
          !/(?:^|\W)(?:in|and|or|not|if|else|return|is|lambda|yield|await|assert|del|print|for|import)\s*$/.test(kept),
      });
      kept += mark;
    } else if (mark === ')' || mark === ']' || mark === '}') {
      const last = open.at(-1);
      if (last && CLOSING[last.mark] === mark) {
        open.pop();
        kept += mark;
      } else kept += ' ';
    } else kept += mark;
  }
  return { text: kept, open };
}

/** Closes what is open: a call gets an unknown number of arguments more, so that none is found missing. */
function closed(text: string, open: readonly Open[]): string {
  let result = text;
  for (let at = open.length - 1; at >= 0; at--) {
    const { mark, call } = open[at] ?? { mark: '(', call: false };
    const bare = result.trimEnd();
    if (call) result += /[(,]$/.test(bare) ? `*${HOLE}` : `, *${HOLE}`;
    else if (mark === '[' && /\[$/.test(bare) && /[\w\])]\s*\[$/.test(bare)) result += HOLE;
    result += CLOSING[mark];
  }
  return result;
}

/** Ways to finish a line, likeliest first. Each keeps the line's own marks where they stand: the first of its text, as long as it goes, is the line. */
export function mendsOf(line: string): string[] {
  const { text, open } = looseEnds(line.trimEnd());
  const inCall = open.at(-1)?.call === true && /[(,]\s*$/.test(text);
  const ends = inCall ? ['', ` ${HOLE}`] : ['', ` ${HOLE}`, ` else ${HOLE}`, `: ${HOLE}`, ` in ${HOLE}`, ` import ${HOLE}`];
  return ends.map((end) => closed(text + end, open));
}

/** Ways to finish a head, likeliest first: each ends with a colon. */
export function headMendsOf(line: string): string[] {
  const bare = line.trimEnd().replace(/:$/, '');
  const defines = /^(?:async\s+)?(?:def|class)\b/.test(bare);
  const { text, open } = looseEnds(bare);
  if (defines)
    return [
      `${closed(
        text.replace(/[,\s]+$/, ''),
        open.map(({ mark }) => ({ mark, call: false })),
      )}:`,
      `${bare}():`,
    ];
  return mendsOf(bare).map((mended) => `${mended}:`);
}

/** What stands for a head that cannot be read: it tells nothing of what it asked, and has a body. */
export function plainHead(line: string): string {
  const [, definition, name] = /^(?:async\s+)?(def|class)\s+([^\W\d]\w*)/u.exec(line) ?? [];
  if (definition === 'def') return `def ${name}(*${HOLE}, **${HOLE}):`;
  if (definition === 'class') return `class ${name}(${HOLE}):`;
  if (/^(?:else|finally|try)\b/.test(line)) return `${/^\w+/.exec(line)?.[0]}:`;
  if (/^except\b/.test(line)) return 'except:';
  if (/^elif\b/.test(line)) return `elif ${HOLE}:`;
  if (/^(?:async\s+)?for\b/.test(line)) return `for ${HOLE} in ${HOLE}:`;
  return `if ${HOLE}:`;
}
