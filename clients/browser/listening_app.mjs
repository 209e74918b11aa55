// An app as far as the provider needs one: it waits at its redirect URI and keeps what arrives there.

import http from 'node:http';

/** Runs `use` with an app that listens on a free port of localhost. Its pages say nothing but that they were reached. */
export async function withListeningApp(use) {
  const answers = [];
  const cookies = [];
  const server = http.createServer(async (request, response) => {
    const url = new URL(request.url, 'http://localhost');
    let body = '';
    for await (const chunk of request) body += chunk;
    if (url.pathname === '/getAToken') answers.push(new URLSearchParams(request.method === 'POST' ? body : url.search));
    if (url.pathname === '/begin') response.setHeader('Set-Cookie', 'session=kept-by-the-app; Path=/; HttpOnly; SameSite=Lax');
    cookies.push(request.headers.cookie ?? '');
    response.setHeader('Content-Type', 'text/html').end('<!doctype html><html lang="en"><title>The app</title><link rel="icon" href="data:,"><h1>The app</h1>');
  });
  await new Promise((listening) => server.listen(0, 'localhost', listening));
  const origin = `http://localhost:${server.address().port}`;
  try {
    return await use({ origin, redirectUri: `${origin}/getAToken`, answers, cookies });
  } finally {
    await new Promise((closed) => {
      server.close(closed);
      server.closeAllConnections();
    });
  }
}

/** Waits until the browser is back at the app; what it brought. */
export async function answerAt(page, app) {
  await page.waitForURL((url) => url.origin === app.origin);
  return app.answers.at(-1);
}
