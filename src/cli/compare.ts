/** `compare`: blocks' memory and multiply-accumulates along a size. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { AS_WRITTEN, priceOf } from '../analysis/pricing/index';
import { askedOf } from './comparison/asked';
import { readBlocks } from './comparison/blocks';
import { type Compared, comparedOf } from './comparison/compared';
import { asDocument } from './comparison/document';
import { asMarkdown } from './comparison/markdown';
import { asPicture } from './comparison/picture';
import { asText } from './comparison/text';
import { Failure } from './failure';
import { relativeTo } from './files';
import type { Options } from './options';
import { terminalWidth } from './wrapping';

/** How wide a table may be where nothing tells the terminal's width. */
const WIDTH = 120;

/** Runs `compare`; gives the exit code. */
export async function compare(options: Options): Promise<number> {
  checkOptions(options);
  const asked = askedOf(options.pricing);
  const blocks = (await readBlocks(options)).map((block) => comparedOf(block, asked));
  checkPriced(blocks, options.pricing.sweep !== undefined);
  const told = {
    text: () => asText(blocks, asked, terminalWidth(WIDTH)),
    markdown: () => asMarkdown(blocks, asked),
    json: () => `${JSON.stringify(asDocument(blocks, asked, options, relativeTo(path.resolve(options.root ?? ''))))}\n`,
    svg: () => asPicture(blocks, asked),
  };
  const { out, format } = options;
  if (out !== undefined) write(out, told.svg());
  if (out === undefined || options.json || format !== 'svg') process.stdout.write(told[options.json || format === 'sarif' ? 'json' : format]());
  return 0;
}

function checkOptions({ className, expression, bound, out, stdin }: Options): void {
  if (className !== undefined || expression !== undefined || bound)
    throw new Failure('usage', 'compare takes FILE:CLASS[heads=4] and --set, not --class, --new, --args or --inputs');
  if (stdin) throw new Failure('usage', 'compare takes no --stdin');
  if (out !== undefined && !/\.svg$/i.test(out)) throw new Failure('usage', `--out ${out}: it ends in .svg`);
}

/** Where no block can be priced at what was asked, but could be otherwise, there is nothing to compare. */
function checkPriced(blocks: readonly Compared[], isSwept: boolean): void {
  const reasons = blocks.map(({ reason }) => reason);
  const isAsked = ({ module, setting, curve }: Compared): boolean => {
    const sweepAlone = curve.reason !== undefined && priceOf(module, setting).reason === undefined;
    return (isSwept || !sweepAlone) && priceOf(module, AS_WRITTEN).reason === undefined;
  };
  if (blocks.length === 0 || reasons.includes(undefined) || !blocks.some(isAsked)) return;
  throw new Failure('bad-argument', `no block can be priced so: ${[...new Set(reasons)].join('; ')}`);
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new Failure('bad-argument', `--out ${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}
