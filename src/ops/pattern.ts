/** Reading einops' patterns: `b n (h d) -> b h n d`. */

/** An axis by its name; one that is written as a number has that length, and a name of its own. `…` stands for all that an ellipsis covers. */
export interface PatternAxis {
  readonly name: string;
  readonly length?: number;
}

/** What is one axis of the tensor: some axes composed into one, none for `1` and `()`. */
export interface PatternGroup {
  readonly axes: readonly PatternAxis[];
  readonly composed: boolean;
}

/** One side of the arrow, and what is wrong with it. */
export interface PatternSide {
  readonly groups: readonly PatternGroup[];
  readonly problem?: string;
}

/** What is done by a pattern: which axes may be new, and which may go. */
export type PatternTask = 'rearrange' | 'repeat' | 'reduce';

/** Both sides, which go together. */
export interface Pattern {
  readonly left: readonly PatternGroup[];
  readonly right: readonly PatternGroup[];
}

export const ELLIPSIS = '…';

/** The names of all axes of the groups. */
export const namesIn = (groups: readonly PatternGroup[]): readonly string[] => groups.flatMap(({ axes }) => axes.map(({ name }) => name));

const isNumber = (word: string): boolean => /^\d+$/.test(word);

/** Reads one side. Names may be given twice where `duplicates` says so; `_` may stand for an axis without a name where `blanks` does. */
export function readSide(text: string, { duplicates = false, blanks = false, side = '' } = {}): PatternSide {
  const plain = text.replace('...', ELLIPSIS);
  const fail = (problem: string): PatternSide => ({ groups: [], problem });
  if (plain.includes('.') || plain.split(ELLIPSIS).length > 2) return fail('dots may stand only in one `...`');
  const odd = /[^\s\p{L}\p{N}_()…]/u.exec(plain);
  if (odd) return fail(`"${odd[0]}" has no meaning in a pattern`);
  const groups: PatternGroup[] = [];
  const seen = new Set<string>();
  let open: PatternAxis[] | undefined;
  for (const word of plain.match(/\(|\)|…|[\p{L}\p{N}_]+/gu) ?? []) {
    if (word === '(') {
      if (open) return fail('brackets stand inside brackets');
      open = [];
    } else if (word === ')') {
      if (!open) return fail('the brackets do not pair');
      groups.push({ axes: open, composed: true });
      open = undefined;
    } else if (word === '1') {
      if (!open) groups.push({ axes: [], composed: false });
    } else {
      const problem =
        nameProblem(word, blanks) ?? (seen.has(word) && !duplicates && word !== '_' && !isNumber(word) ? `"${word}" stands twice on one side` : undefined);
      if (problem !== undefined) return fail(problem);
      seen.add(word);
      const axis = isNumber(word) ? { name: `${word}#${side}${groups.length}.${open?.length ?? 0}`, length: Number(word) } : { name: word };
      if (open) open.push(axis);
      else groups.push({ axes: [axis], composed: false });
    }
  }
  return open ? fail('the brackets do not pair') : { groups };
}

function nameProblem(word: string, blanks: boolean): string | undefined {
  if (word === ELLIPSIS || (word === '_' && blanks)) return undefined;
  if (isNumber(word)) return Number(word) < 1 ? 'an axis has at least one place' : undefined;
  if (/^\d/.test(word)) return `"${word}" is no name of an axis`;
  return /^_|_$/.test(word) ? `"${word}": the name of an axis neither begins nor ends with an underscore` : undefined;
}

const quoted = (names: readonly string[]): string => names.map((name) => `"${name.split('#')[0]}"`).join(', ');
const without = (names: readonly string[], others: readonly string[]): readonly string[] => names.filter((name) => !others.includes(name));

const parsed = new Map<string, Pattern | { readonly problem: string }>();

