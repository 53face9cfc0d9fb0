import { type MappingVersion, mappingVersions } from '@dms/api-schema';
import type { CatalogTable } from '@dms/catalog';
import { core, qualified } from '@dms/model';
import { givenScript, trusted } from '@dms/sql';
import { isThorough, propertyRuns, propertyTimeout, shareOf, testLimits, usualGenerations } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ColumnInvariant, columnInvariants } from '../../test/column-invariants.ts';
import { missedCorruptions } from '../../test/missed-corruptions.ts';
import { nestedConnection } from '../../test/nested-connection.ts';
import { nameOf } from '../../test/random-damage.ts';
import {
  type DamagedDatabase,
  kindsAfter,
  openHistory,
  searchForWrongedRows,
} from '../../test/search-for-wronged-rows.ts';
import { checkData, repairData } from './check-data.ts';

/* The law of repairs (design 09c §4). `DMS_PROPERTY_RUNS=10` tries 500 damages in each generation. */
const usual = 50;

const usualVersions: readonly MappingVersion[] = [
  ...usualGenerations('v1'),
  ...(isThorough ? (['v2-natural'] as const) : []),
];

describe.each(mappingVersions)('damaged rows of %s', (version) => {
  let history: DamagedDatabase;
  beforeAll(async () => {
    history = await openHistory(version);
  });
  afterAll(() => history.database.close());

  it.each(missedCorruptions[version])('%s is found', async (_, sql, kind) => {
    expect(await kindsAfter(history, sql)).toContain(kind);
  });

  // the cases above differ between the generations; the rest of the spec works alike in all
  if (!usualVersions.includes(version)) return;

  it('are not found after documents were written, changed, renamed and deleted', async () => {
    expect(await checkData(history.database.connection, history.input)).toEqual([]);
  });

  it('are repaired without a change of a column that was right', async () => {
    const { found, repaired } = await searchForWrongedRows(history, { first: 1000, count: propertyRuns(usual) });
    expect(found).toBeGreaterThan(propertyRuns(usual) / 3);
    // after most damages a repair lacks some of the rows that it needs
    if (propertyRuns(usual) >= 500) expect(repaired).toBeGreaterThan(0);
  });

  it('are found in each column that has an invariant', {
    timeout: propertyTimeout(testLimits.exhaustive),
  }, async () => {
    const wrong: string[] = [];
    const all = columnInvariants(history.input);
    const isOfCore = ({ table }: { readonly table: CatalogTable }) => table.schema === core.document.schema;
    const some = shareOf(
      all.filter((each) => !isOfCore(each)),
      6,
    );
    for (const { table, column, tie } of [...all.filter(isOfCore), ...some]) {
      if (tie === undefined || typeof tie === 'string') continue;
      const { wrong: value, where = 'true', kinds }: ColumnInvariant = tie;
      const name = nameOf(table);
      const row = `(SELECT max(ctid) FROM ${name} WHERE ${where})`;
      const found = await kindsAfter(history, `UPDATE ${name} SET "${column.name}" = ${value} WHERE ctid = ${row}`);
      // a check or a key refuses the value, or no row has a value
      if (found === null) continue;
      if (!kinds.some((kind) => found.includes(kind)))
        wrong.push(`${qualified(table)}.${column.name}: ${found.join()}`);
    }
    expect(wrong).toEqual([]);
  });

  it.skipIf(version === 'v2-natural')(
    'a descriptor whose code value and Uri were damaged together keeps its referential id',
    async () => {
      const { database, input } = history;
      const { connection } = database;
      const ids = () =>
        connection.query(
          trusted(`SELECT "DocumentId", "ReferentialId" FROM dms."ReferentialIdentity" ORDER BY "ReferentialId"`),
        );
      const before = await ids();
      const descriptors = await connection.query<{ id: string }>(
        trusted(`SELECT "DocumentId"::text AS id FROM dms."Descriptor" ORDER BY "DocumentId"`),
      );
      for (const { id } of descriptors.filter((_, index) => index % 4 === 0)) {
        await connection.begin();
        try {
          await connection.execute(
            givenScript(
              `SET LOCAL session_replication_role = replica; UPDATE dms."Descriptor" SET "CodeValue" = 'zz', "Uri" = "Namespace" || '#zz' WHERE "DocumentId" = ${id}; SET LOCAL session_replication_role = origin`,
            ),
          );
          const left = await repairData(nestedConnection(connection), input);
          const found = left.find(({ object, kind }) => kind === 'referentialIdentity' && object === 'dms.Descriptor');
          expect(found).toMatchObject({ repairable: false, count: 1 });
          expect(found?.examples[0]).toMatch(/^\S+ \(\S+ \d+ or \S+ \d+\)$/);
          expect(await ids()).toEqual(before);
        } finally {
          await connection.rollback();
        }
      }
    },
  );
});
