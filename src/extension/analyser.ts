/** The analysis behind one async function: a worker that starts when first asked, and again after it ended. */
import { type Disposable, type Event, EventEmitter, type LogOutputChannel, l10n } from 'vscode';
import { type Cancellation, type Channel, openChannel } from '../protocol/channel';
import type { HostAnswers, ReadRequest, WorkerAnswers, WorkerRequest } from '../protocol/messages';
import type { WorkerPort } from './workerPort';

export type Ask = Channel<WorkerRequest, WorkerAnswers>['request'];

export interface Analyser extends Disposable {
  readonly ask: Ask;
  /** Ends the worker: the next question starts a new one, which knows nothing. */
  restart(): void;
  /** The worker ended, and with it all that it knew. */
  readonly onEnd: Event<void>;
}

interface Running {
  readonly channel: Channel<WorkerRequest, WorkerAnswers>;
  readonly port: WorkerPort;
}

/** A question that takes longer ends the worker. */
const PATIENCE_MS = 30_000;
/** More unasked ends than this within the window, and only the user starts it again. */
const MOST_ENDS = 4;
const ENDS_WINDOW_MS = 60_000;

/** Makes the analyser; `start` starts a worker, `read` reads a file for it. */
export function createAnalyser(start: () => WorkerPort, read: (file: string) => Promise<string | null>, log: LogOutputChannel): Analyser {
  const ended = new EventEmitter<void>();
  let running: Running | undefined;
  let ends: number[] = [];

  function run(): Running {
    const port = start();
    const channel = openChannel<WorkerRequest, WorkerAnswers, ReadRequest, HostAnswers>(port, { read: ({ file }) => read(file) });
    const mine: Running = { channel, port };
    port.onStop((reason) => {
      channel.close(l10n.t('The analysis ended: {0}', reason.split('\n', 1)[0] ?? reason));
      if (running !== mine) return;
      running = undefined;
      ends.push(Date.now());
      log.error(`the analysis worker ended: ${reason}`);
      ended.fire();
    });
    log.info('the analysis worker started');
    return mine;
  }

  function current(): Running {
    ends = ends.filter((time) => Date.now() - time < ENDS_WINDOW_MS);
    if (!running && ends.length >= MOST_ENDS)
      throw new Error(l10n.t('The analysis ended {0} times within a minute. “Attention Shapes: Restart Analysis” starts it again.', ends.length));
    running ??= run();
    return running;
  }

  function end(reason: string): void {
    const last = running;
    running = undefined;
    last?.channel.close(reason);
    last?.port.stop();
    if (last) ended.fire();
  }

  const ask: Ask = async (request, cancellation?: Cancellation) => {
    const { channel } = current();
    const watchdog = setTimeout(() => {
      log.error(`${request.kind} took more than ${PATIENCE_MS / 1000} s: the worker is ended`);
      end(l10n.t('The analysis took more than {0} seconds.', PATIENCE_MS / 1000));
    }, PATIENCE_MS);
    try {
      return await channel.request(request, cancellation);
    } finally {
      clearTimeout(watchdog);
    }
  };

  return {
    ask,
    onEnd: ended.event,
    restart() {
      ends = [];
      end(l10n.t('The analysis was restarted.'));
    },
    dispose() {
      end('disposed');
      ended.dispose();
    },
  };
}
