/** A browser with WebGL: the one of the machine, else the one inside the npm package, unpacked once. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import { type Browser, chromium } from 'playwright-core';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const PACKED = join(ROOT, 'node_modules', '@sparticuz', 'chromium', 'bin');
const UNPACKED = join(ROOT, '.cache', 'chromium');
const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const FLAGS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
];

function untar(name: string, into: string): void {
  const archive = join(into, `${name}.tar`);
  mkdirSync(into, { recursive: true });
  writeFileSync(archive, brotliDecompressSync(readFileSync(join(PACKED, `${name}.tar.br`))));
  execFileSync('tar', ['xf', archive, '-C', into]);
  rmSync(archive);
}

/** Unpacked beside its place and then moved there, so that two who do it at once do not meet. */
function unpack(): void {
  if (existsSync(join(UNPACKED, 'chromium'))) return;
  const making = `${UNPACKED}-${process.pid}`;
  mkdirSync(making, { recursive: true });
  writeFileSync(join(making, 'chromium'), brotliDecompressSync(readFileSync(join(PACKED, 'chromium.br'))));
  chmodSync(join(making, 'chromium'), 0o755);
  untar('swiftshader', making);
  untar('al2023', join(making, 'al2023'));
  untar('fonts', join(making, 'fonts'));
  try {
    renameSync(making, UNPACKED);
  } catch {
    rmSync(making, { recursive: true });
  }
}

/** Starts it; `flags` come last. */
export async function startBrowser(...flags: readonly string[]): Promise<Browser> {
  const installed = [process.env.CHROMIUM ?? '', ...INSTALLED].find((path) => path !== '' && existsSync(path));
  if (installed) return chromium.launch({ executablePath: installed, args: [...FLAGS, ...flags] });
  unpack();
  const libraries = [join(UNPACKED, 'al2023', 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');
  const env = { ...process.env, LD_LIBRARY_PATH: libraries, FONTCONFIG_PATH: join(UNPACKED, 'fonts') } as { [name: string]: string };
  return chromium.launch({ executablePath: join(UNPACKED, 'chromium'), args: [...FLAGS, ...flags], env });
}
