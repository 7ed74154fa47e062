// A workbench in a browser, driven as a user would: by keys, and by what is on the screen.
import { setTimeout as sleep } from 'node:timers/promises';

const WAIT_MS = 60_000;
const TRY_MS = 4_000;
const HOVER = '.monaco-hover:not(.hidden)';
const INPUT = '.quick-input-widget input.input';
const ROW = '.quick-input-list .monaco-list-row';
const GROUP = '.editor-group-container.active';
const EDITOR = `${GROUP} .monaco-editor`;
const TAB = `${GROUP} .tab.active`;

/** Text as written: the editor draws spaces as another character. */
const plain = (text) => text.replace(/\u00a0/g, ' ').replace(/[\u200b\u200c\u200d]/g, '');

/** A cursor that was sent somewhere is there by then, or was lost. */
const ARRIVES_MS = 6000;

const exactly = (text) => new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`);

/** Calls `attempt` until it gives something; the last failure is in the words of the error. */
export async function until(what, attempt, limit = WAIT_MS) {
  const end = Date.now() + limit;
  let last;
  while (Date.now() < end) {
    try {
      const found = await attempt();
      if (found) return found;
    } catch (error) {
      last = error;
    }
    await sleep(100);
  }
  throw new Error(`waited for ${what}${last ? `: ${last.message}` : ''}`);
}

/** Opens the workbench at an address of a server and gives what can be done with it. */
export async function openWorkbench(browser, address, { width = 1400, height = 900, prepare, ...context } = {}) {
  const page = await (await browser.newContext({ viewport: { width, height }, ...context })).newPage();
  page.setDefaultTimeout(WAIT_MS);
  await prepare?.(page);
  await page.goto(address);
  await page.locator('.monaco-workbench .part.editor').first().waitFor();
  return verbs(page);
}

function verbs(page) {
  const visible = (selector) => page.locator(selector).first().isVisible();
  const texts = async (selector) => (await page.locator(selector).allInnerTexts()).map(plain);

  async function closeQuickInput() {
    if (!(await visible('.quick-input-widget'))) return;
    await page.keyboard.press('Escape');
    await page.locator('.quick-input-widget').first().waitFor({ state: 'hidden', timeout: TRY_MS });
  }

  /** Opens the quick input with a key, fills it, and takes the row that is called exactly so. */
  async function pick(key, text, label) {
    const row = page.locator(ROW).filter({ has: page.locator('.label-name', { hasText: exactly(label) }) });
    await until(`${label} in the list for ${text}`, async () => {
      await closeQuickInput();
      await page.keyboard.press(key);
      const input = page.locator(INPUT).first();
      await input.waitFor({ state: 'visible', timeout: TRY_MS });
      await input.fill(text, { timeout: TRY_MS });
      await row.first().click({ timeout: TRY_MS });
      return true;
    });
  }

  async function command(title) {
    await pick('F1', `>${title}`, title);
  }

  /** Focuses the editor of a file in a group, opened where it is not, with the cursor at a place (from 1). */
  async function goTo(file, line = 1, column = 1, group = 1) {
    const name = file.split('/').at(-1);
    const arrived = async () => {
      const tab = await page.locator(TAB).first().getAttribute('data-resource-name', { timeout: TRY_MS });
      const status = (await texts('#status\\.editor\\.selection')).join('');
      return tab === name && status.includes(`Ln ${line}, Col`);
    };
    // A busy editor may take the file and lose the place: then once more.
    await until(`${name} at ${line}:${column}`, async () => {
      await page.keyboard.press(`Control+${group}`);
      await pick('Control+p', `${name}:${line}:${column}`, name);
      return until('the cursor there', arrived, ARRIVES_MS);
    });
  }

  /** What the hover at the cursor says, once it says what is wanted. */
  async function hover(wanted) {
    return until(`a hover with ${wanted}`, async () => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+k');
      await page.keyboard.press('Control+i');
      return until(`a hover with ${wanted}`, async () => (await texts(HOVER)).map((text) => text.trim()).find((text) => text.includes(wanted)), TRY_MS);
    });
  }

  /** The texts and boxes of what matches, from top to bottom. */
  async function boxes(selector) {
    const all = await page.locator(selector).evaluateAll((found) =>
      found.map((one) => {
        const { x, y, width, height } = one.getBoundingClientRect();
        return { text: one.textContent, box: { x, y, width, height } };
      }),
    );
    return all.map(({ text, box }) => ({ text: plain(text), box })).sort((a, b) => a.box.y - b.box.y);
  }

  const overlaps = (a, b) => a.y < b.y + b.height && b.y < a.y + a.height;

  /** The drawn line that the cursor is in. */
  async function cursorBox() {
    const { y } = await page.locator(`${EDITOR} .cursors-layer .cursor`).first().boundingBox({ timeout: TRY_MS });
    return (await boxes(`${EDITOR} .view-lines .view-line`)).find(({ box }) => box.y <= y + 2 && y + 2 < box.y + box.height);
  }

  /** Whether a squiggle of a severity stands on the cursor's line. */
  async function squiggleOnCursorLine(severity) {
    const line = await cursorBox();
    return (await boxes(`${EDITOR} .squiggly-${severity}`)).some(({ box }) => line && overlaps(box, { y: line.box.y + 1, height: line.box.height - 1 }));
  }

  /** The words above a line, which is told by its text. */
  async function lensAbove(head) {
    const line = (await boxes(`${EDITOR} .view-lines .view-line`)).find(({ text }) => text.startsWith(head.trimEnd().slice(0, 30)));
    const lens = line && (await boxes(`${EDITOR} .codelens-decoration`)).filter(({ box, text }) => text && box.y < line.box.y).at(-1);
    return lens && line.box.y - lens.box.y < 3 * line.box.height && lens.text;
  }

  return {
    page,
    texts,
    closeQuickInput,
    pick,
    command,
    goTo,
    hover,
    /** The line that the first editor’s cursor is in, whether or not the keys go there. */
    activeLine: async () => Number((await texts('.active-line-number'))[0]),
    squiggleOnCursorLine,
    lensAbove,
    cursorLine: async () => (await cursorBox())?.text ?? '',
    clickLens: (text) => page.locator(`${EDITOR} .codelens-decoration a`, { hasText: text }).first().click(),
    clickTab: (name) =>
      page
        .locator('.tab')
        .filter({ has: page.locator('.label-name', { hasText: exactly(name) }) })
        .first()
        .click(),
    isDirty: (name) => page.locator('.tab.dirty', { hasText: name }).first().isVisible(),
    close: () => page.context().browser().close(),
  };
}
