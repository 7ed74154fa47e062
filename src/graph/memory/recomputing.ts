/** Checkpoints: steps that keep nothing, and that backward runs once more when it comes to the last of them that would have kept something. */
import type { Dim } from '../../dim/index';
import type { ShapeGraph } from '../types';
import { endsInForward } from './lifetimes';
import type { MemorySteps } from './steps';

/** One checkpoint's steps in backward. */
export interface Again {
  /** The steps that are run once more, from the first to the last that keeps something. */
  readonly first: number;
  readonly last: number;
  /** Whether the last is run to its end: torch stops as soon as all is there that is kept. */
  readonly isWhole: boolean;
  /** What each step keeps then; of steps that keep weights alone, nothing more. */
  readonly saves: ReadonlyMap<number, readonly number[]>;
}

/** What is counted. */
interface Counter {
  node: number;
  add(piece: object, size: number, bytes: Dim): void;
  drop(piece: object, size: number): void;
}

/** A storage that was made once more, and how many steps still need it. */
interface Remade {
  readonly size: number;
  left: number;
}

/** Runs checkpoints once more as backward comes to them. */
export class Recomputation {
  private readonly done = new Set<Again>();
  private readonly remade = new Map<number, Remade>();
  private readonly ends: readonly number[];

  constructor(
    graph: ShapeGraph,
    private readonly memory: MemorySteps,
    private readonly all: readonly Again[],
    private readonly alive: Counter,
  ) {
    this.ends = all.length === 0 ? [] : endsInForward(graph, memory);
  }

  /** Before the gradients of a step are made. */
  before(at: number): void {
    const again = this.all.find(({ saves }) => saves.has(at));
    if (!again || this.done.has(again)) return;
    this.done.add(again);
    this.run(again);
  }

  /** When a step's gradients are made, what it kept is let go of. */
  after(at: number): void {
    const again = this.all.find(({ saves }) => saves.has(at));
    for (const storage of again?.saves.get(at) ?? []) {
      const made = this.remade.get(storage);
      if (!made) continue;
      made.left -= 1;
      if (made.left === 0) this.drop(storage);
    }
  }

  private run({ first, last, isWhole, saves }: Again): void {
    const counts = new Map<number, number>();
    for (const each of saves.values()) for (const storage of each) counts.set(storage, (counts.get(storage) ?? 0) + 1);
    const { node } = this.alive;
    const made: number[] = [];
    for (let at = first; at <= last; at++) {
      this.alive.node = this.memory.steps[at]?.node ?? node;
      if (at < last || isWhole)
        this.memory.storages.forEach(({ origin, from, size, bytes }, storage) => {
          if (origin !== 'made' || from !== at) return;
          const piece = { size, left: counts.get(storage) ?? 0 };
          this.remade.set(storage, piece);
          this.alive.add(piece, size, bytes);
          made.push(storage);
        });
      for (const storage of made) if ((this.ends[storage] ?? 0) <= at && !counts.has(storage)) this.drop(storage);
    }
    for (const storage of made) if (!counts.has(storage)) this.drop(storage);
    this.alive.node = node;
  }

  private drop(storage: number): void {
    const piece = this.remade.get(storage);
    if (!piece) return;
    this.alive.drop(piece, piece.size);
    this.remade.delete(storage);
  }
}
