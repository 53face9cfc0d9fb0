import { dialects } from '@dms/sql';
import { handMade } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { compileReadPlan, compileWritePlan } from './index.ts';
import { planSqlHash } from './manifest-parts.ts';

const { alias, binding, descriptor, edge, ordinal, parentKey, reference, resource, rootTable, scalar, table, unified } =
  handMade;

// design 08 §14

const root = 'edfi.CampRegistration';
const activity = 'edfi.CampRegistrationActivity';
const gradeLevel = 'edfi.CampRegistrationGradeLevelDescriptor';

const campRegistration = resource(
  'Ed-Fi:CampRegistration',
  [
    rootTable(
      root,
      [
        scalar('SchoolId_Unified', null, 'Int32', { isNullable: false }),
        reference('Calendar_DocumentId', '$.calendarReference', 'Ed-Fi:Calendar'),
        scalar('Calendar_CalendarCode', '$.calendarReference.calendarCode'),
        alias(
          scalar('Calendar_SchoolId', '$.calendarReference.schoolId', 'Int32'),
          'SchoolId_Unified',
          'Calendar_DocumentId',
        ),
        reference('School_DocumentId', '$.schoolReference', 'Ed-Fi:School'),
        alias(
          scalar('School_SchoolId', '$.schoolReference.schoolId', 'Int32'),
          'SchoolId_Unified',
          'School_DocumentId',
        ),
        descriptor('CampTypeDescriptor_DescriptorId', '$.campTypeDescriptor', 'Ed-Fi:CampTypeDescriptor'),
        scalar('StartDate', '$.startDate', 'Date'),
        scalar('Fee__Amount', '$.feeAmount', 'Decimal'),
      ],
      { classes: [unified('SchoolId_Unified', 'Calendar_SchoolId', 'School_SchoolId')] },
    ),
    table('sample.CampRegistrationExtension', '$._ext.sample', [
      parentKey('DocumentId'),
      scalar('CabinName', '$._ext.sample.cabinName'),
    ]),
    table(activity, '$.activities[*]', [
      parentKey('CampRegistration_DocumentId'),
      ordinal(),
      reference('Staff_DocumentId', '$.activities[*].staffReference', 'Ed-Fi:Staff'),
      scalar('Staff_StaffUniqueId', '$.activities[*].staffReference.staffUniqueId'),
      scalar('ActivityName', '$.activities[*].activityName'),
    ]),
    table('edfi.CampRegistrationActivitySession', '$.activities[*].sessions[*]', [
      parentKey('CampRegistration_DocumentId'),
      parentKey('ActivityOrdinal'),
      ordinal(),
      scalar('StartTime', '$.activities[*].sessions[*].startTime', 'Time'),
    ]),
    table(gradeLevel, '$.gradeLevelDescriptors[*]', [
      parentKey('CampRegistration_DocumentId'),
      ordinal(),
      descriptor('GradeLevelDescriptor_DescriptorId', '$.gradeLevelDescriptors[*]', 'Ed-Fi:GradeLevelDescriptor'),
    ]),
  ],
  {
    references: [
      binding(activity, 'Staff_DocumentId', '$.activities[*].staffReference', 'Ed-Fi:Staff', [
        ['$.activities[*].staffReference.staffUniqueId', 'Staff_StaffUniqueId'],
      ]),
      binding(root, 'Calendar_DocumentId', '$.calendarReference', 'Ed-Fi:Calendar', [
        ['$.calendarReference.calendarCode', 'Calendar_CalendarCode'],
        ['$.calendarReference.schoolId', 'Calendar_SchoolId'],
      ]),
      binding(root, 'School_DocumentId', '$.schoolReference', 'Ed-Fi:School', [
        ['$.schoolReference.schoolId', 'School_SchoolId'],
      ]),
    ],
    descriptors: [
      edge(root, 'CampTypeDescriptor_DescriptorId', '$.campTypeDescriptor', 'Ed-Fi:CampTypeDescriptor'),
      edge(gradeLevel, 'GradeLevelDescriptor_DescriptorId', '$.gradeLevelDescriptors[*]', 'Ed-Fi:GradeLevelDescriptor'),
    ],
  },
);

