/** What happens when: messages, edits of settings, questions to the host. Keeps the view, and tells whoever draws it. */
import type { ChosenSizes, FigureName, Prices, Setting } from '../../src/analysis/types';
import type { BlockName, Fit, NewBlock, Priced, Tie, ToCompare } from '../../src/protocol/compareMessages';
import { setWords } from '../translation';
import { type Answer, createAsking, FITTED, type Part } from './asking';
import { atOwnSizes, type Change, concerning, edited, seeded } from './edits';
import type { Host } from './host';
import { markdownOf } from './markdown';
import { batchOf } from './places';
import { FIRST, isOther, placesOf, released, seedsOf } from './seeds';
import { type Along, AS_WRITTEN, type Block, type Kept, NOTHING, type Told, type View } from './state';
import { alongOf, sameSymbols, sweepOf } from './sweep';
import { say } from './words';

export interface Controller {
  view(): View;
  /** What was kept of before is asked for again. */
  start(): void;
  receive(message: ToCompare): void;
  choose(): void;
  /** Of one block, or of all. */
  change(key: string | undefined, change: Change): void;
  /** Back to the block's own sizes. */
  reset(key: string): void;
  duplicate(key: string): void;
  remove(key: string): void;
  reveal(key: string): void;
  setFigure(figure: FigureName): void;
  setAlong(along: Along): void;
  setMemory(gib: number): void;
  copy(): void;
}

/** Sizes that are left to be tried, and what the block is at its own. */
interface Trial {
  readonly left: readonly ChosenSizes[];
  readonly own: Prices;
}

const GIB = 2 ** 30;
const SAID_MS = 3000;
const ALL: readonly Part[] = ['prices', 'curve', 'fits'];

/** How all blocks are computed, where they are alike. */
function commonSetting(blocks: readonly Block[]): Setting | undefined {
  const ways = blocks.map(({ setting: { sizes: _, ...way } }) => way);
  const [first] = ways;
  return first && ways.every((way) => JSON.stringify(way) === JSON.stringify(first)) ? { ...first, sizes: {} } : undefined;
}

