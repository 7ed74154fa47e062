/** What every front end makes its nodes with. */
import type { Expression, Span } from '../../program/types';

/** An expression that is not read, because of `reason`. */
export const unread = (reason: string, span: Span): Expression => ({ kind: 'unknown', reason, span });

/** A record without its undefined fields (optional fields are left out, never undefined). */
export function present<T extends object>(fields: { [name in keyof T]: T[name] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
