import type { Column, ResourceModel } from '@dms/model';
import { expectFault, handMade } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { compileWritePlan } from './index.ts';

const { alias, binding, descriptor, edge, flag, ordinal, parentKey, reference, resource, rootTable, scalar, table, unified } =
  handMade;

const compile = (model: ResourceModel) => () => compileWritePlan('pgsql', model);

/** A school with those columns in its root table. */
function school(
  columns: readonly Column[],
  parts: handMade.TableParts = {},
  sources: handMade.ResourceParts = {},
): ResourceModel {
  return resource('Ed-Fi:School', [rootTable('edfi.School', columns, parts)], sources);
}

const toCalendar = binding('edfi.School', 'Calendar_DocumentId', '$.calendarReference', 'Ed-Fi:Calendar', []);
const calendar = reference('Calendar_DocumentId', '$.calendarReference', 'Ed-Fi:Calendar');
const kind = 'Ed-Fi:KindDescriptor';

describe('value sources of write plans', () => {
  it('case 16: a stored scalar without path and without class has no source', () => {
    const message = expectFault(
      compile(school([scalar('Total', null, 'Int32')])),
      'PLAN_NULL_SOURCE',
      'Ed-Fi:School',
      'edfi.School',
      'Total',
      'Scalar',
    );
    expect(message).toMatch(/non-writable.*producer/);
  });

  it('case 16: neither has a descriptor column without path', () => {
    expectFault(
      compile(school([descriptor('KindDescriptor_DescriptorId', null, kind)])),
      'PLAN_NULL_SOURCE',
      'edfi.School',
      'KindDescriptor_DescriptorId',
      'DescriptorFk',
    );
  });

  it('case 24: a foreign key column without reference binding', () => {
    expectFault(compile(school([calendar])), 'PLAN_REFERENCE_SOURCE_MISSING', 'edfi.School', 'Calendar_DocumentId');
  });

  it('case 24: a binding of the column name in another table does not serve', () => {
    const elsewhere = binding('edfi.SchoolDay', 'Calendar_DocumentId', '$.calendarReference', 'Ed-Fi:Calendar', []);
    expectFault(compile(school([calendar], {}, { references: [elsewhere] })), 'PLAN_REFERENCE_SOURCE_MISSING');
  });

  it('case 24: a duplicated binding is counted', () => {
    expectFault(
      compile(school([calendar], {}, { references: [toCalendar, toCalendar] })),
      'PLAN_DUPLICATE_SOURCE',
      'Ed-Fi:School',
      'edfi.School.Calendar_DocumentId (count: 2)',
    );
  });

  it('duplicated bindings are all listed, by table, then column; duplicated edges only when there are none', () => {
    const of = (table: string, column: string) => binding(table, column, '$.calendarReference', 'Ed-Fi:Calendar', []);
    const edges = ['edfi.School', 'edfi.School'].map((name) => edge(name, 'Kind', '$.kindDescriptor', kind));
    const references = [
      of('edfi.School-Year', 'A'),
      of('edfi.SchoolDay', 'B'),
      of('edfi.School', 'b'),
      of('edfi.School', 'C'),
      of('edfi.SchoolDay', 'B'),
      of('edfi.School', 'C'),
      of('edfi.SchoolDay', 'B'),
      of('edfi.School-Year', 'A'),
      of('edfi.School', 'b'),
      of('edfi.School', 'Once'),
    ];
    const message = expectFault(compile(school([], {}, { references, descriptors: edges })), 'PLAN_DUPLICATE_SOURCE');
    expect(message).toContain(
      'edfi.School.C (count: 2), edfi.School.b (count: 2), edfi.School-Year.A (count: 2), edfi.SchoolDay.B (count: 3)',
    );
    expect(message).not.toContain('Once');
    expect(message).not.toContain('Kind');
    const second = expectFault(compile(school([], {}, { descriptors: edges })), 'PLAN_DUPLICATE_SOURCE');
    expect(second).toContain('edfi.School.Kind (count: 2)');
    // the message says which of the two inventories is meant
    expect(message).toContain('reference');
    expect(second).toContain('descriptor');
  });

  it('sources are compared before any table is compiled', () => {
    const broken = school([scalar('Twice', '$.a'), scalar('Twice', '$.b')], {}, { references: [toCalendar, toCalendar] });
    expectFault(compile(broken), 'PLAN_DUPLICATE_SOURCE');
  });

  it('a descriptor column without edge', () => {
    expectFault(
      compile(school([descriptor('KindDescriptor_DescriptorId', '$.kindDescriptor', kind)])),
      'PLAN_DESCRIPTOR_SOURCE_MISSING',
      'edfi.School',
      'KindDescriptor_DescriptorId',
    );
  });

  it('case 25: the path of a descriptor column is not that of its edge', () => {
    expectFault(
      compile(
        school(
          [descriptor('KindDescriptor_DescriptorId', '$.kindDescriptor', kind)],
          {},
          { descriptors: [edge('edfi.School', 'KindDescriptor_DescriptorId', '$.otherDescriptor', kind)] },
        ),
      ),
      'PLAN_DESCRIPTOR_SOURCE_MISMATCH',
      'edfi.School',
      'KindDescriptor_DescriptorId',
      '$.kindDescriptor',
      '$.otherDescriptor',
    );
  });

  it('a scalar without type', () => {
    expectFault(
      compile(school([scalar('Name', '$.name', 'String', { scalarType: null })])),
      'PLAN_SCALAR_TYPE_MISSING',
      'edfi.School',
      'Name',
    );
  });

  it('a parent key part that is no part of the key', () => {
    const model = resource('Ed-Fi:School', [
      rootTable('edfi.School'),
      table('edfi.SchoolAddress', '$.addresses[*]', [parentKey('School_DocumentId'), parentKey('OtherOrdinal'), ordinal()], {
        key: [
          { name: 'School_DocumentId', kind: 'ParentKeyPart' },
          { name: 'Ordinal', kind: 'Ordinal' },
        ],
      }),
    ]);
    expectFault(compile(model), 'PLAN_PARENT_KEY_PART', 'edfi.SchoolAddress', 'OtherOrdinal');
  });
});

