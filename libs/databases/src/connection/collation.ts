import { type Diagnostic, diagnostic } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import type { Connection, Limits } from './connection.ts';

/*
 * Triggers hash the lower-cased URI of a descriptor, and so does the product: both must come to the same text (design
 * 07 §9.2).
 */

const latinLetters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Letters of several scripts that have the same lower-case form in every language. */
const otherLetters = 'ÀÉÑÖÇŠŁΑΩЖ';

/** The result when each letter is lower-cased alone, regardless of language and context. */
const lowered = (letters: string) => [...letters].map((letter) => letter.toLowerCase()).join('');

interface CollationFacts {
  /** The lower-case form of each text of the parameter, a JSON array, in its order. */
  readonly query: string;
  /** How a database is created that lower-cases as the product does. */
  readonly advice: string;
}

const facts: Readonly<Record<SqlDialect, CollationFacts>> = {
  pgsql: {
    query:
      'SELECT lower(t.value) AS lowered FROM jsonb_array_elements_text($1::jsonb) WITH ORDINALITY AS t(value, place) ORDER BY place',
    advice:
      "Create the database with another locale: TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'und' LOCALE 'C'.",
  },
  mssql: {
    // texts from JSON have their own collation
    query:
      'SELECT LOWER(j.[value] COLLATE DATABASE_DEFAULT) AS lowered FROM OPENJSON(@p1) AS j ORDER BY CAST(j.[key] AS int)',
    advice: 'Create the database with another collation: COLLATE Latin1_General_100_CI_AS.',
  },
};

/** The lower-case forms of texts by the collation of the database, in their order. Throws the `DB_*` codes. */
export async function loweredByDatabase(
  connection: Connection,
  texts: readonly string[],
  limits: Limits = {},
): Promise<readonly string[]> {
  const { query } = facts[connection.dialect];
  const rows = await connection.query<{ lowered: string }>(query, [JSON.stringify(texts)], limits);
  return rows.map((row) => row.lowered);
}

/**
 * What the collation of a database does to letters: `DB_COLLATION`, an error, where it lower-cases letters from A to Z
 * differently from the product; `DB_COLLATION_ASCII`, a warning, where it does so with other letters; null where both
 * agree (design 09 §1.5). Throws the `DB_*` codes.
 */
export async function collationFinding(connection: Connection, limits: Limits = {}): Promise<Diagnostic | null> {
  const [found = ''] = await loweredByDatabase(connection, [latinLetters + otherLetters], limits);
  const { label, dialect } = connection;
  const { advice } = facts[dialect];
  if (!found.startsWith(lowered(latinLetters))) {
    const text =
      `${label}: the database lower-cases A to Z as "${found.slice(0, latinLetters.length)}". ` +
      `References to descriptors would not find them. ${advice}`;
    return diagnostic('DB_COLLATION', text, {}, { dialect });
  }
  if (found === lowered(latinLetters + otherLetters)) return null;
  const text =
    `${label}: the database does not lower-case letters such as É. A reference to a descriptor whose URI has such a capital letter ` +
    `would not find it, so seeding refuses such a descriptor. ${advice}`;
  return diagnostic('DB_COLLATION_ASCII', text, {}, { dialect });
}
