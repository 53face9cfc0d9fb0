import { fail } from '@dms/diagnostics';
import type { SqlDialect } from './dialect.ts';

/** NUL, which ends a text in both engines, and halves of surrogate pairs, which a UTF-8 script cannot contain. */
const unwritable = /[\0\p{Cs}]/u;
const plainIdentifier = /^\w*$/;

const shown = (text: string) => JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);

export function refuse(dialect: SqlDialect, what: 'identifier' | 'literal', text: string, reason: string): never {
  fail('SQL_NOT_QUOTABLE', `${dialect}: the ${what} ${shown(text)} ${reason}.`, {}, { dialect, what, text });
}

/**
 * The identifier in quotes, with closing quotes inside it doubled. Throws `SQL_NOT_QUOTABLE` for a name that cannot be
 * written, and for a name over the limit: PostgreSQL would cut it without an error, and then find another object or
 * none.
 */
export function quotedIdentifier(
  rules: {
    readonly name: SqlDialect;
    readonly identifierLimit: number;
    readonly quotes: { readonly opening: string; readonly closing: string };
    identifierLength(identifier: string): number;
  },
  identifier: string,
): string {
  const { opening, closing } = rules.quotes;
  const isPlain = plainIdentifier.test(identifier);
  const length = isPlain ? identifier.length : rules.identifierLength(identifier);
  if (length > rules.identifierLimit)
    refuse(rules.name, 'identifier', identifier, `is ${length} units long, at most ${rules.identifierLimit} fit`);
  if (isPlain) return `${opening}${identifier}${closing}`;
  if (unwritable.test(identifier)) refuse(rules.name, 'identifier', identifier, 'holds NUL or half a surrogate pair');
  return `${opening}${identifier.replaceAll(closing, `${closing}${closing}`)}${closing}`;
}

/** Returns the text if a literal can contain it; otherwise throws. */
export function quotableText(dialect: SqlDialect, text: string): string {
  if (unwritable.test(text)) refuse(dialect, 'literal', text, 'holds NUL or half a surrogate pair');
  return text;
}
