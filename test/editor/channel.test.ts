import { MessageChannel } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { Cancelled, cancellable, openChannel, type Port } from '../../src/protocol/channel';

type Ask = { readonly kind: 'double'; readonly of: number } | { readonly kind: 'fail' } | { readonly kind: 'never' };
interface Answers {
  readonly double: number;
  readonly fail: null;
  readonly never: null;
}

const portOf = (port: import('node:worker_threads').MessagePort): Port => ({
  post: (message) => port.postMessage(message),
  listen: (listener) => void port.on('message', listener),
});

function pair() {
  const { port1, port2 } = new MessageChannel();
  const cancelled: string[] = [];
  const asker = openChannel<Ask, Answers>(portOf(port1));
  openChannel<never, Record<never, never>, Ask, Answers>(portOf(port2), {
    double: ({ of }) => of * 2,
    fail() {
      throw new Error('no such thing');
    },
    async never({ kind }, cancellation) {
      await new Promise<void>((resolve) => cancellation.onCancel(resolve));
      cancelled.push(kind);
      return null;
    },
  });
  return { asker, cancelled, close: () => port1.close() };
}

it('answers each request with its own answer', async () => {
  const { asker, close } = pair();
  expect(await Promise.all([asker.request({ kind: 'double', of: 2 }), asker.request({ kind: 'double', of: 21 })])).toEqual([4, 42]);
  close();
});

it('carries the words of a failure', async () => {
  const { asker, close } = pair();
  await expect(asker.request({ kind: 'fail' })).rejects.toThrow('no such thing');
  close();
});

it('cancels on the other side, and fails at once on this', async () => {
  const { asker, cancelled, close } = pair();
  const { cancellation, cancel } = cancellable();
  const answer = asker.request({ kind: 'never' }, cancellation);
  cancel();
  await expect(answer).rejects.toBeInstanceOf(Cancelled);
  expect(await asker.request({ kind: 'double', of: 1 })).toBe(2);
  expect(cancelled).toEqual(['never']);
  close();
});

it('asks nothing that was given up before', async () => {
  const { asker, close } = pair();
  const { cancellation, cancel } = cancellable();
  cancel();
  await expect(asker.request({ kind: 'double', of: 1 }, cancellation)).rejects.toBeInstanceOf(Cancelled);
  close();
});

it('fails what is open, and what comes later, with the reason it was closed for', async () => {
  const { asker, close } = pair();
  const open = asker.request({ kind: 'never' });
  asker.close('the worker ended');
  await expect(open).rejects.toThrow('the worker ended');
  await expect(asker.request({ kind: 'double', of: 1 })).rejects.toThrow('the worker ended');
  close();
});

it('says so where nothing answers', async () => {
  const { port1, port2 } = new MessageChannel();
  const asker = openChannel<Ask, Answers>(portOf(port1));
  openChannel<never, Record<never, never>>(portOf(port2));
  await expect(asker.request({ kind: 'fail' })).rejects.toThrow('nothing answers fail here');
  port1.close();
});
