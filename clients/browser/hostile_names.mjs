// Names that somebody chose to do harm with, on every page that shows them: they stay text.

import assert from 'node:assert/strict';
import { control } from './control.mjs';
import { signInToPortal } from './portal_pages.mjs';

const MARKUP = `"'><script>alert(1)</script><img src=x onerror=alert(1)><hostile-element>`;
const TURNED = '\u202eright to left\u200f 🧾';
const LONG = 'W'.repeat(120);

const ids = (first) => ({ user: `${first}1111111-aaaa-4aaa-8aaa-aaaaaaaaaaaa`, group: `${first}2222222-aaaa-4aaa-8aaa-aaaaaaaaaaaa` });
const TENANT = 'eeeeeeee-1111-4222-8333-444444444444';
const APP = 'eeeeeeee-2222-4222-8333-444444444444';
const PRINCIPAL = 'eeeeeeee-3333-4222-8333-444444444444';
const ROLE = 'eeeeeeee-4444-4222-8333-444444444444';
const ADMIN = 'admin@hostile.example';

const FILE = {
  version: 1,
  organization: { id: TENANT, displayName: `Hostile ${MARKUP}`, verifiedDomains: [{ name: 'hostile.example', isDefault: true }] },
  users: [
    { id: ids('a').user, userPrincipalName: ADMIN, displayName: `Admin ${MARKUP}${TURNED}`, jobTitle: MARKUP, directoryRoles: ['Global Administrator'] },
    { id: ids('b').user, userPrincipalName: 'long@hostile.example', displayName: LONG, jobTitle: TURNED },
  ],
  groups: [{ id: ids('a').group, displayName: `Group ${MARKUP}`, description: `${TURNED}${MARKUP}`, securityEnabled: true, mailEnabled: false, members: [ADMIN] }],
  applications: [{
    id: 'eeeeeeee-5555-4222-8333-444444444444',
    appId: APP,
    displayName: MARKUP,
    web: { redirectUris: ['http://localhost/getAToken'] },
    appRoles: [{ id: ROLE, displayName: `Role ${TURNED}`, description: `${TURNED}${MARKUP}`, value: 'Hostile.Role', isEnabled: true, allowedMemberTypes: ['User'] }],
    passwordCredentials: [{ displayName: MARKUP.slice(0, 60), secretText: 'a-secret-of-the-hostile-app-0123456789', endDateTime: '2099-12-31T00:00:00Z' }],
  }],
  servicePrincipals: [{ id: PRINCIPAL, appId: APP, appRoleAssignmentRequired: false, notes: MARKUP }],
  appRoleAssignments: [{ principal: ADMIN, resource: APP, role: 'Hostile.Role' }],
};

const PAGES = [
  '/portal', '/portal/sign-in', '/portal/apps?tab=all', `/portal/apps?tab=all&q=${encodeURIComponent(MARKUP)}`, `/portal/apps/${APP}`,
  `/portal/apps/${APP}/branding`, `/portal/apps/${APP}/authentication`, `/portal/apps/${APP}/credentials`, `/portal/apps/${APP}/permissions`,
  `/portal/apps/${APP}/roles`, `/portal/apps/${APP}/roles/${ROLE}`, `/portal/apps/${APP}/roles/${ROLE}/delete`, `/portal/apps/${APP}/delete`,
  '/portal/enterprise-apps', `/portal/enterprise-apps/${PRINCIPAL}`, `/portal/enterprise-apps/${PRINCIPAL}/users-and-groups`,
  `/portal/enterprise-apps/${PRINCIPAL}/users-and-groups/add?principal=${ids('b').user}&q=${encodeURIComponent(MARKUP)}`,
  `/portal/enterprise-apps/${PRINCIPAL}/properties`, `/portal/enterprise-apps/${PRINCIPAL}/permissions`,
  '/portal/users', `/portal/users?q=${encodeURIComponent(MARKUP)}`, `/portal/users/${ids('a').user}`, `/portal/users/${ids('b').user}`,
  '/portal/groups', `/portal/groups/${ids('a').group}`,
];

async function namesStayText(page, { mock }) {
  await control(mock, 'PUT', '/mock/directory', FILE);
  const harm = [];
  page.on('dialog', async (dialog) => {
    harm.push(`a dialog on ${page.url()}`);
    await dialog.dismiss();
  });
  page.on('console', (message) => {
    if (message.type() === 'error') harm.push(`${page.url()}: ${message.text()}`);
  });
  const look = async () => {
    const injected = await page.locator('hostile-element, img, script:not([src^="/portal/assets/"]), [onerror]').count();
    if (injected > 0) harm.push(`${injected} injected elements on ${page.url()}`);
    await page.setViewportSize({ width: 320, height: 800 });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (overflow > 0) harm.push(`${page.url()} is ${overflow} px wider than a screen of 320 px`);
    await page.setViewportSize({ width: 1280, height: 900 });
  };
  await signInToPortal(page, mock, ADMIN);
  let shown = 0;
  for (const path of PAGES) {
    const answer = await page.goto(`${mock.origin}${path}`);
    assert.equal(answer.status(), 200, path);
    if ((await page.locator('main').innerText()).includes('<script>alert(1)</script>')) shown += 1;
    await look();
  }
  assert.ok(shown > 15, `the names were read as text on ${shown} pages only`);

  const parameters = { client_id: APP, response_type: 'code', scope: 'openid User.Read', redirect_uri: 'http://localhost/getAToken', state: MARKUP };
  await page.goto(`${mock.origin}/${TENANT}/oauth2/v2.0/authorize?${new URLSearchParams(parameters)}`);
  await look();
  await page.locator(`button[name="username"][value="${ADMIN}"]`).click();
  await page.getByRole('heading', { name: 'Permissions requested' }).waitFor();
  await look();
  await page.goto(`${mock.origin}/${TENANT}/oauth2/v2.0/authorize?${new URLSearchParams({ ...parameters, redirect_uri: `http://localhost/${MARKUP}` })}`, {});
  await page.getByText('AADSTS50011').first().waitFor();
  await look();
  // The status of the error page is 400, which the browser reports as an error of its own.
  assert.deepEqual(harm.filter((line) => !line.includes('400 (Bad Request)')), []);
}

export const hostileNames = [{ name: 'hostile names stay text on every page', javaScript: true, run: namesStayText }];
