// What people do in the practice portal: the scenarios 1 to 15 of the portal's specification.

import assert from 'node:assert/strict';
import { control } from './control.mjs';
import {
  ABC, addRole, addSecret, assign, assignments, fact, fillRegistration, fillRole, fillSecret, heading, mistakes, notice, openAddAssignment,
  openEnterpriseApp, register, signInToPortal,
} from './portal_pages.mjs';
import { askForToken, authorizeUrlOf, claims, rolesOf, tokensFor } from './tokens.mjs';

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The names of the apps in the list of all registrations. */
async function registered(page, mock) {
  await page.goto(`${mock.origin}/portal/apps?tab=all`);
  return page.locator('tbody th').allInnerTexts();
}

async function registerAnApp(page, { mock }) {
  await signInToPortal(page, mock, ABC.olga);
  const app = await register(page, mock);
  const ids = [app.clientId, app.objectId, app.tenantId];
  ids.forEach((id) => assert.match(id, GUID));
  assert.equal(new Set(ids).size, 3);
  assert.equal(app.tenantId, ABC.tenantId);
  assert.equal(await fact(page, 'Redirect URIs'), '1 web, 0 spa, 0 public client');
  assert.match(await fact(page, 'Supported account types'), /ABC Insurance|My organization only|Single tenant/);
  await page.goto(`${app.path}/permissions`);
  await page.getByRole('row', { name: /User\.Read/ }).first().waitFor();
  await openEnterpriseApp(page, app);
  assert.equal(await heading(page), 'claims-portal');
  assert.equal(await fact(page, 'Application ID'), app.clientId);
  assert.notEqual((await fact(page, 'Object ID')).split(/\s/)[0], app.objectId);
}

async function emptyNameIsRefused(page, { mock }) {
  await signInToPortal(page, mock, ABC.olga);
  assert.equal(await fillRegistration(page, mock, { name: '' }), 422);
  assert.equal((await mistakes(page)).length, 1);
  await page.locator('.summary a').click();
  assert.equal(await page.evaluate(() => document.querySelector(':target')?.id), 'name');
  assert.equal(await page.getByLabel('Address').inputValue(), 'http://localhost:5000/getAToken', 'the values are kept');
  assert.deepEqual(await registered(page, mock), []);
}

/** A redirect URI that "Register an application" refuses; the sentence. */
async function refusedUri(page, mock, uri) {
  assert.equal(await fillRegistration(page, mock, { name: 'claims-portal', uri }), 422, uri);
  assert.equal(await page.getByLabel('Address').inputValue(), uri);
  return (await mistakes(page)).join('\n');
}

async function plainHttpIsRefused(page, { mock }) {
  await signInToPortal(page, mock, ABC.olga);
  for (const uri of ['http://contoso.com/cb', 'http://127.0.0.1:5000/cb']) {
    assert.match(await refusedUri(page, mock, uri), /must start with ["“]HTTPS["”] or ["“]http:\/\/localhost["”]/, uri);
  }
  assert.deepEqual(await registered(page, mock), []);

  // The text box refuses what the application object may hold: a script writes it.
  const app = await register(page, mock);
  app.secret = (await addSecret(page, app)).value;
  const { access_token: token } = await tokensFor(page, mock, app, ABC.olga, 'openid Application.ReadWrite.All');
  const answer = await fetch(`${mock.origin}/graph/v1.0/applications/${app.objectId}`, {
    method: 'PATCH',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ web: { redirectUris: ['http://localhost:5000/getAToken', 'http://127.0.0.1:5000/cb'] } }),
  });
  assert.equal(answer.status, 204);
  await page.goto(app.path);
  assert.equal(await fact(page, 'Redirect URIs'), '2 web, 0 spa, 0 public client');
}

async function longUriIsRefused(page, { mock }) {
  await signInToPortal(page, mock, ABC.olga);
  const start = 'http://localhost:5000/';
  assert.match(await refusedUri(page, mock, start + 'a'.repeat(257 - start.length)), /256/);
  assert.match(await refusedUri(page, mock, 'http://localhost:5000/a;b'), /;/);
  assert.deepEqual(await registered(page, mock), []);
  assert.equal(await fillRegistration(page, mock, { name: 'long', uri: start + 'a'.repeat(256 - start.length) }), 303);
}

