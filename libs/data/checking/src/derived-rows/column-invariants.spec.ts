import { mappingVersions } from '@dms/api-schema';
import { qualified } from '@dms/model';
import { ownScriptedSet } from '@dms/testing';
import { expect, it } from 'vitest';
import { columnInvariants } from '../../test/column-invariants.ts';

it.each(mappingVersions)('every column of %s has an invariant, or a reason to have none', async (version) => {
  const unnamed = columnInvariants(await ownScriptedSet('pgsql', version)).flatMap(({ table, column, tie }) =>
    tie === undefined ? [`${qualified(table)}.${column.name}`] : [],
  );
  expect(unnamed).toEqual([]);
});
