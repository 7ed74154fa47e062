/** A small strict reader of XML: enough to say that a text is well-formed, and what is in it. */

export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly (Element | string)[];
}

const TAG = /^<([A-Za-z][\w.-]*)((?:\s+[A-Za-z_:][\w:.-]*="[^"<]*")*)\s*(\/?)>/;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescaped(text: string): string {
  if ([...text].some((sign) => sign < ' ' && !'\t\n\r'.includes(sign))) throw new Error('a character that XML forbids');
  return text.replace(/&([^;\s]*);?/g, (whole, name: string) => {
    const found = whole.endsWith(';') ? ENTITIES[name] : undefined;
    if (found === undefined) throw new Error(`not an entity: ${whole}`);
    return found;
  });
}

/** The one element of a text; throws where it is not well-formed. */
export function parseXml(text: string): Element {
  let rest = text;
  const element = (): Element => {
    const [whole, name = '', attributes = '', empty] = TAG.exec(rest) ?? [];
    if (whole === undefined) throw new Error(`no tag at ${rest.slice(0, 40)}`);
    rest = rest.slice(whole.length);
    const pairs = [...attributes.matchAll(/([\w:.-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, unescaped(value)] as const);
    if (new Set(pairs.map(([key]) => key)).size < pairs.length) throw new Error(`an attribute twice in ${whole}`);
    const children: (Element | string)[] = [];
    while (empty === '' && !rest.startsWith('</')) {
      const plain = /^[^<]*/.exec(rest)?.[0] ?? '';
      rest = rest.slice(plain.length);
      if (plain !== '') children.push(unescaped(plain));
      else children.push(element());
    }
    if (empty === '') {
      if (!rest.startsWith(`</${name}>`)) throw new Error(`${name} is not closed at ${rest.slice(0, 40)}`);
      rest = rest.slice(name.length + 3);
    }
    return { name, attributes: new Map(pairs), children };
  };
  const root = element();
  if (rest.trim() !== '') throw new Error(`more after the end: ${rest.slice(0, 40)}`);
  return root;
}

/** All elements of a name, at any depth. */
export const elementsOf = (element: Element, name: string): readonly Element[] => [
  ...(element.name === name ? [element] : []),
  ...element.children.flatMap((child) => (typeof child === 'string' ? [] : elementsOf(child, name))),
];

/** The text directly in an element. */
export const textOf = ({ children }: Element): string => children.filter((child) => typeof child === 'string').join('');
