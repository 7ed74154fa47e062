/** One reader for every file: the editor's buffer first, then whatever file system it lies on. Outside of here a file is a path with `/`. */
import { type TextDocument, Uri, workspace } from 'vscode';
import { extensionOf } from './languages';

/** A path under another scheme than `file` says so in its first part: `/~scheme~authority/path`. */
const OTHER_SCHEME = /^\/~([^~/]+)~([^/]*)(\/.*)$/;

/** The path by which the analysis knows an address. */
export function fileOf(uri: Uri): string {
  if (uri.scheme === 'file' && uri.authority === '') return uri.path;
  return `/~${uri.scheme}~${encodeURIComponent(uri.authority)}${uri.path.startsWith('/') ? '' : '/'}${uri.path}`;
}

/** The path of a document: one that was never saved gets an ending that says its language. */
export const fileOfDocument = (document: TextDocument): string => fileOf(document.uri) + (document.isUntitled ? extensionOf(document.languageId) : '');

/** The address of a path that `fileOf` made, or that an import led to. */
export function uriOf(file: string): Uri {
  const untitled = openDocument(file);
  if (untitled?.isUntitled) return untitled.uri;
  const [, scheme, authority, path] = OTHER_SCHEME.exec(file) ?? [];
  if (scheme === undefined || authority === undefined || path === undefined) return Uri.from({ scheme: 'file', path: file });
  return Uri.from({ scheme, authority: decodeURIComponent(authority), path });
}

/** The open document of a path. */
export const openDocument = (file: string): TextDocument | undefined => workspace.textDocuments.find((document) => fileOfDocument(document) === file);

/** The text of a path: what the editor holds, saved or not, else what is stored; null where there is none, or more than `maxBytes`. */
export async function readText(file: string, maxBytes: number): Promise<string | null> {
  const document = openDocument(file);
  if (document) return document.getText();
  try {
    const uri = uriOf(file);
    if ((await workspace.fs.stat(uri)).size > maxBytes) return null;
    return new TextDecoder().decode(await workspace.fs.readFile(uri));
  } catch {
    return null;
  }
}
