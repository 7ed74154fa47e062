/** IPython's own lines in Python cells: they are no Python, and are taken out so that no line or column of what is left moves. Plain data: no editor needed. */

/** Magics over a whole cell whose body is Python all the same. */
const OVER_PYTHON = new Set(['capture', 'time', 'timeit', 'prun', 'memit', 'mprun', 'lprun', 'scalene', 'snakeviz', 'debug']);

/** A cell's text as Python. */
export function withoutMagics(text: string): string {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => line.trim() !== '');
  const [, over] = /^%%(\w*)/.exec(lines[first] ?? '') ?? [];
  if (over === undefined) return plainLines(lines).join('\n');
  if (!OVER_PYTHON.has(over)) return lines.map(commented).join('\n');
  return [...lines.slice(0, first), commented(lines[first] ?? ''), ...plainLines(lines.slice(first + 1))].join('\n');
}

const commented = (line: string): string => (line.trim() === '' ? line : `#${line.slice(1)}`);

/** Where the scan stands between two lines: inside brackets or a long string nothing is a magic. */
interface Scan {
  readonly depth: number;
  readonly quote?: string;
}

function plainLines(lines: readonly string[]): readonly string[] {
  let scan: Scan = { depth: 0 };
  let continued = false;
  return lines.map((line) => {
    const plain = scan.depth > 0 || scan.quote !== undefined || continued ? line : plainLine(line);
    scan = scanned(plain, scan);
    continued = plain.endsWith('\\');
    return plain;
  });
}

/** One line at the start of a statement. */
function plainLine(line: string): string {
  const indent = /^\s*/.exec(line)?.[0] ?? '';
  const rest = line.slice(indent.length);
  const timed = /^%time\s+(?=\S)/.exec(rest)?.[0];
  // `%time y = f(x)` still assigns: a number and a semicolon stand where the magic stood.
  if (timed !== undefined) return `${indent}0${' '.repeat(timed.length - 3)}; ${rest.slice(timed.length)}`;
  const assigned = /^([\w.,\s()[\]]+=\s*)([!%](?!=).*)$/.exec(rest);
  if (assigned) return `${indent}${assigned[1]}... #${assigned[2]}`;
  if (!/^[%!?]/.test(rest) && !/^[\w.]+\?{1,2}\s*$/.test(rest)) return line;
  // An empty block would be wrong.
  return indent === '' ? commented(line) : `${indent}pass #${rest}`;
}

const TOKEN = /'''|"""|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|#.*|[([{]|[)\]}]/g;

/** The scan behind a line. */
function scanned(line: string, { depth, quote }: Scan): Scan {
  if (quote !== undefined) {
    const end = line.indexOf(quote);
    return end < 0 ? { depth, quote } : scanned(line.slice(end + quote.length), { depth });
  }
  let now = depth;
  for (const { 0: token, index } of line.matchAll(TOKEN)) {
    if (token === "'''" || token === '"""') return scanned(line.slice(index + 3), { depth: now, quote: token });
    if ('([{'.includes(token)) now += 1;
    else if (')]}'.includes(token)) now = Math.max(0, now - 1);
  }
  return { depth: now };
}
