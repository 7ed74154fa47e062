/** `Open Gallery`: the mechanisms as source files, each with its paper, in PyTorch and in TensorFlow.js; the one that is picked opens with its twin beside it. */
import { FileType, l10n, type QuickPickItem, QuickPickItemKind, Uri, ViewColumn, window, workspace } from 'vscode';
import { headOf, type Twins, twinsOf } from '../galleryHead';

interface Entry extends QuickPickItem {
  readonly uri?: Uri;
  readonly beside?: Uri;
}

/** One of the gallery's languages. */
interface Shelf {
  readonly name: string;
  readonly folder: string;
  readonly languages: readonly string[];
}

const PYTORCH: Shelf = { name: 'PyTorch', folder: 'pytorch', languages: ['python'] };
const TFJS: Shelf = { name: 'TensorFlow.js', folder: 'typescript', languages: ['typescript', 'typescriptreact', 'javascript', 'javascriptreact'] };

async function namesIn(folder: Uri): Promise<readonly string[]> {
  const files = await workspace.fs.readDirectory(folder);
  return files.filter(([name, type]) => type === FileType.File && /\.(?:ts|py)$/.test(name)).map(([name]) => name);
}

async function entryOf(shelf: Uri, twin: Uri, { name, beside }: Twins): Promise<Entry> {
  const uri = Uri.joinPath(shelf, name);
  const head = headOf(new TextDecoder().decode(await workspace.fs.readFile(uri)));
  return { label: head?.title ?? name, description: name, detail: head?.more.join(' · ') ?? '', uri, beside: Uri.joinPath(twin, beside) };
}

async function entriesOf(gallery: Uri, { name, folder }: Shelf, twin: Shelf): Promise<readonly Entry[]> {
  const [own, other] = [Uri.joinPath(gallery, folder), Uri.joinPath(gallery, twin.folder)];
  const twins = twinsOf(await namesIn(own), await namesIn(other));
  return [{ label: name, kind: QuickPickItemKind.Separator }, ...(await Promise.all(twins.map((each) => entryOf(own, other, each))))];
}

/** Both languages, first the one that the user is at. */
function shelves(): readonly [Shelf, Shelf] {
  return TFJS.languages.includes(window.activeTextEditor?.document.languageId ?? '') ? [TFJS, PYTORCH] : [PYTORCH, TFJS];
}

/** Lets the user pick a mechanism in a language, and opens its file with its twin beside it. */
export async function openGallery(extension: Uri): Promise<void> {
  const gallery = Uri.joinPath(extension, 'media', 'gallery');
  const [first, second] = shelves();
  const entries = Promise.all([entriesOf(gallery, first, second), entriesOf(gallery, second, first)]).then((each) => each.flat());
  const picked = await window.showQuickPick(entries, { placeHolder: l10n.t('Attention mechanisms'), matchOnDescription: true, matchOnDetail: true });
  if (!picked?.uri || !picked.beside) return;
  await window.showTextDocument(picked.uri, { viewColumn: ViewColumn.One, preview: false });
  await window.showTextDocument(picked.beside, { viewColumn: ViewColumn.Two, preview: true, preserveFocus: true });
}
