import { type Connection, rowsOf, run } from '@dms/databases';
import { qualified } from '@dms/model';
import { dialectOf, empty, type PlainSql, pgsqlName, type QualifiedName, type SqlDialect, value } from '@dms/sql';

const { sql: pg } = dialectOf.pgsql;
const { sql: ms } = dialectOf.mssql;

/*
 * The triggers of the earlier set that run when a row is deleted. Between the renames of a plan and its new code their
 * bodies name tables and columns that no longer exist (design 12a §6). No SQL Server has run the statements for it.
 */

/** The tables from which rows are deleted, as they are called now, and the names of the triggers that must not run. */
interface QuietTables {
  readonly tables: readonly QualifiedName[];
  readonly triggers: readonly string[];
}

interface FoundTrigger {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  /** How it is enabled: `pg_trigger.tgenabled`; on SQL Server always `O`. */
  readonly state: string;
}

interface TriggerSwitch {
  /** The enabled triggers among these that run when a row is deleted. */
  find(connection: Connection, quiet: QuietTables): Promise<readonly FoundTrigger[]>;
  disable(trigger: FoundTrigger): PlainSql;
  /** Enables a trigger as it was. */
  enable(trigger: FoundTrigger): PlainSql;
}

const tableOf = ({ schema, table }: FoundTrigger): QualifiedName => ({ schema, name: table });
const nameOf = ({ schema, name }: FoundTrigger): QualifiedName => ({ schema, name });

/** What stands between ENABLE and TRIGGER, by `tgenabled`. */
const enabledAs: Readonly<Record<string, PlainSql>> = { O: empty, A: pg` ALWAYS`, R: pg` REPLICA` };

const switches: Readonly<Record<SqlDialect, TriggerSwitch>> = {
  pgsql: {
    find: (connection, { tables, triggers }) =>
      rowsOf<FoundTrigger>(
        connection,
        pg`SELECT n.nspname AS schema, c.relname AS table, t.tgname AS name, t.tgenabled::text AS state
FROM pg_catalog.pg_trigger AS t
INNER JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid
INNER JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND (t.tgtype & 8) <> 0 AND ${dialectOf.pgsql.among(pg`t.tgname`, triggers, 'text')}
  AND t.tgrelid = ANY (ARRAY(SELECT to_regclass(name) FROM unnest(${value(tables.map(pgsqlName))}::text[]) AS name))
ORDER BY 1, 2, 3`,
      ),
    disable: (trigger) => pg`ALTER TABLE ${tableOf(trigger)} DISABLE TRIGGER ${dialectOf.pgsql.id(trigger.name)}`,
    enable: (trigger) =>
      pg`ALTER TABLE ${tableOf(trigger)} ENABLE${enabledAs[trigger.state] ?? empty} TRIGGER ${dialectOf.pgsql.id(trigger.name)}`,
  },
  mssql: {
    find(connection, { tables, triggers }) {
      const { among } = dialectOf.mssql;
      const ofTables = among(ms`CONCAT(SCHEMA_NAME(o.schema_id), N'.', o.name)`, tables.map(qualified), 'text');
      return rowsOf<FoundTrigger>(
        connection,
        ms`SELECT SCHEMA_NAME(o.schema_id) AS "schema", o.name AS "table", t.name AS "name", N'O' AS "state"
FROM sys.triggers AS t
INNER JOIN sys.objects AS o ON o.object_id = t.parent_id
INNER JOIN sys.trigger_events AS e ON e.object_id = t.object_id AND e.type_desc = N'DELETE'
WHERE t.is_disabled = 0 AND ${ofTables} AND ${among(ms`t.name`, triggers, 'text')} ORDER BY 1, 2, 3`,
      );
    },
    disable: (trigger) => ms`DISABLE TRIGGER ${nameOf(trigger)} ON ${tableOf(trigger)};`,
    enable: (trigger) => ms`ENABLE TRIGGER ${nameOf(trigger)} ON ${tableOf(trigger)};`,
  },
};

/**
 * Deletes rows while the named triggers of their tables are disabled; triggers of others run. `action` leaves no check
 * behind that waits for the end of the transaction. Throws the `DB_*` codes.
 */
export async function withoutDeleteTriggers(
  connection: Connection,
  quiet: QuietTables,
  action: () => Promise<void>,
): Promise<void> {
  const { find, disable, enable } = switches[connection.dialect];
  const found = await find(connection, quiet);
  for (const trigger of found) await run(connection, disable(trigger));
  await action();
  for (const trigger of found) await run(connection, enable(trigger));
}
