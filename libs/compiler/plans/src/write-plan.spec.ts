import type { Column, ResourceModel, Table } from '@dms/model';
import { handMade } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { compileReadPlan, compileWritePlan, type TableWritePlan } from './index.ts';

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

const school = (tables: readonly Table[], parts: handMade.ResourceParts = {}): ResourceModel =>
  resource('Ed-Fi:School', tables, parts);

/** The plan of the last table of a resource. */
function lastPlan(model: ResourceModel, dialect: 'pgsql' | 'mssql' = 'pgsql'): TableWritePlan {
  return compileWritePlan(dialect, model).tablePlansInDependencyOrder.at(-1) as TableWritePlan;
}

const rootPlan = (
  columns: readonly Column[],
  parts: Parameters<typeof rootTable>[2] = {},
  sources: handMade.ResourceParts = {},
) => lastPlan(school([rootTable('edfi.School', columns, parts)], sources));

const boundColumns = ({ columnBindings }: TableWritePlan) => columnBindings.map(({ column }) => column.name);
const parameters = ({ columnBindings }: TableWritePlan) => columnBindings.map(({ parameterName }) => parameterName);
const sources = ({ columnBindings }: TableWritePlan) => columnBindings.map(({ source }) => source);

const periods = table('edfi.SchoolAddressPeriod', '$.addresses[*].periods[*]', [
  parentKey('School_DocumentId'),
  parentKey('AddressOrdinal'),
  ordinal(),
  scalar('PeriodName', '$.addresses[*].periods[*].periodName'),
]);

