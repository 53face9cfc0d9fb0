import { type MappingVersion, mappingVersions } from '@dms/api-schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DamagedDatabase, openHistory, searchForWrongedRows } from '../../test/search-for-wronged-rows.ts';
import { checkData } from './check-data.ts';

describe.each<MappingVersion>([...mappingVersions])('a repair of %s', (version) => {
  let history: DamagedDatabase;
  beforeAll(async () => {
    history = await openHistory(version);
  }, 240_000);
  afterAll(() => history.database.close());

  it('finds nothing to do after documents were written, changed, renamed and deleted', { timeout: 120_000 }, async () => {
    expect(await checkData(history.database.connection, history.input)).toEqual([]);
  });

  it('never changes a column that was right', { timeout: 600_000 }, async () => {
    console.log(
      await searchForWrongedRows(history, { first: Number(process.env.FIRST ?? 1), count: Number(process.env.COUNT ?? 20) }),
    );
  });
});
