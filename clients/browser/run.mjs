// A real browser signs in to the unit 4 solution, works in the practice portal, with JavaScript off and on, and looks at the pages as
// axe, a keyboard and a narrow screen do.
//
//   node clients/browser/run.mjs [--pictures] [PART OF A NAME]
//
// Needs Node.js 20.11 or newer with npm, cargo, and Chromium (/usr/bin/chromium, or the path in CHROMIUM). `--pictures` keeps
// a picture of every page in target/clients/browser; a part of a name runs only the scenarios that have it in theirs.
// Exit code: 0 all passed, 1 something failed, 3 this machine cannot run it (the reason is printed).

import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const HERE = import.meta.dirname;
const CANNOT_RUN = 3;

function cannotRun(reason) {
  console.log(`cannot run: ${reason}`);
  process.exit(CANNOT_RUN);
}

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
    cannotRun(`npm could not install the packages of clients/browser: ${error.message}`);
  }
  writeFileSync(stamp, wanted);
}

const chromium = process.env.CHROMIUM || '/usr/bin/chromium';
if (!existsSync(chromium)) cannotRun(`there is no browser at ${chromium}; install Chromium or name its path in CHROMIUM`);
installPackages();
const { runScenarios } = await import('./scenarios.mjs');
const keepPictures = process.argv.includes('--pictures');
const only = process.argv.slice(2).find((argument) => argument !== '--pictures') ?? '';
try {
  process.exitCode = await runScenarios({ chromium, keepPictures, only });
} catch (error) {
  console.log(`FAILED  before the first scenario: ${error.message}`);
  process.exitCode = 1;
}
