// Takes the pictures of the book: pages of the practice portal, the sign-in and the app, light and dark.
//
//   cargo xtask book --screenshots [--check]
//
// starts what is pictured, and runs this program with its addresses. Needs Node.js 20.11 or newer with npm, and Chromium
// (/usr/bin/chromium, or the path in CHROMIUM).
//
// Pixels depend on the fonts of a machine. So beside each picture a text is kept, book/pictures/NAME.txt: what a screen reader
// finds on the page. `--check` takes no picture and compares these texts with the pages as they are now.
// Exit code: 0 done, 1 a page has changed, 3 this machine cannot run it (the reason is printed).

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { cannotRun, installPackages } from '../harness/packages.mjs';
import { WORKSPACE } from '../harness/programs.mjs';

const TEXTS = path.join(WORKSPACE, 'book', 'pictures');
const PICTURES = path.join(WORKSPACE, 'book', 'src', 'pictures');
const STEP_LIMIT_MS = 10_000;
const VIEW = { viewport: { width: 1000, height: 700 }, deviceScaleFactor: 1.5, locale: 'en-GB', timezoneId: 'UTC', reducedMotion: 'reduce' };

const { values: flags } = parseArgs({ options: { portal: { type: 'string' }, provider: { type: 'string' }, app: { type: 'string' }, check: { type: 'boolean', default: false } } });
if (!flags.portal || !flags.provider || !flags.app) {
  console.log('usage: cargo xtask book --screenshots [--check]');
  process.exit(2);
}
const chromium = process.env.CHROMIUM || '/usr/bin/chromium';
if (!existsSync(chromium)) cannotRun(`there is no browser at ${chromium}; install Chromium or name its path in CHROMIUM`);
installPackages(import.meta.dirname);
const { launch } = await import('./chromium.mjs');
const { TOURS } = await import('./screenshot_tours.mjs');
const { asTheReaderSeesIt, textOf } = await import('./screenshot_page.mjs');
const { smaller } = await import('./png_palette.mjs');

const problems = [];
let count = 0;

/** Writes what the page shows now, or compares it. */
async function picture(page, { name, alt, frame, covered = [] }) {
  count += 1;
  await asTheReaderSeesIt(page, [[flags.app, 5000], [flags.portal, 8400], [flags.provider, 8400]], covered);
  const text = `${alt}\n\n${await textOf(page)}\n`;
  const file = path.join(TEXTS, `${name}.txt`);
  if (flags.check) {
    const problem = difference(name, existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\r\n', '\n') : '', text);
    if (problem) problems.push(problem);
    return;
  }
  const clip = await frame(page);
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    const png = smaller(await page.screenshot({ clip, fullPage: true, animations: 'disabled', caret: 'hide' }));
    writeFileSync(path.join(PICTURES, `${name}-${colorScheme}.png`), png);
    console.log(`Wrote book/src/pictures/${name}-${colorScheme}.png (${Math.ceil(png.length / 1024)} KiB)`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  writeFileSync(file, text);
}

function difference(name, kept, now) {
  const [before, after] = [kept.split('\n'), now.split('\n')];
  const line = after.findIndex((text, index) => text !== before[index]);
  if (line === -1 && before.length === after.length) return null;
  return `book/pictures/${name}.txt:${line + 1}: the page says \`${(after[line] ?? 'nothing more').trim()}\`; \`cargo xtask book --screenshots\` takes its picture anew`;
}

mkdirSync(TEXTS, { recursive: true });
mkdirSync(PICTURES, { recursive: true });
const browser = await launch(chromium);
try {
  for (const tour of TOURS) {
    const context = await browser.newContext(VIEW);
    context.setDefaultTimeout(STEP_LIMIT_MS);
    const page = await context.newPage();
    await tour(page, { mock: { origin: flags.portal }, app: { origin: flags.app }, picture: (shown) => picture(page, shown) });
    await context.close();
  }
} catch (error) {
  console.log(`The way to the next picture is blocked: ${error.message}`);
  process.exit(1);
} finally {
  await browser.close();
}
problems.forEach((problem) => console.log(problem));
console.log(flags.check ? `${count - problems.length} pages are as in their pictures, ${problems.length} are not` : `${count} pages, each light and dark`);
process.exitCode = problems.length === 0 ? 0 : 1;
