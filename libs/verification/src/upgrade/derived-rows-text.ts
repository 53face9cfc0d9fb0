import type { Connection } from '@dms/databases';
import { derivedRows } from '@dms/ddl';
import { authTable } from '@dms/inventory';
import type { ComparedSet } from '@dms/upgrade';
import { generations } from '../generations.ts';

const quoted = ({ schema, name }: { readonly schema: string; readonly name: string }) =>
  `"${schema}"."${name.replaceAll('"', '""')}"`;

/** The rows of tables as texts, by table. */
async function rowsOf(
  connection: Connection,
  tables: readonly { readonly name: string; readonly sql: string }[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const { name, sql } of tables) {
    const rows = await connection.query<{ text: string }>(sql);
    found.set(name, rows.map(({ text }) => text).join('\n'));
  }
  return found;
}

/**
 * The derived rows of a PostgreSQL database as stored, and as recomputed from the tables; the recomputation is rolled
 * back (design 12 §1).
 */
export async function derivedRowsText(
  connection: Connection,
  set: ComparedSet,
): Promise<{ readonly stored: ReadonlyMap<string, string>; readonly computed: ReadonlyMap<string, string> }> {
  const { model, inventory } = set;
  const version = model.effectiveSchema.relationalMappingVersion;
  const texts = derivedRows(version, 'pgsql');
  const identities = generations[version].computedIdentities(set);
  const members = inventory.triggers.flatMap((trigger) =>
    trigger.kind === 'AbstractIdentityMaintenance' ? [trigger] : [],
  );
  const abstracts = new Map(members.map(({ targetTable }) => [quoted(targetTable), targetTable]));
  const hierarchy = inventory.authEdOrgHierarchy;
  const whole = (name: string) => ({ name, sql: `SELECT t::text AS text FROM ${name} AS t ORDER BY 1` });
  const tables = [
    ...identities,
    ...[...abstracts.keys()].map(whole),
    ...(hierarchy && hierarchy.entities.length > 0 ? [whole(quoted(authTable))] : []),
  ];
  const stored = await rowsOf(connection, tables);
  await connection.begin();
  try {
    for (const { statements } of identities) for (const statement of statements) await connection.execute(statement);
    // a superuser may delete rows that others refer to while the transaction lasts
    for (const name of abstracts.keys())
      await connection.execute(
        `SET CONSTRAINTS ALL DEFERRED; ALTER TABLE ${name} DISABLE TRIGGER ALL; DELETE FROM ${name}`,
      );
    for (const trigger of members) await connection.execute(texts.abstractIdentities(trigger));
    if (hierarchy && hierarchy.entities.length > 0) {
      await connection.execute(`DELETE FROM ${quoted(authTable)}`);
      await connection.execute(texts.hierarchy(hierarchy));
    }
    return { stored, computed: await rowsOf(connection, tables) };
  } finally {
    await connection.rollback();
  }
}
