/**
 * A small typed channel over anything that posts messages: a worker thread, a web worker, a webview. Each side asks with `request`
 * and answers with its handlers; an error travels as its words; a request that nobody waits for any longer is cancelled on the other side.
 */

/** What a channel runs over. Messages are structured clones, in order. */
export interface Port {
  post(message: unknown): void;
  listen(listener: (message: unknown) => void): void;
}

/** Says whether the one who asked still waits. */
export interface Cancellation {
  readonly cancelled: boolean;
  onCancel(listener: () => void): void;
}

/** Answers to requests, by their `kind`. */
export type Handlers<Request extends { readonly kind: string }, Answers extends { readonly [Kind in Request['kind']]: unknown }> = {
  readonly [Kind in Request['kind']]: (
    request: Extract<Request, { readonly kind: Kind }>,
    cancellation: Cancellation,
  ) => Answers[Kind] | Promise<Answers[Kind]>;
};

export interface Channel<Request extends { readonly kind: string }, Answers extends { readonly [Kind in Request['kind']]: unknown }> {
  /** Asks the other side. Fails with `Cancelled` once `cancellation` says so, with the other side's words where it failed, with the reason once closed. */
  request<Kind extends Request['kind']>(request: Extract<Request, { readonly kind: Kind }>, cancellation?: Cancellation): Promise<Answers[Kind]>;
  /** Fails all that is open, and every later request. */
  close(reason: string): void;
}

/** The failure of a request that its asker gave up. */
export class Cancelled extends Error {
  constructor() {
    super('cancelled');
    this.name = 'Cancelled';
  }
}

/** A cancellation and the function that sets it off. */
export function cancellable(): { readonly cancellation: Cancellation; cancel(): void } {
  const listeners: (() => void)[] = [];
  let cancelled = false;
  const cancellation: Cancellation = {
    get cancelled() {
      return cancelled;
    },
    onCancel(listener) {
      if (cancelled) listener();
      else listeners.push(listener);
    },
  };
  return {
    cancellation,
    cancel() {
      if (cancelled) return;
      cancelled = true;
      for (const listener of listeners.splice(0)) listener();
    },
  };
}

type Message =
  | { readonly type: 'request'; readonly id: number; readonly request: { readonly kind: string } }
  | { readonly type: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly type: 'error'; readonly id: number; readonly message: string; readonly stack?: string }
  | { readonly type: 'cancel'; readonly id: number };

/** A handler as the channel calls it: its request has come by its own kind. */
type Answering = (request: unknown, cancellation: Cancellation) => unknown;

interface Open {
  resolve(answer: unknown): void;
  reject(error: Error): void;
}

const isMessage = (message: unknown): message is Message => typeof message === 'object' && message !== null && 'type' in message && 'id' in message;

function errorMessage(id: number, error: unknown): Message {
  if (!(error instanceof Error)) return { type: 'error', id, message: String(error) };
  return { type: 'error', id, message: error.message, ...(error.stack !== undefined && { stack: error.stack }) };
}

function errorOf(message: Extract<Message, { type: 'error' }>): Error {
  const error = new Error(message.message);
  if (message.stack !== undefined) error.stack = message.stack;
  return error;
}

/** Opens one side: `Ask` is what this side asks, `Serve` what it answers. */
export function openChannel<
  Ask extends { readonly kind: string },
  AskAnswers extends { readonly [Kind in Ask['kind']]: unknown },
  Serve extends { readonly kind: string } = never,
  ServeAnswers extends { readonly [Kind in Serve['kind']]: unknown } = Record<Serve['kind'], never>,
>(port: Port, serve?: Handlers<Serve, ServeAnswers>): Channel<Ask, AskAnswers> {
  const handlers = new Map(Object.entries((serve ?? {}) as { readonly [kind: string]: Answering }));
  const open = new Map<number, Open>();
  const serving = new Map<number, () => void>();
  let closed: string | undefined;
  let last = 0;

  async function answer(id: number, request: { readonly kind: string }): Promise<void> {
    const { cancellation, cancel } = cancellable();
    serving.set(id, cancel);
    try {
      const handler = handlers.get(request.kind);
      if (!handler) throw new Error(`nothing answers ${request.kind} here`);
      port.post({ type: 'answer', id, answer: await handler(request, cancellation) } satisfies Message);
    } catch (error) {
      port.post(errorMessage(id, error));
    } finally {
      serving.delete(id);
    }
  }

  function settle(id: number, how: (waiting: Open) => void): void {
    const waiting = open.get(id);
    open.delete(id);
    if (waiting) how(waiting);
  }

  port.listen((message) => {
    if (!isMessage(message)) return;
    if (message.type === 'request') void answer(message.id, message.request);
    else if (message.type === 'cancel') serving.get(message.id)?.();
    else if (message.type === 'answer') settle(message.id, (waiting) => waiting.resolve(message.answer));
    else settle(message.id, (waiting) => waiting.reject(errorOf(message)));
  });

  return {
    request(request, cancellation) {
      if (closed !== undefined) return Promise.reject(new Error(closed));
      if (cancellation?.cancelled) return Promise.reject(new Cancelled());
      last += 1;
      const id = last;
      return new Promise((resolve, reject) => {
        open.set(id, { resolve: resolve as (answer: unknown) => void, reject });
        cancellation?.onCancel(() => {
          settle(id, (waiting) => {
            port.post({ type: 'cancel', id } satisfies Message);
            waiting.reject(new Cancelled());
          });
        });
        port.post({ type: 'request', id, request } satisfies Message);
      });
    },
    close(reason) {
      closed ??= reason;
      for (const id of [...open.keys()]) settle(id, (waiting) => waiting.reject(new Error(reason)));
      for (const cancel of serving.values()) cancel();
    },
  };
}
