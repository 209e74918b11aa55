// Every page as axe, a keyboard, a dark colour scheme and a 320 px wide screen meet it.

import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { ADA, answerConsent, authorizeUrl, BEN, NILS, OLGA, pick, typePassword, typeUserName } from './pages.mjs';
import { PORTAL_PAGES } from './portal_looks.mjs';
import { TENANT } from './processes.mjs';

export const WCAG_22_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const SMALLEST_TARGET_PX = 24; // WCAG 2.2, 2.5.8
const MOST_TAB_STOPS = 100;

const signedIn = (path) => async (page, { portal }) => {
  await page.goto(`${portal.origin}/me`);
  await pick(page, BEN);
  await answerConsent(page, 'Accept');
  await page.waitForURL(`${portal.origin}/me`);
  await page.goto(`${portal.origin}${path}`);
};

/** Each opens one page. */
const PAGES = {
  'provider account picker': (page, { mock }) => page.goto(authorizeUrl(mock, {})),
  'provider account picker without a match': async (page, { mock }) => {
    await page.goto(authorizeUrl(mock, {}));
    await page.getByLabel('Find an account').fill('nobody');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByText('No account matches').waitFor();
  },
  'provider user name': async (page, { mock }) => {
    await page.goto(authorizeUrl(mock, {}));
    await page.getByRole('button', { name: 'Use another account' }).click();
    await page.locator('input[name="username"]').waitFor();
  },
  'provider user name with an error': async (page, { mock }) => {
    await page.goto(authorizeUrl(mock, {}));
    await page.getByRole('button', { name: 'Use another account' }).click();
    await page.locator('input[name="username"]').fill('nobody@harbour.example');
    await page.locator('input[name="username"]').press('Enter');
    await page.locator('#field-error').waitFor();
  },
  'provider password': async (page, { mock }) => {
    await page.goto(authorizeUrl(mock, {}));
    await typeUserName(page, ADA);
  },
  'provider password with an error': async (page, { mock }) => {
    await page.goto(authorizeUrl(mock, {}));
    await typeUserName(page, ADA);
    await typePassword(page, 'not the password');
    await page.locator('#field-error').waitFor();
  },
  'provider consent': async (page, { mock }) => {
    await page.goto(authorizeUrl(mock, {}));
    await pick(page, NILS);
    await page.getByRole('heading', { name: 'Permissions requested' }).waitFor();
  },
  'provider consent of an administrator': async (page, { mock }) => {
    await page.goto(authorizeUrl(mock, {}));
    await pick(page, OLGA);
    await page.getByRole('heading', { name: 'Permissions requested' }).waitFor();
  },
  'provider admin approval': async (page, { mock }) => {
    await page.goto(authorizeUrl(mock, { scope: 'openid User.Read.All' }));
    await pick(page, NILS);
    await page.getByRole('heading', { name: 'Need admin approval' }).waitFor();
  },
  'provider form_post': async (page, { mock }) => {
    // The page sends itself. An answer without content leaves it on the screen.
    await page.route('**/getAToken', (route) => route.fulfill({ status: 204 }));
    await page.goto(authorizeUrl(mock, { response_mode: 'form_post' }));
    await pick(page, NILS);
    await answerConsent(page, 'Accept');
    await page.getByRole('heading', { name: 'Back to the app' }).waitFor();
  },
  'provider error of a redirect URI': (page, { mock }) => page.goto(authorizeUrl(mock, { redirect_uri: 'http://localhost/getatoken' })),
  'provider error of an unknown app': (page, { mock }) => page.goto(authorizeUrl(mock, { client_id: '00000000-1111-4222-8333-444444444444' })),
  'provider error of a missing app': (page, { mock }) => page.goto(authorizeUrl(mock, { client_id: undefined })),
  'provider signed out': (page, { mock }) => page.goto(`${mock.origin}/${TENANT}/oauth2/v2.0/logout`),
  'portal home': (page, { portal }) => page.goto(`${portal.origin}/`),
  'portal account': signedIn('/me'),
  'portal own policies': signedIn('/my/policies'),
  'portal policy': signedIn('/policies/POL-1001'),
  'portal refusal': signedIn('/insights'),
  'portal page that does not exist': (page, { portal }) => page.goto(`${portal.origin}/no-such-page`),
  'portal refused sign-in': (page, { portal }) => page.goto(`${portal.origin}/getAToken?code=x&state=y`),
};

