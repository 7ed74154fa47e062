/** Words in the user's language: the host brings translations by their English form. */

export type Args = { readonly [name: string]: string | number };

let translated: { readonly [english: string]: string } = {};

/** Takes the host's words. */
export function setWords(words: { readonly [english: string]: string }): void {
  translated = words;
}

/** The words in the user's language, else as they are. */
export const inLanguage = (english: string): string => translated[english] ?? english;

/** The words in the user's language, filled. */
export const worded = (english: string, args: Args): string =>
  inLanguage(english).replace(/\{(\w+)\}/g, (hole, name: string) => (Object.hasOwn(args, name) ? String(args[name]) : hole));
