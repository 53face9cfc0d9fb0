import { mappingVersions } from '@dms/api-schema';
import { mirrorRules } from '@dms/laws';
import { core, qualified } from '@dms/model';
import { ownScriptedSet } from '@dms/testing';
import { expect, it } from 'vitest';

it.each([...mappingVersions])(
  'the rules for copies of stamps name the tables of %s that have them',
  async (version) => {
    const set = await ownScriptedSet('pgsql', version);
    const stamps = ['ContentVersion', 'ContentLastModifiedAt'];
    const copying = set.catalog.tables.filter(
      (table) =>
        qualified(table) !== qualified(core.document) &&
        stamps.every((stamp) => table.columns.some(({ name }) => name === stamp)),
    );
    expect(
      mirrorRules(set)
        .map(({ object }) => object)
        .sort(),
    ).toEqual(copying.map(qualified).sort());
  },
);