const writePlans = {
  pgsql: compileWritePlan('pgsql', campRegistration).tablePlansInDependencyOrder,
  mssql: compileWritePlan('mssql', campRegistration).tablePlansInDependencyOrder,
};
const readPlans = {
  pgsql: compileReadPlan('pgsql', campRegistration),
  mssql: compileReadPlan('mssql', campRegistration),
};

/** A binding in one line, as in the tables of the chapter. */
function sourceText(source: (typeof writePlans.pgsql)[number]['columnBindings'][number]['source']): string {
  switch (source.kind) {
    case 'parent_key_part':
      return `parent_key_part(${source.index})`;
    case 'document_reference':
      return `document_reference(${source.bindingIndex})`;
    case 'scalar':
    case 'descriptor_reference':
      return `${source.kind} ${source.relativePath.canonical}`;
    default:
      return source.kind;
  }
}

describe('the worked example of design 08 §14', () => {
  it.each(dialects)('binds the root in %s', (dialect) => {
    const bindings = writePlans[dialect][0]?.columnBindings ?? [];
    expect(
      bindings.map(({ column, parameterName, source }) => [column.name, parameterName, sourceText(source)]),
    ).toEqual([
      ['DocumentId', 'documentId', 'document_id'],
      ['SchoolId_Unified', 'schoolId_Unified', 'precomputed'],
      ['Calendar_DocumentId', 'calendar_DocumentId', 'document_reference(1)'],
      ['Calendar_CalendarCode', 'calendar_CalendarCode', 'scalar $.calendarReference.calendarCode'],
      ['School_DocumentId', 'school_DocumentId', 'document_reference(2)'],
      [
        'CampTypeDescriptor_DescriptorId',
        'campTypeDescriptor_DescriptorId',
        'descriptor_reference $.campTypeDescriptor',
      ],
      ['StartDate', 'startDate', 'scalar $.startDate'],
      ['Fee__Amount', 'fee_Amount', 'scalar $.feeAmount'],
    ]);
  });

  it('binds the other tables', () => {
    const sources = writePlans.pgsql
      .slice(1)
      .map(({ columnBindings }) => columnBindings.map(({ source }) => sourceText(source)));
    expect(sources).toEqual([
      ['document_id', 'scalar $.cabinName'],
      [
        'parent_key_part(0)',
        'ordinal',
        'document_reference(0)',
        'scalar $.staffReference.staffUniqueId',
        'scalar $.activityName',
      ],
      ['parent_key_part(0)', 'parent_key_part(1)', 'ordinal', 'scalar $.startTime'],
      ['parent_key_part(0)', 'ordinal', 'descriptor_reference $'],
    ]);
  });

  it('produces the unified school id from both references, gated by their foreign keys', () => {
    const [rootPlan, ...others] = writePlans.pgsql;
    const member = {
      kind: 'scalar',
      presenceIsSynthetic: false,
      scalarType: { kind: 'Int32', maxLength: null, decimal: null },
    };
    expect(JSON.parse(JSON.stringify(rootPlan?.keyUnificationPlans))).toEqual([
      {
        canonicalColumn: 'SchoolId_Unified',
        canonicalBindingIndex: 1,
        membersInOrder: [
          {
            ...member,
            memberPathColumn: 'Calendar_SchoolId',
            relativePath: '$.calendarReference.schoolId',
            presenceColumn: 'Calendar_DocumentId',
            presenceBindingIndex: 2,
          },
          {
            ...member,
            memberPathColumn: 'School_SchoolId',
            relativePath: '$.schoolReference.schoolId',
            presenceColumn: 'School_DocumentId',
            presenceBindingIndex: 4,
          },
        ],
      },
    ]);
    expect(others.flatMap(({ keyUnificationPlans }) => keyUnificationPlans)).toEqual([]);
  });

  it.each(dialects)('projects references and descriptors by ordinals of the select list in %s', (dialect) => {
    const plan = readPlans[dialect];
    expect(
      plan.referenceIdentityProjectionPlansInDependencyOrder.map(({ table: { schema, name }, bindingsInOrder }) => [
        `${schema}.${name}`,
        bindingsInOrder.map(({ referenceObjectPath, fkColumnOrdinal, identityFieldOrdinalsInOrder }) => [
          referenceObjectPath.canonical,
          fkColumnOrdinal,
          identityFieldOrdinalsInOrder.map(({ referenceJsonPath, columnOrdinal }) => [
            referenceJsonPath.segments.at(-1),
            columnOrdinal,
          ]),
        ]),
      ]),
    ).toEqual([
      [
        root,
        [
          [
            '$.calendarReference',
            2,
            [
              [{ kind: 'property', name: 'calendarCode' }, 3],
              [{ kind: 'property', name: 'schoolId' }, 4],
            ],
          ],
          ['$.schoolReference', 5, [[{ kind: 'property', name: 'schoolId' }, 6]]],
        ],
      ],
      [activity, [['$.activities[*].staffReference', 2, [[{ kind: 'property', name: 'staffUniqueId' }, 3]]]]],
    ]);
    expect(
      plan.descriptorProjectionPlansInOrder.map(({ sourcesInOrder }) =>
        sourcesInOrder.map(({ descriptorIdColumnOrdinal }) => descriptorIdColumnOrdinal),
      ),
    ).toEqual([[7, 2]]);
  });

  it.each([
    ['mssql', [262, 1000, 419, 524, 699]],
    ['pgsql', [1000, 1000, 1000, 1000, 1000]],
  ] as const)('takes as many rows per batch as said in %s', (dialect, rows) => {
    expect(writePlans[dialect].map(({ bulkInsertBatching }) => bulkInsertBatching.maxRowsPerBatch)).toEqual(rows);
  });

  it.each([
    [
      'pgsql',
      {
        rootInsert: '5aad084b078a5d16397dd3708bce4b522afc77c7d0e4699106db046e744c4db8',
        rootUpdate: '975e992af1ce8052d6d72a9278c7d4b34b14c264bd444d4ffb83c4103b877fbe',
        extensionDelete: '643c2d5e7fe64b5fabbe6d41e5ef41eca5d91ef336adf9c76807aeb0730726c2',
        sessionDelete: '74e19752f91b1b3e02eee714e1e1b3252e40894fbeba1dff1c704905ffd71e0f',
        sessionSelect: '557faa9178d3db071c9ee68ddae00813759425a0b0cee64c49fbcb1119c9f6e6',
        descriptorProjection: '98803bf9217329d5f3bf57b6be65f5f41e6561efccd5f1f98676c8ca6c42d4ea',
      },
    ],
    [
      'mssql',
      {
        rootInsert: 'a824d1cf1f1ece6fcda342ddde27c8876d7193610f64f7d04e48c73bea001de3',
        rootUpdate: 'f19e8c277fb4a1b998d79231f1fa940ee6d190593f42146ecfc503a29fd78089',
        extensionDelete: '3d337c8b7b9f6294a2d76532f9b7f28d23e33db5bda88e0077282c759f1af5f2',
        sessionDelete: '8711b59dcd4d5294950fd224bc13f487e9720fe9ef07f9f34d29b611c2fa23b1',
        sessionSelect: '49f4ad99b0b2d8105c44b6bcbd246cab5a73af2e31b6cab24a9b8338b628405b',
        descriptorProjection: '5ce5ee47d1d46c5619c3773f5f65d3c9ee656dfd8a0a0a7fddcd9b7971f2c4c8',
      },
    ],
  ] as const)('has the hashes of the chapter in %s', (dialect, hashes) => {
    const [rootPlan, extensionPlan, , sessionPlan] = writePlans[dialect];
    const read = readPlans[dialect];
    const hash = (sql: string | null | undefined) => planSqlHash(sql ?? '');
    expect({
      rootInsert: hash(rootPlan?.insertSql),
      rootUpdate: hash(rootPlan?.updateSql),
      extensionDelete: hash(extensionPlan?.deleteByParentSql),
      sessionDelete: hash(sessionPlan?.deleteByParentSql),
      sessionSelect: hash(read.tablePlansInDependencyOrder[3]?.selectByKeysetSql),
      descriptorProjection: hash(read.descriptorProjectionPlansInOrder[0]?.selectByKeysetSql),
    }).toEqual(hashes);
  });
});
