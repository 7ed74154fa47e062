/** The analysis worker as a thread of node. */
import { Worker } from 'node:worker_threads';
import type { Port } from '../protocol/channel';

export interface WorkerPort extends Port {
  stop(): void;
  /** Told once, when the worker has ended for whatever reason. */
  onStop(listener: (reason: string) => void): void;
}

/** Deep nesting is read by recursion: the stack is larger than node's own, the heap bounded so that a runaway ends the worker alone. */
const LIMITS = { stackSizeMb: 32, maxOldGenerationSizeMb: 1024 };

/** Starts the worker's script. */
export function startWorker(script: string): WorkerPort {
  const worker = new Worker(script, { resourceLimits: LIMITS, name: 'attention-shapes' });
  let reason: string | undefined;
  worker.on('error', (error) => {
    reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  });
  return {
    post: (message) => worker.postMessage(message),
    listen: (listener) => void worker.on('message', listener),
    stop: () => void worker.terminate(),
    onStop: (listener) => void worker.on('exit', (code) => listener(reason ?? `ended with ${code}`)),
  };
}
