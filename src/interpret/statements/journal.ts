/** A journal of writes, so that the two sides of an undecided branch can be run one after the other from the same state, and joined. */

/** What a stretch of execution changed: for each holder and field, the value it ended with. */
export type Changes = Map<object, Map<string, unknown>>;

export interface Journal {
  /** One map of old values for each open stretch, innermost last. */
  readonly stretches: Changes[];
}

export const newJournal = (): Journal => ({ stretches: [] });

/** Writes a field. Every mutable state of the interpretation changes through here. */
export function write<T extends object, K extends keyof T & string>(journal: Journal, holder: T, field: K, value: T[K]): void {
  const stretch = journal.stretches.at(-1);
  if (stretch) remember(stretch, holder, field, holder[field]);
  holder[field] = value;
}

function remember(stretch: Changes, holder: object, field: string, old: unknown): void {
  const fields = stretch.get(holder) ?? new Map<string, unknown>();
  stretch.set(holder, fields);
  if (!fields.has(field)) fields.set(field, old);
}

/** Opens a stretch that can be taken back. */
export function begin(journal: Journal): number {
  return journal.stretches.push(new Map());
}

/** Takes back all that was written since `begin`, and says what it was. */
export function takeBack(journal: Journal): Changes {
  const stretch = journal.stretches.pop() ?? new Map();
  const changes: Changes = new Map();
  for (const [holder, fields] of stretch) {
    const ends = new Map<string, unknown>();
    for (const [field, old] of fields) {
      ends.set(field, (holder as Record<string, unknown>)[field]);
      (holder as Record<string, unknown>)[field] = old;
    }
    changes.set(holder, ends);
  }
  return changes;
}

/** Closes the stretch that is open; what it wrote stays, as part of the one around it. */
export function keep(journal: Journal): void {
  const stretch = journal.stretches.pop();
  const around = journal.stretches.at(-1);
  if (stretch && around) for (const [holder, fields] of stretch) for (const [field, old] of fields) remember(around, holder, field, old);
}

/** Takes back everything down to a depth that `begin` gave: after an exception. */
export function takeBackTo(journal: Journal, depth: number): void {
  while (journal.stretches.length >= depth && journal.stretches.length > 0) takeBack(journal);
}

/** Writes changes again, as part of the stretch that is open now. */
export function redo(journal: Journal, changes: Changes): void {
  for (const [holder, fields] of changes) {
    for (const [field, value] of fields) write(journal, holder as Record<string, unknown>, field, value);
  }
}
