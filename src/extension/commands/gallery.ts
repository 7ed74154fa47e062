/** `Open Gallery`: the mechanisms as source files, each with its paper. */
import { FileType, l10n, type QuickPickItem, Uri, window, workspace } from 'vscode';

interface Entry extends QuickPickItem {
  readonly uri: Uri;
}

/** The sentences of the comment that a file begins with. */
function headOf(text: string): readonly string[] {
  const comment = /^\s*\/\*\*?([\s\S]*?)\*\//.exec(text)?.[1] ?? '';
  return comment
    .split('\n')
    .map((line) => line.replace(/^\s*\*?\s?/, '').trim())
    .filter((line) => line !== '');
}

async function entryOf(folder: Uri, name: string): Promise<Entry> {
  const uri = Uri.joinPath(folder, name);
  const [title = name, ...more] = headOf(new TextDecoder().decode(await workspace.fs.readFile(uri)));
  return { label: title, description: name, detail: more.join(' · '), uri };
}

async function entries(folder: Uri): Promise<readonly Entry[]> {
  const files = await workspace.fs.readDirectory(folder);
  return Promise.all(files.filter(([, type]) => type === FileType.File).map(([name]) => entryOf(folder, name)));
}

/** Lets the user pick a mechanism and opens its file. */
export async function openGallery(extension: Uri): Promise<void> {
  const folder = Uri.joinPath(extension, 'media', 'gallery', 'typescript');
  const picked = await window.showQuickPick(entries(folder), { placeHolder: l10n.t('Attention mechanisms'), matchOnDescription: true, matchOnDetail: true });
  if (picked) await window.showTextDocument(picked.uri);
}
