// Processes that end when this one does, however it ends.
import { spawn } from 'node:child_process';

const endings = [];

/** Does this when the process ends: the last asked is the first done. */
export function atEnd(action) {
  endings.push(action);
}

function endAll() {
  for (let action = endings.pop(); action; action = endings.pop()) {
    try {
      action();
    } catch {
      // The others are still to be ended.
    }
  }
}

process.on('exit', endAll);
for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 })) process.on(signal, () => process.exit(code));

function endGroup({ pid }) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** Starts a program in a process group of its own; `end` kills the group, and so does the end of this process. */
export function startGroup(program, args, options = {}) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true, ...options });
  const end = () => endGroup(child);
  atEnd(end);
  return { child, end };
}

/** Runs a program to its end and gives its output; a failure carries what it said. */
export function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const { child } = startGroup(program, args, options);
    let stdout = '';
    let all = '';
    child.stdout?.on('data', (chunk) => {
      stdout += chunk;
      all += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      all += chunk;
    });
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve(stdout) : reject(new Error(`${program} ${args.join(' ')} ended with ${code}\n${all.slice(-4000)}`))));
  });
}

/** npm, as the one that runs this script where there is one. */
export function npm(args, options) {
  const script = process.env.npm_execpath;
  return script?.endsWith('.js') ? run(process.execPath, [script, ...args], options) : run('npm', args, options);
}
