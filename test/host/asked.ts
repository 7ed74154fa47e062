/** What the editor is told, asked as it asks. */
import { type CodeLens, commands, type Hover, type InlayHint, MarkdownString, Range, type TextDocument } from 'vscode';
import { find } from './editor';

/** What the hover over a name says. */
export async function hoverAt(document: TextDocument, name: string, after?: string): Promise<string> {
  const hovers = await commands.executeCommand<Hover[]>('vscode.executeHoverProvider', document.uri, find(document, name, after).start);
  return hovers.flatMap(({ contents }) => contents.map((content) => (content instanceof MarkdownString ? content.value : String(content)))).join('\n');
}

/** The lenses of a document, with their commands. */
export const lensesOf = (document: TextDocument): Thenable<CodeLens[]> =>
  commands.executeCommand<CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 100);

/** The hints of a document, by line. */
export async function hintsOf(document: TextDocument): Promise<ReadonlyMap<number, string>> {
  const whole = new Range(0, 0, document.lineCount, 0);
  const hints = (await commands.executeCommand<InlayHint[]>('vscode.executeInlayHintProvider', document.uri, whole)) ?? [];
  return new Map(hints.map(({ position, label }) => [position.line, typeof label === 'string' ? label : label.map(({ value }) => value).join('')]));
}
