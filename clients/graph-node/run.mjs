// Does unit 3 as a script: the Microsoft Graph client and the Azure identity library for JavaScript, unmodified, against the mock.
//
//   node clients/graph-node/run.mjs
//
// Needs Node.js 20.11 or newer with npm, and cargo. Exit code: 0 all passed, 1 something failed, 3 this machine cannot run it
// (the reason is printed).

import { createHash } from 'node:crypto';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';

const HERE = import.meta.dirname;
const WORKSPACE = path.dirname(path.dirname(HERE));
const CANNOT_RUN = 3;

/** Installs what package-lock.json names, unless that has been done already. */
function installPackages() {
  const lock = path.join(HERE, 'package-lock.json');
  const stamp = path.join(HERE, 'node_modules', 'package-lock.sha256');
  const wanted = createHash('sha256').update(readFileSync(lock)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  try {
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    execFileSync(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: HERE,
      stdio: 'inherit',
      shell: process.platform === 'win32', // Node.js starts a .cmd file only through a shell
    });
  } catch (error) {
    console.log(`cannot run: npm could not install the packages of clients/graph-node: ${error.message}`);
    process.exit(CANNOT_RUN);
  }
  writeFileSync(stamp, wanted);
}

/** Builds the mock and returns the path of its program. */
function executable() {
  const build = ['build', '--quiet', '--package', 'mock-idp', '--message-format', 'json'];
  const output = execFileSync('cargo', build, { cwd: WORKSPACE, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 28 });
  const messages = output.split('\n').filter(Boolean).map((line) => JSON.parse(line));
  return messages.find((message) => message.executable).executable;
}

/** The lines that the mock prints once it listens: `https  https://localhost:41234`. */
async function printedAddresses(mock) {
  const addresses = {};
  for await (const line of readline.createInterface({ input: mock.stdout })) {
    const [name, value] = line.split(/ +/);
    addresses[name] = value;
    if (name === 'ca') return addresses;
  }
  throw new Error('the mock ended before it listened');
}

installPackages();
const folder = mkdtempSync(path.join(os.tmpdir(), 'graph-tests-'));
const flags = ['serve', '--http', 'localhost:0', '--https', 'localhost:0', '--data-dir', folder];
const mock = spawn(executable(), flags, { stdio: ['ignore', 'pipe', 'inherit'] });
try {
  const { https, ca } = await printedAddresses(mock);
  // As a learner does it: Node.js reads the CA from this variable when it starts, so the proofs are a process of their own.
  const environment = { ...process.env, NODE_EXTRA_CA_CERTS: ca, MOCK_ORIGIN: https };
  process.exitCode = spawnSync(process.execPath, [path.join(HERE, 'proofs.mjs')], { env: environment, stdio: 'inherit' }).status ?? 1;
} finally {
  mock.kill();
  await new Promise((ended) => (mock.exitCode === null && mock.signalCode === null ? mock.once('exit', ended) : ended()));
  rmSync(folder, { recursive: true, force: true });
}
