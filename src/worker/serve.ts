/** The analysis worker on any platform: a session behind a channel. */
import { createSession, type MakeCore } from '../analysis/session';
import { type Channel, openChannel, type Port } from '../protocol/channel';
import type { HostAnswers, ReadRequest, WorkerAnswers, WorkerRequest } from '../protocol/messages';

/** Answers the host's requests over the port; files are read through it. */
export function serve(port: Port, makeCore: MakeCore): void {
  const session = createSession(makeCore, (file) => channel.request({ kind: 'read', file }));
  const channel: Channel<ReadRequest, HostAnswers> = openChannel<ReadRequest, HostAnswers, WorkerRequest, WorkerAnswers>(port, session);
}
