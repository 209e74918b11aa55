// Ways through the practice portal, by what a person reads on its pages.

import assert from 'node:assert/strict';

/** The tenant of the course, as the mock holds it without any file. No app is registered in it. */
export const ABC = {
  tenantId: '2d4f7a90-1b3c-4e5d-8f60-a1b2c3d4e5f6',
  olga: 'olga.admin@abc-insurance.example',
  paul: 'paul.policy@abc-insurance.example',
  ada: 'ada.adjuster@abc-insurance.example',
  ines: 'ines.analyst@abc-insurance.example',
  dana: 'dana.both@abc-insurance.example',
  nils: 'nils.norole@abc-insurance.example',
};

export const REDIRECT_URI = 'http://localhost:5000/getAToken';

export async function signInToPortal(page, mock, username) {
  await page.goto(`${mock.origin}/portal/sign-in`);
  await page.locator(`button[name="username"][value="${username}"]`).click();
  await page.waitForURL(`${mock.origin}/portal`);
}

/** The heading of the page, as it is read. */
export async function heading(page) {
  return (await page.locator('h1').innerText()).replaceAll(/\s+/g, ' ').trim();
}

/** The value beside a name in a list of facts. */
export async function fact(page, name) {
  const row = page.locator('dl > div', { has: page.locator('dt', { hasText: name }) }).first();
  return (await row.locator('dd').innerText()).trim();
}

/** What the page says was done. */
export async function notice(page) {
  return (await page.locator('.notice').innerText()).trim();
}

/** The list of mistakes at the top of a form that was refused. */
export async function mistakes(page) {
  await page.locator('.summary').waitFor();
  return page.locator('.summary li').allInnerTexts();
}

/** Fills in "Register an application" and sends it. */
export async function fillRegistration(page, mock, { name, platform = 'Web', uri = REDIRECT_URI }) {
  await page.goto(`${mock.origin}/portal/apps/new`);
  await page.locator('#name').fill(name);
  if (uri !== '') {
    await page.getByLabel('Platform').selectOption({ label: platform });
    await page.getByLabel('Address').fill(uri);
  }
  const answer = page.waitForResponse((response) => response.request().method() === 'POST');
  await page.getByRole('button', { name: 'Register', exact: true }).click();
  return (await answer).status();
}

/** Registers an app; the values that its owner notes. */
export async function register(page, mock, options = {}) {
  const name = options.name ?? 'claims-portal';
  assert.equal(await fillRegistration(page, mock, { ...options, name }), 303);
  await page.waitForURL(/\/portal\/apps\/[0-9a-f-]{36}$/);
  return {
    name,
    clientId: await fact(page, 'Application (client) ID'),
    objectId: await fact(page, 'Object ID'),
    tenantId: await fact(page, 'Directory (tenant) ID'),
    path: page.url(),
  };
}

/** Fills in "Add a client secret" and sends it. */
export async function fillSecret(page, app, { description = 'dev laptop', expires, start, end }) {
  await page.goto(`${app.path}/credentials`);
  await page.getByRole('link', { name: 'New client secret' }).click();
  await page.getByLabel('Description').fill(description);
  if (expires) await page.getByLabel('Expires').selectOption({ label: expires });
  if (start) await page.getByLabel('Start').fill(start);
  if (end) await page.getByLabel('End').fill(end);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
}

/** Adds a secret; its value, and the id that is no secret. */
export async function addSecret(page, app, options = {}) {
  await fillSecret(page, app, options);
  const shown = page.getByRole('region', { name: 'Copy the value now' });
  const value = (label) => shown.locator('dl > div', { hasText: label }).locator('code').innerText();
  return { value: await value('Your app needs it'), id: await value('Your app does not need it') };
}

/** Fills in "Create app role" and sends it. */
export async function fillRole(page, app, { name, value, description = `May do what ${value} allows`, members = 'Users/Groups' }) {
  await page.goto(`${app.path}/roles`);
  await page.getByRole('link', { name: 'Create app role' }).click();
  await page.getByLabel('Display name').fill(name);
  await page.getByRole('radio', { name: members }).first().check();
  await page.locator('#value').fill(value);
  await page.getByLabel('Description').fill(description);
  await page.getByRole('button', { name: 'Apply', exact: true }).click();
}

export async function addRole(page, app, role) {
  await fillRole(page, app, role);
  assert.match(await notice(page), /^Created the app role/);
}

/** From the app registration to its enterprise app. */
export async function openEnterpriseApp(page, app) {
  await page.goto(app.path);
  await page.getByRole('link', { name: 'Open enterprise app' }).click();
  await page.waitForURL(/\/portal\/enterprise-apps\/[0-9a-f-]{36}$/);
  return page.url();
}

/** Opens "Add Assignment". */
export async function openAddAssignment(page, app) {
  await openEnterpriseApp(page, app);
  await page.getByRole('navigation', { name: 'Enterprise app' }).getByRole('link', { name: 'Users and groups' }).click();
  await page.getByRole('link', { name: 'Add user/group' }).click();
  await page.getByRole('heading', { name: 'Add Assignment' }).waitFor();
}

/** Finds each user or group by its name, and selects it. */
export async function selectPrincipals(page, names) {
  for (const name of names) {
    await page.getByLabel('Search users and groups').fill(name);
    await page.getByRole('button', { name: 'Search', exact: true }).click();
    await page.getByRole('list', { name: 'Users and groups to select' }).getByRole('checkbox', { name }).first().check();
    await page.getByRole('button', { name: 'Select', exact: true }).click();
    await page.getByRole('list', { name: 'Selected' }).getByRole('checkbox', { name }).waitFor();
  }
}

/** Picks users and groups by a search for each, then a role, and assigns it. */
export async function assign(page, app, names, role) {
  await openAddAssignment(page, app);
  await selectPrincipals(page, names);
  await page.getByRole('radio', { name: role }).check();
  await page.getByRole('button', { name: 'Assign', exact: true }).click();
  assert.match(await notice(page), /^Assigned the role to/);
}

/** The rows of the list of assignments: name and role. */
export async function assignments(page) {
  const rows = await page.getByRole('table', { name: 'Assignments' }).locator('tbody tr').all();
  return Promise.all(rows.map(async (row) => [await row.locator('th a').innerText(), await row.locator('td').last().innerText()]));
}
