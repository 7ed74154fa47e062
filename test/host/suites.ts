/** All suites. They are functions, so that Mocha's `describe` is there when they are called. */
import { commandSuite } from './commands';
import { diagnosticSuite } from './diagnostics';
import { activate } from './editor';
import { folderSuite } from './folders';
import { memorySuite } from './memory';
import { notebookSuite } from './notebooks';
import { pythonSuite } from './python';
import { readerSuite } from './readers';
import { silenceSuite } from './silence';
import { typingSuite } from './typing';

/** Declares them, with the extension started before the first. */
export function suites(): void {
  before(activate);
  commandSuite();
  readerSuite();
  diagnosticSuite();
  typingSuite();
  silenceSuite();
  folderSuite();
  pythonSuite();
  notebookSuite();
  memorySuite();
}