async function portsAloneGiveAWarning(page, { mock }) {
  await signInToPortal(page, mock, ABC.olga);
  const app = await register(page, mock);
  await page.goto(`${app.path}/authentication/add/web`);
  await page.locator('#redirect_uri').fill('http://localhost:6000/getAToken');
  await page.getByRole('button', { name: 'Configure' }).click();
  assert.match(await notice(page), /Added the redirect URI/);
  assert.match(await page.locator('.callout.warn').first().innerText(), /port/);
  await page.goto(app.path);
  assert.equal(await fact(page, 'Redirect URIs'), '2 web, 0 spa, 0 public client');
}

async function sameNameTwice(page, { mock }) {
  await signInToPortal(page, mock, ABC.olga);
  const [first, second] = [await register(page, mock), await register(page, mock)];
  assert.notEqual(first.clientId, second.clientId);
  assert.deepEqual(await registered(page, mock), ['claims-portal', 'claims-portal']);
}

async function secretIsShownOnce(page, { mock }) {
  await signInToPortal(page, mock, ABC.olga);
  const app = await register(page, mock);
  const secret = await addSecret(page, app, { expires: 'Recommended: 180 days (6 months)' });
  assert.match(secret.id, GUID);
  assert.ok(secret.value.length >= 30 && secret.value !== secret.id);
  const granted = await askForToken(mock, { ...app, secret: secret.value }, { grant_type: 'client_credentials', scope: 'https://graph.microsoft.com/.default' });
  assert.equal(granted.status, 200, 'the value is the secret');

  const shown = page.url();
  await page.goto(app.path);
  for (const address of [`${app.path}/credentials`, shown]) {
    await page.goto(address);
    const row = await page.getByRole('table', { name: 'Client secrets' }).locator('tbody tr').innerText();
    assert.ok(row.includes(secret.id) && row.includes('dev laptop'));
    assert.ok(row.includes(`${secret.value.slice(0, 3)}***`) && !row.includes(secret.value.slice(0, 4)), 'a hint of three characters');
    assert.ok(!(await page.content()).includes(secret.value), address);
  }
  const trace = JSON.stringify(await control(mock, 'GET', '/mock/trace'));
  const exported = JSON.stringify(await control(mock, 'GET', `/mock/directory?tenant=${ABC.tenantId}`));
  assert.ok(trace.includes(app.clientId) && exported.includes(secret.id), 'both tell of the app');
  for (const [name, text] of Object.entries({ trace, exported, log: mock.log() })) assert.ok(!text.includes(secret.value), name);
}

async function secretLivesTwoYearsAtMost(page, { mock }) {
  const day = (months) => {
    const date = new Date();
    date.setUTCDate(1);
    date.setUTCMonth(date.getUTCMonth() + months);
    return date.toISOString().slice(0, 10);
  };
  await signInToPortal(page, mock, ABC.olga);
  const app = await register(page, mock);
  await fillSecret(page, app, { expires: 'Custom', start: new Date().toISOString().slice(0, 10), end: day(26) });
  assert.match((await mistakes(page)).join(), /24 months/);
  assert.equal(await page.getByLabel('End').inputValue(), day(26), 'the values are kept');

  const secret = await addSecret(page, app, { expires: '90 days (3 months)' });
  const asking = { grant_type: 'client_credentials', scope: 'https://graph.microsoft.com/.default' };
  const ask = () => askForToken(mock, { ...app, secret: secret.value }, asking);
  assert.equal((await ask()).status, 200);
  await control(mock, 'POST', '/mock/clock', { advanceSeconds: 91 * 24 * 3600 });
  const { status, body } = await ask();
  assert.deepEqual([status, body.error, body.error_codes], [401, 'invalid_client', [7000222]]);
}

async function secretIdIsNoSecret(page, { mock }) {
  await signInToPortal(page, mock, ABC.olga);
  const app = await register(page, mock);
  const secret = await addSecret(page, app);
  const sent = await askForToken(mock, { ...app, secret: secret.id }, { grant_type: 'client_credentials', scope: 'https://graph.microsoft.com/.default' });
  assert.deepEqual([sent.status, sent.body.error, sent.body.error_codes], [401, 'invalid_client', [7000215]]);
  const { events } = await control(mock, 'GET', '/mock/trace');
  const checks = events.filter((event) => event.kind === 'token').at(-1).checks;
  const failed = checks.find((check) => check.result === 'fail');
  assert.match(`${failed?.expected} ${failed?.received}`, /this is the Secret ID of 'dev laptop'/);
}

