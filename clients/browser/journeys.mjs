// What a person does with the portal and the provider. Each journey runs with JavaScript off and on.

import assert from 'node:assert/strict';
import { answerAt, withListeningApp } from './listening_app.mjs';
import { ADA, answerConsent, authorizeUrl, BEN, NILS, PASSWORD, pick, typePassword, typeUserName } from './pages.mjs';
import { TENANT } from './processes.mjs';

async function adjusterOpensAPolicy(page, { portal }) {
  await page.goto(`${portal.origin}/policies/POL-1001`);
  await pick(page, ADA);
  await answerConsent(page, 'Accept');
  await page.waitForURL(`${portal.origin}/policies/POL-1001`);
  assert.deepEqual(await facts(page, 'region'), ['north']);

  await page.goto(`${portal.origin}/me`);
  assert.deepEqual(await facts(page, 'name'), [ADA.displayName]);
  assert.deepEqual(await facts(page, 'oid'), [ADA.id]);
  assert.deepEqual(await facts(page, 'tid'), [TENANT]);
  assert.deepEqual(await facts(page, 'roles'), ['Claims.Adjuster']);
  assert.equal((await page.goto(`${portal.origin}/policies/POL-1002`)).status(), 403, 'a policy of another region');
  assert.equal((await page.goto(`${portal.origin}/insights`)).status(), 403, 'a page for analysts');
}

async function clientSeesOwnPolicies(page, { portal }) {
  await page.goto(`${portal.origin}/`);
  await page.locator('a[href^="/login"]').first().click();
  await pick(page, BEN);
  await answerConsent(page, 'Accept');
  await page.waitForURL(`${portal.origin}/**`);
  await page.goto(`${portal.origin}/me`);
  assert.deepEqual(await facts(page, 'name'), [BEN.displayName], 'the name as it is, not as markup');
  await page.goto(`${portal.origin}/my/policies`);
  assert.deepEqual(await facts(page, 'policy-id'), ['POL-1001', 'POL-1002']);
}

async function signOutEndsBothSessions(page, { portal }) {
  await page.goto(`${portal.origin}/me`);
  await pick(page, ADA);
  await answerConsent(page, 'Accept');
  await page.waitForURL(`${portal.origin}/me`);
  await page.locator('form[action="/logout"] [type="submit"]').click();
  await page.waitForURL(`${portal.origin}/`);
  await page.goBack();
  assert.deepEqual(await facts(page, 'oid'), [], 'the Back button shows nothing');
  await page.goto(`${portal.origin}/me`);
  await pick(page, NILS);
  await answerConsent(page, 'Accept');
  await page.waitForURL(`${portal.origin}/me`);
  assert.deepEqual(await facts(page, 'oid'), [NILS.id]);
  assert.deepEqual(await facts(page, 'roles'), []);
}

async function passwordIsChecked(page, { portal }) {
  await page.goto(`${portal.origin}/me`);
  await typeUserName(page, ADA);
  await typePassword(page, 'not the password');
  await page.locator('#field-error').waitFor();
  await typePassword(page, PASSWORD);
  await answerConsent(page, 'Accept');
  await page.waitForURL(`${portal.origin}/me`);
  assert.deepEqual(await facts(page, 'oid'), [ADA.id]);
}

async function searchFindsAnAccount(page, { portal }) {
  await page.goto(`${portal.origin}/me`);
  await page.getByLabel('Find an account').fill('nils');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByText('Accounts that match').waitFor();
  assert.equal(await page.locator('button[name="username"]').count(), 1);
  await pick(page, NILS);
  await answerConsent(page, 'Accept');
  await page.waitForURL(`${portal.origin}/me`);
}

async function declinedConsentSignsNobodyIn(page, { portal }) {
  await page.goto(`${portal.origin}/me`);
  await pick(page, ADA);
  const answer = page.waitForResponse((response) => response.url().startsWith(`${portal.origin}/getAToken`));
  await answerConsent(page, 'Cancel');
  assert.ok((await answer).status() < 500, 'a refusal is no failure of the app');
  await page.getByRole('heading', { level: 1 }).waitFor();
  assert.equal(new URL(page.url()).origin, portal.origin);
  // The app knows nobody, so it asks again; the provider knows Ada by now, and asks her for the consent only.
  await page.goto(`${portal.origin}/me`);
  await page.getByRole('heading', { name: 'Permissions requested' }).waitFor();
}

async function formPostReachesTheApp(page, { mock }, needsButton) {
  await withListeningApp(async (app) => {
    await page.goto(authorizeUrl(mock, { redirect_uri: app.redirectUri, response_mode: 'form_post' }));
    await pick(page, ADA);
    await answerConsent(page, 'Accept');
    if (needsButton) await page.getByRole('button', { name: 'Continue' }).click();
    const answer = await answerAt(page, app);
    assert.equal(app.answers.length, 1);
    assert.equal(new URL(page.url()).search, '', 'nothing in the address');
    assert.equal(answer.get('state'), 'state-of-the-browser-tests');
    assert.match(answer.get('code') ?? '', /.{20}/);
  });
}

/** The texts of the elements that a page marks as this fact (`data-field`). */
async function facts(page, field) {
  const texts = await page.locator(`[data-field="${field}"]`).allTextContents();
  return texts.map((text) => text.trim());
}

const JOURNEYS = [
  ['an adjuster opens a policy of the region, and no other', adjusterOpensAPolicy],
  ['a client sees the own policies', clientSeesOwnPolicies],
  ['signing out ends both sessions', signOutEndsBothSessions],
  ['a typed password is checked', passwordIsChecked],
  ['the search finds an account', searchFindsAnAccount],
  ['a declined consent signs nobody in', declinedConsentSignsNobodyIn],
  ['an answer by form_post reaches the app', (page, world, javaScript) => formPostReachesTheApp(page, world, !javaScript)],
];

export const journeys = JOURNEYS.flatMap(([name, journey]) => [false, true].map((javaScript) => ({
  name: `${name}, JavaScript ${javaScript ? 'on' : 'off'}`,
  javaScript,
  run: (page, world) => journey(page, world, javaScript),
})));
