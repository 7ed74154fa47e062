// The texts of the package: every placeholder has one, in every language, and each says as much as the English one.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

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
