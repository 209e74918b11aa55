// Unit 3 by the SDKs, one proof after the other, over https. Started by run.mjs, which sets MOCK_ORIGIN and the CA.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import path from 'node:path';

import { ClientSecretCredential, InteractiveBrowserCredential } from '@azure/identity';
import { ConfidentialClientApplication } from '@azure/msal-node';
import graphClient from '@microsoft/microsoft-graph-client';
import authProviders from '@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js';

import { signIn } from './browser.mjs';

const { BatchRequestContent, BatchResponseContent, Client, PageIterator } = graphClient;
const { TokenCredentialAuthenticationProvider } = authProviders;
const ORIGIN = process.env.MOCK_ORIGIN;
const TENANT = '2d4f7a90-1b3c-4e5d-8f60-a1b2c3d4e5f6';
const GRAPH_APP_ID = '00000003-0000-0000-c000-000000000000';
const USER_READ = 'e1fe6dd8-ba31-4d61-89e7-88639da4683d';
const REDIRECT_URI = 'http://localhost:5000/getAToken';
const OLGA = 'olga.admin@abc-insurance.example';
const ADA = 'ada.adjuster@abc-insurance.example';
const ROLES = ['Client', 'Claims.Adjuster', 'Insights.Analyst', 'Policy.Admin'];
const EVENTUAL = ['ConsistencyLevel', 'eventual'];

// What earlier proofs made, for the later ones.
const made = {};
const authority = { authorityHost: ORIGIN, disableInstanceDiscovery: true };
const admin = graph(new InteractiveBrowserCredential({ tenantId: TENANT, ...authority }));