async function roleValuesAreChecked(page, { mock }) {
  await signInToPortal(page, mock, ABC.olga);
  const app = await register(page, mock);
  await fillRole(page, app, { name: 'Approver', value: 'Claims Approve' });
  assert.match((await mistakes(page)).join(), /space/);
  assert.equal(await page.locator('#value').inputValue(), 'Claims Approve', 'the values are kept');
  await addRole(page, app, { name: 'Approver', value: 'Claims.Approve' });
  await fillRole(page, app, { name: 'Another', value: 'Claims.Approve' });
  assert.match((await mistakes(page)).join(), /Claims\.Approve|already|unique/i);
  await page.goto(`${app.path}/roles`);
  assert.equal(await page.getByRole('table', { name: 'App roles' }).locator('tbody tr').count(), 1);
}

/** An app with a secret and the role Claims.Adjuster. */
async function appWithRole(page, mock) {
  const app = await register(page, mock);
  app.secret = (await addSecret(page, app)).value;
  await addRole(page, app, { name: 'Claims adjuster', value: 'Claims.Adjuster' });
  return app;
}

async function openRole(page, app) {
  await page.goto(`${app.path}/roles`);
  await page.getByRole('link', { name: 'Claims adjuster' }).click();
}

async function disableRole(page, app) {
  await openRole(page, app);
  await page.getByRole('checkbox', { name: /Do you want to enable this app role/ }).uncheck();
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
  assert.match(await notice(page), /^Saved/);
}

async function roleIsDisabledBeforeItIsDeleted(page, { mock }) {
  await signInToPortal(page, mock, ABC.olga);
  const app = await appWithRole(page, mock);
  await assign(page, app, ['Ada Adjuster'], /Claims adjuster/);
  const remove = async () => {
    await openRole(page, app);
    await page.getByRole('link', { name: 'Delete', exact: true }).click();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
  };
  await remove();
  assert.match(await page.locator('.callout.bad').innerText(), /Disable it first/i);
  await disableRole(page, app);
  await remove();
  assert.match(await notice(page), /^Deleted the app role/);
  assert.equal(await page.getByRole('table', { name: 'App roles' }).count(), 0);
  await page.goto(`${await openEnterpriseApp(page, app)}/users-and-groups`);
  await page.getByText('Nobody is assigned yet').waitFor();
  assert.deepEqual(await rolesOf(page, mock, app, ABC.ada), []);
}

async function disabledRoleStaysWithWhoHasIt(page, { mock }) {
  await signInToPortal(page, mock, ABC.olga);
  const app = await appWithRole(page, mock);
  await addRole(page, app, { name: 'Client', value: 'Client' });
  await assign(page, app, ['Ada Adjuster'], /Claims adjuster/);
  await disableRole(page, app);
  await openAddAssignment(page, app);
  const offered = await page.getByRole('group', { name: 'Select a role' }).getByRole('radio').all();
  assert.equal(offered.length, 1);
  await page.getByRole('radio', { name: /Client/ }).waitFor();
  assert.deepEqual(await rolesOf(page, mock, app, ABC.ada), ['Claims.Adjuster']);
}

async function adminConsent(page, { mock }) {
  await signInToPortal(page, mock, ABC.olga);
  const app = await appWithRole(page, mock);
  const permissions = `${await openEnterpriseApp(page, app)}/permissions`;
  const button = 'Grant admin consent for ABC Insurance';

  await signInToPortal(page, mock, ABC.dana);
  await page.goto(permissions);
  const disabled = page.getByRole('button', { name: button });
  assert.ok(await disabled.isDisabled());
  assert.match(await page.locator(`#${await disabled.getAttribute('aria-describedby')}`).innerText(), /Global Administrator/);

  await signInToPortal(page, mock, ABC.olga);
  await page.goto(permissions);
  await page.getByRole('link', { name: button }).click();
  await page.getByRole('heading', { name: `${button}?` }).waitFor();
  await page.getByRole('button', { name: 'Yes', exact: true }).click();
  await page.getByRole('row', { name: /User\.Read .*Granted for ABC Insurance/ }).waitFor();

  await page.goto(authorizeUrlOf(mock, app, { scope: 'openid profile offline_access User.Read', redirect_uri: 'http://localhost:1/getAToken' }));
  const request = page.waitForRequest((sent) => sent.url().startsWith('http://localhost:1/getAToken?code='));
  await page.locator(`button[name="username"][value="${ABC.ada}"]`).click();
  await request;
}