describe('write plans (design 08 §16)', () => {
  it('case 3: a root with nothing but its DocumentId', () => {
    const plan = rootPlan([]);
    expect(plan.insertSql).toBe(
      'INSERT INTO "edfi"."School"\n(\n    "DocumentId"\n)\nVALUES\n(\n    @documentId\n)\n;\n',
    );
    expect(sources(plan)).toEqual([{ kind: 'document_id' }]);
    expect([plan.updateSql, plan.deleteByParentSql]).toEqual([null, null]);
    expect(plan.keyUnificationPlans).toEqual([]);
  });

  it('case 4: a root extension is updated and deleted by its DocumentId', () => {
    const extension = table('sample.SchoolExtension', '$._ext.sample', [
      parentKey('DocumentId'),
      scalar('CampusCode', '$._ext.sample.campusCode'),
    ]);
    const model = school([rootTable('edfi.School'), extension]);
    expect(lastPlan(model).updateSql).toBe(
      'UPDATE "sample"."SchoolExtension"\nSET\n    "CampusCode" = @campusCode\nWHERE\n    ("DocumentId" = @documentId)\n;\n',
    );
    expect(lastPlan(model).deleteByParentSql).toBe(
      'DELETE FROM "sample"."SchoolExtension"\nWHERE\n    ("DocumentId" = @documentId)\n;\n',
    );
    expect(lastPlan(model, 'mssql').updateSql).toBe(
      'UPDATE [sample].[SchoolExtension]\nSET\n    [CampusCode] = @campusCode\nWHERE\n    ([DocumentId] = @documentId)\n;\n',
    );
    expect(sources(lastPlan(model))).toEqual([
      { kind: 'document_id' },
      expect.objectContaining({ kind: 'scalar', relativePath: expect.objectContaining({ canonical: '$.campusCode' }) }),
    ]);
  });

  it('case 4: a root extension with nothing but its key has no update', () => {
    const extension = table('sample.SchoolExtension', '$._ext.sample', [parentKey('DocumentId')]);
    const plan = lastPlan(school([rootTable('edfi.School'), extension]));
    expect(plan.updateSql).toBeNull();
    expect(plan.deleteByParentSql).toContain('("DocumentId" = @documentId)');
  });

  it('case 5: a nested collection is deleted by all parts of its parent key, never by its ordinal', () => {
    const plan = lastPlan(school([rootTable('edfi.School'), periods]));
    expect(plan.insertSql).toBe(
      [
        'INSERT INTO "edfi"."SchoolAddressPeriod"',
        '(',
        '    "School_DocumentId",',
        '    "AddressOrdinal",',
        '    "Ordinal",',
        '    "PeriodName"',
        ')',
        'VALUES',
        '(',
        '    @school_DocumentId,',
        '    @addressOrdinal,',
        '    @ordinal,',
        '    @periodName',
        ')',
        ';',
        '',
      ].join('\n'),
    );
    expect(plan.deleteByParentSql).toBe(
      [
        'DELETE FROM "edfi"."SchoolAddressPeriod"',
        'WHERE',
        '    ("School_DocumentId" = @school_DocumentId)',
        '    AND ("AddressOrdinal" = @addressOrdinal)',
        ';',
        '',
      ].join('\n'),
    );
    expect(plan.updateSql).toBeNull();
    expect(sources(plan).slice(0, 3)).toEqual([
      { kind: 'parent_key_part', index: 0 },
      { kind: 'parent_key_part', index: 1 },
      { kind: 'ordinal' },
    ]);
  });

  it('case 6: the extension of a collection element is deleted by the document alone', () => {
    const extension = table('sample.SchoolExtensionAddress', '$._ext.sample.addresses[*]._ext.sample', [
      parentKey('School_DocumentId'),
      ordinal(),
      scalar('Zone', '$._ext.sample.addresses[*]._ext.sample.zone'),
    ]);
    const plan = lastPlan(school([rootTable('edfi.School'), extension]));
    expect(plan.deleteByParentSql).toBe(
      'DELETE FROM "sample"."SchoolExtensionAddress"\nWHERE\n    ("School_DocumentId" = @school_DocumentId)\n;\n',
    );
    expect(plan.updateSql).toBeNull();
    expect(sources(plan)).toEqual([
      { kind: 'parent_key_part', index: 0 },
      { kind: 'ordinal' },
      expect.objectContaining({ kind: 'scalar', relativePath: expect.objectContaining({ canonical: '$.zone' }) }),
    ]);
  });

  it('case 7: the key takes the second name when another column has the first, in every statement', () => {
    const model = school([
      table('edfi.School', '$', [
        scalar('documentId', '$.documentId'),
        parentKey('DocumentId'),
        scalar('Name', '$.name'),
      ]),
    ]);
    const plan = lastPlan(model);
    expect(parameters(plan)).toEqual(['documentId', 'documentId_2', 'name']);
    expect(plan.updateSql).toBe(
      [
        'UPDATE "edfi"."School"',
        'SET',
        '    "documentId" = @documentId,',
        '    "Name" = @name',
        'WHERE',
        '    ("DocumentId" = @documentId_2)',
        ';',
        '',
      ].join('\n'),
    );
  });

  it('case 8: a column keeps its name in the text, whatever its parameter is called', () => {
    const plan = rootPlan([scalar('UX__7a552118a6', '$.longName')]);
    expect(parameters(plan)).toEqual(['documentId', 'uX_7a552118a6']);
    expect(plan.updateSql).toBe(
      'UPDATE "edfi"."School"\nSET\n    "UX__7a552118a6" = @uX_7a552118a6\nWHERE\n    ("DocumentId" = @documentId)\n;\n',
    );
  });

  it('case 9: aliases before or after the stored columns change nothing', () => {
    const stored = [
      scalar('SchoolId_Unified', null, 'Int32'),
      reference('Calendar_DocumentId', '$.calendarReference', 'Ed-Fi:Calendar'),
      scalar('Name', '$.name'),
    ];
    const aliases = [
      alias(
        scalar('Calendar_SchoolId', '$.calendarReference.schoolId', 'Int32'),
        'SchoolId_Unified',
        'Calendar_DocumentId',
      ),
      alias(scalar('OtherId', '$.otherId', 'Int32'), 'SchoolId_Unified'),
    ];
    const classes = [unified('SchoolId_Unified', 'Calendar_SchoolId', 'OtherId')];
    const parts: handMade.ResourceParts = {
      references: [
        binding('edfi.School', 'Calendar_DocumentId', '$.calendarReference', 'Ed-Fi:Calendar', [
          ['$.calendarReference.schoolId', 'Calendar_SchoolId'],
        ]),
      ],
    };
    const before = rootPlan([...aliases, ...stored], { classes }, parts);
    const after = rootPlan([...stored, ...aliases], { classes }, parts);
    const { tableModel: _before, ...planBefore } = before;
    const { tableModel: _after, ...planAfter } = after;
    expect(planBefore).toEqual(planAfter);
    expect(boundColumns(before)).toEqual(['DocumentId', 'SchoolId_Unified', 'Calendar_DocumentId', 'Name']);
  });

  it('case 10: a stored column that is not writable is read but not written', () => {
    const model = school([
      rootTable('edfi.School', [scalar('Name', '$.name'), scalar('Total', '$.total', 'Int32', { isWritable: false })]),
    ]);
    const plan = lastPlan(model);
    expect(boundColumns(plan)).toEqual(['DocumentId', 'Name']);
    expect(`${plan.insertSql}${plan.updateSql}`).not.toContain('Total');
    expect(compileReadPlan('pgsql', model).tablePlansInDependencyOrder[0]?.selectByKeysetSql).toContain(
      '    r."DocumentId",\n    r."Name",\n    r."Total"\nFROM',
    );
  });

  it('case 11: canonical and presence columns are bound even when they are not writable', () => {
    const plan = rootPlan(
      [
        { ...flag('A_Present'), isWritable: false },
        scalar('Code_Unified', null, 'String', { isWritable: false }),
        alias(scalar('A', '$.a'), 'Code_Unified', 'A_Present'),
        alias(scalar('B', '$.b'), 'Code_Unified'),
      ],
      { classes: [unified('Code_Unified', 'A', 'B')] },
    );
    expect(boundColumns(plan)).toEqual(['DocumentId', 'A_Present', 'Code_Unified']);
    expect(sources(plan).slice(1)).toEqual([{ kind: 'precomputed' }, { kind: 'precomputed' }]);
  });

  it('case 11: key columns are bound even when they are not writable', () => {
    const model = school([table('edfi.School', '$', [{ ...parentKey('DocumentId'), isWritable: false }])]);
    expect(boundColumns(lastPlan(model))).toEqual(['DocumentId']);
  });

  it('case 12: an array of descriptor strings is bound to the value at its scope', () => {
    const grades = 'edfi.SchoolGradeLevelDescriptor';
    const model = school(
      [
        rootTable('edfi.School'),
        table(grades, '$.gradeLevelDescriptors[*]', [
          parentKey('School_DocumentId'),
          ordinal(),
          descriptor('GradeLevelDescriptor_DescriptorId', '$.gradeLevelDescriptors[*]', 'Ed-Fi:GradeLevelDescriptor'),
        ]),
      ],
      {
        descriptors: [
          edge(grades, 'GradeLevelDescriptor_DescriptorId', '$.gradeLevelDescriptors[*]', 'Ed-Fi:GradeLevelDescriptor'),
        ],
      },
    );
    expect(JSON.parse(JSON.stringify(sources(lastPlan(model)).at(-1)))).toEqual({
      kind: 'descriptor_reference',
      descriptorResource: { projectName: 'Ed-Fi', resourceName: 'GradeLevelDescriptor' },
      relativePath: '$',
      descriptorValuePath: '$.gradeLevelDescriptors[*]',
    });
  });

  it('case 13: two optional unified scalars with flags are one plan and three precomputed bindings', () => {
    const plan = rootPlan(
      [
        flag('A_Present'),
        flag('B_Present'),
        scalar('Code_Unified', null),
        alias(scalar('A', '$.a'), 'Code_Unified', 'A_Present'),
        alias(scalar('B', '$.b'), 'Code_Unified', 'B_Present'),
      ],
      { classes: [unified('Code_Unified', 'A', 'B')] },
    );
    expect(sources(plan).map(({ kind }) => kind)).toEqual(['document_id', 'precomputed', 'precomputed', 'precomputed']);
    const member = {
      kind: 'scalar',
      presenceIsSynthetic: true,
      scalarType: { kind: 'String', maxLength: 60, decimal: null },
    };
    expect(JSON.parse(JSON.stringify(plan.keyUnificationPlans))).toEqual([
      {
        canonicalColumn: 'Code_Unified',
        canonicalBindingIndex: 3,
        membersInOrder: [
          {
            ...member,
            memberPathColumn: 'A',
            relativePath: '$.a',
            presenceColumn: 'A_Present',
            presenceBindingIndex: 1,
          },
          {
            ...member,
            memberPathColumn: 'B',
            relativePath: '$.b',
            presenceColumn: 'B_Present',
            presenceBindingIndex: 2,
          },
        ],
      },
    ]);
  });

  it('case 14: a member gated by the foreign key of its reference needs no flag and no check', () => {
    const plan = rootPlan(
      [
        scalar('Code_Unified', null),
        reference('Calendar_DocumentId', '$.calendarReference', 'Ed-Fi:Calendar'),
        alias(scalar('Calendar_Code', '$.calendarReference.code'), 'Code_Unified', 'Calendar_DocumentId'),
        alias(scalar('Code', '$.code'), 'Code_Unified'),
      ],
      { classes: [unified('Code_Unified', 'Calendar_Code', 'Code')], flags: [] },
      {
        references: [
          binding('edfi.School', 'Calendar_DocumentId', '$.calendarReference', 'Ed-Fi:Calendar', [
            ['$.calendarReference.code', 'Calendar_Code'],
          ]),
        ],
      },
    );
    expect(sources(plan)).toEqual([
      { kind: 'document_id' },
      { kind: 'precomputed' },
      { kind: 'document_reference', bindingIndex: 0 },
    ]);
    expect(
      plan.keyUnificationPlans[0]?.membersInOrder.map(
        ({ presenceColumn, presenceBindingIndex, presenceIsSynthetic }) => [
          presenceColumn,
          presenceBindingIndex,
          presenceIsSynthetic,
        ],
      ),
    ).toEqual([
      ['Calendar_DocumentId', 2, false],
      [null, null, false],
    ]);
  });

  it('a gate with a path of its own is an ordinary binding, even when it is a boolean (§6.2 rule 2)', () => {
    const plan = rootPlan(
      [
        scalar('HasCode', '$.hasCode', 'Boolean'),
        scalar('Code_Unified', null),
        alias(scalar('A', '$.a'), 'Code_Unified', 'HasCode'),
        alias(scalar('B', '$.b'), 'Code_Unified'),
      ],
      { classes: [unified('Code_Unified', 'A', 'B')], flags: [] },
    );
    expect(sources(plan).map(({ kind }) => kind)).toEqual(['document_id', 'scalar', 'precomputed']);
    expect(plan.keyUnificationPlans[0]?.membersInOrder[0]).toMatchObject({
      presenceColumn: 'HasCode',
      presenceBindingIndex: 1,
      presenceIsSynthetic: false,
    });
  });

  it('classes and members keep the order of the table, descriptors keep their resource (§6.9)', () => {
    const target = 'Ed-Fi:TermDescriptor';
    const plan = rootPlan(
      [
        scalar('Z_Unified', null, 'Int32'),
        descriptor('A_Unified', null, target),
        alias(scalar('Z2', '$.z2', 'Int32'), 'Z_Unified'),
        alias(scalar('Z1', '$.z1', 'Int32'), 'Z_Unified'),
        alias(descriptor('A1', '$.a1', target), 'A_Unified'),
        alias(descriptor('A2', '$.a2', target), 'A_Unified'),
      ],
      { classes: [unified('Z_Unified', 'Z2', 'Z1'), unified('A_Unified', 'A2', 'A1')] },
      { descriptors: [edge('edfi.School', 'A1', '$.a1', target), edge('edfi.School', 'A2', '$.a2', target)] },
    );
    expect(
      plan.keyUnificationPlans.map(({ canonicalColumn, canonicalBindingIndex, membersInOrder }) => [
        canonicalColumn,
        canonicalBindingIndex,
        membersInOrder.map((member) => [
          member.memberPathColumn,
          member.kind === 'descriptor' && member.descriptorResource.resourceName,
          member.kind === 'scalar' && member.scalarType.kind,
        ]),
      ]),
    ).toEqual([
      [
        'Z_Unified',
        1,
        [
          ['Z2', false, 'Int32'],
          ['Z1', false, 'Int32'],
        ],
      ],
      [
        'A_Unified',
        2,
        [
          ['A2', 'TermDescriptor', false],
          ['A1', 'TermDescriptor', false],
        ],
      ],
    ]);
    expect(boundColumns(plan)).toEqual(['DocumentId', 'Z_Unified', 'A_Unified']);
  });

  it('the index of a reference counts over the whole resource (§6.3)', () => {
    const model = school(
      [
        rootTable('edfi.School', [reference('District_DocumentId', '$.districtReference', 'Ed-Fi:District')]),
        table('edfi.SchoolStaff', '$.staff[*]', [
          parentKey('School_DocumentId'),
          ordinal(),
          reference('Staff_DocumentId', '$.staff[*].staffReference', 'Ed-Fi:Staff'),
        ]),
      ],
      {
        references: [
          binding('edfi.SchoolStaff', 'Staff_DocumentId', '$.staff[*].staffReference', 'Ed-Fi:Staff', []),
          binding('edfi.School', 'District_DocumentId', '$.districtReference', 'Ed-Fi:District', []),
        ],
      },
    );
    const [rootTablePlan, staffPlan] = compileWritePlan('pgsql', model).tablePlansInDependencyOrder;
    expect(sources(rootTablePlan as TableWritePlan).at(-1)).toEqual({ kind: 'document_reference', bindingIndex: 1 });
    expect(sources(staffPlan as TableWritePlan).at(-1)).toEqual({ kind: 'document_reference', bindingIndex: 0 });
  });

  it('a reference column needs no path, the descriptor of an edge wins over the column (§6.3 rows 4 and 5)', () => {
    const model = school(
      [
        rootTable('edfi.School', [
          reference('District_DocumentId', '$.districtReference', 'Ed-Fi:District', { sourcePath: null }),
          descriptor('KindDescriptor_DescriptorId', '$.kindDescriptor', 'Ed-Fi:KindDescriptor', {
            targetResource: null,
          }),
        ]),
      ],
      {
        references: [binding('edfi.School', 'District_DocumentId', '$.districtReference', 'Ed-Fi:District', [])],
        descriptors: [edge('edfi.School', 'KindDescriptor_DescriptorId', '$.kindDescriptor', 'Ed-Fi:KindDescriptor')],
      },
    );
    expect(sources(lastPlan(model)).slice(1)).toEqual([
      { kind: 'document_reference', bindingIndex: 0 },
      expect.objectContaining({
        kind: 'descriptor_reference',
        descriptorResource: { projectName: 'Ed-Fi', resourceName: 'KindDescriptor' },
      }),
    ]);
  });

  it('quotes every identifier and doubles the quote in it (§4)', () => {
    const model = school([table('ed"fi].Sch"ool]', '$', [parentKey('DocumentId'), scalar('Na"me]', '$.name')])]);
    expect(lastPlan(model).insertSql).toContain(
      'INSERT INTO "ed""fi]"."Sch""ool]"\n(\n    "DocumentId",\n    "Na""me]"\n)',
    );
    expect(lastPlan(model, 'mssql').insertSql).toContain(
      'INSERT INTO [ed"fi]]].[Sch"ool]]]\n(\n    [DocumentId],\n    [Na"me]]]\n)',
    );
    expect(parameters(lastPlan(model))).toEqual(['documentId', 'na_me_']);
  });

  it('keeps the order of the tables of the model', () => {
    const model = school([
      rootTable('edfi.School'),
      periods,
      table('edfi.A', '$.a[*]', [parentKey('School_DocumentId'), ordinal()]),
    ]);
    expect(
      compileWritePlan('pgsql', model).tablePlansInDependencyOrder.map(({ tableModel }) => tableModel.table.name),
    ).toEqual(['School', 'SchoolAddressPeriod', 'A']);
  });

  it('counts a shortened document id by its role (§6.1 check 5)', () => {
    const shortened = table(
      'edfi.Nested',
      '$.a[*].b[*]',
      [
        {
          ...parentKey('SchoolOfTheVeryLongName_0123456789'),
          scalarType: { kind: 'Int64', maxLength: null, decimal: null },
        },
        parentKey('VeryLongOrdinal_abcdef0123'),
        ordinal(),
      ],
      {
        key: [
          { name: 'SchoolOfTheVeryLongName_0123456789', kind: 'ParentKeyPart', role: 'DocumentId' },
          { name: 'VeryLongOrdinal_abcdef0123', kind: 'ParentKeyPart', role: 'ParentOrdinal' },
          { name: 'Ordinal', kind: 'Ordinal', role: 'Ordinal' },
        ],
      },
    );
    const plan = lastPlan(school([rootTable('edfi.School'), shortened]));
    expect(plan.deleteByParentSql).toContain(
      '    ("SchoolOfTheVeryLongName_0123456789" = @schoolOfTheVeryLongName_0123456789)\n    AND ("VeryLongOrdinal_abcdef0123" = @veryLongOrdinal_abcdef0123)\n',
    );
    expect(sources(plan)).toEqual([
      { kind: 'parent_key_part', index: 0 },
      { kind: 'parent_key_part', index: 1 },
      { kind: 'ordinal' },
    ]);
  });
});
