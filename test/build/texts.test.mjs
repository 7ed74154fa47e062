// The texts of the package: every placeholder has one, in every language, and each says as much as the English one.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CURVE_WORDS } from '../../src/curves/index';
import { REFUSALS } from '../../src/run/refusal';
import { ENGLISH as COMPARE_WORDS } from '../../webview/compare/words';
import { ENGLISH as PANEL_WORDS } from '../../webview/words';

const manifest = readFileSync('package.json', 'utf8');
const texts = (name) => JSON.parse(readFileSync(name, 'utf8'));
const english = texts('package.nls.json');
const placeholders = new Set([...manifest.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key));

describe('the package', () => {
  it('has a text for each placeholder, and no other', () => {
    expect(Object.keys(english).sort()).toEqual([...placeholders].sort());
  });

  it.each(['package.nls.zh-cn.json'])('has them all in %s, with the same code and links in them', (name) => {
    const others = texts(name);
    expect(Object.keys(others)).toEqual(Object.keys(english));
    const kept = (text) => [...text.matchAll(/`\{[^`]*`|`\([^`]*`|\(command:[^)]*\)/g)].map(([part]) => part);
    for (const [key, text] of Object.entries(english)) expect([key, kept(others[key])]).toEqual([key, kept(text)]);
  });

  it('has the files that its walkthrough shows, and offers only commands that it has', () => {
    const { contributes } = JSON.parse(manifest);
    const commands = new Set(contributes.commands.map(({ command }) => command));
    for (const { media, completionEvents } of contributes.walkthroughs.flatMap(({ steps }) => steps)) {
      expect([media.markdown, existsSync(media.markdown)]).toEqual([media.markdown, true]);
      for (const event of completionEvents) expect(commands).toContain(event.replace('onCommand:', ''));
    }
    for (const [, command] of JSON.stringify(english).matchAll(/\(command:([\w.]+)\)/g)) expect(commands).toContain(command);
  });

  it('is started by the languages that its commands are for', () => {
    const { activationEvents, contributes } = JSON.parse(manifest);
    const started = activationEvents.filter((event) => event.startsWith('onLanguage:')).map((event) => event.replace('onLanguage:', ''));
    const [, languages] = /\^\((.*)\)\$/.exec(contributes.commands[0].enablement) ?? [];
    expect(languages?.split('|').sort()).toEqual([...started].sort());
    for (const { enablement } of contributes.commands) if (enablement) expect(enablement).toContain(languages);
  });
});

/** What the extension says, by its English form; fails where a text is put together. */
function extensionWords() {
  const files = readdirSync('src/extension', { recursive: true }).filter((name) => name.endsWith('.ts'));
  const code = files.map((name) => readFileSync(join('src/extension', name), 'utf8')).join('\n');
  const found = [...code.matchAll(/l10n\.t\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g)].map(([, single, double]) => single ?? double);
  expect(found).toHaveLength([...code.matchAll(/l10n\.t\(/g)].length);
  return found;
}

describe('the words of the extension and its panels', () => {
  const { l10n } = JSON.parse(manifest);
  const used = new Set([...extensionWords(), ...[PANEL_WORDS, COMPARE_WORDS, REFUSALS, CURVE_WORDS].flatMap((words) => Object.values(words))]);

  it.each(['zh-cn'])('are all there in %s and no others, with the same holes in them', (language) => {
    const others = texts(join(l10n, `bundle.l10n.${language}.json`));
    expect(Object.keys(others).sort()).toEqual([...used].sort());
    const holes = (text) => [...text.matchAll(/\{\w+\}|`[^`{]*`/g)].map(([hole]) => hole).sort();
    for (const [text, other] of Object.entries(others)) expect([text, holes(other)]).toEqual([text, holes(text)]);
  });
});
