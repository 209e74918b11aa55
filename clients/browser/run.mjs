// A real browser signs in to the unit 4 solution, works in the practice portal, with JavaScript off and on, and looks at the pages as
// axe, a keyboard and a narrow screen do.
//
//   node clients/browser/run.mjs [--pictures] [PART OF A NAME]
//
// Needs Node.js 20.11 or newer with npm, cargo, and Chromium (/usr/bin/chromium, or the path in CHROMIUM). `--pictures` keeps
// a picture of every page in target/clients/browser; a part of a name runs only the scenarios that have it in theirs.
// Exit code: 0 all passed, 1 something failed, 3 this machine cannot run it (the reason is printed).

import { existsSync } from 'node:fs';

import { cannotRun, installPackages } from '../harness/packages.mjs';

const chromium = process.env.CHROMIUM || '/usr/bin/chromium';
if (!existsSync(chromium)) cannotRun(`there is no browser at ${chromium}; install Chromium or name its path in CHROMIUM`);
installPackages(import.meta.dirname);
const { runScenarios } = await import('./scenarios.mjs');
const keepPictures = process.argv.includes('--pictures');
const only = process.argv.slice(2).find((argument) => argument !== '--pictures') ?? '';
try {
  process.exitCode = await runScenarios({ chromium, keepPictures, only });
} catch (error) {
  console.log(`FAILED  before the first scenario: ${error.message}`);
  process.exitCode = 1;
}
