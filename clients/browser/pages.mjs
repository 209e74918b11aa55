// Ways through the provider's pages, by what a person reads on them.

import { DIRECTORY, TENANT } from './processes.mjs';

export const [ADA, BEN, NILS, OLGA] = DIRECTORY.users;
export const PASSWORD = ADA.password;

/** The address of an authorization request. `changes` replaces parameters; an undefined value leaves one out. */
export function authorizeUrl(mock, changes, tenant = TENANT) {
  const parameters = {
    client_id: DIRECTORY.applications[0].appId,
    response_type: 'code',
    redirect_uri: 'http://localhost/getAToken',
    scope: 'openid profile User.Read',
    state: 'state-of-the-browser-tests',
    ...changes,
  };
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  return `${mock.origin}/${tenant}/oauth2/v2.0/authorize?${new URLSearchParams(given)}`;
}

export async function pick(page, user) {
  await page.getByRole('heading', { name: 'Pick an account' }).waitFor();
  await page.locator(`button[name="username"][value="${user.userPrincipalName}"]`).click();
}

export async function answerConsent(page, button) {
  await page.getByRole('heading', { name: 'Permissions requested' }).waitFor();
  await page.getByRole('button', { name: button, exact: true }).click();
}

/** From the account picker to the password page. */
export async function typeUserName(page, user) {
  await page.getByRole('button', { name: 'Use another account' }).click();
  await page.locator('input[name="username"]').fill(user.userPrincipalName);
  await page.locator('input[name="username"]').press('Enter');
  await page.locator('input[name="password"]').waitFor();
}

export async function typePassword(page, password) {
  await page.locator('input[name="password"]').fill(password);
  await page.locator('input[name="password"]').press('Enter');
}
