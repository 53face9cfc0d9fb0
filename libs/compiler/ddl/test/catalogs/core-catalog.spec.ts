import { readScript } from '@dms/script-checks';
import { spelled } from '@dms/sql';
import { databaseEngines, hasSharedData, readSharedJson, type TestDatabase } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmittedSet, emitCampusAndAthletics } from '../emitted.ts';

/* Compares the objects of the schemas dms and auth with the catalogs of design 06, field by field. */

interface CatalogPart {
  readonly schemas: readonly string[];
  readonly extensions?: readonly unknown[];
  readonly sequences?: readonly Readonly<Record<string, unknown>>[];
  readonly tables: readonly {
    readonly schema: string;
    readonly name: string;
    readonly columns: readonly { readonly name: string; readonly sqlType: string }[];
    readonly constraints: readonly { readonly name: string; readonly kind: string; readonly expression?: string }[];
    readonly indexes: readonly { readonly name: string }[];
    readonly triggers: readonly { readonly name: string }[];
  }[];
  readonly functions: readonly Readonly<Record<string, unknown>>[];
  readonly views: readonly unknown[];
  readonly types: readonly unknown[];
}

const byName = <Item extends { readonly name: string }>(items: readonly Item[]) =>
  [...items].sort((a, b) => (a.name < b.name ? -1 : 1));

function vectors(dialect: string): { core: CatalogPart; auth: CatalogPart } {
  return readSharedJson('design', 'vectors', `core-catalog.${dialect}.json`);
}

const parts = ['core', 'auth'] as const;