describe('scope-relative paths of write plans (design 08 §6.4)', () => {
  const inScope = (scope: string, source: string) =>
    resource('Ed-Fi:School', [
      rootTable('edfi.School'),
      table('edfi.SchoolPart', scope, [parentKey('School_DocumentId'), ordinal(), scalar('Value', source)]),
    ]);

  it.each([
    ['$._ext.sample', '$._ext.sample.campusCode', '$.campusCode'],
    ['$.addresses[*]', '$.addresses[*].city', '$.city'],
    ['$.addresses[*]', '$.addresses[*].street.name', '$.street.name'],
    ['$.codes[*]', '$.codes[*]', '$'],
  ])('from %s the path %s is %s', (scope, source, expected) => {
    const [, plan] = compileWritePlan('pgsql', inScope(scope, source)).tablePlansInDependencyOrder;
    expect(plan?.columnBindings.at(-1)?.source).toMatchObject({ kind: 'scalar', relativePath: { canonical: expected } });
  });

  it('the paths of the root are relative already', () => {
    const [plan] = compileWritePlan('pgsql', school([scalar('Id', '$.schoolReference.schoolId')])).tablePlansInDependencyOrder;
    expect(plan?.columnBindings.at(-1)?.source).toMatchObject({ relativePath: { canonical: '$.schoolReference.schoolId' } });
  });

  it.each([
    ['$.addresses[*]', '$.studentUniqueId'],
    ['$.addresses[*]', '$.addresses'],
    ['$.addresses[*]', '$.addressesOfStaff[*].city'],
    ['$._ext.sample', '$._ext.samples.code'],
  ])('from %s there is no path to %s', (scope, source) => {
    expectFault(compile(inScope(scope, source)), 'PLAN_PATH_NOT_IN_SCOPE', 'edfi.SchoolPart', scope, source);
  });

  it('a path must not cross an array', () => {
    expectFault(
      compile(inScope('$.addresses[*]', '$.addresses[*].periods[*].beginDate')),
      'PLAN_PATH_HAS_ARRAY',
      '$.addresses[*]',
      '$.addresses[*].periods[*].beginDate',
    );
  });
});

