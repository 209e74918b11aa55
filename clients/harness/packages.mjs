// The npm packages of a client.

import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const CANNOT_RUN = 3;

/** Ends the program: this machine cannot run it. */
export function cannotRun(reason) {
  console.log(`cannot run: ${reason}`);
  process.exit(CANNOT_RUN);
}

/** Installs what the package-lock.json of a folder names, unless that has been done already. */
export function installPackages(folder) {
  const lock = path.join(folder, 'package-lock.json');
  const stamp = path.join(folder, 'node_modules', 'package-lock.sha256');
  const wanted = createHash('sha256').update(readFileSync(lock)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  try {
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    execFileSync(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: folder,
      stdio: 'inherit',
      shell: process.platform === 'win32', // Node.js starts a .cmd file only through a shell
    });
  } catch (error) {
    cannotRun(`npm could not install the packages of clients/${path.basename(folder)}: ${error.message}`);
  }
  writeFileSync(stamp, wanted);
}
