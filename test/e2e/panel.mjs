// The run panel, as it is seen.
import { until } from '../../scripts/workbench/page.mjs';

/** The panel inside its two frames. */
export function panelOf({ page }) {
  const frame = page.locator('iframe.webview.ready').last().contentFrame().locator('iframe#active-frame').contentFrame();
  const text = async (selector) => ((await frame.locator(selector).allInnerTexts())[0] ?? '').trim();
  const head = () => text('attention-header h1');
  const status = () => text('attention-header .status');

  /** What is said of a run of the module, once it has ended and the condition holds. */
  const outcome = (module, condition = () => true) =>
    until(`a run of ${module}`, async () => {
      const [name, words, problem] = [await head(), await status(), await text('attention-notice p')];
      if (name === module && words.startsWith('Ran on') && (await condition())) return words;
      throw new Error(`the panel shows ${name || 'nothing'}: ${words} ${problem}`);
    });

  const ranShapes = () => frame.locator('attention-table tbody td:nth-of-type(2)').allInnerTexts();

  return {
    frame,
    text,
    status,
    outcome,
    ranShapes,
    bad: () => frame.locator('attention-table .bad').allInnerTexts(),
    setSize: (symbol, size) => frame.locator(`vscode-textfield[data-symbol="${symbol}"] input`).fill(String(size)),
    /** The frame itself, to run code in. */
    async inside() {
      return until('the panel’s frame', () => page.frames().find((one) => one.url().includes('/fake.html')));
    },
  };
}
