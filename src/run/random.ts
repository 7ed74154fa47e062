/** Numbers that look random and are the same for the same seed, on every machine. */

/** Gives the next number in [0, 1). */
export type Random = () => number;

/** A generator (mulberry32) whose numbers depend on the seed and the name alone, so that one tensor's do not depend on another's. */
export function randomOf(seed: number, name: string): Random {
  let state = hash(name) ^ Math.imul(seed | 0, 0x9e3779b1);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value;
}

/** A standard normal number (Box and Muller). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** The same within two deviations. */
export function truncatedNormal(random: Random): number {
  for (;;) {
    const value = normal(random);
    if (Math.abs(value) <= 2) return value;
  }
}

/** Fills an array. */
export function filled(count: number, next: () => number): Float32Array<ArrayBuffer> {
  const values = new Float32Array(count);
  for (let at = 0; at < count; at += 1) values[at] = next();
  return values;
}
