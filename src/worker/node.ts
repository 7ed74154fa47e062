/** The worker's entry on node: a worker thread. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parentPort } from 'node:worker_threads';
import { makeCore } from '../analysis/core';
import { setWasm } from '../frontend/python/wasm';
import { serve } from './serve';

// Beside the bundle.
setWasm((name) => readFile(path.join(__dirname, 'wasm', name)));

const port = parentPort;
if (!port) throw new Error('this file runs as a worker thread');
serve({ post: (message) => port.postMessage(message), listen: (listener) => void port.on('message', listener) }, makeCore);
