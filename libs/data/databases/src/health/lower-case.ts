import { needsOfServer } from '@dms/catalog';
import { type Diagnostic, diagnostic } from '@dms/diagnostics';
import { dialectOf, type Sql, type SqlDialect, value } from '@dms/sql';
import type { Connection, Limits } from '../drivers/connection.ts';
import { rowsOf } from '../drivers/statement.ts';
import type { HealthQuestion } from './health-check.ts';

/*
 * Triggers and the product both hash the lower-cased URI of a descriptor, so both must lower-case it to the same text
 * (design 07 §9.2).
 */

const latinLetters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Letters of several scripts that have the same lower-case form in every language. */
const otherLetters = 'ÀÉÑÖÇŠŁΑΩЖ';

interface CollationFacts {
  /** The lower-case form of each text of a JSON array, in its order. */
  query(texts: string): Sql;
  /** How to create a database that lower-cases as the product does. */
  readonly advice: string;
}

const collationFacts: Readonly<Record<SqlDialect, CollationFacts>> = {
  pgsql: {
    query: (texts) =>
      dialectOf.pgsql
        .sql`SELECT lower(t.value) AS lowered FROM jsonb_array_elements_text(${value(texts)}::jsonb) WITH ORDINALITY AS t(value, place) ORDER BY place`,
    advice:
      "Create the database with another locale: TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'und' LOCALE 'C'.",
  },
  mssql: {
    // texts from JSON have their own collation
    query: (texts) =>
      dialectOf.mssql
        .sql`SELECT LOWER(j."value" COLLATE DATABASE_DEFAULT) AS lowered FROM OPENJSON(${value(texts)}) AS j ORDER BY CAST(j."key" AS int)`,
    advice: 'Create the database with another collation: COLLATE Latin1_General_100_CI_AS.',
  },
};

/** The lower-case forms of texts by the collation of the database, in their order. Throws the `DB_*` codes. */
export async function loweredByDatabase(
  connection: Connection,
  texts: readonly string[],
  limits: Limits = {},
): Promise<readonly string[]> {
  const { query } = collationFacts[connection.dialect];
  const rows = await rowsOf<{ lowered: string }>(connection, query(JSON.stringify(texts)), limits);
  return rows.map((row) => row.lowered);
}

/**
 * The finding about the collation of a database: `DB_COLLATION`, an error, where it lower-cases letters from A to Z
 * differently from the product; `DB_COLLATION_ASCII`, a warning, where it does so with other letters; null where both
 * agree, or where the generation does not depend on it (design 09 §1.5, 22 §1.1). Throws the `DB_*` codes.
 */
export async function collationFinding(
  connection: Connection,
  { mappingVersion, signal }: Pick<HealthQuestion, 'mappingVersion' | 'signal'> = {},
): Promise<Diagnostic | null> {
  if (mappingVersion && needsOfServer(mappingVersion).uriFolding !== null) return null;
  const [found = ''] = await loweredByDatabase(connection, [latinLetters + otherLetters], { signal });
  const { label, dialect } = connection;
  const { advice } = collationFacts[dialect];
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

/** Lower-cases each letter alone, regardless of language and context. */
const lowered = (letters: string) => [...letters].map((letter) => letter.toLowerCase()).join('');
