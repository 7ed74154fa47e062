/** What a file of the gallery says of itself, and which file is its twin. Plain data: no editor needed. */

/** What the comment or docstring that a file begins with says. */
export interface Head {
  /** Its first sentence, up to a colon. */
  readonly title: string;
  /** The rest, paragraph by paragraph. */
  readonly more: readonly string[];
}

/** A mechanism in one language; `beside` is the same in the other. */
export interface Twins {
  readonly name: string;
  readonly beside: string;
}

/** Reads the head of a file; undefined where it has none. */
export function headOf(text: string): Head | undefined {
  const [, slashes, quotes] = /^\s*(?:\/\*\*?([\s\S]*?)\*\/|"""([\s\S]*?)""")/.exec(text) ?? [];
  const lines = (slashes ?? quotes ?? '').split('\n').map((line) => (slashes === undefined ? line : line.replace(/^\s*\*?/, '')).trim());
  const paragraphs = lines
    .join('\n')
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.trim().split('\n'))
    .filter(([first]) => first !== '');
  const [first = [], ...rest] = paragraphs;
  const [, title, after = ''] = /^(.*?)(?:[.!?]$|[.!?:]\s+(.*))/.exec(first.join(' ')) ?? [undefined, first.join(' ')];
  if (title === undefined || title === '') return undefined;
  return { title, more: [after, ...rest.flat()].filter((line) => line !== '') };
}

const baseOf = (name: string): string => name.replace(/\.\w+$/, '');

/** The files that have a twin of the same base name, in order. */
export function twinsOf(names: readonly string[], others: readonly string[]): readonly Twins[] {
  const twins = new Map(others.map((name) => [baseOf(name), name]));
  return [...names].sort().flatMap((name) => {
    const beside = twins.get(baseOf(name));
    return beside === undefined ? [] : [{ name, beside }];
  });
}
