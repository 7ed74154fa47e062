/** What blocks are called: by their names, and by what tells those of one name apart. */
import type { Setting } from '../../src/analysis/types';
import type { Block, Told } from './state';
import { say } from './words';

const baseOf = (file: string): string => file.split('/').at(-1) ?? file;

type Part = (block: Block) => string;

const sizeAs =
  (told: ReadonlyMap<string, Told>, name: string): Part =>
  ({ key, setting }) => {
    const value = setting.sizes[name] ?? told.get(key)?.prices?.symbols.find((one) => one.name === name)?.value;
    return value === undefined ? '' : `${name}=${value}`;
  };

const isTold = (twins: readonly Block[], parts: readonly Part[]): boolean =>
  new Set(twins.map((block) => parts.map((part) => part(block)).join())).size === twins.length;

/** All that a block can be told by beside its file: its sizes, then how it is computed. */
function partsOf(twins: readonly Block[], told: ReadonlyMap<string, Told>): readonly Part[] {
  const names = new Set(
    twins.flatMap(({ key, setting }) => [...(told.get(key)?.prices?.symbols.map(({ name }) => name) ?? []), ...Object.keys(setting.sizes)]),
  );
  return [
    ...[...names].map((name) => sizeAs(told, name)),
    ({ setting }) => say(setting.precision),
    ({ setting }) => say(setting.attention),
    ({ setting }) => say(setting.training ? 'trainingOn' : 'trainingOff'),
  ];
}

function distinguished(twins: readonly Block[], told: ReadonlyMap<string, Told>): ReadonlyMap<string, string> {
  const file: Part = (block) => baseOf(block.file);
  const parts = isTold(twins, [file]) ? [file] : [file, ...partsOf(twins, told)];
  const telling = parts.filter((part) => new Set(twins.map(part)).size > 1);
  const taken = new Map<string, number>();
  return new Map(
    twins.map((block) => {
      const words = telling.map((part) => part(block)).filter((text) => text !== '');
      const label = words.length === 0 ? block.module : `${block.module} (${words.join(', ')})`;
      const before = taken.get(label) ?? 0;
      taken.set(label, before + 1);
      return [block.key, before === 0 ? label : `${label} #${before + 1}`];
    }),
  );
}

/** Each block's label, by its key: no two are alike. */
export function labelsOf(blocks: readonly Block[], told: ReadonlyMap<string, Told>): ReadonlyMap<string, string> {
  const names = [...new Set(blocks.map(({ module }) => module))];
  return new Map(
    names.flatMap((name) => [
      ...distinguished(
        blocks.filter(({ module }) => module === name),
        told,
      ),
    ]),
  );
}

/** How a block is computed, in words. */
export const settingText = ({ precision, attention, training }: Setting): string =>
  [say(precision), say('attentionAs', { way: say(attention) }), say(training ? 'trainingOn' : 'trainingOff')].join(', ');
