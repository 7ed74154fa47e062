/** The file of weights that the user picks for a block. */
import { type ConfigurationScope, l10n, Uri, window, workspace } from 'vscode';
import type { PanelState, WeightsFile } from '../protocol/messages';
import { runLimits } from './settings';
import { addressOf } from './units';

/** Lets the user pick one, beside the block's source to begin with. */
export async function pickWeights({ file }: PanelState): Promise<Uri | undefined> {
  const source = addressOf(file);
  const [picked] =
    (await window.showOpenDialog({
      title: l10n.t('Load Weights'),
      openLabel: l10n.t('Load'),
      filters: { safetensors: ['safetensors'], [l10n.t('All Files')]: ['*'] },
      ...(source.scheme === 'untitled' ? {} : { defaultUri: Uri.joinPath(source, '..') }),
    })) ?? [];
  return picked;
}

const megabytes = (bytes: number): number => Math.ceil(bytes / 2 ** 20);

async function contentOf(uri: Uri, scope: ConfigurationScope): Promise<Pick<WeightsFile, 'bytes' | 'problem'>> {
  try {
    const [{ size }, { maxBytes }] = [await workspace.fs.stat(uri), runLimits(scope)];
    if (size > maxBytes) return { problem: l10n.t('the file takes {0} MB, and the limit is {1} MB', megabytes(size), megabytes(maxBytes)) };
    // What node reads is a Buffer, which a message would carry as JSON.
    return { bytes: new Uint8Array(await workspace.fs.readFile(uri)) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** What the panel is told of a file. */
export async function weightsOf(uri: Uri, { file, module }: PanelState): Promise<WeightsFile> {
  return { file, module, name: uri.path.split('/').at(-1) ?? uri.path, ...(await contentOf(uri, addressOf(file))) };
}
