import type { Column, ResourceModel } from '@dms/model';
import { handMade } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { compileReadPlan, type ResourceReadPlan } from './index.ts';

const {
  alias,
  binding,
  descriptor,
  edge,
  flag,
  ordinal,
  parentKey,
  reference,
  resource,
  rootTable,
  scalar,
  table,
  unified,
} = handMade;

const kind = 'Ed-Fi:KindDescriptor';

const school = (columns: readonly Column[], parts: handMade.ResourceParts = {}): ResourceModel =>
  resource('Ed-Fi:School', [rootTable('edfi.School', columns)], parts);

const lines = (...text: readonly string[]) => `${text.join('\n')}\n`;

/** Path and ordinal of every source of the only descriptor projection. */
function descriptorSources({ descriptorProjectionPlansInOrder }: ResourceReadPlan) {
  return descriptorProjectionPlansInOrder.map(({ sourcesInOrder }) =>
    sourcesInOrder.map((source) => [
      source.descriptorValuePath.canonical,
      source.table.name,
      source.descriptorIdColumnOrdinal,
    ]),
  );
}

describe('hydration (design 08 §7.3)', () => {
  const model = resource('Ed-Fi:School', [
    rootTable('edfi.School', [
      flag('A_Present'),
      scalar('Code_Unified', null),
      alias(scalar('A', '$.a'), 'Code_Unified', 'A_Present'),
      scalar('Total', '$.total', 'Int32', { isWritable: false }),
    ]),
    table('edfi.SchoolAddressPeriod', '$.addresses[*].periods[*]', [
      parentKey('School_DocumentId'),
      parentKey('AddressOrdinal'),
      ordinal(),
      scalar('PeriodName', '$.addresses[*].periods[*].periodName'),
    ]),
  ]);

  it('selects all columns of the root, stored or not, by the keyset table', () => {
    const plan = compileReadPlan('pgsql', model);
    expect(plan.keysetTable).toEqual({ tempTableName: 'page', documentIdColumnName: 'DocumentId' });
    expect(plan.tablePlansInDependencyOrder[0]?.selectByKeysetSql).toBe(
      lines(
        'SELECT',
        '    r."DocumentId",',
        '    r."A_Present",',
        '    r."Code_Unified",',
        '    r."A",',
        '    r."Total"',
        'FROM "edfi"."School" r',
        'INNER JOIN "page" k ON r."DocumentId" = k."DocumentId"',
        'ORDER BY',
        '    r."DocumentId" ASC',
        ';',
      ),
    );
  });

  it('joins other tables on the first key column and orders by the whole key', () => {
    const plan = compileReadPlan('mssql', model);
    expect(plan.keysetTable).toEqual({ tempTableName: '#page', documentIdColumnName: 'DocumentId' });
    expect(plan.tablePlansInDependencyOrder[1]?.selectByKeysetSql).toBe(
      lines(
        'SELECT',
        '    t.[School_DocumentId],',
        '    t.[AddressOrdinal],',
        '    t.[Ordinal],',
        '    t.[PeriodName]',
        'FROM [edfi].[SchoolAddressPeriod] t',
        'INNER JOIN [#page] k ON t.[School_DocumentId] = k.[DocumentId]',
        'ORDER BY',
        '    t.[School_DocumentId] ASC,',
        '    t.[AddressOrdinal] ASC,',
        '    t.[Ordinal] ASC',
        ';',
      ),
    );
  });

  it('a resource without references and descriptors has no projections', () => {
    const plan = compileReadPlan('pgsql', model);
    expect(plan.referenceIdentityProjectionPlansInDependencyOrder).toEqual([]);
    expect(plan.descriptorProjectionPlansInOrder).toEqual([]);
  });
});

