/** Attention modules as different people write them, each with how it is made and what it is given. */
import { resolve } from 'node:path';
import type { CorpusCase } from '../corpus/cases';
import modules from './cases.json';

const HERE = resolve(import.meta.dirname, '../mutations/modules');

/** The modules, rooted in their own folder. */
export const MODULES: readonly CorpusCase[] = (modules as unknown as readonly CorpusCase[]).map((item) => ({ ...item, root: HERE }));