const proofs = [
  ['sign in as the administrator', async () => {
    process.env.PICK_ACCOUNT = OLGA;
    // xdg-open reads it; a folder's name may hold spaces, which this variable cannot.
    process.env.BROWSER = `node ${path.relative(process.cwd(), path.join(import.meta.dirname, 'picker_browser.mjs'))} %s`;
    assert.equal((await admin.api('/me').get()).userPrincipalName, OLGA);
  }],
  ['register the app', async () => {
    made.app = await admin.api('/applications').post({
      displayName: 'claims-portal',
      signInAudience: 'AzureADMyOrg',
      web: { redirectUris: [REDIRECT_URI] },
      requiredResourceAccess: [{ resourceAppId: GRAPH_APP_ID, resourceAccess: [{ id: USER_READ, type: 'Scope' }] }],
    });
    assert.deepEqual((await admin.api(`/applications/${made.app.id}`).get()).web.redirectUris, [REDIRECT_URI]);
    assert.equal((await admin.api(`/applications(appId='${made.app.appId}')`).get()).id, made.app.id);
  }],
  ['add a secret that is shown once', async () => {
    made.secret = await admin.api(`/applications/${made.app.id}/addPassword`).post({ passwordCredential: { displayName: 'practice' } });
    const { passwordCredentials: [kept] } = await admin.api(`/applications/${made.app.id}`).get();
    assert.deepEqual([kept.keyId, kept.hint, kept.secretText ?? null], [made.secret.keyId, made.secret.secretText.slice(0, 3), null]);
  }],
  ['define four roles', async () => {
    const appRoles = ROLES.map((value) => ({ id: randomUUID(), value, displayName: value, description: value, isEnabled: true, allowedMemberTypes: ['User'] }));
    await admin.api(`/applications/${made.app.id}`).patch({ appRoles });
    made.app = await admin.api(`/applications/${made.app.id}`).get();
    assert.deepEqual(made.app.appRoles.map((role) => role.value).sort(), [...ROLES].sort());
  }],
  ['an enabled role cannot be taken away', async () => {
    await refused(400, 'CannotDeleteOrUpdateEnabledEntitlement', admin.api(`/applications/${made.app.id}`).patch({ appRoles: [] }));
  }],
  ['create the service principal and assign a role', async () => {
    made.principal = await admin.api('/servicePrincipals').post({ appId: made.app.appId });
    const ada = await admin.api(`/users/${ADA}`).get();
    const appRoleId = made.app.appRoles.find((role) => role.value === 'Claims.Adjuster').id;
    await admin.api(`/servicePrincipals/${made.principal.id}/appRoleAssignedTo`).post({ principalId: ada.id, resourceId: made.principal.id, appRoleId });
    const { value } = await admin.api(`/servicePrincipals/${made.principal.id}/appRoleAssignedTo`).get();
    assert.deepEqual(value.map((it) => it.principalDisplayName), ['Ada Adjuster']);
  }],
  ['sign in with the new app and find the role in the id token', async () => {
    const app = new ConfidentialClientApplication({
      auth: { clientId: made.app.appId, clientSecret: made.secret.secretText, authority: `${ORIGIN}/${TENANT}`, knownAuthorities: [new URL(ORIGIN).host] },
    });
    const scopes = ['User.Read'];
    const address = await signIn(await app.getAuthCodeUrl({ scopes, redirectUri: REDIRECT_URI, responseMode: 'query' }), ADA);
    const code = new URL(address).searchParams.get('code');
    const { idTokenClaims } = await app.acquireTokenByCode({ code, scopes, redirectUri: REDIRECT_URI });
    assert.deepEqual([idTokenClaims.roles, idTokenClaims.aud, idTokenClaims.iss], [['Claims.Adjuster'], made.app.appId, `${ORIGIN}/${TENANT}/v2.0`]);
  }],
  ['the app by itself has what it was granted, and no more', async () => {
    const app = graph(new ClientSecretCredential(TENANT, made.app.appId, made.secret.secretText, authority));
    await refused(403, 'Authorization_RequestDenied', app.api('/users').get());
  }],
  ['page through all users', async () => {
    const seen = [];
    const pages = new PageIterator(admin, await admin.api('/users').top(3).get(), (user) => seen.push(user.id) > 0);
    await pages.iterate();
    const { value } = await admin.api('/users').top(999).get();
    assert.deepEqual(seen.sort(), value.map((user) => user.id).sort());
  }],
  ['count needs the consistency level', async () => {
    const { value } = await admin.api('/users').top(999).get();
    assert.equal(Number(await admin.api('/users/$count').header(...EVENTUAL).get()), value.length);
    await refused(400, 'Request_BadRequest', admin.api('/users/$count').get());
    const found = await admin.api('/users').header(...EVENTUAL).search('"displayName:Ben"').count(true).get();
    assert.equal(found['@odata.count'], 2);
  }],
  ['filter, select and order', async () => {
    const { value } = await admin.api('/applications').filter("displayName eq 'claims-portal'").select(['id', 'appId']).get();
    assert.deepEqual(value.map(({ id, appId }) => [id, appId]), [[made.app.id, made.app.appId]]);
  }],
  ['three calls in one batch', async () => {
    const batch = new BatchRequestContent([
      { id: '1', request: new Request(`${ORIGIN}/me`) },
      { id: '2', request: new Request(`${ORIGIN}/users/${ADA}`) },
      { id: '3', request: new Request(`${ORIGIN}/users/${randomUUID()}`) },
    ]);
    const answers = new BatchResponseContent(await admin.api('/$batch').post(await batch.getContent()));
    assert.deepEqual(['1', '2', '3'].map((id) => answers.getResponseById(id).status), [200, 200, 404]);
    assert.equal((await answers.getResponseById('1').json()).userPrincipalName, OLGA);
  }],
  ['a missing object is a 404 with its code', async () => {
    await refused(404, 'Request_ResourceNotFound', admin.api(`/applications/${randomUUID()}`).get());
    await refused(404, 'ImageNotFound', admin.api('/me/photo/$value').get());
  }],
  ['a throttled call is repeated after the pause', async () => {
    const headers = { 'mock-control': '1', 'content-type': 'application/json' };
    const injected = await fetch(`${ORIGIN}/mock/faults`, { method: 'POST', headers, body: JSON.stringify({ fault: 'graphThrottled', times: 1 }) });
    assert.equal(injected.status, 201);
    const begin = performance.now();
    assert.equal((await admin.api('/me').get()).userPrincipalName, OLGA);
    const { events } = await (await fetch(`${ORIGIN}/mock/trace?since=0`, { headers })).json();
    const [throttled, repeated] = events.filter((event) => event.kind === 'graph').slice(-2);
    assert.deepEqual([throttled.status, repeated.status], [429, 200]);
    const waited = (performance.now() - begin) / 1000;
    assert.ok(waited >= Number(throttled.response.headers['retry-after']), `waited ${waited} s`);
  }],
  ['update, delete and find it gone', async () => {
    await admin.api(`/applications/${made.app.id}`).patch({ notes: 'Made by a script.' });
    assert.equal((await admin.api(`/applications/${made.app.id}`).get()).notes, 'Made by a script.');
    await admin.api(`/applications/${made.app.id}`).delete();
    await refused(404, 'Request_ResourceNotFound', admin.api(`/applications/${made.app.id}`).get());
  }],
];

/** A Graph client whose base URL is the mock's. The token is sent to the host that is named here and to no other. */
function graph(credential) {
  const authProvider = new TokenCredentialAuthenticationProvider(credential, { scopes: ['https://graph.microsoft.com/.default'] });
  return Client.initWithMiddleware({ authProvider, baseUrl: `${ORIGIN}/graph/`, customHosts: new Set(['localhost']) });
}

/** The call must fail, with the code that the SDK shows. */
async function refused(status, code, call) {
  const error = await call.then(() => assert.fail(`expected ${status} ${code}, and the call succeeded`), (failure) => failure);
  assert.deepEqual([error.statusCode, error.code], [status, code], String(error.stack));
}

let failed = 0;
for (const [index, [title, proof]] of proofs.entries()) {
  try {
    await proof();
    console.log(`passed  ${String(index + 1).padStart(2)}  ${title}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${String(index + 1).padStart(2)}  ${title}\n${error.stack}`);
  }
}
console.log(`${proofs.length - failed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