async function look(page, name, world) {
  const picture = async (variant) => {
    const file = `${name} ${variant}.png`.replaceAll(' ', '-');
    if (world.keepPictures) await page.screenshot({ path: path.join(world.pictures, file), fullPage: true });
  };
  const problems = [];
  await picture('light');
  problems.push(...await axe(new AxeBuilder({ page }).withTags(WCAG_22_AA), 'light'));
  problems.push(...await keyboard(page));

  await page.emulateMedia({ colorScheme: 'dark' });
  await picture('dark');
  // axe takes a page that paints no background for white. In a dark scheme the browser paints it in the colour `Canvas`.
  await page.evaluate(() => {
    document.documentElement.style.backgroundColor = 'Canvas';
  });
  problems.push(...await axe(new AxeBuilder({ page }).withRules(['color-contrast']), 'dark'));

  await page.emulateMedia({ colorScheme: 'light', forcedColors: 'active' });
  problems.push(...await currentItems(page));
  await page.emulateMedia({ forcedColors: 'none' });
  await page.setViewportSize({ width: 320, height: 800 });
  await picture('320px');
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (overflow > 0) problems.push(`at 320 px the page is ${overflow} px wider than the screen`);
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

/** What axe found, and what it could not decide: that is no pass. */
export async function axe(builder, scheme) {
  const { violations, incomplete } = await builder.analyze();
  const lines = (kind) => (finding) => finding.nodes.map((node) => `axe ${kind}, ${scheme}: ${finding.id} (${finding.help}): ${node.target.join(' ')}`);
  return [...violations.flatMap(lines('violation')), ...incomplete.flatMap(lines('undecided'))];
}

/** Backgrounds and shadows vanish in forced colours: the current entry of a menu needs a line. */
async function currentItems(page) {
  const unmarked = await page.evaluate(() => [...document.querySelectorAll('nav:not([aria-label="Breadcrumb"]) [aria-current]')]
    .filter((element) => {
      const style = getComputedStyle(element);
      return style.outlineStyle === 'none' || Number.parseFloat(style.outlineWidth) < 2;
    })
    .map((element) => element.innerText));
  return unmarked.map((name) => `forced colours: nothing marks the current entry ${name}`);
}

/** Tabs through the page: every stop comes after the one before it, has a ring to be seen by, and is large enough to hit. */
async function keyboard(page) {
  const problems = [];
  let last = -1;
  await page.evaluate(() => {
    // Start at the top, also on a page that puts the focus into a field.
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
  });
  for (let stop = 0; stop < MOST_TAB_STOPS; stop += 1) {
    await page.keyboard.press('Tab');
    const target = await keyboardStop(page);
    if (target === null) return problems;
    if (target.place < last) problems.push(`keyboard: ${target.name} comes before its place on the page`);
    last = target.place;
    if (!target.hasRing) problems.push(`keyboard: no ring around ${target.name}`);
    if (!target.isInText && Math.min(target.width, target.height) < SMALLEST_TARGET_PX) {
      problems.push(`keyboard: ${target.name} is ${target.width}x${target.height} px, under ${SMALLEST_TARGET_PX}`);
    }
  }
  return [...problems, `keyboard: the page has more than ${MOST_TAB_STOPS} stops, or a trap`];
}

/** The element that has the focus, or null. */
export function keyboardStop(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    const box = element.getBoundingClientRect();
    // The ring may sit on an enclosing label.
    const hasRing = [element, element.closest('label')].some((one) => {
      const style = one && getComputedStyle(one);
      return style && style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 2;
    });
    return {
      name: `${element.localName} "${(element.getAttribute('aria-label') || element.innerText || element.name || '').trim().slice(0, 40)}"`,
      width: Math.round(box.width),
      height: Math.round(box.height),
      isInText: getComputedStyle(element).display === 'inline',
      place: [...document.querySelectorAll('*')].indexOf(element),
      hasRing,
    };
  });
}

const named = (prefix, pages) => Object.entries(pages).map(([name, open]) => [`${prefix}${name}`, open]);

export const looks = [...named('page: ', PAGES), ...named('scenario 42: directory portal ', PORTAL_PAGES)].map(([name, open]) => ({
  name,
  javaScript: true,
  run: async (page, world) => {
    await open(page, world);
    await look(page, name.replace(/^.*: /, ''), world);
  },
}));
