// The exercise of unit 3, step by step in its own order, as a learner does it; then the app of unit 4 with the values that were noted.

import assert from 'node:assert/strict';
import { ABC, addRole, addSecret, assign, assignments, notice, register, signInToPortal } from './portal_pages.mjs';

export const ROLES = [
  { name: 'Client', value: 'Client', description: 'Sees the own policies.' },
  { name: 'Claims adjuster', value: 'Claims.Adjuster', description: 'Sees the policies of a region.' },
  { name: 'Insights analyst', value: 'Insights.Analyst', description: 'Sees the figures.' },
  { name: 'Policy administrator', value: 'Policy.Admin', description: 'Changes every policy.' },
];

/** Who is to hold which role, and what the app must find. */
const PEOPLE = [
  [ABC.ada, ['Claims.Adjuster']],
  [ABC.dana, ['Client', 'Claims.Adjuster']],
  [ABC.ines, ['Insights.Analyst']],
  [ABC.paul, ['Policy.Admin']],
  [ABC.nils, []],
];

async function doTheExercise(page, { mock, startSolution }) {
  // 1. Sign in to the portal. 2. Create a new app. 3. Add a client secret to it.
  await signInToPortal(page, mock, ABC.olga);
  const app = await register(page, mock, { name: 'claims-portal', uri: 'http://localhost:5000/getAToken' });
  assert.match(await notice(page), /^Registered claims-portal/);
  const secret = await addSecret(page, app, { description: 'dev laptop' });
  // 4. Take note of the values.
  const settings = {
    AUTHORITY: `${mock.origin}/${app.tenantId}`,
    CLIENT_ID: app.clientId,
    CLIENT_SECRET: secret.value,
  };
  // 5. Add app roles.
  for (const role of ROLES) await addRole(page, app, role);
  // 6. Assign them to users and groups.
  await assign(page, app, ['Ada Adjuster', 'Dana Both'], /Claims adjuster/);
  await assign(page, app, ['Dana Both'], /^Client/);
  await assign(page, app, ['Insights Analysts'], /Insights analyst/);
  await assign(page, app, ['Paul Policy'], /Policy administrator/);
  assert.equal((await assignments(page)).length, 5);

  // Unit 4: the app with the noted values.
  const solution = await startSolution(settings);
  try {
    for (const [username, roles] of PEOPLE) await signInToTheApp(page, solution, username, roles);
  } finally {
    await solution.stop();
  }
}

/** Signs in, in a browser of her own, and reads the roles on the page. */
async function signInToTheApp(page, solution, username, roles) {
  const context = await page.context().browser().newContext();
  context.setDefaultTimeout(10_000);
  try {
    const visitor = await context.newPage();
    await visitor.goto(`${solution.origin}/me`);
    await visitor.locator(`button[name="username"][value="${username}"]`).click();
    await visitor.getByRole('button', { name: 'Accept', exact: true }).click();
    await visitor.waitForURL(`${solution.origin}/me`);
    const shown = await visitor.locator('[data-field="roles"]').allInnerTexts();
    const found = shown.flatMap((text) => text.split(/[\s,]+/)).filter((role) => ROLES.some(({ value }) => value === role));
    assert.deepEqual(found.sort(), [...roles].sort(), username);
  } finally {
    await context.close();
  }
}

export const exercise = [false, true].map((javaScript) => ({
  name: `the exercise of unit 3, then the app of unit 4 with its values, JavaScript ${javaScript ? 'on' : 'off'}`,
  javaScript,
  run: doTheExercise,
}));
