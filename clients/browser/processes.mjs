// The programs under test: the mock, and the unit 4 solution with the settings of an app.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';

import { end, executable, printedAddresses, WORKSPACE } from '../harness/programs.mjs';

const DIRECTORY_FILE = path.join(path.dirname(import.meta.dirname), 'directory.json');
export const DIRECTORY = JSON.parse(readFileSync(DIRECTORY_FILE, 'utf8'));
export const TENANT = DIRECTORY.organization.id;
export const CLIENT_ID = DIRECTORY.applications[0].appId;
const START_LIMIT_MS = 60_000;

/**
 * Starts the mock and, as `portal`, the unit 4 solution, which trusts the mock. `startSolution` starts the solution once more with the
 * settings of another app; `book` the book, once.
 */
export async function startMockAndPortal() {
  const started = [];
  const folder = mkdtempSync(path.join(os.tmpdir(), 'browser-tests-'));
  const stop = async () => {
    for (const child of started.reverse()) await end(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const mockArguments = ['serve', '--http', 'localhost:0', '--https', 'localhost:0'];
    mockArguments.push('--data-dir', path.join(folder, 'mock'), '--directory', DIRECTORY_FILE);
    const child = spawn(executable('mock-idp'), mockArguments, { stdio: ['ignore', 'pipe', 'pipe'] });
    started.push(child);
    const log = keepLog(child);
    const mock = { origin: (await printedAddresses(child)).http, log: () => log.join('') };
    const startSolution = async (settings) => {
      const solution = await solutionWith(folder, { ENDPOINT: `${mock.origin}/graph/v1.0/me`, SCOPE: 'User.Read', ...settings });
      started.push(solution.child);
      return { origin: solution.origin, stop: () => end(solution.child) };
    };
    let startedBook;
    const book = () => {
      startedBook ??= startBook(started);
      return startedBook;
    };
    const portal = await startSolution({
      AUTHORITY: `${mock.origin}/${TENANT}`,
      CLIENT_ID,
      CLIENT_SECRET: DIRECTORY.applications[0].passwordCredentials[0].secretText,
    });
    return { mock, portal, startSolution, book, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Everything that the program writes, for who looks for what must not be in it. Complaints are shown as well. */
function keepLog(child) {
  const log = [];
  child.stdout.on('data', (text) => log.push(text));
  child.stderr.on('data', (text) => {
    log.push(text);
    process.stderr.write(text);
  });
  return log;
}

/** Builds the book and serves it on a free port. */
async function startBook(started) {
  const child = spawn(executable('book-builder'), ['serve', '--addr', 'localhost:0'], { cwd: WORKSPACE, stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  for await (const line of readline.createInterface({ input: child.stdout })) {
    const origin = line.match(/^The book is at (.*)$/)?.[1];
    if (!origin) continue;
    child.stdout.resume();
    return { origin };
  }
  throw new Error('the book ended before it was served');
}

/** Starts the unit 4 solution on a free port. */
async function solutionWith(folder, settings) {
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const policies = path.join(folder, 'policies.json');
  writeFileSync(policies, JSON.stringify(policyData()));
  const environment = {
    ...process.env,
    REDIRECT_URI: `${origin}/getAToken`,
    PORT: String(port),
    SESSION_KEY: 'a session key of the browser tests, long enough',
    POLICY_DATA: policies,
    ...settings,
  };
  const child = spawn(executable('solution-04'), [], { cwd: folder, env: environment, stdio: ['ignore', 'ignore', 'inherit'] });
  await answers(child, `${origin}/healthz`);
  return { child, origin };
}

/** One policy of Ada's region, owned by Ben, and one elsewhere. */
function policyData() {
  const [ada, ben] = DIRECTORY.users;
  const owner = { tenantId: TENANT, ownerObjectId: ben.id, ownerMail: ben.mail };
  return {
    policies: [
      { id: 'POL-1001', region: 'north', premium: 412.5, ...owner },
      { id: 'POL-1002', region: 'south', premium: 99, ...owner },
    ],
    adjusters: [{ tenantId: TENANT, objectId: ada.id, regions: ['north'] }],
  };
}

async function answers(child, url) {
  const limit = Date.now() + START_LIMIT_MS;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} ended with exit code ${child.exitCode}`);
    try {
      if ((await fetch(url)).ok) return;
    } catch {
      // It does not listen yet.
    }
    if (Date.now() > limit) throw new Error(`${child.spawnfile} does not answer at ${url} after ${START_LIMIT_MS} ms`);
    await wait(50);
  }
}

/** A port that nobody listens on at this moment. */
async function freePort() {
  const server = net.createServer();
  await new Promise((bound, failed) => server.once('error', failed).listen(0, 'localhost', bound));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}
