// How people sign in, step by step: the scenarios 19 to 25 and 41 of the portal's specification.

import assert from 'node:assert/strict';
import { control } from './control.mjs';
import { answerAt, withListeningApp } from './listening_app.mjs';
import { ADA, answerConsent, authorizeUrl, BEN, OLGA, PASSWORD, pick, typePassword } from './pages.mjs';
import { CLIENT_ID, DIRECTORY, TENANT } from './processes.mjs';
import { tokensFor } from './tokens.mjs';

async function firstSignIn(page, { portal }) {
  await page.goto(`${portal.origin}/me`);
  await pick(page, ADA);
  await answerConsent(page, 'Accept');
  await page.waitForURL(`${portal.origin}/me`);
  assert.equal((await page.locator('[data-field="oid"]').textContent()).trim(), ADA.id);
}

async function secondSignIn(page, { mock }) {
  await withListeningApp(async (app) => {
    const request = (changes) => authorizeUrl(mock, { redirect_uri: app.redirectUri, ...changes });
    await page.goto(request({}));
    await pick(page, ADA);
    await answerConsent(page, 'Accept');
    assert.ok((await answerAt(page, app)).get('code'));

    await page.goto(request({ state: 'second' }));
    assert.equal((await answerAt(page, app)).get('state'), 'second', 'no page in between');

    await page.goto(request({ prompt: 'login', state: 'third' }));
    await pick(page, ADA);
    await typePassword(page, PASSWORD);
    assert.equal((await answerAt(page, app)).get('state'), 'third');

    await page.goto(request({ prompt: 'consent', state: 'fourth' }));
    await answerConsent(page, 'Accept');
    assert.equal((await answerAt(page, app)).get('state'), 'fourth');
    assert.equal(app.answers.length, 4);
  });
}

async function hintSkipsThePicker(page, { mock }) {
  await withListeningApp(async (app) => {
    const request = (changes) => authorizeUrl(mock, { redirect_uri: app.redirectUri, ...changes });
    await page.goto(request({ login_hint: ADA.userPrincipalName }));
    await page.getByRole('heading', { name: 'Enter password' }).waitFor();
    await page.getByText(ADA.userPrincipalName).waitFor();
    await typePassword(page, PASSWORD);
    await answerConsent(page, 'Accept');
    await answerAt(page, app);

    // Two are signed in: the hint says which of them is meant.
    await page.goto(request({ prompt: 'select_account' }));
    await pick(page, BEN);
    await answerConsent(page, 'Accept');
    await answerAt(page, app);
    await page.goto(request({ login_hint: ADA.userPrincipalName, state: 'hinted' }));
    assert.equal((await answerAt(page, app)).get('state'), 'hinted', 'no page in between');

    await page.goto(request({ login_hint: ADA.userPrincipalName, prompt: 'select_account', state: 'both' }));
    const refused = await answerAt(page, app);
    assert.deepEqual([refused.get('error'), refused.get('state'), refused.get('code')], ['invalid_request', 'both', null]);
    assert.match(refused.get('error_description'), /login_hint.*select_account/);
  });
}

async function silentRequestShowsNoPage(page, { mock }) {
  await withListeningApp(async (app) => {
    const shown = [];
    page.on('framenavigated', (frame) => shown.push(new URL(frame.url()).origin));
    await page.goto(authorizeUrl(mock, { redirect_uri: app.redirectUri, prompt: 'none' }));
    const answer = await answerAt(page, app);
    assert.equal(answer.get('error'), 'login_required');
    assert.match(answer.get('error_description'), /^AADSTS50058: /);
    assert.deepEqual(shown, [app.origin], 'no page of the provider');
  });
}

async function wrongRedirectUriStays(page, { mock }) {
  const registered = 'http://localhost/getAToken';
  const cases = [
    ['http://localhost/getatoken', 'a', 'expected A, received a'],
    ['http://localhost/getAToken/', '/', 'expected the end of the value, received /'],
    ['http://localhosts/getAToken', 's', 'expected /, received s'],
  ];
  for (const [sent, marked, sentence] of cases) {
    const answer = await page.goto(authorizeUrl(mock, { redirect_uri: sent }));
    assert.equal(answer.status(), 400);
    assert.equal(new URL(page.url()).origin, mock.origin, 'no redirect');
    assert.match(await page.locator('.code-line').textContent(), /^AADSTS50011: /);
    const explanation = page.locator('section.explanation');
    assert.equal(await explanation.locator('mark').last().textContent(), marked);
    assert.ok((await explanation.textContent()).includes(sentence), sentence);
    await explanation.getByText(registered).first().waitFor();
    const link = explanation.getByRole('link', { name: "Open the app's Authentication page" });
    assert.equal(await link.getAttribute('href'), `/portal/apps/${CLIENT_ID}/authentication`);
  }
}

