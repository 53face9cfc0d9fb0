import { dialects } from '@dms/sql';
import { resourceOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { deriveInventory } from '../../src/index.ts';
import { derive } from '../derived.ts';
import { type HandMadeTable, handMadeModel } from '../hand-made.ts';
import { triggerNames } from '../inventory-lookup.ts';
import { longNamed, longRoot, longTarget } from '../long-names.ts';

describe('the order of both lists', () => {
  const tables: HandMadeTable[] = [
    { name: 'edfi.School_X' },
    { name: 'edfi.schoolyear' },
    { name: 'edfi.SchoolAddress' },
    { name: 'Zeta.A' },
    { name: 'alpha.B' },
    {
      name: 'edfi.School',
      columns: ['b', 'a'],
      foreignKeys: [['b'], ['a']],
      uniques: [['a', 'b']],
      uniqueNames: ['UX_School_NK'],
    },
  ];

  it.each(dialects)(
    'is by schema, table and name, ordinal, in %s: upper case before `_` before lower case',
    (dialect) => {
      const inventory = deriveInventory(handMadeModel(dialect, ...tables));
      expect(inventory.indexes.map(({ table, name }) => `${table.schema}.${table.name} ${name}`)).toEqual([
        'Zeta.A PK_A',
        'alpha.B PK_B',
        'edfi.School IX_School_b',
        'edfi.School PK_School',
        'edfi.School UX_School_NK',
        'edfi.SchoolAddress PK_SchoolAddress',
        'edfi.School_X PK_School_X',
        'edfi.schoolyear PK_schoolyear',
      ]);
      expect(triggerNames(inventory)).toEqual([
        'Zeta.A TR_A_ReferentialIdentity',
        'Zeta.A TR_A_Stamp',
        'alpha.B TR_B_ReferentialIdentity',
        'alpha.B TR_B_Stamp',
        'edfi.School TR_School_ReferentialIdentity',
        'edfi.School TR_School_Stamp',
        'edfi.SchoolAddress TR_SchoolAddress_ReferentialIdentity',
        'edfi.SchoolAddress TR_SchoolAddress_Stamp',
        'edfi.School_X TR_School_X_ReferentialIdentity',
        'edfi.School_X TR_School_X_Stamp',
        'edfi.schoolyear TR_schoolyear_ReferentialIdentity',
        'edfi.schoolyear TR_schoolyear_Stamp',
      ]);
    },
  );

  it.each(dialects)('does not depend on the order of the model in %s', (dialect) => {
    const inventory = deriveInventory(handMadeModel(dialect, ...tables));
    const model = handMadeModel(dialect, ...tables);
    expect(deriveInventory({ ...model, resources: [...model.resources].reverse() })).toEqual(inventory);
  });

  it('is by the shortened names of the tables', () => {
    const { inventory, model } = derive('pgsql', ...longNamed);
    const roots = [longRoot, longTarget].map(
      (name) => resourceOf(model, `Ed-Fi:${name}`).tablesInDependencyOrder[0]?.table.name,
    );
    expect(roots.every((name) => name !== undefined && name.length === 63)).toBe(true);
    const owners = inventory.triggers.map(({ table }) => `${table.schema} ${table.name}`);
    expect(owners).toEqual([...owners].sort());
  });
});