describe('key-unification plans (design 08 §6.9)', () => {
  const canonical = scalar('Code_Unified', null);
  const a = scalar('A', '$.a');
  const b = scalar('B', '$.b');
  const classes = [unified('Code_Unified', 'A', 'B')];
  const fault = (columns: readonly Column[], code: string, ...names: string[]) =>
    expectFault(compile(school(columns, { classes })), code, 'edfi.School', 'Code_Unified', ...names);

  it('case 15: a synthetic flag without its check', () => {
    const columns = [flag('A_Present'), canonical, alias(a, 'Code_Unified', 'A_Present'), alias(b, 'Code_Unified')];
    expectFault(
      compile(school(columns, { classes, flags: [] })),
      'PLAN_KU_PRESENCE_CONSTRAINT',
      'edfi.School',
      'Code_Unified',
      'A_Present',
      'member A',
    );
  });

  it('case 17: two classes with one canonical column', () => {
    const twice = [unified('Code_Unified', 'A'), unified('Code_Unified', 'B')];
    const columns = [canonical, alias(a, 'Code_Unified'), alias(b, 'Code_Unified')];
    expectFault(compile(school(columns, { classes: twice })), 'PLAN_PRECOMPUTED_DUPLICATE', 'edfi.School', 'Code_Unified');
  });

  it('case 17: two members with one flag; duplicates are listed in binding order', () => {
    const columns = [
      scalar('Z_Unified', null),
      flag('Shared_Present'),
      alias(a, 'Z_Unified', 'Shared_Present'),
      alias(b, 'Z_Unified', 'Shared_Present'),
    ];
    const message = expectFault(
      compile(school(columns, { classes: [unified('Z_Unified', 'A'), unified('Z_Unified', 'B')] })),
      'PLAN_PRECOMPUTED_DUPLICATE',
      'edfi.School',
    );
    expect(message).toContain('Z_Unified, Shared_Present');
  });

  it('case 18: a member that is stored', () => {
    fault([canonical, a, alias(b, 'Code_Unified')], 'PLAN_KU_MEMBER_NOT_ALIAS', 'member A');
  });

  it('case 19: a canonical column with a path of its own', () => {
    fault(
      [scalar('Code_Unified', '$.code'), alias(a, 'Code_Unified'), alias(b, 'Code_Unified')],
      'PLAN_KU_CANONICAL_NOT_PRECOMPUTED',
    );
  });

  it('a canonical column that is missing, or an alias itself, is not bound', () => {
    fault([alias(a, 'Code_Unified'), alias(b, 'Code_Unified')], 'PLAN_KU_BINDING_MISSING');
    fault([alias(canonical, 'Other'), alias(a, 'Code_Unified'), alias(b, 'Code_Unified')], 'PLAN_KU_BINDING_MISSING');
  });

  it('a member that is missing', () => {
    fault([canonical, alias(a, 'Code_Unified')], 'PLAN_KU_MEMBER_MISSING', 'member B');
  });

  it('a member that is neither scalar nor descriptor', () => {
    const fk = reference('A', '$.a', 'Ed-Fi:Calendar');
    fault([canonical, alias(fk, 'Code_Unified'), alias(b, 'Code_Unified')], 'PLAN_KU_MEMBER_KIND', 'member A', 'DocumentFk');
  });

  it('a member without path', () => {
    fault([canonical, alias(scalar('A', null), 'Code_Unified'), alias(b, 'Code_Unified')], 'PLAN_KU_MEMBER_PATH', 'member A');
  });

  it('a member without type, a descriptor member without resource', () => {
    const untyped = scalar('A', '$.a', 'String', { scalarType: null });
    fault([canonical, alias(untyped, 'Code_Unified'), alias(b, 'Code_Unified')], 'PLAN_SCALAR_TYPE_MISSING', 'A');
    const unnamed = descriptor('A', '$.a', kind, { targetResource: null });
    fault([canonical, alias(unnamed, 'Code_Unified'), alias(b, 'Code_Unified')], 'PLAN_KU_DESCRIPTOR_RESOURCE', 'member A');
  });

  it('a member outside the scope of its table', () => {
    const model = resource('Ed-Fi:School', [
      rootTable('edfi.School'),
      table(
        'edfi.SchoolAddress',
        '$.addresses[*]',
        [parentKey('School_DocumentId'), ordinal(), canonical, alias(a, 'Code_Unified')],
        { classes: [unified('Code_Unified', 'A')] },
      ),
    ]);
    expectFault(compile(model), 'PLAN_PATH_NOT_IN_SCOPE', '$.addresses[*]', '$.a');
  });

  it('a presence column that is missing', () => {
    fault(
      [canonical, alias(a, 'Code_Unified', 'A_Present'), alias(b, 'Code_Unified')],
      'PLAN_KU_PRESENCE_MISSING',
      'member A',
      'A_Present',
    );
  });

  it('a presence column that is not bound', () => {
    const columns = [
      { ...calendar, isWritable: false },
      canonical,
      alias(a, 'Code_Unified', 'Calendar_DocumentId'),
      alias(b, 'Code_Unified'),
    ];
    fault(columns, 'PLAN_KU_BINDING_MISSING', 'member A', 'Calendar_DocumentId');
  });

  it('a gate is made for key unification only when it is a nullable boolean without path', () => {
    const members = [canonical, alias(a, 'Code_Unified', 'A_Present'), alias(b, 'Code_Unified')];
    for (const gate of [scalar('A_Present', null, 'Boolean', { isNullable: false }), scalar('A_Present', null, 'Int32')]) {
      expectFault(compile(school([gate, ...members], { classes })), 'PLAN_NULL_SOURCE', 'edfi.School', 'A_Present');
    }
  });

  it('the first faulty member in member order is reported, the first fault of a member first', () => {
    fault([canonical, a, b], 'PLAN_KU_MEMBER_NOT_ALIAS', 'member A');
    expectFault(
      compile(
        school([canonical, alias(scalar('A', null), 'Code_Unified', 'Gone'), b], {
          classes: [unified('Code_Unified', 'B', 'A')],
        }),
      ),
      'PLAN_KU_MEMBER_NOT_ALIAS',
      'member B',
    );
    fault(
      [canonical, alias(scalar('A', null), 'Code_Unified', 'Gone'), alias(b, 'Code_Unified')],
      'PLAN_KU_MEMBER_PATH',
      'member A',
    );
  });
});

describe('case 26: rows with 2099 parameters', () => {
  const wide = school(Array.from({ length: 2098 }, (_, index) => scalar(`C${index}`, `$.c${index}`)));

  it('are too wide for SQL Server', () => {
    expectFault(
      () => compileWritePlan('mssql', wide),
      'PLAN_BATCH_TOO_WIDE',
      'Ed-Fi:School',
      'edfi.School',
      'mssql',
      '2099',
      '2098',
    );
  });

  it('come 31 at a time in PostgreSQL', () => {
    const [plan] = compileWritePlan('pgsql', wide).tablePlansInDependencyOrder;
    expect(plan?.bulkInsertBatching).toEqual({ maxRowsPerBatch: 31, parametersPerRow: 2099, maxParametersPerCommand: 65535 });
  });
});
