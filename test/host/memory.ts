/** What is said of memory: links in hovers, and the switch of what stands beside the lines. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { ConfigurationTarget, commands, type TextDocument, window, workspace } from 'vscode';
import { hoverAt } from './asked';
import { find, open, until } from './editor';

const MODULE = 'one/token_attention.py';
const LINK = /\[line\u00a0(\d+)\]\(command:(\S+?)\?(\S+) "[^"]+"\)/g;

interface Link {
  readonly line: number;
  readonly command: string;
  readonly argument: unknown;
}

const linksIn = (words: string): readonly Link[] =>
  [...words.matchAll(LINK)].map(([, line, command = '', argument = '']) => ({
    line: Number(line),
    command,
    argument: JSON.parse(decodeURIComponent(argument))[0],
  }));

async function hoverWithLinks(document: TextDocument, name: string): Promise<string> {
  return until('links', async () => {
    const words = await hoverAt(document, name);
    return linksIn(words).length > 0 && words;
  });
}

export function memorySuite(): void {
  describe('memory', () => {
    it('has links to its lines in the hover of a class', async () => {
      const { document } = await open(MODULE);
      const words = await hoverWithLinks(document, 'TokenAttention');
      const peak = words.split('\n').find((line) => line.includes('inference peak')) ?? '';
      const alive = words.split('\n').find((line) => line.startsWith('Alive at the peak')) ?? '';
      equal(linksIn(peak).length, 1, peak);
      ok(linksIn(alive).length > 2, alive);
      ok(!/\bplace:\d/.test(words), words);
    });

    it('goes where a link of a hover leads', async () => {
      const { document } = await open(MODULE);
      const links = linksIn(await hoverWithLinks(document, 'TokenAttention'));
      deepEqual([...new Set(links.map(({ command }) => command))], ['attentionShapes.goToLine']);
      const scores = find(document, 'q @ k').start.line;
      const link = links.find(({ line }) => line === scores + 1);
      ok(link, JSON.stringify(links));
      await commands.executeCommand(link.command, link.argument);
      const editor = await until('the place', () => window.activeTextEditor?.document === document && window.activeTextEditor);
      equal(editor.selection.start.line, scores);
    });

    it('has links in the hover of a value: between which lines it is alive', async () => {
      const { document } = await open(MODULE);
      const words = await hoverWithLinks(document, 'scores');
      const alive = words.split('\n').find((line) => line.startsWith('Alive')) ?? '';
      equal(linksIn(alive)[0]?.line, find(document, 'scores').start.line + 1, words);
    });

    it('beside the lines is off until it is switched on, and is switched off again', async () => {
      const isOn = () => workspace.getConfiguration('attentionShapes').get('memory.gutter');
      const inspected = () => workspace.getConfiguration('attentionShapes').inspect<boolean>('memory.gutter');
      equal(inspected()?.defaultValue, false);
      await open(MODULE);
      equal(isOn(), false);
      try {
        await commands.executeCommand('attentionShapes.toggleMemory');
        await until('it to be on', () => isOn() === true);
        equal(inspected()?.globalValue, true);
        await commands.executeCommand('attentionShapes.toggleMemory');
        await until('it to be off', () => isOn() === false);
      } finally {
        await workspace.getConfiguration('attentionShapes').update('memory.gutter', undefined, ConfigurationTarget.Global);
      }
    });
  });
}
