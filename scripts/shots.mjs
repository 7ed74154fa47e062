// Pictures of the editor and the panel to look at, in `shots/` (git-ignored): light, dark and in high contrast, wide and narrow.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { chooseBlocks, comparePanelOf } from '../test/e2e/compare.mjs';
import { launchBrowser } from './workbench/browser.mjs';
import { ROOT } from './workbench/folders.mjs';
import { serveInstalled } from './workbench/installed.mjs';
import { openWorkbench, until } from './workbench/page.mjs';

const SHOTS = join(ROOT, 'shots');
const SETTINGS = {
  'window.autoDetectColorScheme': true,
  'window.autoDetectHighContrast': true,
  'editor.minimap.enabled': false,
  'editor.stickyScroll.enabled': false,
};

const LOOKS = [
  { name: 'light', colorScheme: 'light', width: 1600, height: 1000 },
  { name: 'dark', colorScheme: 'dark', width: 1600, height: 1000 },
  { name: 'contrast', colorScheme: 'dark', forcedColors: 'active', width: 1600, height: 1000 },
  { name: 'narrow', colorScheme: 'light', width: 900, height: 800 },
  { name: 'readme', colorScheme: 'light', width: 1480, height: 920 },
];

async function panelReady({ page }) {
  const panel = page.locator('iframe.webview.ready').last().contentFrame().locator('iframe#active-frame').contentFrame();
  const said = async () => (await panel.locator('attention-header .status, attention-notice p').allInnerTexts()).join(' ');
  await until('the panel to have run', async () => /Ran on|not run/.test(await said()));
  return panel;
}

async function shootEditor(workbench, shoot) {
  await workbench.goTo('selfAttention.ts', 54, 13);
  await workbench.hover('heads');
  await shoot('hover');
  await workbench.goTo('surveySlips.ts', 50, 12);
  await workbench.hover('Attention Shapes');
  await shoot('slip');
  await workbench.command('Problems: Focus on Problems View');
  await shoot('problems');
  await workbench.command('View: Toggle Panel Visibility');
}

async function shootPanel(workbench, shoot) {
  await workbench.goTo('surveySlips.ts', 184);
  await workbench.command('Attention Shapes: Run Attention Block');
  const panel = await panelReady(workbench);
  await until('the errors', () => panel.locator('#errors').isVisible());
  await shoot('errors');
  await workbench.goTo('selfAttention.ts', 17);
  await workbench.command('Attention Shapes: Run Attention Block');
  await until('the other block', async () => (await panel.locator('attention-header h1').innerText()) === 'SelfAttention');
  await panelReady(workbench);
  await shoot('beside');
  await workbench.goTo('selfAttention.ts', 55, 13);
  await shoot('step');
  await workbench.clickTab('SelfAttention');
  await workbench.command('View: Maximize Editor Group and Hide Side Bars');
  await panelReady(workbench);
  await shoot('panel');
  await panel.locator('attention-table').evaluate((table) => table.scrollIntoView());
  await shoot('steps');
  await panel.locator('vscode-textfield[data-symbol="n"] input').fill('1000000000');
  await until('a refusal', () => panel.locator('#refusal').isVisible());
  await shoot('refused');
}

/** Bytes behind lines are drawn by style alone. */
const bytesAreDrawn = ({ page }) =>
  page.locator('.view-lines .view-line span').evaluateAll((spans) => spans.some((span) => getComputedStyle(span, '::after').content.includes('peak')));

/** The same in PyTorch: a class with its lens, a hover, a slip, a block that ran, and its twin. */
async function shootPython(workbench, shoot) {
  await workbench.goTo('danetPosition.py', 33, 9);
  await workbench.hover('b, h*w, h*w');
  await shoot('python-hover');
  await workbench.goTo('danetPosition.py', 12, 8);
  await workbench.hover('saved for backward');
  await shoot('python-cost');
  await workbench.command('Attention Shapes: Toggle Memory by Line');
  await workbench.goTo('danetPosition.py', 33);
  await until('bytes behind the lines', () => bytesAreDrawn(workbench));
  await shoot('python-memory');
  await workbench.command('Attention Shapes: Toggle Memory by Line');
  await workbench.goTo('surveySlips.py', 37, 16);
  await workbench.hover('Attention Shapes');
  await shoot('python-slip');
  await workbench.goTo('danetPosition.py', 12);
  await workbench.command('Attention Shapes: Run Attention Block');
  await panelReady(workbench);
  await shoot('python-beside');
  await workbench.command('Attention Shapes: Open Gallery');
  await workbench.page.waitForTimeout(1500);
  await shoot('python-gallery');
  await workbench.closeQuickInput();
}

/** Blocks compared: beside the code, and with all the room; a setting that breaks a need. */
async function shootCompare(workbench, shoot) {
  await workbench.command('View: Close All Editors');
  await workbench.goTo('selfAttention.py', 12);
  await chooseBlocks(workbench, ['danetPosition.py', 'PositionAttention'], ['pvtSpatialReduction.py', 'SpatialReductionAttention']);
  const { frame, field } = comparePanelOf(workbench);
  const filled = () => until('what fits', async () => (await frame.locator('compare-fits .value').count()) >= 10);
  await filled();
  await shoot('compare-beside');
  await workbench.clickTab('Compare Attention Blocks');
  await workbench.command('View: Maximize Editor Group and Hide Side Bars');
  await filled();
  await frame.locator('compare-table button').first().click();
  await shoot('compare');
  await frame.locator('compare-chart').evaluate((chart) => chart.scrollIntoView());
  await frame.locator('svg.chart').focus();
  for (const key of ['Home', 'ArrowRight', 'ArrowRight']) await workbench.page.keyboard.press(key);
  await shoot('compare-curves');
  await field('SelfAttention', 'heads').fill('5');
  await until('the need', () => frame.locator('compare-block attention-notice').first().isVisible());
  await shoot('compare-need');
}

/** The picture of the README: shapes, mistakes, and a panel that ran, side by side. */
async function shootReadme(workbench, shoot) {
  await workbench.command('View: Toggle Primary Side Bar Visibility');
  await workbench.goTo('selfAttention.ts', 17);
  await workbench.command('Attention Shapes: Run Attention Block');
  const panel = await panelReady(workbench);
  await panel.locator('#run').click();
  await workbench.goTo('surveySlips.ts', 80);
  await workbench.goTo('surveySlips.ts', 34);
  await panelReady(workbench);
  await shoot('shot');
}

async function shootLook(browser, address, { name, ...look }) {
  const workbench = await openWorkbench(browser, address, look);
  let number = 0;
  const shoot = async (what) => {
    await workbench.page.mouse.move(2, 2);
    await workbench.page.waitForTimeout(1000);
    await workbench.page.screenshot({ path: join(SHOTS, `${name}-${++number}-${what}.png`) });
  };
  if (name === 'readme') await shootReadme(workbench, shoot);
  else {
    await shootPython(workbench, shoot);
    await shootEditor(workbench, shoot);
    await shootPanel(workbench, shoot);
    await shootCompare(workbench, shoot);
  }
  await workbench.page.context().close();
  console.log(`${name}: ${number} pictures`);
}

rmSync(SHOTS, { recursive: true, force: true });
mkdirSync(SHOTS);
const { address } = await serveInstalled({ settings: SETTINGS });
const browser = await launchBrowser();
const wanted = process.argv.slice(2);
for (const look of LOOKS) if (wanted.length === 0 || wanted.includes(look.name)) await shootLook(browser, address, look);
process.exit(0);
