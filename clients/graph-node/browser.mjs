// A browser as far as these proofs need one: cookies, redirects and forms, driven by the names that the mock publishes.

const MOST_STEPS = 10;

/** Opens the authorization request, picks the account, accepts the consent if it is asked for. The address that calls the app. */
export async function signIn(authUri, username) {
  const redirectUri = new URL(authUri).searchParams.get('redirect_uri');
  let cookie = '';
  let response = await visit(authUri);
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const location = response.headers.get('location');
    if (location !== null) {
      const target = new URL(location, response.url).href;
      if (target.startsWith(redirectUri)) return target;
      response = await visit(target);
      continue;
    }
    const html = await response.text();
    const form = [...html.matchAll(/<form\b[^>]*action="([^"]*)"[^>]*>(.*?)<\/form>/gs)]
      .map(([, action, body]) => ({ action: unescape(action), body, button: button(body, username) }))
      .find((it) => it.button);
    if (!form) throw new Error(`no form to go on with at ${response.url}:\n${html}`);
    const hidden = [...form.body.matchAll(/<input\b[^>]*type="hidden"[^>]*>/g)].map(([tag]) => [attribute(tag, 'name'), attribute(tag, 'value')]);
    response = await visit(new URL(form.action, response.url).href, new URLSearchParams([...hidden, form.button]));
  }
  throw new Error(`no answer after ${MOST_STEPS} steps`);

  async function visit(url, form) {
    const arrived = await fetch(url, { method: form ? 'POST' : 'GET', body: form, headers: { cookie }, redirect: 'manual' });
    for (const set of arrived.headers.getSetCookie()) cookie = set.split(';')[0];
    return arrived;
  }
}

/** The button with the account, or the one that consents. */
function button(body, username) {
  const wanted = [['username', username], ['consent', 'accept']];
  const tags = [...body.matchAll(/<button\b[^>]*>/g)].map(([tag]) => [attribute(tag, 'name'), attribute(tag, 'value')]);
  return wanted.find(([name, value]) => tags.some((tag) => tag[0] === name && tag[1] === value));
}

function attribute(tag, name) {
  return unescape(tag.match(new RegExp(`\\b${name}="([^"]*)"`))?.[1] ?? '');
}

function unescape(text) {
  return text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
