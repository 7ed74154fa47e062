/** Attention modules as different people write them, each with how it is made and what it is given. */
import type { CorpusCase } from '../corpus/cases';
import modules from './cases.json';

/** The modules, each with the folder that it is in. */
export const MODULES: readonly CorpusCase[] = (modules as unknown as readonly CorpusCase[]).map((item) => ({ ...item, folder: 'test/mutations/modules' }));
