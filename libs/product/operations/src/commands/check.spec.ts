import { mappingVersions } from '@dms/api-schema';
import { compareDatabase } from '@dms/checking';
import { type Connection, openDatabase, parseTarget } from '@dms/databases';
import { givenScript } from '@dms/sql';
import { ownSchemaFile, RecordedMssql, serverEngine } from '@dms/testing';
import { expect, it } from 'vitest';
import { databaseDesign, documentDesign } from '../sources/source.ts';

/* The warnings of a check that reads the rows of a SQL Server database (design 09c §4). */

it.each([
  ['without snapshots warns that rows may be read at different moments', true, 0, ['DOCUMENT_SNAPSHOT_OFF']],
  ['with snapshots gives no warning', true, 1, []],
  ['whose rows are not read gives no warning', false, 0, []],
] as const)('a check of a database %s', async (_, data, allowed, codes) => {
  const source = { kind: 'schemas', files: [ownSchemaFile('campus')] } as const;
  const recorded = new RecordedMssql((text) =>
    text.includes('snapshot_isolation_state') ? [[{ allowed }]] : undefined,
  );
  const { target } = parseTarget('mssql://sa@h/d', 'mssql');
  if (target.kind !== 'server') throw new Error('a server was named');
  const connection = await openDatabase(target, { load: recorded.load });
  const design = await databaseDesign(source, 'mssql');
  const { model, inventory, schemas } = await documentDesign(source, 'mssql', undefined, true);
  const rows = data ? { model, inventory, schemas: schemas ?? new Map() } : undefined;
  const { diagnostics } = await compareDatabase(connection, design, { rows });
  expect(diagnostics.map(({ code }) => code).filter((code) => code.startsWith('DOCUMENT_'))).toEqual(codes);
});

it.each(mappingVersions)('a check beside an upgrade tells the whole of one state (%s)', async (mappingVersion) => {
  const schema = mappingVersion === 'v1' ? 'campus' : 'district';
  const source = { kind: 'schemas', files: [ownSchemaFile(schema)], mappingVersion } as const;
  const design = await databaseDesign(source, 'pgsql');
  const { connection, open, close } = await serverEngine.open(design.script);
  try {
    const upgrade = await open();
    const later = ['EffectiveSchema', 'SchemaComponent'].map(
      (table) => `UPDATE dms."${table}" SET "EffectiveSchemaHash" = repeat('0', 64)`,
    );
    const queryAll: Connection['queryAll'] = async (statements, limits) => {
      // the rights are read after the catalog and before the fingerprint
      if (statements.some(({ pieces }) => pieces.some((piece) => piece.includes('has_table_privilege'))))
        await upgrade.execute(
          givenScript(
            ['SET session_replication_role TO replica', 'CREATE TABLE IF NOT EXISTS dms."Later" ()', ...later].join(
              ';\n',
            ),
          ),
        );
      return connection.queryAll(statements, limits);
    };
    const { catalog, gate } = await compareDatabase({ ...connection, queryAll }, design, {});
    expect(gate).not.toBe('ok');
    expect(catalog.tables.filter(({ name }) => name === 'Later')).toHaveLength(1);
  } finally {
    await close();
  }
});

it('a strict check accepts what the service adds for its change feed, as a note', async () => {
  const source = { kind: 'schemas', files: [ownSchemaFile('district')], mappingVersion: 'v2' } as const;
  const design = await databaseDesign(source, 'pgsql');
  const { connection, close } = await serverEngine.open(design.script);
  const feed = `dms_feed_${process.pid}`;
  const found = async () => {
    const { diff, failures } = await compareDatabase(connection, design, { strict: true });
    const differences = diff.differences.map(({ severity, change, path }) => `${severity} ${change} ${path.join()}`);
    return { differences, failures: failures.map(({ code }) => code) };
  };
  try {
    expect(await found()).toEqual({ differences: [], failures: [] });
    await connection.execute(
      givenScript(`CREATE ROLE ${feed} LOGIN REPLICATION;
      CREATE TABLE dms."CdcHeartbeat" ("Id" smallint PRIMARY KEY, "LastHeartbeatAt" timestamptz NOT NULL);
      ALTER TABLE dms."CdcHeartbeat" OWNER TO ${feed};
      GRANT SELECT ON dms."DocumentCache" TO ${feed};
      CREATE PUBLICATION feed FOR TABLE dms."DocumentCache", dms."CdcHeartbeat"`),
    );
    expect(await found()).toEqual({ differences: ['info extra dms.CdcHeartbeat'], failures: [] });
    await connection.execute(givenScript('CREATE TABLE dms."Heartbeat" ("Id" smallint PRIMARY KEY)'));
    expect(await found()).toMatchObject({ failures: ['VERIFY_CATALOG_DIFFERS'] });
  } finally {
    await connection.execute(givenScript(`DROP OWNED BY ${feed} CASCADE; DROP ROLE ${feed}`));
    await close();
  }
});
