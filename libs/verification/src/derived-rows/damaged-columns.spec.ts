import { type MappingVersion, mappingVersions } from '@dms/api-schema';
import { qualified } from '@dms/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { columnInvariants } from '../../test/column-invariants.ts';
import { type DamagedDatabase, openHistory, searchForWrongedRows } from '../../test/search-for-wronged-rows.ts';
import { checkData } from './check-data.ts';

/* The law of repairs (design 09 §7.6) for some damages; `damaged-columns.long.spec.ts` tries many, and each column. */

describe.each<MappingVersion>([...mappingVersions])('damaged rows of %s', (version) => {
  let history: DamagedDatabase;
  beforeAll(async () => {
    history = await openHistory(version);
  }, 240_000);
  afterAll(() => history.database.close());

  it('are not found after documents were written, changed, renamed and deleted', { timeout: 120_000 }, async () => {
    expect(await checkData(history.database.connection, history.input)).toEqual([]);
  });

  it('are repaired without a change of a column that was right', { timeout: 600_000 }, async () => {
    const { found } = await searchForWrongedRows(history, { first: 1, count: 20 });
    expect(found).toBeGreaterThan(5);
  });

  it('are told for each column: every column has an invariant or a reason to have none', () => {
    const unnamed = columnInvariants(history.input).flatMap(({ table, column, tie }) =>
      tie === undefined ? [`${qualified(table)}.${column.name}`] : [],
    );
    expect(unnamed).toEqual([]);
  });
});
