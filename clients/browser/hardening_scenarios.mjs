// What other pages of the same computer try: the scenarios 39 and 40 of the portal's specification. And hostile names.

import assert from 'node:assert/strict';
import http from 'node:http';
import { control } from './control.mjs';
import { ABC, register, signInToPortal } from './portal_pages.mjs';

/** A page at another address of this computer that holds `markup`. */
async function withForeignPage(host, markup, use) {
  const server = http.createServer((request, response) => {
    response.setHeader('Content-Type', 'text/html').end(`<!doctype html><html lang="en"><title>Another app</title><h1>Another app</h1>${markup}`);
  });
  await new Promise((listening) => server.listen(0, host, listening));
  try {
    return await use(`http://${host}:${server.address().port}/`);
  } finally {
    await new Promise((closed) => {
      server.close(closed);
      server.closeAllConnections();
    });
  }
}

/** All tenants as they are kept. */
async function state(mock) {
  return JSON.stringify(await control(mock, 'GET', `/mock/directory?tenant=${ABC.tenantId}`));
}

async function foreignRequestsAreRefused(page, { mock }) {
  await signInToPortal(page, mock, ABC.olga);
  const app = await register(page, mock);
  await page.goto(`${mock.origin}/portal/apps/new`);
  const csrf = await page.locator('form[action="/portal/apps/new"] input[name="csrf"]').inputValue();
  const before = await state(mock);
  const cookies = (await page.context().cookies(`${mock.origin}/portal`)).map(({ name, value }) => `${name}=${value}`).join('; ');
  const send = (method, headers, fields) => raw(mock, method, '/portal/apps/new', { Cookie: cookies, ...headers }, new URLSearchParams(fields).toString());
  const own = { Origin: mock.origin };
  const port = new URL(mock.origin).port;
  const form = { csrf, name: 'intruder', account_types: 'AzureADMyOrg' };
  assert.equal(await send('GET', { Host: `evil.example:${port}` }, {}), 421, 'a foreign Host');
  assert.equal(await send('POST', { ...own, Host: `evil.example:${port}` }, form), 421, 'a foreign Host');
  assert.equal(await send('POST', { Origin: 'http://evil.example' }, form), 403, 'a foreign Origin');
  assert.equal(await send('POST', { Origin: 'null' }, form), 403, 'Origin: null');
  assert.equal(await send('POST', {}, form), 403, 'no Origin');
  assert.equal(await send('POST', own, { ...form, csrf: '' }), 403, 'no token');
  assert.equal(await send('POST', own, { ...form, csrf: 'guessed' }), 403, 'another token');
  assert.equal(await raw(mock, 'GET', '/portal/sign-out', { Cookie: cookies }, ''), 405, 'GET on a POST route');
  assert.equal(await state(mock), before, 'nothing changed');
  assert.equal(await send('POST', own, form), 303, 'the same form, sent rightly, is accepted: so the refusals were for the right reason');

  await withForeignPage('localhost', `<iframe name="framed" src="${app.path}"></iframe>`, async (address) => {
    await page.goto(address);
    const framed = page.frame('framed');
    await framed.waitForLoadState().catch(() => {});
    assert.ok(!(await framed.content()).includes('claims-portal'), 'a framed page shows nothing');
  });
}

/** One request with exactly these headers; the status. */
function raw(mock, method, path, headers, body) {
  const { hostname, port } = new URL(mock.origin);
  const all = { Host: `${hostname}:${port}`, ...headers };
  if (body !== '') Object.assign(all, { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': Buffer.byteLength(body) });
  return new Promise((resolve, reject) => {
    const request = http.request({ hostname, port, method, path, headers: all, setHost: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.once('error', reject);
    request.end(body);
  });
}

async function formsOfOtherPagesAreRefused(page, { mock }) {
  await signInToPortal(page, mock, ABC.olga);
  await page.goto(`${mock.origin}/portal/apps/new`);
  const csrf = await page.locator('form[action="/portal/apps/new"] input[name="csrf"]').inputValue();
  const before = await state(mock);
  // The other page even knows the token.
  const markup = `<form method="post" action="${mock.origin}/portal/apps/new"><input name="csrf" value="${csrf}">
    <input name="name" value="intruder"><input name="account_types" value="AzureADMyOrg"><button>Send</button></form>`;
  for (const host of ['localhost', '127.0.0.1']) {
    await withForeignPage(host, markup, async (address) => {
      await page.goto(address);
      const answer = page.waitForResponse((response) => response.url() === `${mock.origin}/portal/apps/new`);
      await page.getByRole('button', { name: 'Send' }).click();
      assert.equal((await answer).status(), 403, host);
    });
  }
  assert.equal(await state(mock), before, 'nothing changed');
}

export const hardeningScenarios = [
  {
    name: 'scenario 39: a foreign Host, Origin, token, method or frame is refused, and nothing changes',
    javaScript: true,
    // The browser reports the frame that it did not show: that is what is wanted.
    expectedComplaint: /frame-ancestors/,
    run: foreignRequestsAreRefused,
  },
  {
    name: 'scenario 40: a form on a page of another port, or of 127.0.0.1, is refused',
    javaScript: true,
    hosts: ['localhost', '127.0.0.1'],
    run: formsOfOtherPagesAreRefused,
  },
];
