// What an app gets for its people: signs somebody in to a registered app and redeems the code as the app would.

import { answerAt, withListeningApp } from './listening_app.mjs';

/** Signs `username` in to the app in a browser of her own; what the token endpoint answers. */
export async function tokensFor(page, mock, app, username, scope = 'openid profile User.Read') {
  const context = await page.context().browser().newContext({ javaScriptEnabled: false });
  context.setDefaultTimeout(10_000);
  try {
    return await withListeningApp(async (listener) => {
      const visitor = await context.newPage();
      await visitor.goto(authorizeUrlOf(mock, app, { redirect_uri: listener.redirectUri, scope }));
      await visitor.locator(`button[name="username"][value="${username}"]`).click();
      const accept = visitor.getByRole('button', { name: 'Accept', exact: true });
      const arrived = visitor.waitForURL((url) => url.origin === listener.origin).then(() => null, () => null);
      if (await Promise.race([accept.waitFor().then(() => true, () => false), arrived])) await accept.click();
      const answer = await answerAt(visitor, listener);
      if (!answer.get('code')) throw new Error(`no code: ${answer}`);
      return redeem(mock, app, { grant_type: 'authorization_code', code: answer.get('code'), redirect_uri: listener.redirectUri });
    });
  } finally {
    await context.close();
  }
}

/** The address of an authorization request of a registered app. */
export function authorizeUrlOf(mock, app, changes) {
  const parameters = { client_id: app.clientId, response_type: 'code', scope: 'openid profile User.Read', state: 'a-state', ...changes };
  return `${mock.origin}/${app.tenantId}/oauth2/v2.0/authorize?${new URLSearchParams(parameters)}`;
}

/** Asks the token endpoint; status and JSON. */
export async function askForToken(mock, app, parameters) {
  const body = new URLSearchParams({ client_id: app.clientId, client_secret: app.secret, ...parameters });
  const answer = await fetch(`${mock.origin}/${app.tenantId}/oauth2/v2.0/token`, { method: 'POST', body });
  return { status: answer.status, body: await answer.json() };
}

async function redeem(mock, app, parameters) {
  const { status, body } = await askForToken(mock, app, parameters);
  if (status !== 200) throw new Error(`the token endpoint answered ${status}: ${body.error_description}`);
  return body;
}

/** The claims of a JWT, unverified. */
export function claims(token) {
  return JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
}

/** The roles that `username` finds in her ID token; an empty list where the claim is missing. */
export async function rolesOf(page, mock, app, username) {
  const { id_token: idToken } = await tokensFor(page, mock, app, username);
  return claims(idToken).roles ?? [];
}
