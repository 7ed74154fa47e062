/** What a running module reports to: values by place, in order, while the recorder listens. */
import type { Site } from './types';

/** A report: the place's number and a picture of its value. */
export interface Report<T> {
  readonly site: number;
  readonly value: T;
}

/** What transformed code calls. The numbers are those of its own file's places. */
export interface Reporter {
  /** A value arrived at a place; passes it on. */
  note<V>(site: number, value: V): V;
  /** An assignment whose targets are read back after it. */
  after<V>(value: V, readBack: () => void): V;
  pause(): number;
  resume(depth: number): void;
  /** An object was constructed, with the recorder paused. */
  made<V>(depth: number, value: V): V;
  /** What the expression at the end of the entry file evaluates to. */
  maker: (() => unknown) | undefined;
}

/** The reports of one run. `picture` sees a value at once, before it can be disposed of. */
export class Journal<T> {
  readonly sites: Site[] = [];
  readonly reports: Report<T>[] = [];
  private listening = false;
  private depth = 0;

  constructor(private readonly picture: (value: unknown) => T | undefined) {}

  /** The reporter of a file with these places. */
  reporter(sites: readonly Site[]): Reporter {
    const offset = this.sites.length;
    this.sites.push(...sites);
    return {
      maker: undefined,
      note: (site, value) => {
        this.note(offset + site, value);
        return value;
      },
      after: (value, readBack) => {
        readBack();
        return value;
      },
      pause: () => this.depth++,
      resume: (depth) => {
        this.depth = depth;
      },
      made: (depth, value) => {
        this.depth = depth;
        return value;
      },
    };
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

  private note(site: number, value: unknown): void {
    if (!this.listening || this.depth > 0) return;
    const seen = this.picture(value);
    if (seen !== undefined) this.reports.push({ site, value: seen });
  }
}
