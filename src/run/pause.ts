/** Lets the page answer, and stops on a signal. */
import { Refused, refuse } from './refusal';

const REASON_LOST = 'lost';

/** What the browser's message port and Node's have in common. */
interface Port {
  onmessage: (() => void) | null;
  postMessage(message: null): void;
  close(): void;
}

/** Gives the page's other tasks a turn. A message, since timers are slowed down when they follow each other. */
export function pause(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel() as unknown as { readonly port1: Port; readonly port2: Port };
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** Refuses to go on after the signal. */
export function checkSignal(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new Refused(refuse(signal.reason === REASON_LOST ? 'lost' : 'cancelled'));
}

/** The promise's value, unless the signal comes first: a lost device may never answer. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  checkSignal(signal);
  let stop = () => {};
  const aborted = new Promise<void>((resolve) => {
    stop = () => resolve();
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    promise.catch(() => undefined);
    const value = await Promise.race([promise, aborted]);
    checkSignal(signal);
    return value as T;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
