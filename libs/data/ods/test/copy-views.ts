import type { Connection, Limits } from '@dms/databases';
import { DmsError } from '@dms/diagnostics';
import { givenScript } from '@dms/sql';
import type { TableCopy } from '../src/index.ts';

/** A statement that was refused: a row without a value, a repeated key, or a key without its target. */
export interface RefusedCopy {
  readonly statement: string;
  readonly reason: string;
}

/**
 * Creates tables of an ODS in schemas that exist, fills each from its view, and adds the foreign keys. Returns the
 * copies and keys that the engine refuses. Throws `DB_*` for anything else.
 */
export async function copyViews(
  connection: Connection,
  tables: readonly TableCopy[],
  limits: Limits = {},
): Promise<readonly RefusedCopy[]> {
  const refused: RefusedCopy[] = [];
  const reasonOf = async (text: string): Promise<string | null> => {
    try {
      await connection.execute(givenScript(text), limits);
      return null;
    } catch (error) {
      if (error instanceof DmsError && error.code === 'DB_SQL') return error.diagnostics[0].message;
      throw error;
    }
  };
  /** Runs all at once, and one by one only to find the refused statements. */
  const attempt = async (statements: readonly string[]) => {
    if (statements.length === 0 || (await reasonOf(statements.join(';\n'))) === null) return;
    for (const statement of statements) {
      const reason = await reasonOf(statement);
      if (reason !== null) refused.push({ statement, reason });
    }
  };
  await connection.execute(givenScript(tables.map(({ create }) => create).join(';\n')), limits);
  await attempt(tables.map(({ copy }) => copy));
  await attempt(tables.flatMap(({ foreignKeys }) => foreignKeys));
  return refused;
}
