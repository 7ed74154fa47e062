/** What the suites do in the editor, and how they wait for it: by looking again, never for a fixed time. */
import {
  type Diagnostic,
  type DiagnosticSeverity,
  extensions,
  languages,
  Position,
  Range,
  type TextDocument,
  type TextEditor,
  Uri,
  WorkspaceEdit,
  window,
  workspace,
} from 'vscode';

const WAIT_MS = 30_000;
const LOOK_MS = 50;

/** Starts the extension, so that no provider is asked before it is there. */
export async function activate(): Promise<void> {
  const { id } = extensionUnderTest();
  await extensions.getExtension(id)?.activate();
}

/** The extension that this suite is about. */
export function extensionUnderTest(): {
  readonly id: string;
  readonly packageJSON: { readonly contributes: { readonly commands: readonly { readonly command: string }[] } };
} {
  const found = extensions.all.find(({ packageJSON }) => packageJSON.name === 'attention-shapes');
  if (!found) throw new Error('the extension is not there');
  return found;
}

/** Looks until there is something; fails with what was seen last. */
export async function until<T>(what: string, look: () => T | undefined | false | PromiseLike<T | undefined | false>): Promise<T> {
  const end = Date.now() + WAIT_MS;
  let last: unknown;
  while (Date.now() < end) {
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      last = found;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  throw new Error(`waited for ${what}: ${last instanceof Error ? last.message : JSON.stringify(last)}`);
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The address of a file of the workspace: `one/attention.ts`. */
export function uriOf(path: string): Uri {
  const [folder = '', ...rest] = path.split('/');
  const found = workspace.workspaceFolders?.find(({ name }) => name === folder);
  if (!found) throw new Error(`no folder ${folder} in the workspace`);
  return Uri.joinPath(found.uri, ...rest);
}

/** Opens a file beside nothing, in the first column. */
export const open = async (path: string): Promise<TextEditor> => window.showTextDocument(uriOf(path), { preview: false });

/** Where a text stands in a document; `after` skips to the first occurrence behind that text. */
export function find(document: TextDocument, text: string, after = ''): Range {
  const all = document.getText();
  const from = all.indexOf(after);
  const at = from < 0 ? -1 : all.indexOf(text, from);
  if (at < 0) throw new Error(`no ${text} in ${document.uri.path}`);
  return new Range(document.positionAt(at), document.positionAt(at + text.length));
}

/** Replaces the first occurrence of a text in the buffer, unsaved. */
export async function replace(document: TextDocument, from: string, to: string): Promise<void> {
  const edit = new WorkspaceEdit();
  edit.replace(document.uri, find(document, from), to);
  await workspace.applyEdit(edit);
}

/** Puts a buffer back to a text. */
export async function restore(document: TextDocument, text: string): Promise<void> {
  const edit = new WorkspaceEdit();
  edit.replace(document.uri, new Range(new Position(0, 0), document.positionAt(document.getText().length)), text);
  await workspace.applyEdit(edit);
  await document.save();
}

const OURS = 'Attention Shapes';

/** Our findings in a file, of one severity where one is given. */
export const findings = (uri: Uri, severity?: DiagnosticSeverity): Diagnostic[] =>
  languages.getDiagnostics(uri).filter((one) => one.source === OURS && (severity === undefined || one.severity === severity));
