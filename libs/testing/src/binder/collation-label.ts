/*
 * The collation of a text, and its precedence, by the rules of "Collation precedence" of SQL Server. The collations
 * themselves are not known, only the origins of texts, and two origins may have two collations.
 */

/** `none` is a text with two collations, which cannot be compared. */
export type CollationLabel =
  | { readonly kind: 'default' }
  | { readonly kind: 'implicit' | 'explicit'; readonly origin: string }
  | { readonly kind: 'none'; readonly origins: string };

export const unlabelled: CollationLabel = { kind: 'default' };

/**
 * The collation of a column of a system view; columns `_desc` and codes of kinds have the same one in every database.
 */
export function systemOrigin(view: string, column: string, type: string): string {
  if (/_desc$/.test(column) || /^n?(?:var)?char\([1-4]\)$/.test(type)) return 'the fixed collation of system views';
  return /^sys\.(?:dm_|databases$|configurations$|server_)/.test(view)
    ? 'the collation of the instance'
    : 'the collation of names in system views';
}

export const databaseOrigin = 'the collation of the database';
export const temporaryOrigin = 'the collation of tempdb';
export const jsonOrigin = 'the collation of OPENJSON';

export const isTextType = (type: string): boolean => /char|text|sysname/.test(type);

/** The label of two texts combined. */
export function combined(left: CollationLabel, right: CollationLabel): CollationLabel {
  if (left.kind === 'explicit' || right.kind === 'explicit') {
    if (left.kind !== 'explicit') return right;
    if (right.kind !== 'explicit' || right.origin === left.origin) return left;
    return { kind: 'none', origins: `${left.origin} and ${right.origin}` };
  }
  if (left.kind === 'none' || right.kind === 'none') return left.kind === 'none' ? left : right;
  if (left.kind === 'default') return right;
  if (right.kind === 'default' || left.origin === right.origin) return left;
  return { kind: 'none', origins: `${left.origin} and ${right.origin}` };
}
