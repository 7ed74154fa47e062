/** A number type in words. */
import type { Precision } from './types';

const AUTOCAST = 'autocast-';

/** `float16`, `autocast to float16`; nothing of float32, which is the usual one. */
export function precisionText(precision: Precision): string {
  if (precision === 'float32') return '';
  return precision.startsWith(AUTOCAST) ? `autocast to ${precision.slice(AUTOCAST.length)}` : precision;
}

/** The same at the end of a sentence: `in float16`, `under autocast to float16`. */
export function inPrecision(precision: Precision): string {
  const text = precisionText(precision);
  return text === '' ? '' : text === precision ? `in ${text}` : `under ${text}`;
}
