// Does unit 3 as a script: the Microsoft Graph client and the Azure identity library for JavaScript, unmodified, against the mock.
//
//   node clients/graph-node/run.mjs
//
// Needs Node.js 20.11 or newer with npm, and cargo. Exit code: 0 all passed, 1 something failed, 3 this machine cannot run it
// (the reason is printed).

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { installPackages } from '../harness/packages.mjs';
import { end, executable, printedAddresses } from '../harness/programs.mjs';

const HERE = import.meta.dirname;

installPackages(HERE);
const folder = mkdtempSync(path.join(os.tmpdir(), 'graph-tests-'));
const flags = ['serve', '--http', 'localhost:0', '--https', 'localhost:0', '--data-dir', folder];
const mock = spawn(executable('mock-idp'), flags, { stdio: ['ignore', 'pipe', 'inherit'] });
try {
  const { https, ca } = await printedAddresses(mock);
  // As a learner does it: Node.js reads the CA from this variable when it starts, so the proofs are a process of their own.
  const environment = { ...process.env, NODE_EXTRA_CA_CERTS: ca, MOCK_ORIGIN: https };
  process.exitCode = spawnSync(process.execPath, [path.join(HERE, 'proofs.mjs')], { env: environment, stdio: 'inherit' }).status ?? 1;
} finally {
  await end(mock);
  rmSync(folder, { recursive: true, force: true });
}
