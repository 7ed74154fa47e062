/** What happens when: messages, edits of settings, questions to the host. Keeps the view, and tells whoever draws it. */
import type { FigureName, Prices, Setting } from '../../src/analysis/types';
import { markdownTable } from '../../src/curves/index';
import type { BlockName, Fit, Priced, ToCompare } from '../../src/protocol/compareMessages';
import { setWords } from '../translation';
import { type Answer, createAsking, FITTED, type Part } from './asking';
import type { Host } from './host';
import { labelsOf, settingText } from './labels';
import { taken } from './seeds';
import { type Along, AS_WRITTEN, type Block, type Kept, NOTHING, type Told, type View } from './state';
import { alongOf, batchOf, sameSymbols, sweepOf } from './sweep';
import { curveWords, say } from './words';

/** What can be changed of a setting; a size of null is the block's own again. */
export interface Change {
  readonly sizes?: { readonly [symbol: string]: number | null };
  readonly precision?: Setting['precision'];
  readonly attention?: Setting['attention'];
  readonly training?: boolean;
}

export interface Controller {
  view(): View;
  /** What was kept of before is asked for again. */
  start(): void;
  receive(message: ToCompare): void;
  choose(): void;
  /** Of one block, or of all. */
  change(key: string | undefined, change: Change): void;
  reset(key: string): void;
  duplicate(key: string): void;
  remove(key: string): void;
  reveal(key: string): void;
  setFigure(figure: FigureName): void;
  setAlong(along: Along): void;
  setMemory(gib: number): void;
  copy(): void;
}

const GIB = 2 ** 30;
const SAID_MS = 3000;

function changed({ sizes, ...setting }: Setting, { sizes: others = {}, ...more }: Change, isOwn: (symbol: string) => boolean): Setting {
  const all = { ...sizes, ...Object.fromEntries(Object.entries(others).filter(([symbol]) => isOwn(symbol))) };
  const kept = Object.entries(all).filter((entry): entry is [string, number] => entry[1] !== null);
  return { ...setting, ...more, sizes: Object.fromEntries(kept) };
}

