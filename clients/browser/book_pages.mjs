// Every page of the book as axe sees it, and the box with the reader's progress.

import assert from 'node:assert/strict';
import { AxeBuilder } from '@axe-core/playwright';
import { axe, WCAG_22_AA } from './looks.mjs';

/** The addresses of all pages, from the table of contents. */
async function addresses(page, { origin }) {
  await page.goto(`${origin}/toc.html`);
  const links = await page.locator('a[href$=".html"]').evaluateAll((all) => all.map((link) => link.href));
  return [...new Set(links)];
}

async function everyPage(page, world, colorScheme, look, isWanted) {
  const book = await world.book();
  const pages = (await addresses(page, book)).filter(isWanted);
  assert.ok(pages.length > 40, `the table of contents lists ${pages.length} pages`);
  await page.emulateMedia({ colorScheme });
  const problems = [];
  for (const address of pages) {
    await page.goto(address);
    // A list that opens is a part of the page.
    await page.locator('main details').evaluateAll((all) => all.forEach((details) => { details.open = true; }));
    // axe cannot decide what is behind a text of a diagram. It has the colours of the page's other text.
    const found = await axe(look(new AxeBuilder({ page }).include('main').exclude('main svg')), colorScheme);
    problems.push(...found.map((problem) => `${new URL(address).pathname}: ${problem}`));
  }
  assert.deepEqual(problems, []);
}

/** The server of the book tells verdicts; the page puts them into words. */
async function progress(page, world) {
  const book = await world.book();
  await page.route('**/progress.json', (route) => route.fulfill({ json: { checks: { 'U2-01': 'pass', 'U2-12': 'skipped', 'U2-06': 'fail', 'U4-01': 'pass' } } }));
  await page.goto(`${book.origin}/unit-2/exercise.html`);
  const box = page.getByRole('region', { name: 'Your progress' });
  assert.equal(await box.innerText(), 'Unit 2: 2 of 3 checks passed when they last ran. Next: U2-06.');
  await page.goto(`${book.origin}/introduction.html`);
  assert.match(await box.innerText(), /Unit 2: .*\n+Unit 4: 1 of 1 checks passed when they last ran\. Done\./);

  // Elsewhere, without that server, the page is complete and says nothing.
  await page.unroute('**/progress.json');
  await page.route('**/progress.json', (route) => route.fulfill({ status: 404, body: 'no such page' }));
  await page.goto(`${book.origin}/unit-2/exercise.html`);
  await page.locator('main h1').waitFor();
  assert.equal(await box.count(), 0);
}

/** The pages about errors are all made alike. */
const isNoError = (address) => !/aadsts\/\d/.test(address) || address.endsWith('/50011.html');

export const bookPages = [
  { name: 'book: every page passes axe', javaScript: true, run: (page, world) => everyPage(page, world, 'light', (axe) => axe.withTags(WCAG_22_AA), () => true) },
  { name: 'book: every page has enough contrast in the dark', javaScript: true, run: (page, world) => everyPage(page, world, 'dark', (axe) => axe.withRules(['color-contrast']), isNoError) },
  { name: "book: the reader's progress is shown where there is some", javaScript: true, run: progress },
];