/** Reads a pattern for a task; `given` are the axes whose length is said beside it, `open` that there may be more of them. */
export function readPattern(text: string, task: PatternTask, given: readonly string[], open = false): Pattern | { readonly problem: string } {
  const key = JSON.stringify([text, task, given, open]);
  const known = parsed.get(key) ?? parse(text, task, given, open);
  if (parsed.size > 500) parsed.clear();
  parsed.set(key, known);
  return known;
}

function parse(text: string, task: PatternTask, given: readonly string[], open: boolean): Pattern | { readonly problem: string } {
  const sides = text.split('->');
  if (sides.length !== 2) return { problem: sides.length < 2 ? 'it has no `->`' : 'it has more than one `->`' };
  const [left, right] = sides.map((side, at) => readSide(side, { side: at === 0 ? 'left' : 'right' })) as [PatternSide, PatternSide];
  const problem = left.problem ?? right.problem ?? disagreement(left.groups, right.groups, task, given, open);
  return problem === undefined ? { left: left.groups, right: right.groups } : { problem };
}

/** Why the two sides do not go together. */
function disagreement(
  left: readonly PatternGroup[],
  right: readonly PatternGroup[],
  task: PatternTask,
  given: readonly string[],
  open: boolean,
): string | undefined {
  const [before, after] = [namesIn(left), namesIn(right)];
  if (after.includes(ELLIPSIS) && !before.includes(ELLIPSIS)) return '`...` stands on the right side alone';
  if (left.some(({ axes, composed }) => composed && axes.some(({ name }) => name === ELLIPSIS))) return '`...` stands inside brackets on the left side';
  const numbers = [...before, ...after].filter((name) => name.includes('#'));
  if (task === 'rearrange' && numbers.length > 0) return `a length is written (${quoted(numbers)}), which only repeat and reduce take`;
  const [gone, made] = [without(before, after), without(after, before)];
  const unused = without(given, [...before, ...after]);
  const odd = task === 'rearrange' ? [...gone, ...made] : task === 'repeat' ? gone.filter((name) => !name.includes('#')) : made;
  if (odd.length > 0) return `${quoted(odd)} ${odd.length > 1 ? 'stand' : 'stands'} on one side alone`;
  if (task === 'repeat' && gone.length > 0) return `${quoted(gone)} stands on the left side alone`;
  const unsized = made.filter((name) => !name.includes('#') && !given.includes(name));
  if (unsized.length > 0 && !open) return `the length of ${quoted(unsized)} is not given`;
  if (unused.length > 0) return `${quoted(unused)} is given a length, and stands nowhere in it`;
  const undecided = left.map(({ axes }) => axes.filter(({ name, length }) => length === undefined && !given.includes(name))).find((axes) => axes.length > 1);
  return undecided && !open ? `the lengths of ${quoted(undecided.map(({ name }) => name))} cannot both follow from one axis` : undefined;
}

/** The groups of a tensor of so many axes, the ellipsis as axes of its own; or that the pattern is for another rank. */
export function groupsAt(
  { left, right }: Pattern,
  rank: number,
): { readonly left: readonly PatternGroup[]; readonly right: readonly PatternGroup[] } | { readonly problem: string } {
  const at = left.findIndex(({ axes }) => axes.some(({ name }) => name === ELLIPSIS));
  const written = left.length - (at < 0 ? 0 : 1);
  if (at < 0 ? rank !== written : rank < written) return { problem: `${at < 0 ? '' : 'at least '}${written} axes are wanted, ${rank} given` };
  const covered = Array.from({ length: rank - written }, (_, axis) => ({ name: `${ELLIPSIS}${axis}` }));
  const spread = (groups: readonly PatternGroup[]): readonly PatternGroup[] =>
    groups.flatMap((group) => {
      if (!group.axes.some(({ name }) => name === ELLIPSIS)) return [group];
      if (!group.composed) return covered.map((axis) => ({ axes: [axis], composed: false }));
      return [{ composed: true, axes: group.axes.flatMap((axis) => (axis.name === ELLIPSIS ? covered : [axis])) }];
    });
  return { left: spread(left), right: spread(right) };
}
