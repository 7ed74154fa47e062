import { once } from './cycleA.mjs';

export function attendTwice(x) {
  const first = once(x, x, x);
  const second = once(first, x, x);
  return second.add(first);
}
