/** What an operator's demand of sizes comes to, and what is known beside the sizes. */
import type { Operands } from './chance';

export type Verdict = 'fine' | 'need' | 'coincidence' | 'different' | 'unknown';

/** What is known of the two sides beyond their sizes. */
export interface Circumstances {
  readonly operands?: Operands;
  readonly broadcast: boolean;
  /** Axes are one for one the same: what meets is added or joined, not taken in. */
  readonly joins?: boolean;
  /** The code itself asks for the equality. */
  readonly asked?: boolean;
  /** A division has been cleared from the sides. */
  readonly cleared?: boolean;
  /** What the parts of an axis add up to is the size of another one. */
  readonly misplaced?: boolean;
  /** What is left of sizes, which may be 0 or less: no sizes themselves. */
  readonly rests?: boolean;
}
