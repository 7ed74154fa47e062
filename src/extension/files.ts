/** Addresses as paths with `/`, and back: outside of the editor's room a file is a path. */
import { Uri } from 'vscode';

/** A path under another scheme than `file` says so in its first part: `/~scheme~authority/path`. */
const OTHER_SCHEME = /^\/~([^~/]+)~([^/]*)(\/.*)$/;

/** The path by which the analysis knows an address. */
export function fileOf(uri: Uri): string {
  if (uri.scheme === 'file' && uri.authority === '') return uri.path;
  return `/~${uri.scheme}~${encodeURIComponent(uri.authority)}${uri.path.startsWith('/') ? '' : '/'}${uri.path}`;
}

/** The address of a path that `fileOf` made, or that an import led to. */
export function uriOf(file: string): Uri {
  const [, scheme, authority, path] = OTHER_SCHEME.exec(file) ?? [];
  if (scheme === undefined || authority === undefined || path === undefined) return Uri.from({ scheme: 'file', path: file });
  return Uri.from({ scheme, authority: decodeURIComponent(authority), path });
}