async function assignmentReachesMembers(page, { mock }) {
  await signInToPortal(page, mock, ABC.olga);
  const app = await appWithRole(page, mock);
  await addRole(page, app, { name: 'Insights analyst', value: 'Insights.Analyst' });
  await assign(page, app, ['Ada Adjuster'], /Claims adjuster/);
  await assign(page, app, ['Insights Department'], /Insights analyst/);
  const listed = await assignments(page);
  assert.deepEqual(listed.map(([name]) => name), ['Ada Adjuster', 'Insights Department']);
  assert.match(listed[0][1], /Claims\.Adjuster/);

  await page.getByRole('link', { name: 'Ada Adjuster' }).click();
  await page.getByRole('row', { name: /claims-portal.*Claims\.Adjuster.*Direct/ }).waitFor();

  const principal = (await openEnterpriseApp(page, app)).split('/').at(-1);
  const { access_token: token } = await tokensFor(page, mock, app, ABC.olga, 'openid Application.Read.All');
  const answer = await fetch(`${mock.origin}/graph/v1.0/servicePrincipals/${principal}/appRoleAssignedTo`, { headers: { Authorization: `Bearer ${token}` } });
  assert.equal(answer.status, 200);
  const held = (await answer.json()).value.map((it) => it.principalDisplayName).sort();
  assert.deepEqual(held, ['Ada Adjuster', 'Insights Department']);

  // Insights Department holds the group Insights Analysts, of which Inés is a member.
  assert.deepEqual(await rolesOf(page, mock, app, ABC.ines), []);
  assert.deepEqual(await rolesOf(page, mock, app, ABC.ada), ['Claims.Adjuster']);
}

async function assignmentRequired(page, { mock }) {
  await signInToPortal(page, mock, ABC.olga);
  const app = await appWithRole(page, mock);
  await page.goto(`${await openEnterpriseApp(page, app)}/properties`);
  await page.getByRole('group', { name: 'Assignment required?' }).getByRole('radio', { name: 'Yes' }).check();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  assert.equal(await notice(page), 'Saved the properties.');
  const properties = page.url();

  await page.goto(authorizeUrlOf(mock, app, { redirect_uri: 'http://localhost:1/getAToken' }));
  await page.locator(`button[name="username"][value="${ABC.nils}"]`).click();
  const sentence = await page.locator('.code-line').innerText();
  assert.match(sentence, /^AADSTS50105: /);
  for (const part of ['claims-portal', app.clientId, ABC.nils]) assert.ok(sentence.includes(part), part);
  const fix = page.getByRole('link', { name: "Open the app's users and groups" });
  assert.equal(new URL(await fix.getAttribute('href'), mock.origin).href, properties.replace('properties', 'users-and-groups'));
  const { id_token: idToken } = await tokensFor(page, mock, app, ABC.olga);
  assert.equal(claims(idToken).preferred_username, ABC.olga);
}

const SCENARIOS = [
  ['scenario 1: registering an app leads to its Overview, with three ids, User.Read and an enterprise app', registerAnApp],
  ['scenario 2: an empty name is refused, the summary leads to the field, and nothing is created', emptyNameIsRefused],
  ['scenario 3: a redirect URI over plain http to another host is refused with the portal\'s message, and 127.0.0.1 by the text box only', plainHttpIsRefused],
  ['scenario 4: a redirect URI of 257 characters, or with a semicolon, is refused and the rule named', longUriIsRefused],
  ['scenario 5: two redirect URIs that differ only by port are accepted with a warning', portsAloneGiveAWarning],
  ['scenario 6: the same name twice gives two client ids', sameNameTwice],
  ['scenario 7: a secret is shown once, and no page, trace, export or log holds it afterwards', secretIsShownOnce],
  ['scenario 8: a secret lives for 24 months at most, and an expired one is refused with 7000222', secretLivesTwoYearsAtMost],
  ['scenario 9: the Secret ID in the place of the secret is refused with 7000215 and recognized', secretIdIsNoSecret],
  ['scenario 10: a role value with a space is refused, and one that is taken too', roleValuesAreChecked],
  ['scenario 11: a role is disabled before it is deleted, and its assignments go with it', roleIsDisabledBeforeItIsDeleted],
  ['scenario 12: a disabled role is not offered, and stays with who has it', disabledRoleStaysWithWhoHasIt],
  ['scenario 13: admin consent needs an administrator, and spares everybody the consent page', adminConsent],
  ['scenario 14: an assignment is listed, read by Graph, and does not reach a nested group', assignmentReachesMembers],
  ['scenario 15: where assignment is required others get 50105, but a Global Administrator gets in', assignmentRequired],
];

// The portal's script only copies and filters: without it everything must work.
export const portalScenarios = SCENARIOS.map(([name, run]) => ({ name, javaScript: name.includes('scenario 2:'), run }));
