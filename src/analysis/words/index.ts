/** Words for problems: looked up by key, filled with their values. */
import { type Catalogue, ENGLISH, type WordArgs } from './english';

export type { Catalogue, WordArgs };

/** The sentence for a problem. A key without an entry shows its values: nothing is lost. */
export function say(key: string, args: WordArgs, catalogue: Catalogue = ENGLISH): string {
  const entry = catalogue[key] ?? catalogue[key.split('.')[0] ?? key];
  if (entry) return entry(args);
  return `${key.replace(/[-.]/g, ' ')}: ${Object.entries(args)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')}`;
}
