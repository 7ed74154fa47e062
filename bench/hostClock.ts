/**
 * Times what the extension does on its host's thread, from outside: the editor's interface and the clocks are wrapped before the extension is loaded,
 * so that nothing of this stands in what is shipped. A handler counts from where it is called to where the promises that it woke have come to rest.
 */
import { existsSync, readFileSync } from 'node:fs';
import Module from 'node:module';
import { deserialize, serialize } from 'node:v8';
import { Worker } from 'node:worker_threads';

export interface Sample {
  readonly of: string;
  readonly ms: number;
  /** Milliseconds of these in which the thread stood in line for a processor; 0 where the system does not tell. */
  readonly waited: number;
}

type Callable = (...args: unknown[]) => unknown;

/** How many promises one after the other are waited for behind a handler. */
const ROUNDS = 40;

const isFunction = (value: unknown): value is Callable => typeof value === 'function';

let samples: Sample[] = [];

/** Forgets what was timed. */
export function restartClock(): void {
  samples = [];
}

/** What was timed since. */
export const timedHandlers = (): readonly Sample[] => samples;

const SCHEDULE = '/proc/thread-self/schedstat';
const isTold = existsSync(SCHEDULE);

/** Milliseconds that this thread has stood in line so far. */
const inLine = (): number => (isTold ? Number(readFileSync(SCHEDULE, 'utf8').split(' ')[1]) / 1e6 : 0);

/** Starts to count; what it gives tells what has passed since. */
function counter(): () => Omit<Sample, 'of'> {
  const [waited, start] = [inLine(), performance.now()];
  return () => ({ ms: performance.now() - start, waited: inLine() - waited });
}

async function settle(of: string, before: Omit<Sample, 'of'>): Promise<void> {
  await undefined;
  const passed = counter();
  for (let round = 0; round < ROUNDS; round += 1) await undefined;
  const { ms, waited } = passed();
  samples.push({ of, ms: before.ms + ms, waited: before.waited + waited });
}

/** The function with its time taken; `extra` is added to it. */
function clocked(of: string, handler: Callable, extra?: (args: readonly unknown[]) => Omit<Sample, 'of'>): Callable {
  return function (this: unknown, ...args: unknown[]) {
    const more = extra?.(args) ?? { ms: 0, waited: 0 };
    const passed = counter();
    try {
      return handler.apply(this, args);
    } finally {
      const { ms, waited } = passed();
      void settle(of, { ms: ms + more.ms, waited: waited + more.waited });
    }
  };
}

/** An object that answers as another does, but for some names. Methods keep the object that they belong to. */
function answering<T extends object>(real: T, instead: (name: string, value: unknown) => unknown): T {
  return new Proxy({} as T, {
    get(_, name) {
      const value: unknown = Reflect.get(real, name, real);
      return typeof name === 'string' ? instead(name, value) : value;
    },
    set: (_, name, value) => Reflect.set(real, name, value, real),
    has: (_, name) => name in real,
  });
}

const bound = (value: unknown, to: object): unknown => (isFunction(value) ? value.bind(to) : value);

/** The functions of a provider, each timed. */
function clockedProvider(provider: object): object {
  return Object.fromEntries(
    Object.entries(provider).map(([name, value]) => [name, /^provide|^resolve/.test(name) && isFunction(value) ? clocked(name, value) : value]),
  );
}

/** An object whose events are timed, and those of what its methods make. */
function clockedEvents<T extends object>(real: T): T {
  return answering(real, (name, value) => {
    if (!isFunction(value)) return name === 'webview' && typeof value === 'object' && value !== null ? clockedEvents(value) : value;
    if (/^on(Did|Will)/.test(name)) return (listener: Callable, ...rest: unknown[]) => value.call(real, clocked(name, listener), ...rest);
    if (name === 'createFileSystemWatcher' || name === 'createWebviewPanel') return (...args: unknown[]) => clockedEvents(value.apply(real, args) as object);
    if (name === 'registerCommand') return (command: string, handler: Callable) => value.call(real, command, clocked(command, handler));
    if (/^register.*Provider$/.test(name))
      return (...args: unknown[]) =>
        value.apply(
          real,
          args.map((arg) =>
            typeof arg === 'object' && arg !== null && Object.keys(arg).some((key) => key.startsWith('provide')) ? clockedProvider(arg) : arg,
          ),
        );
    return bound(value, real);
  });
}

const NAMESPACES = new Set(['commands', 'languages', 'window', 'workspace']);

/** The bundle in a stack of calls tells whose timer or worker it is. */
const isOurs = (bundle: string): boolean => new Error().stack?.includes(bundle) ?? false;

/** Taking a message out of its clone happens before its listener is called. */
function unpacking([message]: readonly unknown[]): Omit<Sample, 'of'> {
  const packed = serialize(message);
  const passed = counter();
  deserialize(packed);
  return passed();
}

/** Times everything of the extension that is loaded from `bundle` from now on. */
export function installClock(bundle: string): void {
  const loader = Module as unknown as { _load: Callable };
  const load = loader._load;
  loader._load = function (this: unknown, ...args: unknown[]) {
    const loaded = load.apply(this, args);
    const [request, parent] = args as [string, { readonly filename?: string } | undefined];
    if (request !== 'vscode' || parent?.filename !== bundle) return loaded;
    return answering(loaded as object, (name, value) => (NAMESPACES.has(name) ? clockedEvents(value as object) : value));
  };
  const { setTimeout: timer } = globalThis;
  globalThis.setTimeout = ((handler: Callable, ...rest: [number]) =>
    timer(isOurs(bundle) ? clocked('a timer', handler) : handler, ...rest)) as typeof setTimeout;
  const listen = Worker.prototype.on as unknown as Callable;
  Worker.prototype.on = function (this: Worker, event: string, listener: Callable) {
    return listen.call(this, event, event === 'message' && isOurs(bundle) ? clocked('a message of the worker', listener, unpacking) : listener);
  } as typeof Worker.prototype.on;
}