/** A controller; `drawn` is called whenever the view is another. */
export function createController(host: Host, drawn: () => void): Controller {
  let view: View = NOTHING;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let made = 0;

  const blockOf = (key: string): Block | undefined => view.blocks.find((block) => block.key === key);
  const pricesOf = ({ key }: Block): Prices | undefined => view.told.get(key)?.prices;
  const allPrices = (): readonly Prices[] => view.blocks.flatMap((block) => pricesOf(block) ?? []);
  const along = (): Along => alongOf(view.along, allPrices());
  const asking = createAsking((message) => host.post(message), { block: blockOf, sweep: () => sweepOf(along()), fits: fitsOf });

  function fitsOf(key: string): readonly Fit[] | undefined {
    const block = blockOf(key);
    const prices = block && pricesOf(block);
    if (!prices) return undefined;
    const batch = batchOf(prices);
    const symbols = [...(batch === undefined ? [] : [[batch]]), along().symbols];
    return symbols.flatMap((each) => FITTED.map((figure): Fit => ({ symbols: each, bytes: view.gib * GIB, figure })));
  }

  function update(part: Partial<View>): void {
    view = { ...view, ...part };
    drawn();
  }

  function keep(): void {
    const { blocks, figure, gib, along: chosen } = view;
    host.keep({ blocks, figure, gib, ...(chosen && { along: chosen }) } satisfies Kept);
  }

  function ask(blocks: readonly Block[], ...parts: readonly Part[]): void {
    for (const block of blocks) for (const part of parts) asking.ask(block, part);
  }

  function put(blocks: readonly Block[]): void {
    update({ blocks });
    keep();
  }

  function tell(key: string, told: (before: Told) => Told): void {
    update({ told: new Map(view.told).set(key, told(view.told.get(key) ?? {})) });
  }

  // ---- blocks ----

  function newKey(): string {
    const taken = new Set(view.blocks.map(({ key }) => key));
    do made += 1;
    while (taken.has(String(made)));
    return String(made);
  }

  function add(names: readonly BlockName[]): void {
    const isShown = ({ file, module }: BlockName): boolean => view.blocks.some((block) => block.file === file && block.module === module);
    const fresh = names.filter((name) => !isShown(name)).map(({ file, module }): Block => ({ key: newKey(), file, module, setting: AS_WRITTEN, fresh: true }));
    put([...view.blocks, ...fresh]);
    ask(fresh, 'prices');
  }

  /** Blocks that have come take the sizes that others share with them, in order; then all of them is asked. */
  function settle(): void {
    for (const block of view.blocks) {
      if (!block.fresh) continue;
      const prices = pricesOf(block);
      const isTold = prices !== undefined || view.told.get(block.key)?.problem !== undefined;
      if (!isTold) return;
      const before = view.blocks.slice(0, view.blocks.indexOf(block)).flatMap((other) => pricesOf(other) ?? []);
      const sizes = prices ? taken(prices, before) : {};
      const { fresh: _, ...settled } = block;
      const others = { ...settled, setting: { ...settled.setting, sizes } };
      put(view.blocks.map((one) => (one === block ? others : one)));
      if (Object.keys(sizes).length > 0) return tried(others);
      ask([others], 'curve', 'fits');
    }
  }

  /** Whether the block can have the sizes of the others shows when it is priced at them. */
  function tried(block: Block): void {
    trying = block.key;
    ask([block], 'prices');
  }
  let trying: string | undefined;

  function afterPrices(key: string, prices: Prices): void {
    const block = blockOf(key);
    if (block && trying === key) {
      trying = undefined;
      if (prices.reason !== undefined) {
        const own = { ...block, setting: { ...block.setting, sizes: {} } };
        put(view.blocks.map((one) => (one.key === key ? own : one)));
        ask([own], 'prices', 'curve', 'fits');
        return;
      }
      ask([block], 'curve', 'fits');
    }
    settle();
  }

  // ---- answers ----

  function took(key: string, part: Part, { prices, curve, fits }: Priced): void {
    // What was found out on the way is told by the questions after it.
    const { symbols } = along();
    if (part === 'prices') tell(key, ({ problem: _, ...before }) => ({ ...before, prices }));
    if (!sameSymbols(symbols, along().symbols)) ask(view.blocks, 'curve', 'fits');
    if (part === 'curve' && curve) tell(key, (before) => ({ ...before, curve }));
    if (part === 'fits' && fits) tell(key, (before) => ({ ...before, fits }));
    if (part === 'prices') afterPrices(key, prices);
  }

  function answered(answer: Answer): void {
    const of = asking.answered(answer);
    if (!of || !blockOf(of.key)) return;
    if (answer.kind === 'priced') return took(of.key, of.part, answer.priced);
    const { reason, passing } = answer;
    tell(of.key, (before) => (passing ? { ...before, problem: { reason, passing } } : { problem: { reason, passing } }));
    settle();
  }

  // ---- settings ----

  function change(key: string | undefined, wanted: Change): void {
    const concerned = view.blocks.filter((block) => key === undefined || block.key === key);
    const isOwn =
      (block: Block) =>
      (symbol: string): boolean =>
        key !== undefined || (pricesOf(block)?.symbols.some(({ name }) => name === symbol) ?? false);
    put(view.blocks.map((block) => (concerned.includes(block) ? { ...block, setting: changed(block.setting, wanted, isOwn(block)) } : block)));
    ask(
      view.blocks.filter((block) => key === undefined || block.key === key),
      'prices',
      'curve',
      'fits',
    );
  }

  return {
    view: () => view,
    start() {
      const kept = host.kept();
      if (!kept || view.blocks.length > 0) return;
      update(kept);
      ask(kept.blocks, 'prices');
      ask(
        kept.blocks.filter(({ fresh }) => !fresh),
        'curve',
        'fits',
      );
    },
    receive(message) {
      switch (message.kind) {
        case 'words':
          setWords(message.words);
          return drawn();
        case 'add':
          return add(message.blocks);
        case 'changed':
          return ask(
            view.blocks.filter(({ file }) => file === message.file),
            'prices',
            'curve',
            'fits',
          );
        default:
          return answered(message);
      }
    },
    choose: () => host.post({ kind: 'choose' }),
    change,
    reset(key) {
      put(view.blocks.map((block) => (block.key === key ? { ...block, setting: { ...block.setting, sizes: {} } } : block)));
      ask(
        view.blocks.filter((block) => block.key === key),
        'prices',
        'curve',
        'fits',
      );
    },
    duplicate(key) {
      const block = blockOf(key);
      if (!block) return;
      const twin: Block = { ...block, key: newKey() };
      const told = view.told.get(key);
      update({ told: new Map(view.told).set(twin.key, told ?? {}) });
      put(view.blocks.toSpliced(view.blocks.indexOf(block) + 1, 0, twin));
      ask([twin], 'prices', 'curve', 'fits');
    },
    remove(key) {
      asking.drop(key);
      const told = new Map(view.told);
      told.delete(key);
      const before = along().symbols;
      update({ told });
      put(view.blocks.filter((block) => block.key !== key));
      if (!sameSymbols(before, along().symbols)) ask(view.blocks, 'curve', 'fits');
    },
    reveal(key) {
      const block = blockOf(key);
      if (block) host.post({ kind: 'reveal', file: block.file, module: block.module });
    },
    setFigure(figure) {
      update({ figure });
      keep();
    },
    setAlong(chosen) {
      const isOther = !sameSymbols(chosen.symbols, along().symbols);
      update({ along: chosen });
      keep();
      ask(view.blocks, 'curve', ...(isOther ? (['fits'] as const) : []));
    },
    setMemory(gib) {
      update({ gib });
      keep();
      ask(view.blocks, 'fits');
    },
    copy() {
      host.post({ kind: 'copy', text: markdownOf(view) });
      update({ said: say('copied') });
      clearTimeout(timer);
      timer = setTimeout(() => update({ said: '' }), SAID_MS);
    },
  };
}

/** The table, and under which settings it holds. */
export function markdownOf({ blocks, told }: View): string {
  const labels = labelsOf(blocks, told);
  const rows = blocks.map(({ key }) => {
    const { prices, problem } = told.get(key) ?? {};
    const sizes = Object.fromEntries((prices?.symbols ?? []).flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])));
    const reason = problem?.reason ?? prices?.reason;
    return { label: labels.get(key) ?? '', sizes, ...(prices && { figures: prices.figures }), ...(reason !== undefined && { reason }) };
  });
  const settings = [...new Set(blocks.map(({ setting }) => settingText(setting)))];
  const under = settings.length === 1 ? `${settings[0]}.\n` : blocks.map(({ key, setting }) => `${labels.get(key)}: ${settingText(setting)}.  \n`).join('');
  return `${markdownTable(rows, curveWords())}\n${under}`;
}