async function pgsqlTables(database: TestDatabase, schema: string) {
  const tables = await database.query<{ id: string; name: string }>(
    'SELECT c.oid::text AS id, c.relname AS name FROM pg_class c WHERE c.relkind = \'r\' AND c.relnamespace = $1::regnamespace ORDER BY c.relname COLLATE "C"',
    [schema],
  );
  const columnNames = (table: string, key: string, numbers: string) =>
    `(SELECT array_agg(a.attname::text ORDER BY entry.ord) FROM unnest(${numbers}) WITH ORDINALITY entry(num, ord)
      JOIN pg_attribute a ON a.attrelid = ${table} AND a.attnum = entry.num) AS ${key}`;
  const withoutNulls = (row: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
  return Promise.all(
    tables.map(async ({ id, name }) => ({
      schema,
      name,
      columns: await database.query(
        `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS nullable,
           pg_get_expr(d.adbin, d.adrelid) AS default, CASE a.attidentity WHEN 'a' THEN 'ALWAYS' END AS identity
         FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
         WHERE a.attrelid = ${id} AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
      ),
      constraints: (
        await database.query(
          `SELECT k.conname AS name, CASE k.contype WHEN 'p' THEN 'PRIMARY KEY' WHEN 'u' THEN 'UNIQUE' WHEN 'c' THEN 'CHECK' ELSE 'FOREIGN KEY' END AS kind,
             ${columnNames('k.conrelid', 'columns', 'k.conkey')},
             (SELECT n.nspname || '.' || r.relname FROM pg_class r JOIN pg_namespace n ON n.oid = r.relnamespace WHERE r.oid = k.confrelid) AS "refTable",
             ${columnNames('k.confrelid', '"refColumns"', 'k.confkey')},
             CASE WHEN k.contype = 'f' THEN CASE k.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'a' THEN 'NO ACTION' ELSE k.confdeltype::text END END AS "onDelete",
             CASE WHEN k.contype = 'f' THEN CASE k.confupdtype WHEN 'c' THEN 'CASCADE' WHEN 'a' THEN 'NO ACTION' ELSE k.confupdtype::text END END AS "onUpdate",
             CASE WHEN k.contype = 'c' THEN pg_get_constraintdef(k.oid) END AS "catalogDefinition"
           FROM pg_constraint k WHERE k.conrelid = ${id} AND k.contype IN ('p', 'u', 'c', 'f') ORDER BY k.conname COLLATE "C"`,
        )
      ).map(withoutNulls),
      indexes: await database.query(
        `SELECT i.relname AS name, x.indisunique AS unique,
           ${columnNames('x.indrelid', 'columns', 'x.indkey[0:x.indnkeyatts - 1]')},
           coalesce((SELECT array_agg(a.attname::text ORDER BY o.ord) FROM unnest(x.indkey[x.indnkeyatts:]) WITH ORDINALITY o(num, ord)
             JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = o.num), '{}') AS include,
           EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = x.indexrelid AND k.contype IN ('p', 'u')) AS "fromConstraint", am.amname AS method
         FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_am am ON am.oid = i.relam
         WHERE x.indrelid = ${id} ORDER BY i.relname COLLATE "C"`,
      ),
      triggers: (
        await database.query<Record<string, unknown>>(
          `SELECT t.tgname AS name, pg_get_triggerdef(t.oid) AS definition,
           CASE WHEN t.tgtype & 2 > 0 THEN 'BEFORE' ELSE 'AFTER' END AS timing,
           array_remove(ARRAY[CASE WHEN t.tgtype & 4 > 0 THEN 'INSERT' END, CASE WHEN t.tgtype & 16 > 0 THEN 'UPDATE' END,
             CASE WHEN t.tgtype & 8 > 0 THEN 'DELETE' END], NULL) AS events,
           t.tgoldtable::text AS "oldTable", t.tgnewtable::text AS "newTable",
           (SELECT array_agg(a.attname::text) FROM pg_attribute a WHERE a.attrelid = t.tgrelid AND a.attnum = ANY (t.tgattr)) AS "updateOf",
           CASE WHEN t.tgtype & 1 > 0 THEN 'ROW' ELSE 'STATEMENT' END AS level,
           (SELECT n.nspname || '.' || p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = t.tgfoid) AS function
         FROM pg_trigger t WHERE t.tgrelid = ${id} AND NOT t.tgisinternal ORDER BY t.tgname COLLATE "C"`,
        )
      ).map(withoutNulls),
    })),
  );
}

describe.runIf(hasSharedData)('core objects (needs the shared conformance data)', () => {
  let emitted: EmittedSet;

  beforeAll(async () => {
    emitted = await emitCampusAndAthletics();
  });

  describe.each(databaseEngines())('read from $name', ({ openProvisioned }) => {
    let database: TestDatabase;

    beforeAll(async () => {
      database = await openProvisioned(emitted.pgsql.script);
    });

    afterAll(() => database.close());

    it.each(parts)('tables of %s', async (part) => {
      const expected = vectors('pgsql')[part];
      const schema = part === 'core' ? 'dms' : 'auth';
      const own = new Map(emitted.pgsql.catalog.tables.map((table) => [`${table.schema}.${table.name}`, table]));
      // types and expressions are spelled as in our catalog and script; everything else is read from the database
      const actual = (await pgsqlTables(database, schema)).map((table) => {
        const ownTable = own.get(`${schema}.${table.name}`);
        return {
          ...table,
          columns: table.columns.map((column, index) => ({ ...column, sqlType: ownTable?.columns[index]?.type })),
          constraints: table.constraints.map((constraint) => ({
            ...constraint,
            ...('catalogDefinition' in constraint && {
              expression: ownTable?.checks.find(({ name }) => name === constraint.name)?.expression,
            }),
          })),
        };
      });
      expect(actual).toEqual(
        expected.tables.map((table) => ({
          ...table,
          constraints: byName(table.constraints),
          indexes: byName(table.indexes),
        })),
      );
      // the script qualifies objects of pg_catalog, the vectors do not
      const script = emitted.pgsql.script.replaceAll('pg_catalog.', '');
      for (const { constraints } of expected.tables)
        for (const { name, expression } of constraints)
          if (expression !== undefined) expect(script).toContain(`ADD CONSTRAINT "${name}" CHECK (${expression});`);
    });

    it('schemas, extension, sequence, functions, views and types', async () => {
      const { core, auth } = vectors('pgsql');
      const [schemas] = await database.query<{ names: string[] }>(
        "SELECT array_agg(nspname::text ORDER BY nspname) AS names FROM pg_namespace WHERE nspname IN ('dms', 'auth')",
      );
      expect(schemas?.names).toEqual([...auth.schemas, ...core.schemas]);
      expect(
        await database.query(
          "SELECT e.extname AS name, n.nspname AS schema FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname <> 'plpgsql'",
        ),
      ).toEqual(core.extensions);
      // the server creates the identity sequence of dms.Document; it is not listed
      expect(
        await database.query(
          `SELECT schemaname AS schema, sequencename AS name, data_type::text AS "dataType", start_value AS start, increment_by AS increment,
             min_value::text AS min, max_value::text AS max, cycle FROM pg_sequences WHERE sequencename <> 'Document_DocumentId_seq'`,
        ),
      ).toEqual(core.sequences);
      const functions = await database.query<Record<string, unknown>>(
        `SELECT n.nspname AS schema, p.proname AS name, pg_get_function_identity_arguments(p.oid) AS arguments,
           pg_get_function_result(p.oid) AS returns, l.lanname AS language,
           CASE p.provolatile WHEN 'i' THEN 'IMMUTABLE' WHEN 's' THEN 'STABLE' ELSE 'VOLATILE' END AS volatility, p.proisstrict AS strict,
           CASE p.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' ELSE 'UNSAFE' END AS parallel, p.prosecdef AS "securityDefiner",
           quote_ident(n.nspname) || '.' || quote_ident(p.proname) || '(' || pg_get_function_identity_arguments(p.oid) || ') RETURNS ' || pg_get_function_result(p.oid) AS signature
         FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
         WHERE n.nspname IN ('dms', 'auth') ORDER BY p.proname COLLATE "C"`,
      );
      const unquoted = ({ signature, ...rest }: Readonly<Record<string, unknown>>) => ({
        ...rest,
        signature: String(signature).replaceAll('"', ''),
      });
      expect(functions.map(unquoted)).toEqual([...core.functions, ...auth.functions].map(unquoted));
      expect(
        await database.queryRows(
          "SELECT proname FROM pg_proc WHERE pronamespace = 'dms'::regnamespace AND proconfig IS NOT NULL",
        ),
      ).toEqual([]);
      expect(core.views).toEqual([]);
      expect(core.types).toEqual([]);
      expect(
        await database.queryRows(
          "SELECT relname FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace IN ('dms'::regnamespace, 'auth'::regnamespace)",
        ),
      ).toEqual([]);
      expect(
        await database.queryRows(
          `SELECT t.typname FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
           WHERE t.typnamespace IN ('dms'::regnamespace, 'auth'::regnamespace) AND (t.typtype IN ('d', 'e', 'r') OR c.relkind = 'c')`,
        ),
      ).toEqual([]);
    });

    it('no comments and no grants', async () => {
      expect(
        await database.queryRows(
          "SELECT 1 FROM pg_description WHERE classoid = 'pg_class'::regclass AND objoid IN (SELECT oid FROM pg_class WHERE relnamespace = 'dms'::regnamespace)",
        ),
      ).toEqual([]);
      expect(
        await database.queryRows(
          "SELECT 1 FROM pg_class WHERE relnamespace = 'dms'::regnamespace AND relacl IS NOT NULL",
        ),
      ).toEqual([]);
    });
  });

  it.each(parts)('the SQL Server script states the objects of %s', (part) => {
    const expected = vectors('mssql')[part];
    const schema = part === 'core' ? 'dms' : 'auth';
    const script = readScript(emitted.mssql.script);
    const tables = [...script.tables.values()].filter(({ name }) => name.startsWith(`${schema}.`));
    const actual = tables.map((table) => {
      const keys = table.constraints.filter(({ kind }) => kind === 'PRIMARY KEY' || kind === 'UNIQUE');
      return {
        schema,
        name: table.name.slice(schema.length + 1),
        columns: table.columns.map(({ name, type, nullable, identity, default: value }) => ({
          name,
          type,
          nullable,
          identity,
          default: value && `(${value.expression})`,
          defaultConstraint: value?.constraint ?? null,
        })),
        constraints: byName(table.constraints).map((constraint) => {
          const { name, kind, columns } = constraint;
          if (kind === 'CHECK') return { name, kind, expression: constraint.expression };
          if (kind !== 'FOREIGN KEY') return { name, kind, clustered: constraint.clustered ?? false, columns };
          const { target, targetColumns, onDelete, onUpdate } = constraint;
          return { name, kind, columns, refTable: target, refColumns: targetColumns, onDelete, onUpdate };
        }),
        indexes: byName([
          ...keys.map(({ name, clustered, columns }) => ({
            name,
            unique: true,
            clustered: clustered ?? false,
            columns,
            include: [],
            fromConstraint: true,
          })),
          ...table.indexes.map((index) => ({ ...index, clustered: false, fromConstraint: false })),
        ]),
        triggers: script.modules
          .filter((module) => module.table === table.name)
          .map(({ name, events }) => ({
            name: name.slice(schema.length + 1),
            timing: 'AFTER',
            events,
            level: 'STATEMENT',
          })),
      };
    });
    expect(actual).toEqual(
      expected.tables.map((table) => ({
        ...table,
        constraints: byName(table.constraints),
        indexes: byName(table.indexes),
      })),
    );
    expect(script.schemas).toEqual(expect.arrayContaining([...expected.schemas]));
    if (part === 'auth') return;

    const [sequence] = expected.sequences ?? [];
    expect([...script.sequences]).toEqual([
      [`dms.${sequence?.name}`, expect.objectContaining({ options: `START WITH ${sequence?.start}` })],
    ]);
    const functions = script.modules.filter(({ kind }) => kind === 'FUNCTION');
    expect(functions.map(({ name }) => name)).toEqual(
      expected.functions.map((routine) => `${routine.schema}.${routine.name}`),
    );
    const [routine] = expected.functions as readonly {
      parameters: readonly { name: string; type: string }[];
      returns: string;
      options: string[];
    }[];
    const parameters = routine?.parameters.map(({ name, type }) => `${name} ${type}`).join(', ');
    const header = spelled(functions[0]?.header ?? [])
      .replaceAll(/ ?([(),]) ?/g, '$1')
      .replaceAll(',', ', ');
    expect(header).toContain(`[uuidv5](${parameters})RETURNS ${routine?.returns} WITH ${routine?.options.join(', ')}`);
    expect(script.modules.filter(({ kind, name }) => kind === 'VIEW' && name.startsWith('dms.'))).toEqual([]);
  });

  it('invariant 15: the dialects have the same tables, columns, order and nullability, and the listed differences only', () => {
    const pgsql = vectors('pgsql').core;
    const mssql = vectors('mssql').core;
    const columns = ({ tables }: CatalogPart) =>
      tables.map((table) => [
        table.name,
        table.columns.map(({ name, ...column }) => [name, (column as unknown as { nullable: boolean }).nullable]),
      ]);
    const own = (dialect: 'pgsql' | 'mssql') =>
      emitted.in(dialect).catalog.tables.filter(({ schema }) => schema === 'dms');
    const ownColumns = (dialect: 'pgsql' | 'mssql') =>
      own(dialect).map((table) => [table.name, table.columns.map(({ name, nullable }) => [name, nullable])]);
    expect(ownColumns('pgsql')).toEqual(columns(pgsql));
    expect(ownColumns('mssql')).toEqual(columns(mssql));
    expect(ownColumns('pgsql')).toEqual(ownColumns('mssql'));
    const names = (dialect: 'pgsql' | 'mssql') =>
      new Set(
        own(dialect).flatMap(({ primaryKey, uniques, checks, foreignKeys, indexes }) =>
          [primaryKey!, ...uniques, ...checks, ...foreignKeys, ...indexes].map(({ name }) => name),
        ),
      );
    const inPgsql = names('pgsql');
    const inMssql = names('mssql');
    expect([...inPgsql].filter((name) => !inMssql.has(name)).sort()).toEqual([
      'CK_DocumentCache_JsonObject',
      'CK_EffectiveSchema_ResourceKeySeedHash_Length',
    ]);
    expect([...inMssql].filter((name) => !inPgsql.has(name)).sort()).toEqual(['CK_DocumentCache_IsJsonObject']);
  });
});
