// Programs of this workspace, each as a process of its own that is ended by its own process id.

import { execFileSync } from 'node:child_process';
import path from 'node:path';
import readline from 'node:readline';

export const WORKSPACE = path.dirname(path.dirname(import.meta.dirname));

const built = new Map();

/** Builds the package, once, and returns the path of its program. */
export function executable(name) {
  if (!built.has(name)) {
    const build = ['build', '--quiet', '--package', name, '--message-format', 'json'];
    const output = execFileSync('cargo', build, { cwd: WORKSPACE, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 28 });
    const messages = output.split('\n').filter(Boolean).map((line) => JSON.parse(line));
    built.set(name, messages.find((message) => message.executable).executable);
  }
  return built.get(name);
}

/** What the mock prints once it listens, line by line: `http`, `https` and `ca`, as in `https  https://localhost:41234`. */
export async function printedAddresses(mock) {
  const addresses = {};
  for await (const line of readline.createInterface({ input: mock.stdout })) {
    const [name, value] = line.split(/ +/);
    addresses[name] = value;
    if (name !== 'ca') continue;
    mock.stdout.resume(); // leaving the loop pauses the stream, and others may listen
    return addresses;
  }
  throw new Error('the mock ended before it listened');
}

/** Ends a process and waits until it is gone. */
export async function end(child) {
  child.kill();
  if (child.exitCode === null && child.signalCode === null) await new Promise((ended) => child.once('exit', ended));
}
