// Prints the book: its page with all pages, as a PDF with tags for screen readers and an outline of the headings.
//
//   cargo xtask book --pdf
//
// builds the book, and runs this program. Needs Node.js 20.11 or newer with npm, and Chromium (/usr/bin/chromium, or the path in CHROMIUM).
// Exit code: 0 done, 1 the page cannot be printed, 3 this machine cannot run it (the reason is printed).

import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { cannotRun, installPackages } from '../harness/packages.mjs';
import { WORKSPACE } from '../harness/programs.mjs';

const PAGE = path.join(WORKSPACE, 'book', 'html', 'print.html');
const PDF = path.join(WORKSPACE, 'book', 'html', 'book.pdf');
const LOAD_LIMIT_MS = 60_000;

const chromium = process.env.CHROMIUM || '/usr/bin/chromium';
if (!existsSync(chromium)) cannotRun(`there is no browser at ${chromium}; install Chromium or name its path in CHROMIUM`);
installPackages(import.meta.dirname);
const { launch } = await import('./chromium.mjs');

const browser = await launch(chromium);
try {
  const page = await browser.newPage({ colorScheme: 'light' });
  // The page asks for the print dialog when it is loaded.
  await page.addInitScript(() => { window.print = () => {}; });
  await page.goto(pathToFileURL(PAGE).href, { waitUntil: 'load', timeout: LOAD_LIMIT_MS });
  // On paper nothing loads later, and nothing opens.
  await page.evaluate(async () => {
    const pictures = [...document.images].filter((picture) => !picture.classList.contains('in-dark'));
    pictures.forEach((picture) => { picture.loading = 'eager'; });
    document.querySelectorAll('details').forEach((details) => { details.open = true; });
    await Promise.all(pictures.map((picture) => picture.decode()));
  });
  const number = '<div style="width: 100%; font-size: 8px; text-align: center"><span class="pageNumber"></span></div>';
  await page.pdf({
    path: PDF,
    format: 'A4',
    margin: { top: '18mm', right: '16mm', bottom: '18mm', left: '16mm' },
    displayHeaderFooter: true,
    headerTemplate: '<span></span>',
    footerTemplate: number,
    tagged: true,
    outline: true,
    printBackground: true,
    timeout: LOAD_LIMIT_MS,
  });
  console.log(`Wrote book/html/book.pdf (${Math.ceil(statSync(PDF).size / 1024)} KiB)`);
} catch (error) {
  console.log(`The book cannot be printed: ${error.message}`);
  process.exitCode = 1;
} finally {
  await browser.close();
}