async function unknownTenantAndClientStay(page, { mock }) {
  const unknown = '00000000-1111-4222-8333-444444444444';
  const refused = [
    [authorizeUrl(mock, {}).replace(TENANT, unknown), 90002],
    [authorizeUrl(mock, { client_id: unknown }), 700016],
  ];
  for (const [address, number] of refused) {
    await page.goto(address);
    assert.equal(new URL(page.url()).origin, mock.origin, 'no redirect');
    assert.match(await page.locator('.code-line').textContent(), new RegExp(`^AADSTS${number}: `));
    const requestId = (await fact(page, 'Request Id')).trim();
    const { events } = await control(mock, 'GET', '/mock/trace');
    const row = events.find((event) => event.request_id === requestId);
    assert.equal(row?.kind, 'authorize', 'the request id leads to the row of this very request');
    assert.equal(row.correlation_id, (await fact(page, 'Correlation Id')).trim());
    assert.ok(row.checks.some((check) => check.result === 'fail'));
    if (number === 700016) await isInTheSignInLog(page, mock, requestId, number);
  }
}

/** The row that Graph's sign-in log has under a request id. An unknown tenant has no log. */
async function isInTheSignInLog(page, mock, requestId, number) {
  const [{ passwordCredentials: [{ secretText: secret }] }] = DIRECTORY.applications;
  const app = { clientId: CLIENT_ID, tenantId: TENANT, secret };
  const { access_token: token } = await tokensFor(page, mock, app, OLGA.userPrincipalName, 'openid AuditLog.Read.All');
  const headers = { Authorization: `Bearer ${token}` };
  const answer = await fetch(`${mock.origin}/graph/v1.0/auditLogs/signIns/${requestId}`, { headers });
  assert.equal(answer.status, 200);
  const { id, status } = await answer.json();
  assert.deepEqual([id, status.errorCode], [requestId, number]);
}

function fact(page, name) {
  return page.locator('dl.facts > div', { has: page.locator('dt', { hasText: name }) }).locator('dd').textContent();
}

async function cancelledConsentIsAccessDenied(page, { mock }) {
  await withListeningApp(async (app) => {
    await page.goto(authorizeUrl(mock, { redirect_uri: app.redirectUri, state: 'a state & more' }));
    await pick(page, ADA);
    await answerConsent(page, 'Cancel');
    const answer = await answerAt(page, app);
    assert.deepEqual([answer.get('error'), answer.get('state')], ['access_denied', 'a state & more']);
    assert.match(answer.get('error_description'), /^AADSTS65004: /);
  });
}

async function sessionCookieOfTheAppSurvives(page, { mock }) {
  await withListeningApp(async (app) => {
    await page.goto(`${app.origin}/begin`);
    await page.goto(authorizeUrl(mock, { redirect_uri: app.redirectUri }));
    await pick(page, OLGA);
    await answerConsent(page, 'Accept');
    await answerAt(page, app);
    assert.match(app.cookies.at(-1), /(^|; )session=kept-by-the-app(;|$)/, 'after the sign-in');
    await page.goto(`${mock.origin}/${TENANT}/oauth2/v2.0/logout`);
    await page.getByRole('heading', { name: 'You signed out of your account' }).waitFor();
    await page.goto(`${app.origin}/after`);
    assert.match(app.cookies.at(-1), /(^|; )session=kept-by-the-app(;|$)/, 'after the sign-out');
  });
}

const SCENARIOS = [
  ['scenario 19: a first sign-in goes from the picker over the consent back to the app', firstSignIn],
  ['scenario 20: a second sign-in asks nothing, prompt=login and prompt=consent ask again', secondSignIn],
  ['scenario 21: login_hint skips the picker, and is refused with select_account', hintSkipsThePicker],
  ['scenario 22: prompt=none without a session answers the app with 50058 and shows no page', silentRequestShowsNoPage],
  ['scenario 23: another redirect URI stays on an error page that marks the first difference', wrongRedirectUriStays],
  ['scenario 24: an unknown tenant or client stays on an error page that names its row in the log', unknownTenantAndClientStay],
  ['scenario 25: Cancel at the consent answers the app with access_denied and its state', cancelledConsentIsAccessDenied],
  ['scenario 41: the app keeps its own cookie named session', sessionCookieOfTheAppSurvives],
];

export const signInScenarios = SCENARIOS.flatMap(([name, run]) =>
  [false, true].map((javaScript) => ({ name: `${name}, JavaScript ${javaScript ? 'on' : 'off'}`, javaScript, run })));
