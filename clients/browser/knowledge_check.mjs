// The knowledge checks in the pages of the book: without JavaScript answers that open, with JavaScript a form. Nothing is sent.

import assert from 'node:assert/strict';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { axe, keyboardStop, WCAG_22_AA } from './looks.mjs';

const PAGE = 'unit-2/exercise.html';
const SMALLEST_TARGET_PX = 24; // WCAG 2.2, 2.5.8

const question = (page, id) => page.locator('.question').filter({ has: page.locator(`#${id}`) });

async function open(page, world) {
  const book = await world.book();
  await page.goto(`${book.origin}/${PAGE}`);
}

async function answersOpen(page, world) {
  await open(page, world);
  assert.equal(await page.locator('.question').count(), 5);
  assert.equal(await page.locator('.question form').count(), 0);
  const first = question(page, 'u2-q1');
  await first.locator('h3 a').focus();
  const said = [];
  for (const answer of await first.locator('.choices details').all()) {
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    said.push(await answer.locator('p strong').innerText());
    await page.keyboard.press('Tab');
    assert.match(await page.evaluate(() => document.activeElement.innerText), /^Read: /);
  }
  assert.deepEqual(said.toSorted(), ['Right.', 'Wrong.', 'Wrong.']);
  await question(page, 'u2-q2').getByText('Several answers are right.').waitFor();
  await page.keyboard.press('Enter');
  await page.locator('main h1').waitFor();
  assert.ok(!page.url().endsWith(PAGE), 'the link leads to another page');
}

/** axe is itself a script, so the page as it is without scripts is the page without the one of the knowledge checks. */
async function answersLookRight(page, world) {
  await page.route('**/knowledge-check*.js', (route) => route.abort());
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await open(page, world);
    assert.equal(await page.locator('.question form').count(), 0);
    for (const answer of await question(page, 'u2-q1').locator('summary').all()) await answer.click();
    await noProblems(page);
    await picture(page, world, `answers-${colorScheme}`);
  }
  await fitsIntoANarrowScreen(page, world);
}

async function oneAnswerByKeyboard(page, world) {
  await open(page, world);
  const requests = [];
  page.on('request', (request) => {
    if (!request.url().includes('favicon')) requests.push(request.url());
  });
  const first = question(page, 'u2-q1');
  const result = first.getByRole('status');
  const check = first.getByRole('button', { name: 'Check my answer' });
  await first.getByRole('group', { name: 'Which kind of client is this app?' }).waitFor();
  await check.focus();
  await page.keyboard.press('Enter');
  assert.equal(await result.innerText(), 'Choose an answer first.');

  const right = first.getByRole('radio', { name: /^A confidential client/ });
  const wrong = first.getByRole('radio', { name: /^A public client/ });
  for (const [answer, said] of [[wrong, /^Wrong\. .*Read: Configuration and secrets$/s], [right, /^Right\. .*Read: /s]]) {
    await chooseByArrows(page, first, answer);
    assert.equal(await result.innerText(), '', 'a new choice takes the old verdict away');
    await page.keyboard.press('Tab');
    assert.ok(await check.evaluate((button) => button === document.activeElement), 'the button comes after the answers');
    await page.keyboard.press('Space');
    assert.match(await result.innerText(), said);
  }
  await page.keyboard.press('Tab');
  assert.match(await page.evaluate(() => document.activeElement.innerText), /^Read: /);
  assert.deepEqual(requests, [], 'nothing is sent');
}

async function chooseByArrows(page, question, answer) {
  const radios = question.getByRole('radio');
  const chosen = question.locator('input:checked');
  await ((await chosen.count()) > 0 ? chosen : radios.first()).focus();
  for (let press = 0; press < await radios.count() && !(await answer.isChecked()); press += 1) await page.keyboard.press('ArrowDown');
  assert.ok(await answer.isChecked());
}

async function severalAnswers(page, world) {
  await open(page, world);
  const second = question(page, 'u2-q2');
  await second.getByRole('group', { name: /Several answers are right\.$/ }).waitFor();
  const press = async (name) => {
    await second.getByRole('checkbox', { name }).focus();
    await page.keyboard.press('Space');
  };
  const check = async () => {
    await page.keyboard.press('Enter');
    return second.getByRole('status').innerText();
  };
  await press(/^To redeem the authorization code/);
  assert.match(await check(), /^Right so far, but an answer is missing\./);
  await press(/^To keep the tokens/);
  assert.match(await check(), /^Right\. These are all\./);
  await press(/^To host the page/);
  const said = await check();
  assert.match(said, /^That is not it yet\./);
  assert.match(said, /To host the page on which people type their password: Wrong\./);

  await second.getByText('Explain every answer').focus();
  await page.keyboard.press('Enter');
  assert.equal(await second.locator('.choices p:visible').count(), 3);
}

async function formLooksRight(page, world) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await open(page, world);
    // One verdict, and all explanations of another question.
    await question(page, 'u2-q1').getByRole('radio').first().check();
    await question(page, 'u2-q1').getByRole('button').click();
    await question(page, 'u2-q2').getByText('Explain every answer').click();
    await noProblems(page);
    await picture(page, world, `form-${colorScheme}`);
  }
  await fitsIntoANarrowScreen(page, world);
  await picture(page, world, 'form-320px');
}

async function picture(page, { keepPictures, pictures }, variant) {
  if (keepPictures) await page.screenshot({ path: path.join(pictures, `knowledge-check-${variant}.png`), fullPage: true });
}

async function fitsIntoANarrowScreen(page, world) {
  await page.setViewportSize({ width: 320, height: 800 });
  // A page that is opened in a wide window keeps its table of contents beside the text.
  await open(page, world);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  const { width } = await question(page, 'u2-q1').boundingBox();
  assert.ok(width > 250, 'the question fills the screen');
  assert.ok(overflow <= 0, `at 320 px the page is ${overflow} px wider than the screen`);
}

/** axe finds nothing in the text of the page, and each place of the keyboard has a ring to be seen by and is large enough to hit. */
async function noProblems(page) {
  const problems = await axe(new AxeBuilder({ page }).include('main').withTags(WCAG_22_AA), 'text of the page');
  for (const stop of await page.locator('.question :is(summary, input, button):visible').all()) {
    await stop.focus();
    // Chromium shows the ring of a focus that a script sets only after a key.
    await page.keyboard.press('Shift');
    const { name, width, height, hasRing } = await keyboardStop(page);
    if (!hasRing) problems.push(`no ring around ${name}`);
    if (Math.min(width, height) < SMALLEST_TARGET_PX) problems.push(`${name} is ${width}x${height} px, under ${SMALLEST_TARGET_PX}`);
  }
  assert.deepEqual(problems, []);
}

export const knowledgeCheck = [
  { name: 'book: a knowledge check without JavaScript is answers that open', javaScript: false, run: answersOpen },
  { name: 'book: a knowledge check is answered by keyboard, and nothing is sent', javaScript: true, run: oneAnswerByKeyboard },
  { name: 'book: a knowledge check with several right answers wants all of them', javaScript: true, run: severalAnswers },
  { name: 'book: the answers that open pass axe, light and dark, and fit into 320 px', javaScript: true, run: answersLookRight },
  { name: 'book: the form of a knowledge check passes axe, light and dark, and fits into 320 px', javaScript: true, run: formLooksRight },
];
