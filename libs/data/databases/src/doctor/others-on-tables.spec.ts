import { givenScript } from '@dms/sql';
import { provisionedMssql } from '@dms/testing';
import { expect, it } from 'vitest';
import { targetOf } from '../../test/engines.ts';
import { emitted, later, small, smallSet } from '../../test/schema-sets.ts';
import { openDatabase } from '../drivers/open-database.ts';
import { introspect } from '../introspection/introspect.ts';
import { othersOnTables } from './others-on-tables.ts';

/* Objects on tables that an upgrade refuses, without a plan (design 12 §7.2). */

it('names parts of tables, and views on columns with another type, but none of the set', async () => {
  const connection = await openDatabase(targetOf('pglite:'));
  try {
    await connection.execute(
      givenScript(`CREATE SCHEMA edfi; CREATE SCHEMA "others";
CREATE TABLE edfi."School" ("DocumentId" bigint CONSTRAINT "CK_School" CHECK ("DocumentId" > 0), "Name" varchar(20), "Seats" integer);
CREATE TRIGGER "TR_School" BEFORE UPDATE ON edfi."School" FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE VIEW edfi."School_View" AS SELECT "Name" FROM edfi."School"; CREATE TABLE others.mine (a integer CHECK (a > 0))`),
    );
    const { catalog } = await introspect(connection);
    const later = catalog.tables.map((table) => ({
      ...table,
      columns: table.columns.map((column) => (column.name === 'Name' ? { ...column, type: 'text' } : column)),
    }));
    const set = { ...catalog, schemas: ['edfi'], views: [], tables: later };
    expect(await othersOnTables(connection, set, {})).toEqual([]);
    await connection.execute(
      givenScript(`ALTER TABLE edfi."School" ADD CONSTRAINT mine CHECK ("Seats" > 0);
CREATE POLICY ours ON edfi."School" USING (true); CREATE RULE mine AS ON DELETE TO edfi."School" DO ALSO NOTHING;
CREATE TRIGGER mine BEFORE UPDATE ON edfi."School" FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE VIEW others."School_View" AS SELECT "Name" FROM edfi."School"; CREATE VIEW others.seats AS SELECT "Seats" FROM edfi."School"`),
    );
    const found = await othersOnTables(connection, set, {});
    expect(found.map((each) => [each.code, each.class, each.details.objects])).toEqual([
      [
        'UPGRADE_DRIFTED',
        'W',
        ['check mine', 'policy ours', 'rule mine', 'trigger mine'].map((part) => `${part} on edfi.School`),
      ],
      ['UPGRADE_VIEWS_OBJECT', 'W', ['view others."School_View" (on edfi.School.Name)']],
    ]);
  } finally {
    await connection.close();
  }
});

it('compares a database of the given set with it, and knows the parts of another set by their names', async () => {
  const connection = await openDatabase(targetOf('pglite:'));
  try {
    await connection.execute(givenScript(small.script));
    const { catalog } = small;
    expect(await othersOnTables(connection, catalog, {})).toEqual([]);
    await connection.execute(
      givenScript(`ALTER TABLE edfi."Person" ADD CONSTRAINT "CK_Person_Mine" CHECK ("PersonId" > 0), ADD CONSTRAINT "CK_Mine" CHECK ("PersonId" > 0), ADD CONSTRAINT "CK_Persons_Mine" CHECK ("PersonId" > 0);
CREATE TRIGGER "TR_Human_AuthHierarchy_Insert" BEFORE UPDATE ON edfi."Person" FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()`),
    );
    const named = async (set: typeof catalog) =>
      (await othersOnTables(connection, set, {})).flatMap((each) => each.details.objects);
    const ofBoth = ['check CK_Mine on edfi.Person', 'check CK_Persons_Mine on edfi.Person'];
    const ofOther = ['check CK_Person_Mine on edfi.Person', 'trigger TR_Human_AuthHierarchy_Insert on edfi.Person'];
    expect((await named(catalog)).map(String).sort()).toEqual([...ofBoth, ...ofOther].sort());
    expect(await named(later.catalog)).toEqual(ofBoth);
  } finally {
    await connection.close();
  }
});

it('names statistics and keys on columns with another type on SQL Server, but none of the set', async () => {
  const input = emitted(smallSet(), 'mssql');
  const [table] = input.catalog.tables.filter(({ schema }) => schema === 'edfi');
  const [column] = table?.columns ?? [];
  const of = { finding: 'depends', number: 0, schema: 'edfi', table: table?.name, kind: null };
  const users = [
    { ...of, type: 'statistics', identity: 'mine on edfi.A', name: 'mine' },
    { ...of, type: 'index', identity: 'IX_Own on edfi.A', name: `IX_${table?.name}_Own` },
    { ...of, type: 'foreign key constraint', identity: 'FK_Mine on app.B', schema: 'app', table: 'B', name: 'FK_Mine' },
    { ...of, type: 'column', identity: 'edfi.A.Copy', name: 'Copy' },
  ];
  const recorded = provisionedMssql(input, (text) => (text.includes("SELECT N'depends'") ? [users] : undefined));
  const connection = await openDatabase(targetOf('mssql://sa@h/d', 'mssql'), { load: recorded.load });
  try {
    const tables = input.catalog.tables.map((each) =>
      each === table
        ? { ...each, columns: each.columns.map((own) => (own === column ? { ...own, type: 'int' } : own)) }
        : each,
    );
    const found = await othersOnTables(connection, { ...input.catalog, tables }, {});
    const on = `(on edfi.${table?.name}.${column?.name})`;
    expect(found.map((each) => [each.code, each.details.objects])).toEqual([
      ['UPGRADE_VIEWS_OBJECT', [`statistics mine on edfi.A ${on}`, `foreign key constraint FK_Mine on app.B ${on}`]],
    ]);
  } finally {
    await connection.close();
  }
});
