import { mappingVersions } from '@dms/api-schema';
import { qualified } from '@dms/model';
import { expect, it } from 'vitest';
import { columnInvariants } from '../../test/column-invariants.ts';
import { ownInput } from '../../test/inputs.ts';

it.each(mappingVersions)('every column of %s has an invariant, or a reason to have none', async (version) => {
  const unnamed = columnInvariants(await ownInput('pgsql', version)).flatMap(({ table, column, tie }) =>
    tie === undefined ? [`${qualified(table)}.${column.name}`] : [],
  );
  expect(unnamed).toEqual([]);
});
