import { pythonFrontEnd } from '../../../src/frontend/index';
import { printModule } from '../../../src/program/print';

const { lower } = await pythonFrontEnd();

/** A source, lowered. */
export const lowered = (text: string, path = 'a.py') => lower(path, text);

/** A source as the small language. */
export const printed = (text: string): string => printModule(lowered(text));
