/** What makes the command line exit with 2. */
export class Failure extends Error {
  constructor(
    readonly code: 'usage' | 'not-found' | 'no-source' | 'no-such-class' | 'bad-argument' | 'unsupported',
    message: string,
    readonly detail: { readonly [name: string]: unknown } = {},
  ) {
    super(message);
  }
}
