import type { ResourceModel } from '@dms/model';
import { expectDiagnostic, handMade } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { compileMappingSet, compileReadPlan, getReadPlan, type ResourceReadPlan } from './index.ts';

const {
  binding,
  descriptor,
  edge,
  modelSet,
  named,
  ordinal,
  parentKey,
  reference,
  resource,
  rootTable,
  scalar,
  table,
} = handMade;

describe('the self-check of read plans (design 08 §7.6)', () => {
  const item = 'edfi.SchoolItem';
  const model: ResourceModel = resource(
    'Ed-Fi:School',
    [
      rootTable('edfi.School', [
        reference('A_DocumentId', '$.aReference', 'Ed-Fi:A'),
        scalar('A_Id', '$.aReference.id'),
        scalar('A_Name', '$.aReference.name'),
        descriptor('Kind', '$.kindDescriptor', 'Ed-Fi:KindDescriptor'),
      ]),
      table(item, '$.items[*]', [
        parentKey('School_DocumentId'),
        ordinal(),
        reference('B_DocumentId', '$.items[*].bReference', 'Ed-Fi:B'),
        scalar('B_Id', '$.items[*].bReference.id'),
      ]),
    ],
    {
      references: [
        binding('edfi.School', 'A_DocumentId', '$.aReference', 'Ed-Fi:A', [
          ['$.aReference.id', 'A_Id'],
          ['$.aReference.name', 'A_Name'],
        ]),
        binding(item, 'B_DocumentId', '$.items[*].bReference', 'Ed-Fi:B', [['$.items[*].bReference.id', 'B_Id']]),
      ],
      descriptors: [edge('edfi.School', 'Kind', '$.kindDescriptor', 'Ed-Fi:KindDescriptor')],
    },
  );
  const plan = compileReadPlan('pgsql', model);
  const [rootReferences, itemReferences] = plan.referenceIdentityProjectionPlansInDependencyOrder;
  if (!rootReferences || !itemReferences) throw new Error('two tables have references');
  const [toA] = rootReferences.bindingsInOrder;
  const [projection] = plan.descriptorProjectionPlansInOrder;
  const [source] = projection?.sourcesInOrder ?? [];
  if (!toA || !projection || !source) throw new Error('the plan has projections');

  const withReference = (changes: Partial<typeof toA>): Partial<ResourceReadPlan> => ({
    referenceIdentityProjectionPlansInDependencyOrder: [
      { ...rootReferences, bindingsInOrder: [{ ...toA, ...changes }] },
      itemReferences,
    ],
  });
  const withSource = (changes: Partial<typeof source>): Partial<ResourceReadPlan> => ({
    descriptorProjectionPlansInOrder: [{ ...projection, sourcesInOrder: [{ ...source, ...changes }] }],
  });
  const [firstField, secondField] = toA.identityFieldOrdinalsInOrder;
  if (!firstField || !secondField) throw new Error('the reference has two fields');

  const lookUp = (changes: Partial<ResourceReadPlan>) => () => {
    const mappingSet = compileMappingSet(modelSet([model]));
    return getReadPlan(
      { ...mappingSet, readPlansByResource: new Map([['Ed-Fi:School', { ...plan, ...changes }]]) },
      named('Ed-Fi:School'),
    );
  };

  it('accepts compiled plans, even if their descriptor sources are in several plans', () => {
    expect(lookUp({})()).toEqual(plan);
    const twoEdges = resource(
      'Ed-Fi:Two',
      [
        rootTable('edfi.Two', [
          descriptor('K1', '$.a', 'Ed-Fi:KindDescriptor'),
          descriptor('K2', '$.b', 'Ed-Fi:KindDescriptor'),
        ]),
      ],
      {
        descriptors: [
          edge('edfi.Two', 'K1', '$.a', 'Ed-Fi:KindDescriptor'),
          edge('edfi.Two', 'K2', '$.b', 'Ed-Fi:KindDescriptor'),
        ],
      },
    );
    const whole = compileReadPlan('pgsql', twoEdges);
    const sliced = whole.descriptorProjectionPlansInOrder.flatMap((entry) =>
      entry.sourcesInOrder.map((only) => ({ ...entry, sourcesInOrder: [only] })),
    );
    expect(sliced).toHaveLength(2);
    const mappingSet = compileMappingSet(modelSet([twoEdges]));
    const changed = {
      ...mappingSet,
      readPlansByResource: new Map([['Ed-Fi:Two', { ...whole, descriptorProjectionPlansInOrder: sliced }]]),
    };
    expect(getReadPlan(changed, named('Ed-Fi:Two')).descriptorProjectionPlansInOrder).toEqual(sliced);
  });

  const path = toA.referenceObjectPath;
  it.each<[string, Partial<ResourceReadPlan>, readonly string[]]>([
    ['no reference projections', { referenceIdentityProjectionPlansInDependencyOrder: [] }, ['edfi.School', item]],
    ['a table of references missing', { referenceIdentityProjectionPlansInDependencyOrder: [rootReferences] }, [item]],
    [
      'tables of references in another order',
      { referenceIdentityProjectionPlansInDependencyOrder: [itemReferences, rootReferences] },
      [item],
    ],
    [
      'a table of references twice',
      { referenceIdentityProjectionPlansInDependencyOrder: [rootReferences, itemReferences, itemReferences] },
      [item],
    ],
    [
      'a reference missing',
      {
        referenceIdentityProjectionPlansInDependencyOrder: [{ ...rootReferences, bindingsInOrder: [] }, itemReferences],
      },
      ['edfi.School'],
    ],
    [
      'a wrong FK ordinal',
      withReference({ fkColumnOrdinal: 2 }),
      ['edfi.School', path.canonical, 'A_DocumentId', 'A_Id'],
    ],
    [
      'an FK ordinal out of range',
      withReference({ fkColumnOrdinal: 5 }),
      ['edfi.School', path.canonical, 'A_DocumentId'],
    ],
    ['a negative ordinal', withReference({ fkColumnOrdinal: -1 }), ['edfi.School', path.canonical, 'A_DocumentId']],
    ['a wrong target', withReference({ targetResource: named('Ed-Fi:B') }), [path.canonical, 'Ed-Fi:A', 'Ed-Fi:B']],
    ['a wrong identity flag', withReference({ isIdentityComponent: true }), [path.canonical, 'false', 'true']],
    [
      'a field missing',
      withReference({ identityFieldOrdinalsInOrder: [firstField] }),
      [path.canonical, '$.aReference.name'],
    ],
    [
      'fields in another order',
      withReference({ identityFieldOrdinalsInOrder: [secondField, firstField] }),
      [path.canonical, '$.aReference.id, $.aReference.name'],
    ],
    [
      'a field twice',
      withReference({ identityFieldOrdinalsInOrder: [firstField, firstField] }),
      [path.canonical, '$.aReference.id, $.aReference.id'],
    ],
    [
      'a field that points elsewhere',
      withReference({ identityFieldOrdinalsInOrder: [{ ...firstField, columnOrdinal: 3 }, secondField] }),
      ['$.aReference.id', 'A_Name'],
    ],
    [
      'a field out of range',
      withReference({ identityFieldOrdinalsInOrder: [{ ...firstField, columnOrdinal: 17 }, secondField] }),
      ['$.aReference.id'],
    ],
    ['no descriptor projection', { descriptorProjectionPlansInOrder: [] }, ['1', '0']],
    [
      'a descriptor projection without sources',
      { descriptorProjectionPlansInOrder: [{ ...projection, sourcesInOrder: [] }] },
      ['0'],
    ],
    [
      'an extra projection without sources',
      { descriptorProjectionPlansInOrder: [projection, { ...projection, sourcesInOrder: [] }] },
      ['1'],
    ],
    ['a descriptor source twice', { descriptorProjectionPlansInOrder: [projection, projection] }, ['2']],
    [
      'another result shape',
      {
        descriptorProjectionPlansInOrder: [
          { ...projection, resultShape: { descriptorIdOrdinal: 1, uriOrdinal: 0 } as never },
        ],
      },
      ['0, 1', '1, 0'],
    ],
    [
      'a wrong descriptor ordinal',
      withSource({ descriptorIdColumnOrdinal: 1 }),
      ['edfi.School', '$.kindDescriptor', 'Kind', 'A_DocumentId'],
    ],
    [
      'a wrong descriptor table',
      withSource({ table: { schema: 'edfi', name: 'SchoolItem' } }),
      ['$.kindDescriptor', item],
    ],
    ['a wrong descriptor path', withSource({ descriptorValuePath: path }), ['$.kindDescriptor', path.canonical]],
    ['a wrong descriptor', withSource({ descriptorResource: named('Ed-Fi:B') }), ['Ed-Fi:KindDescriptor', 'Ed-Fi:B']],
    [
      'a table hydrated twice',
      { tablePlansInDependencyOrder: [...plan.tablePlansInDependencyOrder, ...plan.tablePlansInDependencyOrder] },
      ['4', '2'],
    ],
  ])('refuses %s', (_, changes, names) => {
    expectDiagnostic(lookUp(changes), 'PLAN_PROJECTION_CONTRACT', 'Ed-Fi:School', ...names);
  });

  it('refuses projections of a model without references and descriptors', () => {
    const plain = compileReadPlan('pgsql', resource('Ed-Fi:School', model.tablesInDependencyOrder));
    expect(lookUp(plain)()).toEqual(plain);
    expectDiagnostic(
      lookUp({ ...plain, referenceIdentityProjectionPlansInDependencyOrder: [itemReferences] }),
      'PLAN_PROJECTION_CONTRACT',
      item,
    );
    expectDiagnostic(lookUp({ ...plain, descriptorProjectionPlansInOrder: [projection] }), 'PLAN_PROJECTION_CONTRACT');
  });
});
