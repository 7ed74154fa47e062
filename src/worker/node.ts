/** The worker's entry on node: a worker thread. */
import { parentPort } from 'node:worker_threads';
import { makeCore } from '../analysis/core';
import { serve } from './serve';

const port = parentPort;
if (!port) throw new Error('this file runs as a worker thread');
serve({ post: (message) => port.postMessage(message), listen: (listener) => void port.on('message', listener) }, makeCore);
