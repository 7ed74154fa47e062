export function runInHost(how: {
  readonly folder: string;
  readonly program: string;
  readonly env: { readonly [name: string]: string };
  readonly limit: number;
}): Promise<unknown>;
