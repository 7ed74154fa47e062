/** What a running module reports to: values by place, in order, while the recorder listens. */
import type { Site } from './types';

/** A report: the place's number and a picture of its value. */
export interface Report<T> {
  readonly site: number;
  readonly value: T;
}

/** The object that transformed code knows as its recorder. `picture` sees a value at once, before it can be disposed of. */
export class Journal<T> {
  readonly sites: Site[] = [];
  readonly reports: Report<T>[] = [];
  listening = false;
  private depth = 0;
  /** What the expression at the end of the entry file evaluates to. */
  maker: (() => unknown) | undefined;

  constructor(private readonly picture: (value: unknown) => T | undefined) {}

  addSite(site: Site): number {
    return this.sites.push(site) - 1;
  }

  /** A value arrived at a place; passes it on. */
  note<V>(site: number, value: V): V {
    if (this.listening && this.depth === 0) {
      const seen = this.picture(value);
      if (seen !== undefined) this.reports.push({ site, value: seen });
    }
    return value;
  }

  /** An assignment whose targets are read back after it. */
  after<V>(value: V, readBack: () => void): V {
    readBack();
    return value;
  }

  pause(): number {
    return this.depth++;
  }

  resume(depth: number): void {
    this.depth = depth;
  }

  /** An object was constructed, with the recorder paused. */
  made<V>(depth: number, value: V): V {
    this.depth = depth;
    return value;
  }

  /** Runs with the recorder listening. */
  async listen<V>(body: () => V | Promise<V>): Promise<V> {
    this.listening = true;
    this.depth = 0;
    try {
      return await body();
    } finally {
      this.listening = false;
    }
  }
}
