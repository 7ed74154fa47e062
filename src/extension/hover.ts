/** Hovers, and what the commands ask of the place under the cursor. */
import { type CancellationToken, type Disposable, Hover, l10n, languages, MarkdownString, type Position, type TextDocument } from 'vscode';
import type { Hover as Answer } from '../analysis/types';
import type { Span } from '../program/types';
import type { Ask } from './analyser';
import type { Documents } from './documents';
import { SELECTOR } from './languages';
import { isOn } from './settings';
import { placeIn, rangeWithin, type Unit, unitOf } from './units';

export type AskHover = (document: TextDocument, position: Position, token?: CancellationToken) => Promise<Answer | undefined>;

/** Asks what is known of a place in the document as it is now. */
export function hoverAsker(documents: Documents, ask: Ask): AskHover {
  return async (document, position, token) => {
    const unit = unitOf(document);
    if (!unit || !(await documents.current(unit, 'now', token)) || token?.isCancellationRequested) return undefined;
    return (await ask({ kind: 'hover', file: unit.file, ...placeIn(unit, document, position) })) ?? undefined;
  };
}

const COMMANDS = ['attentionShapes.copyShape', 'attentionShapes.goToSize', 'attentionShapes.goToLine'] as const;

/** Brackets would end a link in Markdown. */
const encoded = (argument: unknown): string =>
  encodeURIComponent(JSON.stringify([argument]))
    .replaceAll('(', '%28')
    .replaceAll(')', '%29');

const target = (command: (typeof COMMANDS)[number], argument: unknown): string => `command:${command}?${encoded(argument)}`;

const link = (words: string, command: (typeof COMMANDS)[number], argument: unknown): string => `[${words}](${target(command, argument)})`;

/** Words with links to the places that they name; those of a link stay together. */
const linked = (words: string, places: readonly Span[]): string =>
  words.replace(/\[([^\]]*)\]\(place:(\d+)\)/g, (_, label: string, place: string) => {
    const span = places[Number(place)];
    const together = label.replaceAll(' ', '\u00a0');
    return span ? `[${together}](${target('attentionShapes.goToLine', { span })} "${l10n.t('Go to this line')}")` : together;
  });

function linksOf({ shape, born }: Answer): string {
  const copy = shape === undefined ? [] : [link(l10n.t('Copy Shape'), 'attentionShapes.copyShape', { shape })];
  const births = born.map(({ size, span }) => link(l10n.t('Where {0} was born', `\`${size}\``), 'attentionShapes.goToSize', { span }));
  return [...copy, ...births].join(' · ');
}

function markdownOf(answer: Answer, unit: Unit): MarkdownString[] {
  const words = new MarkdownString(linked(unit.words(answer.lines.join('\n\n')), answer.places ?? []));
  const links = new MarkdownString(linksOf(answer), true);
  for (const one of [words, links]) one.isTrusted = { enabledCommands: COMMANDS };
  return links.value === '' ? [words] : [words, links];
}

/** Shows shapes where the pointer rests. */
export function showHovers(askHover: AskHover): Disposable {
  return languages.registerHoverProvider(SELECTOR, {
    async provideHover(document, position, token) {
      const unit = unitOf(document);
      if (!unit || !isOn(unit.uri, 'hover')) return undefined;
      const answer = await askHover(document, position, token);
      return answer && new Hover(markdownOf(answer, unit), rangeWithin(unit, document, answer.span));
    },
  });
}
