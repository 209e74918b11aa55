// The control API of the mock: its clock, its trace, its directory. No page of it is used.

/** Calls the control API; the JSON that it answers. */
export async function control(mock, method, path, body) {
  const headers = { 'Mock-Control': '1', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) };
  const answer = await fetch(`${mock.origin}${path}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
  return text === '' ? null : JSON.parse(text);
}
