// A page made ready for its picture: what differs from run to run is replaced, and what nobody should see is covered.

/**
 * `shown` has the origins of this run, each with the port that a reader knows it under. Of the secrets that `covered` names
 * three letters are left. Nothing has the focus, so that no field looks chosen.
 */
export async function asTheReaderSeesIt(page, shown, covered) {
  const ports = shown.map(([origin, port]) => [new URL(origin).host, `localhost:${port}`]);
  await page.evaluate(({ ports, covered }) => {
    document.activeElement?.blur();
    const pairs = [...ports, ...covered.map((secret) => [secret, `${secret.slice(0, 3)}${'•'.repeat(12)}`])];
    const replaced = (text) => pairs.reduce((changed, [here, there]) => changed.replaceAll(here, there), text).replaceAll(/localhost:\d{5}/g, 'localhost:8443');
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) texts.currentNode.data = replaced(texts.currentNode.data);
    document.querySelectorAll('input, textarea').forEach((field) => {
      field.value = replaced(field.value);
    });
  }, { ports, covered });
}

/** Ids and secrets, also covered ones. Another browser asks for one file more or less, and then the provider makes other ones. */
const MADE_BY_CHANCE = [[/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '(id)'], [/[^\s"]{3}[•*]{6,}/g, '(secret)']];
const ADDRESS_OF_LINK = /^\s*- \/url:/;

/** Title, headings, labels, names of buttons and links, texts: what a screen reader finds, one thing on a line. */
export async function textOf(page) {
  const snapshot = await page.locator('body').ariaSnapshot();
  const lines = [await page.title(), '', ...snapshot.split('\n').filter((line) => !ADDRESS_OF_LINK.test(line))];
  return MADE_BY_CHANCE.reduce((text, [made, shown]) => text.replaceAll(made, shown), lines.join('\n'));
}

const MARGIN = 16;

/** The part of the page around this element, with a margin; or around its upper part, to the end of another element. */
export function around(selector, last) {
  return async (page) => {
    const scrolled = await page.evaluate(() => window.scrollY);
    const box = await page.locator(selector).first().boundingBox();
    const bottom = last ? await endOf(page, last) : box.y + box.height + MARGIN;
    const [x, y] = [box.x, box.y].map((edge) => Math.max(0, Math.floor(edge - MARGIN)));
    return { x, y: y + scrolled, width: Math.ceil(box.x + box.width + MARGIN - x), height: Math.ceil(bottom - y) };
  };
}

async function endOf(page, selector) {
  const box = await page.locator(selector).first().boundingBox();
  return box.y + box.height;
}

/** The page from its top to the end of this element, in its whole width. */
export function downTo(selector) {
  return async (page) => {
    const scrolled = await page.evaluate(() => window.scrollY);
    return { x: 0, y: 0, width: page.viewportSize().width, height: Math.ceil(await endOf(page, selector) + scrolled + MARGIN) };
  };
}
