/** Modules of the standard library that no size flows through: what is asked of them is harmless, or not known. */

import { type ModuleValue, type NativeValue, NULL, type Value } from '../../../value/index';
import { opaqueClass } from '../../common/opaque';
import { moduleOf } from '../reading';

/** A thing whose calls and members all do nothing: a logger. */
export function harmless(name: string): NativeValue {
  return { kind: 'native', name, call: () => NULL, member: (member) => (member.startsWith('__') ? undefined : harmless(`${name}.${member}`)) };
}

/** A module of which no name has a rule, but those of the table. */
export const opaqueModule = (name: string, members: Iterable<readonly [string, Value]> = []): ModuleValue =>
  moduleOf(name, members, (wanted) => opaqueClass(`${name}.${wanted}`));

/** A module whose calls do nothing. */
export const harmlessModule = (name: string, members: Iterable<readonly [string, Value]> = []): ModuleValue =>
  moduleOf(name, members, (wanted) => harmless(`${name}.${wanted}`));

/** Modules by their names, and parts of them by names with a point. */
export const OPAQUE_MODULES: readonly string[] =
  'argparse ast asyncio atexit base64 bisect builtins bz2 calendar cmath codecs concurrent configparser csv ctypes datetime decimal difflib dis errno fnmatch fractions ftplib gc getpass glob gzip hashlib heapq hmac html http importlib io ipaddress itertools json keyword linecache locale lzma mimetypes mmap multiprocessing pickle pkgutil platform pprint queue random re secrets select selectors shelve shlex shutil signal site smtplib socket sqlite3 ssl stat statistics string struct subprocess sys sysconfig tarfile tempfile textwrap threading time timeit token tokenize traceback unicodedata unittest urllib uuid weakref webbrowser xml zipfile zlib packaging tqdm'.split(
    ' ',
  );
