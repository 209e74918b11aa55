// Where the pictures of the book are taken: two ways through the pages, as a learner goes them. The alternative text of a picture
// stands here, beside the steps that lead to it; its caption stands in the page of the book.

import { answerConsent, authorizeUrl } from './pages.mjs';
import { ABC, addRole, addSecret, assign, openAddAssignment, REDIRECT_URI, register, selectPrincipals, signInToPortal } from './portal_pages.mjs';
import { around, downTo } from './screenshot_page.mjs';
import { ROLES } from './unit_3_exercise.mjs';

const SIGN_OUT_URI = 'http://localhost:5000/';

/** Unit 3: the app is registered, gets a secret and roles, and people get the roles. */
async function registration(page, { mock, picture }) {
  await signInToPortal(page, mock, ABC.olga);
  await picture({
    name: 'portal-home',
    alt: 'The practice portal after Olga Admin signed in. A menu has Home, App registrations, Enterprise apps, Users and Groups. A list shows five steps: register the application, add a client secret, take note of the values, add app roles, assign the roles.',
    frame: downTo('section:has-text("Register an app, step by step")'),
  });
  const app = await registerTheApp(page, mock, picture);
  await page.goto(`${app.path}/authentication`);
  await page.getByRole('button', { name: 'Add URI' }).first().click();
  await page.getByLabel('Web redirect URI 2', { exact: true }).fill(SIGN_OUT_URI);
  await page.getByRole('button', { name: 'Save', exact: true }).last().click();
  await page.getByText('Saved the authentication settings').waitFor();
  await picture({
    name: 'authentication',
    alt: 'The page Authentication of claims-portal, with two redirect URIs for the platform Web: http://localhost:5000/getAToken and http://localhost:5000/. Each has a button Remove; below them is Add URI.',
    frame: downTo('section[aria-labelledby="uris"]'),
  });
  const secret = await addSecret(page, app, { description: 'dev laptop' });
  await picture({
    name: 'client-secret',
    alt: 'The page Certificates & secrets right after a secret was made. Under “Copy the value now” are the Value, which the app needs, the Secret ID, which it does not need, and the line for the settings of the app. A warning says that the value is gone when you leave the page.',
    frame: downTo('section[aria-labelledby="copy-now"]'),
    covered: [secret.value],
  });
  await giveRoles(page, app, picture);
  await page.goto(`${mock.origin}/portal/faults?fault=wrongNonce#inject`);
  await picture({
    name: 'faults',
    alt: 'The page Faults of the practice portal. No fault is in force. A form chooses a fault, here wrongNonce, the person whom it concerns, and whether it happens once or always. The button is Put in force.',
    frame: downTo('main form'),
  });
  // The address differs from the registered one in one letter.
  await page.goto(authorizeUrl(mock, { client_id: app.clientId, redirect_uri: 'http://localhost:5000/getatoken' }, app.tenantId));
  await picture({
    name: 'redirect-uri-error',
    alt: 'A part of the error page AADSTS50011. Expected is http://localhost:5000/getAToken, or http://localhost:5000/. Received was http://localhost:5000/getatoken. A frame marks the first letter that differs: a capital A was expected, and a small one came.',
    frame: around('.explanation'),
  });
}

async function registerTheApp(page, mock, picture) {
  await page.goto(`${mock.origin}/portal/apps/new`);
  await page.locator('#name').fill('claims-portal');
  await page.getByLabel('Platform').selectOption({ label: 'Web' });
  await page.getByLabel('Address').fill(REDIRECT_URI);
  await picture({
    name: 'register-app',
    alt: 'The form Register an application, filled in: the name claims-portal, single tenant only, the platform Web, and the address http://localhost:5000/getAToken. The button is Register.',
    frame: downTo('main form'),
  });
  const app = await register(page, mock, { name: 'claims-portal', uri: REDIRECT_URI });
  await picture({
    name: 'app-overview',
    alt: 'The Overview of claims-portal. Under Essentials, one below the other and each with a button to copy it, are the Application (client) ID, the Object ID and the Directory (tenant) ID.',
    frame: downTo('dl'),
  });
  return app;
}

async function giveRoles(page, app, picture) {
  const [, adjuster] = ROLES;
  await page.goto(`${app.path}/roles`);
  await page.getByRole('link', { name: 'Create app role' }).click();
  await page.getByLabel('Display name').fill(adjuster.name);
  await page.getByRole('radio', { name: 'Users/Groups' }).first().check();
  await page.locator('#value').fill(adjuster.value);
  await page.getByLabel('Description').fill(adjuster.description);
  await picture({
    name: 'create-app-role',
    alt: 'The form Create app role, filled in: the display name Claims adjuster, the member type Users/Groups, the value Claims.Adjuster, and a description. The button is Apply.',
    frame: downTo('main form'),
  });
  for (const role of ROLES) await addRole(page, app, role);
  await openAddAssignment(page, app);
  // The page counts what is chosen when it is sent, which a search does, too.
  await page.getByRole('radio', { name: /Claims adjuster/ }).check();
  await selectPrincipals(page, ['Ada Adjuster', 'Dana Both']);
  await picture({
    name: 'add-assignment',
    alt: 'The page Add Assignment of the enterprise app claims-portal. Ada Adjuster and Dana Both are selected, and of the four roles Claims adjuster is chosen. The button is Assign.',
    frame: downTo('button:text-is("Assign")'),
  });
  await assign(page, app, ['Ada Adjuster', 'Dana Both'], /Claims adjuster/);
  await assign(page, app, ['Dana Both'], /^Client/);
  await assign(page, app, ['Insights Analysts'], /Insights analyst/);
  await picture({
    name: 'assignments',
    alt: 'The page Users and groups of the enterprise app claims-portal, with a row for each assignment: Ada Adjuster is Claims adjuster, Dana Both is Claims adjuster and in a second row Client, the group Insights Analysts is Insights analyst.',
    frame: downTo('section:has(table)'),
  });
}

/** Unit 4: a person signs in to the app. */
async function signIn(page, { app, picture }) {
  await page.goto(`${app.origin}/me`);
  await picture({
    name: 'pick-account',
    alt: 'The sign-in page of the practice provider: Pick an account, to continue to claims-portal. Each account of the list has a name, a user name and the app roles, for example Ada Adjuster with the role Claims.Adjuster.',
    frame: around('.card', '.card li:nth-child(5)'),
  });
  await page.locator(`button[name="username"][value="${ABC.ada}"]`).click();
  await page.getByRole('heading', { name: 'Permissions requested' }).waitFor();
  await picture({
    name: 'consent',
    alt: 'The provider asks Ada Adjuster: Permissions requested. The app claims-portal would like to sign her in, view her basic profile, and maintain access to data. The buttons are Cancel and Accept.',
    frame: around('.card'),
  });
  await answerConsent(page, 'Accept');
  await page.waitForURL(`${app.origin}/me`);
  await picture({
    name: 'signed-in',
    alt: 'The page Your account of the finished app, after Ada Adjuster signed in. It shows her name, her user name, her object id, the tenant id, the role Claims.Adjuster, a button Sign out, and links to three policies.',
    frame: around('body'),
  });
}

export const TOURS = [registration, signIn];
