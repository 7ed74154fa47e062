/** Runs inside the extension host: types in the file that it is given, and writes down how long each handler of ours took. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commands, extensions, Position, Range, Selection, type TextEditor, Uri, ViewColumn, window, workspace } from 'vscode';
import { installClock, restartClock, type Sample, timedHandlers } from './hostClock';
import { placeToType, TYPED } from './thousand';

export interface Probed {
  readonly lines: number;
  readonly keystrokes: number;
  readonly samples: readonly Sample[];
}

/** Keys as a quick hand sets them, with a pause after a word in which the analysis looks. */
const KEY_MS = 60;
const REST_MS = 600;
const WORD = 6;
const TIMES = 4;
const START_MS = 60_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function lensesOf(uri: Uri): Promise<number> {
  return (await commands.executeCommand<unknown[]>('vscode.executeCodeLensProvider', uri)).length;
}

/** Shown beside its panel, and read for the first time. */
async function opened(file: string): Promise<TextEditor> {
  const editor = await window.showTextDocument(Uri.file(file), { preview: false, viewColumn: ViewColumn.One });
  const end = Date.now() + START_MS;
  while ((await lensesOf(editor.document.uri)) === 0) {
    if (Date.now() > end) throw new Error('no lens came');
    await pause(100);
  }
  const at = editor.document.positionAt(placeToType(editor.document.getText()));
  editor.selection = new Selection(at, at);
  await commands.executeCommand('attentionShapes.run');
  await pause(3000);
  return window.showTextDocument(editor.document, { viewColumn: ViewColumn.One });
}

/** Types the line key by key, hovers after every word, and takes it away again. */
async function typeOnce(editor: TextEditor): Promise<void> {
  const { document } = editor;
  const start = document.positionAt(placeToType(document.getText()));
  await editor.edit((edit) => edit.insert(start, '\n'));
  editor.selection = new Selection(start, start);
  for (const [index, key] of [...TYPED].entries()) {
    await commands.executeCommand('type', { text: key });
    await pause(KEY_MS);
    if (index % WORD !== WORD - 1) continue;
    await commands.executeCommand('vscode.executeHoverProvider', document.uri, start.translate(-1, 14));
    await pause(REST_MS);
  }
  await editor.edit((edit) => edit.delete(new Range(start, new Position(start.line + 1, 0))));
  await pause(REST_MS);
}

/** Called by the editor. */
export async function run(): Promise<void> {
  const [results, extension] = [process.env['ATTENTION_SHAPES_RESULTS'], extensions.all.find(({ packageJSON }) => packageJSON.name === 'attention-shapes')];
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath;
  if (!results || !extension || !folder) throw new Error('there is nothing to measure');
  if (extension.isActive) throw new Error('the extension was active before its handlers could be timed');
  installClock(join(extension.extensionPath, 'dist', 'extension.js'));
  await extension.activate();
  const editor = await opened(join(folder, 'thousand.ts'));
  restartClock();
  for (let time = 0; time < TIMES; time += 1) await typeOnce(editor);
  const probed: Probed = { lines: editor.document.lineCount, keystrokes: TYPED.length * TIMES, samples: timedHandlers() };
  writeFileSync(results, JSON.stringify(probed));
  await commands.executeCommand('workbench.action.files.revert');
}
