// The browser, as all scripts of this folder start it.

import { chromium as browsers } from 'playwright-core';

// Chromium would call home for updates and the like; these tests run without a network.
const ARGUMENTS = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** Starts the program at this path. */
export function launch(executablePath) {
  // Chromium's sandbox does not work for root, as whom containers often run.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return browsers.launch({ executablePath, args: [...ARGUMENTS, ...sandbox] });
}
