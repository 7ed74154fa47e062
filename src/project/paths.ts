/** Paths with `/`, absolute or relative, without the file system. */

/** The folder that holds a path; the root holds itself. */
export function folderOf(path: string): string {
  const at = path.lastIndexOf('/');
  return at < 0 ? '' : path.slice(0, at) || '/';
}

/** The path from a folder, `.` and `..` resolved. */
export function join(folder: string, path: string): string {
  const parts: string[] = [];
  const absolute = path.startsWith('/') || folder.startsWith('/');
  for (const part of `${path.startsWith('/') ? '' : `${folder}/`}${path}`.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '..' || !absolute) parts.push(part);
  }
  return `${absolute ? '/' : ''}${parts.join('/')}`;
}

/** The folder and all those above it, nearest first. */
export function foldersUpward(folder: string): string[] {
  const folders = [folder];
  for (let at = folder; at !== '' && at !== '/' && folders.length < 64; ) {
    at = folderOf(at);
    folders.push(at);
  }
  return folders;
}