describe('descriptor projection (design 08 §7.5)', () => {
  it('case 27: two unified paths are one arm on the canonical column, and two sources', () => {
    const model = resource(
      'Ed-Fi:School',
      [
        rootTable(
          'edfi.School',
          [
            flag('First_Present'),
            descriptor('Kind_Unified', null, kind),
            alias(descriptor('First_DescriptorId', '$.firstDescriptor', kind), 'Kind_Unified', 'First_Present'),
            alias(descriptor('Second_DescriptorId', '$.secondDescriptor', kind), 'Kind_Unified'),
          ],
          { classes: [unified('Kind_Unified', 'First_DescriptorId', 'Second_DescriptorId')] },
        ),
      ],
      {
        descriptors: [
          edge('edfi.School', 'First_DescriptorId', '$.firstDescriptor', kind),
          edge('edfi.School', 'Second_DescriptorId', '$.secondDescriptor', kind),
        ],
      },
    );
    const plan = compileReadPlan('pgsql', model);
    expect(plan.descriptorProjectionPlansInOrder.map(({ selectByKeysetSql }) => selectByKeysetSql)).toEqual([
      lines(
        'SELECT',
        '    p."DescriptorId",',
        '    d."Uri"',
        'FROM',
        '    (',
        '        SELECT DISTINCT t0."Kind_Unified" AS "DescriptorId"',
        '        FROM "edfi"."School" t0',
        '        INNER JOIN "page" k ON t0."DocumentId" = k."DocumentId"',
        '        WHERE t0."Kind_Unified" IS NOT NULL',
        '    ) p',
        'INNER JOIN "dms"."Descriptor" d ON d."DocumentId" = p."DescriptorId"',
        'ORDER BY',
        '    p."DescriptorId" ASC',
        ';',
      ),
    ]);
    expect(descriptorSources(plan)).toEqual([
      [
        ['$.firstDescriptor', 'School', 3],
        ['$.secondDescriptor', 'School', 4],
      ],
    ]);
    expect(plan.descriptorProjectionPlansInOrder[0]?.resultShape).toEqual({ descriptorIdOrdinal: 0, uriOrdinal: 1 });
  });

  it('case 28: two columns are two arms, ordered by table and column position, not by the edges', () => {
    const grades = 'edfi.SchoolGrade';
    const model = resource(
      'Ed-Fi:School',
      [
        rootTable('edfi.School', [
          descriptor('Zone_DescriptorId', '$.zoneDescriptor', 'Ed-Fi:ZoneDescriptor'),
          descriptor('Kind_DescriptorId', '$.kindDescriptor', kind),
        ]),
        table(grades, '$.grades[*]', [
          parentKey('School_DocumentId'),
          ordinal(),
          descriptor('Grade_DescriptorId', '$.grades[*]', 'Ed-Fi:GradeDescriptor'),
        ]),
      ],
      {
        descriptors: [
          edge(grades, 'Grade_DescriptorId', '$.grades[*]', 'Ed-Fi:GradeDescriptor'),
          edge('edfi.School', 'Kind_DescriptorId', '$.kindDescriptor', kind),
          edge('edfi.School', 'Zone_DescriptorId', '$.zoneDescriptor', 'Ed-Fi:ZoneDescriptor'),
        ],
      },
    );
    const plan = compileReadPlan('mssql', model);
    const arm = (alias: string, column: string, from: string, key: string) => [
      `        SELECT ${alias}.[${column}] AS [DescriptorId]`,
      `        FROM [edfi].[${from}] ${alias}`,
      `        INNER JOIN [#page] k ON ${alias}.[${key}] = k.[DocumentId]`,
      `        WHERE ${alias}.[${column}] IS NOT NULL`,
    ];
    expect(plan.descriptorProjectionPlansInOrder.map(({ selectByKeysetSql }) => selectByKeysetSql)).toEqual([
      lines(
        'SELECT',
        '    p.[DescriptorId],',
        '    d.[Uri]',
        'FROM',
        '    (',
        ...arm('t0', 'Zone_DescriptorId', 'School', 'DocumentId'),
        '        UNION',
        ...arm('t1', 'Kind_DescriptorId', 'School', 'DocumentId'),
        '        UNION',
        ...arm('t2', 'Grade_DescriptorId', 'SchoolGrade', 'School_DocumentId'),
        '    ) p',
        'INNER JOIN [dms].[Descriptor] d ON d.[DocumentId] = p.[DescriptorId]',
        'ORDER BY',
        '    p.[DescriptorId] ASC',
        ';',
      ),
    ]);
    // the sources keep the order of the model
    expect(descriptorSources(plan)).toEqual([
      [
        ['$.grades[*]', 'SchoolGrade', 2],
        ['$.kindDescriptor', 'School', 2],
        ['$.zoneDescriptor', 'School', 1],
      ],
    ]);
  });
});

