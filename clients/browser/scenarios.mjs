// Runs every journey and looks at every page, one after the other, each in a fresh browser context and from a reset mock.

import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { bookPages } from './book_pages.mjs';
import { launch } from './chromium.mjs';
import { control } from './control.mjs';
import { journeys } from './journeys.mjs';
import { knowledgeCheck } from './knowledge_check.mjs';
import { looks } from './looks.mjs';
import { hardeningScenarios } from './hardening_scenarios.mjs';
import { hostileNames } from './hostile_names.mjs';
import { portalScenarios } from './portal_scenarios.mjs';
import { WORKSPACE } from '../harness/programs.mjs';
import { startMockAndPortal } from './processes.mjs';
import { signInScenarios } from './sign_in_scenarios.mjs';
import { exercise } from './unit_3_exercise.mjs';

const PICTURES = path.join(WORKSPACE, 'target', 'clients', 'browser');
const STEP_LIMIT_MS = 10_000;

/** Returns the exit code of the program. */
export async function runScenarios({ chromium, keepPictures, only }) {
  mkdirSync(PICTURES, { recursive: true });
  const { stop, ...programs } = await startMockAndPortal();
  let browser;
  let passed = 0;
  let failed = 0;
  try {
    browser = await launch(chromium);
    for (const scenario of [...journeys, ...exercise, ...portalScenarios, ...signInScenarios, ...hardeningScenarios, ...hostileNames, ...knowledgeCheck, ...bookPages, ...looks].filter(({ name }) => name.includes(only))) {
      const problem = await run(browser, scenario, { ...programs, keepPictures, pictures: PICTURES });
      if (problem === null) passed += 1;
      else failed += 1;
      console.log(problem === null ? `passed  ${scenario.name}` : `FAILED  ${scenario.name}\n${indented(problem)}`);
    }
  } finally {
    await browser?.close();
    await stop();
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

/** Returns what went wrong, or null. */
async function run(browser, scenario, world) {
  await control(world.mock, 'POST', '/mock/reset');
  const context = await browser.newContext({ javaScriptEnabled: scenario.javaScript, viewport: { width: 1280, height: 900 } });
  context.setDefaultTimeout(STEP_LIMIT_MS);
  const page = await context.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(`a script failed: ${error.message}`));
  page.on('console', (message) => {
    const complaint = /Content Security Policy/.test(message.text()) && !scenario.expectedComplaint?.test(message.text());
    if (complaint) complaints.push(message.text());
  });
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    const hosts = scenario.hosts ?? ['localhost'];
    if (protocol !== 'data:' && !hosts.includes(hostname)) complaints.push(`a request left this machine: ${request.url()}`);
  });
  try {
    await scenario.run(page, world);
    return complaints.length === 0 ? null : complaints.join('\n');
  } catch (error) {
    const picture = path.join(PICTURES, `failed-${scenario.name.replace(/[^\w-]+/g, '-')}.png`);
    await page.screenshot({ path: picture, fullPage: true }).catch(() => {});
    return [error.message, `at ${page.url()}`, `picture: ${picture}`, ...complaints].join('\n');
  } finally {
    await context.close();
  }
}

function indented(text) {
  return text.replace(/^/gm, '        ');
}