/** A controller; `drawn` is called whenever the view is another. */
export function createController(host: Host, drawn: () => void): Controller {
  let view: View = NOTHING;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let made = 0;
  /** Blocks that are tried at sizes of the others, and what else can be tried. */
  const trials = new Map<string, Trial>();
  /** Whether several blocks came at once: then there is something to compare, and an image of round sizes suits all. */
  let several = false;

  const blockOf = (key: string): Block | undefined => view.blocks.find((block) => block.key === key);
  const toldOf = ({ key }: Pick<Block, 'key'>): Told => view.told.get(key) ?? {};
  const allPrices = (): readonly Prices[] => view.blocks.flatMap((block) => toldOf(block).prices ?? []);
  const along = (): Along => alongOf(view.along, allPrices());
  const asking = createAsking((message) => host.post(message), { block: blockOf, sweep: () => sweepOf(along()), fits: fitsOf, setting: settingOf });

  /** What follows the sizes of the sweep does not stand in its way. */
  function settingOf({ key, setting, seeds }: Block, part: Part): Setting {
    if (part === 'prices') return setting;
    return { ...setting, sizes: released(setting.sizes, along().symbols, toldOf({ key }).ties ?? [], seeds) };
  }

  function fitsOf(key: string): readonly Fit[] | undefined {
    const { prices } = toldOf({ key });
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

  function ask(keys: readonly string[], ...parts: readonly Part[]): void {
    for (const key of keys) for (const part of parts) asking.ask(key, part);
  }

  const keys = (): readonly string[] => view.blocks.map(({ key }) => key);

  function put(blocks: readonly Block[]): void {
    update({ blocks });
    keep();
  }

  function replace(key: string, change: (block: Block) => Block): void {
    put(view.blocks.map((block) => (block.key === key ? change(block) : block)));
  }

  function tell(key: string, told: (before: Told) => Told): void {
    update({ told: new Map(view.told).set(key, told(toldOf({ key }))) });
  }

  // ---- blocks that have come ----

  function newKey(): string {
    const used = new Set(keys());
    do made += 1;
    while (used.has(String(made)));
    return String(made);
  }

  function add(names: readonly NewBlock[]): void {
    const isShown = ({ file, module }: BlockName): boolean => view.blocks.some((block) => block.file === file && block.module === module);
    const setting = commonSetting(view.blocks);
    const fresh = names
      .filter((name) => !isShown(name))
      .map(({ file, module, precision }): Block => {
        return { key: newKey(), file, module, setting: setting ?? { ...AS_WRITTEN, precision }, fresh: true, seeds: [] };
      });
    several = fresh.length > 1;
    put([...view.blocks, ...fresh]);
    ask(
      fresh.map(({ key }) => key),
      'prices',
    );
  }

  /** In order, each block that has come takes sizes of those before it, as far as it can have them. */
  function settle(): void {
    const block = trials.size > 0 ? undefined : view.blocks.find(({ fresh }) => fresh);
    const { prices, problem } = block ? toldOf(block) : {};
    if (!block || (!prices && !problem)) return;
    const before = view.blocks.slice(0, view.blocks.indexOf(block)).flatMap((other) => toldOf(other).prices ?? []);
    const places = before.map(placesOf).find((one) => one !== undefined) ?? (several ? FIRST : undefined);
    replace(block.key, ({ fresh: _, ...settled }) => settled);
    attempt(block.key, prices && { left: seedsOf(prices, before, places), own: prices });
  }

  /** Prices the block at the first sizes of those; as it is where none are left. */
  function attempt(key: string, trial?: Trial): void {
    const [sizes, ...left] = trial?.left ?? [];
    if (trial && sizes) {
      trials.set(key, { ...trial, left });
      replace(key, (block) => seeded(block, sizes));
      return ask([key], 'prices');
    }
    const isTried = trials.delete(key);
    if (isTried) replace(key, atOwnSizes);
    ask([key], ...(isTried ? ALL : (['curve', 'fits'] as const)));
    settle();
  }

  function afterPrices(key: string, prices: Prices, ties: readonly Tie[]): void {
    const trial = trials.get(key);
    if (!trial) return settle();
    if (prices.reason !== undefined || isOther(trial.own, prices, ties)) return attempt(key, trial);
    trials.delete(key);
    ask([key], 'curve', 'fits');
    settle();
  }

  // ---- answers ----

  function took(key: string, part: Part, { prices, ties, curve, fits }: Priced): void {
    if (part === 'curve' && curve) tell(key, (before) => ({ ...before, curve }));
    if (part === 'fits' && fits) tell(key, (before) => ({ ...before, fits }));
    if (part !== 'prices') return;
    const { symbols } = along();
    tell(key, ({ problem: _, ...before }) => ({ ...before, prices, ties }));
    if (!sameSymbols(symbols, along().symbols)) ask(keys(), 'curve', 'fits');
    afterPrices(key, prices, ties);
  }

  function answered(answer: Answer): void {
    const of = asking.answered(answer);
    if (!of || !blockOf(of.key)) return;
    if (answer.kind === 'priced') return took(of.key, of.part, answer.priced);
    const { reason, passing } = answer;
    trials.delete(of.key);
    tell(of.key, (before) => (passing ? { ...before, problem: { reason, passing } } : { problem: { reason, passing } }));
    settle();
  }

  return {
    view: () => view,
    start() {
      const kept = host.kept();
      if (!kept || view.blocks.length > 0) return;
      update(kept);
      for (const { key, fresh } of kept.blocks) ask([key], ...(fresh ? (['prices'] as const) : ALL));
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
            view.blocks.filter(({ file }) => file === message.file).map(({ key }) => key),
            ...ALL,
          );
        default:
          return answered(message);
      }
    },
    choose: () => host.post({ kind: 'choose' }),
    change(key, change) {
      const concerned = key === undefined ? keys() : [key];
      for (const one of concerned) trials.delete(one);
      put(
        view.blocks.map((block) => {
          if (!concerned.includes(block.key)) return block;
          return edited(block, key === undefined ? concerning(change, toldOf(block)) : change, toldOf(block));
        }),
      );
      ask(concerned, ...ALL);
    },
    reset(key) {
      replace(key, atOwnSizes);
      ask([key], ...ALL);
    },
    duplicate(key) {
      const block = blockOf(key);
      if (!block) return;
      const twin: Block = { ...block, key: newKey() };
      update({ told: new Map(view.told).set(twin.key, toldOf(block)) });
      put(view.blocks.toSpliced(view.blocks.indexOf(block) + 1, 0, twin));
      ask([twin.key], ...ALL);
    },
    remove(key) {
      asking.drop(key);
      trials.delete(key);
      const { symbols } = along();
      update({ told: new Map([...view.told].filter(([other]) => other !== key)) });
      put(view.blocks.filter((block) => block.key !== key));
      if (!sameSymbols(symbols, along().symbols)) ask(keys(), 'curve', 'fits');
      settle();
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
      ask(keys(), 'curve', ...(isOther ? (['fits'] as const) : []));
    },
    setMemory(gib) {
      update({ gib });
      keep();
      ask(keys(), 'fits');
    },
    copy() {
      host.post({ kind: 'copy', text: markdownOf(view) });
      update({ said: say('copied') });
      clearTimeout(timer);
      timer = setTimeout(() => update({ said: '' }), SAID_MS);
    },
  };
}
