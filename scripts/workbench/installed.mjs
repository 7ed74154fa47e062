// A server with the packaged extension installed, and a copy of the gallery to open in it.
import { join } from 'node:path';
import { packageExtension } from './extension.mjs';
import { temporary } from './folders.mjs';
import { galleryCopy } from './gallery.mjs';
import { startServer } from './server.mjs';

/** Packages, installs and serves; `options` are the server's. */
export async function serveInstalled(options = {}) {
  const vsix = await packageExtension(temporary('package'));
  const folder = galleryCopy();
  const server = await startServer({ ...options, vsix });
  return { server, folder, address: server.address({ folder, open: join(folder, 'pytorch', 'selfAttention.py') }) };
}