describe('reference identity projection (design 08 §7.4)', () => {
  /** Path, FK ordinal and fields of every binding, by table. */
  function projections({ referenceIdentityProjectionPlansInDependencyOrder }: ResourceReadPlan) {
    return referenceIdentityProjectionPlansInDependencyOrder.map(({ table: { name }, bindingsInOrder }) => [
      name,
      bindingsInOrder.map((entry) => [
        entry.referenceObjectPath.canonical,
        entry.fkColumnOrdinal,
        entry.identityFieldOrdinalsInOrder.map(
          ({ referenceJsonPath, columnOrdinal }) => `${referenceJsonPath.canonical} ${columnOrdinal}`,
        ),
      ]),
    ]);
  }

  it('case 30: parts that are supplied by one JSON value are one field, read from the first column', () => {
    const model = school(
      [
        scalar('SchoolId_Unified', null, 'Int32'),
        reference('Offering_DocumentId', '$.offeringReference', 'Ed-Fi:Offering'),
        scalar('Offering_Code', '$.offeringReference.code'),
        alias(
          scalar('Offering_Other', '$.offeringReference.schoolId', 'Int32'),
          'SchoolId_Unified',
          'Offering_DocumentId',
        ),
        alias(
          scalar('Offering_School', '$.offeringReference.schoolId', 'Int32'),
          'SchoolId_Unified',
          'Offering_DocumentId',
        ),
      ],
      {
        references: [
          binding(
            'edfi.School',
            'Offering_DocumentId',
            '$.offeringReference',
            'Ed-Fi:Offering',
            [
              ['$.offeringReference.schoolId', 'Offering_School'],
              ['$.offeringReference.code', 'Offering_Code'],
              ['$.offeringReference.schoolId', 'Offering_Other'],
            ],
            true,
          ),
        ],
      },
    );
    const plan = compileReadPlan('pgsql', model);
    expect(projections(plan)).toEqual([
      ['School', [['$.offeringReference', 2, ['$.offeringReference.schoolId 5', '$.offeringReference.code 3']]]],
    ]);
    expect(plan.referenceIdentityProjectionPlansInDependencyOrder[0]?.bindingsInOrder[0]).toMatchObject({
      isIdentityComponent: true,
      targetResource: { projectName: 'Ed-Fi', resourceName: 'Offering' },
    });
  });

  it('lists tables with references in the order of the model, references in the order of the bindings', () => {
    const to = (tableName: string, name: string, source: string) =>
      binding(tableName, `${name}_DocumentId`, source, `Ed-Fi:${name}`, [[`${source}.id`, `${name}_Id`]]);
    const columns = (name: string, source: string) => [
      reference(`${name}_DocumentId`, source, `Ed-Fi:${name}`),
      scalar(`${name}_Id`, `${source}.id`),
    ];
    const model = resource(
      'Ed-Fi:School',
      [
        rootTable('edfi.School', [...columns('B', '$.bReference'), ...columns('A', '$.aReference')]),
        table('edfi.SchoolEmpty', '$.empty[*]', [parentKey('School_DocumentId'), ordinal()]),
        table('edfi.SchoolItem', '$.items[*]', [
          parentKey('School_DocumentId'),
          ordinal(),
          ...columns('C', '$.items[*].cReference'),
        ]),
      ],
      {
        references: [
          to('edfi.SchoolItem', 'C', '$.items[*].cReference'),
          to('edfi.School', 'A', '$.aReference'),
          to('edfi.School', 'B', '$.bReference'),
        ],
      },
    );
    expect(projections(compileReadPlan('pgsql', model))).toEqual([
      [
        'School',
        [
          ['$.aReference', 3, ['$.aReference.id 4']],
          ['$.bReference', 1, ['$.bReference.id 2']],
        ],
      ],
      ['SchoolItem', [['$.items[*].cReference', 2, ['$.items[*].cReference.id 3']]]],
    ]);
  });
});
