// A browser with WebGL: the one that is named, the one that is installed, else the one inside an npm package.
import { createReadStream, createWriteStream, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { chromium } from 'playwright-core';
import { cached, ROOT } from './folders.mjs';
import { run } from './processes.mjs';
import { madeOnce } from './stamp.mjs';

const VERSION = '147.0.0';
const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const QUIET = ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const SOFTWARE_WEBGL = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'];
const NO_WEBGL = ['--disable-3d-apis', '--disable-gpu'];

/** Fonts of its own, and the system's where there are any. */
const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir prefix="relative">.</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;

const inflate = (from, to, mode) => pipeline(createReadStream(from), createBrotliDecompress(), createWriteStream(to, { mode }));

async function unpack(name, folder) {
  const archive = join(folder, 'archive.tar');
  mkdirSync(folder, { recursive: true });
  await inflate(join(ROOT, 'node_modules', '@sparticuz', 'chromium', 'bin', `${name}.tar.br`), archive, 0o600);
  await run('tar', ['xf', archive, '-C', folder]);
  rmSync(archive);
}

/** The packaged browser wants its drawing libraries beside it, and the system libraries and fonts that a bare machine lacks. */
async function unpackAll(folder) {
  await inflate(join(ROOT, 'node_modules', '@sparticuz', 'chromium', 'bin', 'chromium.br'), join(folder, 'chromium'), 0o755);
  await unpack('swiftshader', folder);
  await unpack('al2023', folder);
  await unpack('fonts', join(folder, 'fonts'));
  writeFileSync(join(folder, 'fonts', 'fonts.conf'), FONTS);
}

async function packaged() {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('no Chrome or Chromium found: name one with the environment variable CHROMIUM');
  const folder = await madeOnce(cached(`chromium@${VERSION}`), unpackAll);
  const libraries = [join(folder, 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');
  return { executablePath: join(folder, 'chromium'), env: { LD_LIBRARY_PATH: libraries, FONTCONFIG_PATH: join(folder, 'fonts') } };
}

/** The browser's program and what its environment needs. */
export async function findBrowser() {
  const named = process.env.CHROMIUM;
  if (named && !existsSync(named)) throw new Error(`CHROMIUM names ${named}, which is not there`);
  const executablePath = named || INSTALLED.find((path) => existsSync(path));
  return executablePath ? { executablePath, env: {} } : packaged();
}

/** Starts it without a window. `webgl: false` gives one that cannot draw with WebGL at all. */
export async function launchBrowser({ webgl = true } = {}) {
  const { executablePath, env } = await findBrowser();
  return chromium.launch({ executablePath, env: { ...process.env, ...env }, args: [...QUIET, ...(webgl ? SOFTWARE_WEBGL : NO_WEBGL)] });
}
