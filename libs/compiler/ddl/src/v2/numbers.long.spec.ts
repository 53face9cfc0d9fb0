import { hasSharedData, usualDatabaseEngines } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { type Emitted, type EmittedSet, emitters } from '../../test/emitted.ts';
import { emitFixtureV2, fixturesV2 } from '../../test/fixtures-v2.ts';
import { countQuery, namedCounts } from '../../test/schema-counts.ts';
import { statementCount } from '../index.ts';

/* The numbers of design 16 §13. */

/** The number of statements that the objects of the model add to a script: segment C. */
function modelStatements({ catalog, inventory }: Emitted, isPerEntry: boolean): number {
  const tables = catalog.tables.filter(({ schema }) => schema !== 'dms');
  const coreIndexes = catalog.tables.filter(({ schema }) => schema === 'dms').flatMap(({ indexes }) => indexes);
  return [
    catalog.schemas.length - 1,
    tables.length,
    tables.flatMap(({ foreignKeys }) => foreignKeys).length,
    tables.flatMap(({ indexes }) => indexes).length,
    // indexes of dms.Descriptor that the inventory lists; three core indexes are not in it
    coreIndexes.length - 3,
    catalog.views.length,
    // the entry of dms.Descriptor belongs to the core
    isPerEntry ? inventory.triggers.length - 1 : 0,
    tables.flatMap(({ triggers }) => triggers).length,
  ].reduce((sum, count) => sum + count, 0);
}

function expectStatements({ set, pgsql, mssql }: EmittedSet): void {
  const n = set.info.resourceKeys.length;
  const m = set.info.schemaComponents.length;
  expect(statementCount('pgsql', pgsql.script)).toBe(2 + 58 + modelStatements(pgsql, true) + 2 + (n + 1) + 2 + (m + 1));
  expect(statementCount('mssql', mssql.script)).toBe(
    2 + 22 + 41 + modelStatements(mssql, false) + 2 + (n + 10) + 10 + (m + 10) + 1,
  );
}

describe('the numbers of the second generation', () => {
  it('campus and athletics have the statements of the chapter', async () => {
    const set = await emitters.v2.campusAndAthletics();
    expectStatements(set);
    expect(modelStatements(set.pgsql, true)).toBe(623);
    expect(statementCount('pgsql', set.pgsql.script)).toBe(722);
    expect(statementCount('mssql', set.mssql.script)).toBe(578);
  });

  it.runIf(hasSharedData).each(Object.keys(fixturesV2))(
    '%s has the statements of the chapter (needs the shared conformance data)',
    async (fixture) => {
      expectStatements(await emitFixtureV2(fixture));
    },
  );

  it('campus and athletics have the objects of the chapter', async () => {
    const { pgsql, mssql } = await emitters.v2.campusAndAthletics();
    const database = await (usualDatabaseEngines()[0] as ReturnType<typeof usualDatabaseEngines>[number]).open();
    try {
      await database.exec(pgsql.script);
      const counts = new Map(
        (await database.queryRows(countQuery)).map(([schema, ...list]) => [String(schema), list as number[]]),
      );
      const deferrable = await database.queryRows(
        `SELECT n.nspname, count(*) FROM pg_constraint AS k JOIN pg_namespace AS n ON n.oid = k.connamespace
          WHERE k.contype = 'f' AND k.condeferrable GROUP BY 1 ORDER BY 1`,
      );
      const shown = (schema: string) => {
        const named = namedCounts(counts.get(schema) ?? []);
        const mssqlCascades = mssql.catalog.tables
          .filter((table) => table.schema === schema)
          .flatMap(({ foreignKeys }) => foreignKeys)
          .filter(({ onUpdate }) => onUpdate === 'CASCADE').length;
        return [
          named.tables,
          named.columns,
          named.generated,
          named['not null columns'],
          named.uniques,
          named['foreign keys'],
          named['delete cascades'],
          `${named['update cascades']}/${mssqlCascades}`,
          named.checks,
          named['indexes without constraint'],
        ];
      };
      expect(
        Object.fromEntries(
          ['campus', 'athletics', 'tracked_changes_campus', 'tracked_changes_athletics'].map((schema) => [
            schema,
            shown(schema),
          ]),
        ),
      ).toEqual({
        campus: [49, 442, 23, 311, 100, 101, 49, '13/11', 39, 94],
        athletics: [14, 114, 6, 72, 22, 32, 14, '1/1', 11, 27],
        tracked_changes_campus: [20, 213, 0, 137, 0, 0, 0, '0/0', 0, 0],
        tracked_changes_athletics: [3, 33, 0, 21, 0, 0, 0, '0/0', 0, 0],
      });
      expect(deferrable).toEqual([
        ['athletics', 1],
        ['campus', 5],
      ]);
      for (const schema of ['campus', 'athletics', 'tracked_changes_campus', 'tracked_changes_athletics']) {
        const named = namedCounts(counts.get(schema) ?? []);
        expect(named['primary keys'], schema).toBe(named.tables);
      }
    } finally {
      await database.close();
    }
  });
});
