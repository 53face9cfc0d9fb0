import { core } from '@dms/model';
import { dialectOf, join } from '@dms/sql';
import type { Connection, Limits } from '../drivers/connection.ts';
import { rowsOf } from '../drivers/statement.ts';
import { type CoreObjects, missingFingerprintTables, readable, readCoreObjects } from './stored-fingerprint.ts';

/*
 * A database with the tables of a schema set and without any of their seed rows, as a restored dump of the schema alone
 * leaves it. Provisioning writes the seed rows again (design 09 §2.4).
 */

/** Whether a database whose fingerprint has no row has neither seed rows nor documents. Throws the `DB_*` codes. */
export async function isUnseeded(connection: Connection, objects: CoreObjects, limits: Limits): Promise<boolean> {
  const tables = [core.effectiveSchema, core.resourceKey, core.schemaComponent, core.document];
  if (missingFingerprintTables(objects).length > 0 || !objects.tables.has(core.document.name)) return false;
  const { sql } = dialectOf[connection.dialect];
  const found = tables.map((table) => sql`EXISTS (SELECT 1 FROM ${table})`);
  const query = sql`SELECT CASE WHEN ${join(found, ' OR ')} THEN 1 ELSE 0 END AS n`;
  const rows = await readable(() => rowsOf<{ n: number }>(connection, query, limits));
  return rows !== null && Number(rows[0]?.n) === 0;
}

/** The same for the session's database. Throws the `DB_*` codes. */
export async function hasNoSeeds(connection: Connection, limits: Limits = {}): Promise<boolean> {
  return isUnseeded(connection, await readCoreObjects(connection, limits), limits);
}

/** What messages say of such a database, after its name. */
export const unseededText =
  'it has the tables of a schema set without their seed rows, as after a dump of the schema alone was restored.';

/** The way out of this state, the same in every command. */
export const unseededAdvice =
  'Run dms-ddl provision with the artifacts of that set: it writes the seed rows, if nothing else is missing.';
