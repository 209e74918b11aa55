// Every page of the practice portal, in the tenant of directory.json, for scenario 42 of the portal's specification.

import { ADA, BEN, OLGA } from './pages.mjs';
import { ABC, fillRegistration, fillRole, signInToPortal } from './portal_pages.mjs';
import { CLIENT_ID, DIRECTORY } from './processes.mjs';

const APP = `/portal/apps/${CLIENT_ID}`;
const ENTERPRISE = `/portal/enterprise-apps/${DIRECTORY.servicePrincipals[0].id}`;
const ROLE = DIRECTORY.applications[0].appRoles[0].id;
const GROUPS_OF_ABC = '/portal/groups?q=insights';

/** Opens a page of the portal as an administrator, or as somebody else. */
const at = (path, user = OLGA) => async (page, { mock }) => {
  await signInToPortal(page, mock, user.userPrincipalName);
  await page.goto(`${mock.origin}${path}`);
};

/** Opens a page and presses a button or link of it. */
const then = (open, role, name) => async (page, world) => {
  await open(page, world);
  await page.getByRole(role, { name, exact: true }).first().click();
  await page.waitForLoadState();
};

/** Each opens one page. */
export const PORTAL_PAGES = {
  'sign-in': (page, { mock }) => page.goto(`${mock.origin}/portal/sign-in`),
  'sign-in with a mistake': async (page, { mock }) => {
    await page.goto(`${mock.origin}/portal/sign-in`);
    await page.locator('#username').fill('nobody@harbour.example');
    await page.locator('#username').press('Enter');
    await page.locator('.summary').waitFor();
  },
  home: at('/portal'),
  'home without rights': at('/portal', ADA),
  'app registrations': at('/portal/apps?tab=all'),
  'app registrations, owned': at('/portal/apps?tab=owned'),
  'app registrations, deleted': at('/portal/apps?tab=deleted'),
  'new registration': at('/portal/apps/new'),
  'new registration with a mistake': async (page, { mock }) => {
    await signInToPortal(page, mock, OLGA.userPrincipalName);
    await fillRegistration(page, mock, { name: '', uri: 'http://contoso.com/' });
    await page.locator('.summary').waitFor();
  },
  'app overview': at(APP),
  'app endpoints': at(`${APP}/endpoints`),
  'app branding': at(`${APP}/branding`),
  'app authentication': at(`${APP}/authentication`),
  'app authentication, add': at(`${APP}/authentication/add/web`),
  'app credentials': at(`${APP}/credentials`),
  'app credentials without rights': at(`${APP}/credentials`, BEN),
  'app credentials, certificates': at(`${APP}/credentials?tab=certificates`),
  'app new secret': at(`${APP}/credentials/new-secret`),
  'app secret shown once': then(at(`${APP}/credentials/new-secret`), 'button', 'Add'),
  'app delete secret': then(at(`${APP}/credentials`), 'link', 'Delete'),
  'app roles': at(`${APP}/roles`),
  'app new role with a mistake': async (page, { mock }) => {
    await signInToPortal(page, mock, OLGA.userPrincipalName);
    await fillRole(page, { path: `${mock.origin}${APP}` }, { name: 'Approver', value: 'Claims Approve' });
    await page.locator('.summary').waitFor();
  },
  'app role': at(`${APP}/roles/${ROLE}`),
  'app delete role': at(`${APP}/roles/${ROLE}/delete`),
  'app permissions': at(`${APP}/permissions`),
  'app delete': at(`${APP}/delete`),
  'enterprise apps': at('/portal/enterprise-apps'),
  'enterprise apps without a match': at('/portal/enterprise-apps?q=nothing'),
  'enterprise overview': at(ENTERPRISE),
  'enterprise users and groups': at(`${ENTERPRISE}/users-and-groups`),
  'enterprise users and groups without rights': at(`${ENTERPRISE}/users-and-groups`, ADA),
  'enterprise remove nothing': then(at(`${ENTERPRISE}/users-and-groups`), 'button', 'Remove'),
  'enterprise remove': async (page, world) => {
    await at(`${ENTERPRISE}/users-and-groups`)(page, world);
    await page.getByRole('checkbox').first().check();
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('heading', { name: 'Remove 1 assignment?' }).waitFor();
  },
  'enterprise add assignment': at(`${ENTERPRISE}/users-and-groups/add`),
  'enterprise add assignment with mistakes': async (page, world) => {
    await at(`${ENTERPRISE}/users-and-groups/add?principal=${ADA.id}`)(page, world);
    await page.getByRole('button', { name: 'Assign', exact: true }).click();
    await page.locator('.summary').waitFor();
  },
  'enterprise properties': at(`${ENTERPRISE}/properties`),
  'enterprise properties without rights': at(`${ENTERPRISE}/properties`, ADA),
  'enterprise properties saved': then(at(`${ENTERPRISE}/properties`), 'button', 'Save'),
  'enterprise permissions': at(`${ENTERPRISE}/permissions`),
  'enterprise consent': at(`${ENTERPRISE}/permissions/consent`),
  'no access': at(`${ENTERPRISE}/users-and-groups/add`, ADA),
  users: at('/portal/users'),
  user: at(`/portal/users/${ADA.id}`),
  'groups, none': at('/portal/groups'),
  groups: at(GROUPS_OF_ABC, { userPrincipalName: ABC.olga }),
  group: then(at(GROUPS_OF_ABC, { userPrincipalName: ABC.olga }), 'link', 'Insights Department'),
  help: at('/portal/help'),
  'faults, none': at('/portal/faults'),
  'faults with a mistake': async (page, world) => {
    await at('/portal/faults')(page, world);
    await page.locator('#username').fill('nobody@harbour.example');
    await page.getByRole('button', { name: 'Put in force', exact: true }).click();
    await page.locator('.summary').waitFor();
  },
  'faults in force': then(at('/portal/faults'), 'button', 'Put in force'),
  'faults cleared': then(then(at('/portal/faults'), 'button', 'Put in force'), 'button', 'Clear all faults'),
  'not found': at('/portal/no-such-page'),
  'enterprise app not found': at(`/portal/enterprise-apps/${CLIENT_ID}`),
};
