/** The built command line as people run it: a process, its exit code, what it prints. */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll } from 'vitest';

export const REPOSITORY = resolve(import.meta.dirname, '../..');
export const GALLERY = join(REPOSITORY, 'media/gallery/typescript');
const PROGRAM = join(REPOSITORY, 'dist/cli.js');

/** The newest change beneath a folder. */
function newest(folder: string): number {
  return Math.max(...readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs));
}

/** Builds the program where the source is newer. */
export function build(): void {
  const files = [PROGRAM, ...['runner', 'typescript'].map((name) => join(REPOSITORY, `dist/${name}.js`))];
  const built = files.every(existsSync) ? Math.min(...files.map((file) => statSync(file).mtimeMs)) : 0;
  if (built < newest(join(REPOSITORY, 'src'))) execFileSync('node', ['esbuild.mjs', 'cli', 'runner', 'typescript'], { cwd: REPOSITORY });
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Where {
  readonly cwd?: string;
  readonly stdin?: string;
  /** How wide the terminal is. */
  readonly columns?: number;
}

/** Runs the program; `stdin` is given to it, `cwd` is where. */
export function cli(args: readonly string[], { cwd = REPOSITORY, stdin = '', columns }: Where = {}): Promise<Ran> {
  return new Promise((done) => {
    const child = execFile(
      'node',
      [PROGRAM, ...args],
      { cwd, timeout: 60_000, maxBuffer: 64 * 2 ** 20, env: { ...process.env, ...(columns ? { COLUMNS: String(columns) } : {}) } },
      (error, stdout, stderr) => {
        done({ code: error ? (typeof error.code === 'number' ? error.code : -1) : 0, stdout, stderr });
      },
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(stdin);
  });
}

/** The same with `--json`: the one document, and the exit code. */
export async function cliJson<T>(args: readonly string[], options: Parameters<typeof cli>[1] = {}): Promise<{ readonly code: number; readonly document: T }> {
  const { code, stdout, stderr } = await cli([...args, '--json'], options);
  if (stdout === '') throw new Error(`nothing was printed: ${stderr}`);
  return { code, document: JSON.parse(stdout) as T };
}

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** A folder with these files, gone after the tests. */
export function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'attention-shapes-'));
  made.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}
