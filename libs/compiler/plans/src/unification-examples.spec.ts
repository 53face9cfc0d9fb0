import { deriveModel } from '@dms/derivation';
import type { Table } from '@dms/model';
import { dialects, type SqlDialect } from '@dms/sql';
import {
  budget,
  build,
  edFi,
  equal,
  expectDiagnostic,
  fields,
  handMade,
  keyed,
  menu as menuOf,
  numbered,
  resourceOf,
  schemaSet,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { compilePageQuery, compileReadPlan, compileWritePlan, type TableWritePlan } from './index.ts';

const {
  alias,
  column,
  descriptor,
  flag,
  ordinal,
  parentKey,
  resource: planResource,
  rootTable,
  table,
  unified,
} = handMade;

/* The worked examples of design 04 §15 as plans (design 04 §13.1, §14, cases 24, 31, 36, 37), on derived models. */

const { array, boolean, integer, object, reference, resource, string } = build;

/** The model of one resource of the project `Ed-Fi`. */
const modelOf = (name: string, dialect: SqlDialect, ...resources: readonly build.BuiltResource[]) =>
  resourceOf(deriveModel(schemaSet(edFi(resources)), dialect).model, `Ed-Fi:${name}`);

const writePlanOf = (name: string, dialect: SqlDialect, ...resources: readonly build.BuiltResource[]) =>
  compileWritePlan(dialect, modelOf(name, dialect, ...resources)).tablePlansInDependencyOrder;

const bindingsOf = ({ columnBindings }: TableWritePlan) =>
  columnBindings.map(({ column: { name }, source }) => `${name} ${source.kind}`);

/** Members of the classes as `column path gate index`, with an asterisk for a flag. */
const membersOf = ({ keyUnificationPlans }: TableWritePlan) =>
  keyUnificationPlans.map(({ canonicalColumn, canonicalBindingIndex, membersInOrder }) => [
    `${canonicalColumn} ${canonicalBindingIndex}`,
    ...membersInOrder.map(
      (member) =>
        `${member.memberPathColumn} ${member.relativePath.canonical} ${member.presenceColumn} ${member.presenceBindingIndex}${member.presenceIsSynthetic ? '*' : ''}`,
    ),
  ]);

const menu = menuOf([], { note: string() });

describe.each(dialects)('write plans of the worked examples in %s', (dialect) => {
  it('15.4, both optional: bindings and indexes as stated, five parameters with one further column (case 31)', () => {
    const [plan] = writePlanOf('Menu', dialect, build.descriptor('LanguageDescriptor'), menu) as [TableWritePlan];
    expect(bindingsOf(plan)).toEqual([
      'DocumentId document_id',
      'FirstLanguageDescriptor_DescriptorId_Present precomputed',
      'FirstLanguageDescriptor_Unified_DescriptorId precomputed',
      'SecondLanguageDescriptor_DescriptorId_Present precomputed',
      'Note scalar',
    ]);
    expect(membersOf(plan)).toEqual([
      [
        'FirstLanguageDescriptor_Unified_DescriptorId 2',
        'FirstLanguageDescriptor_DescriptorId $.firstLanguageDescriptor FirstLanguageDescriptor_DescriptorId_Present 1*',
        'SecondLanguageDescriptor_DescriptorId $.secondLanguageDescriptor SecondLanguageDescriptor_DescriptorId_Present 3*',
      ],
    ]);
    expect(plan.keyUnificationPlans[0]?.membersInOrder.map((member) => [member.kind, 'scalarType' in member])).toEqual(
      Array(2).fill(['descriptor', false]),
    );
    expect(plan.bulkInsertBatching.parametersPerRow).toBe(5);
  });

  it('15.3: both members of a grouped field have one path below the scope and the foreign key of their site as gate', () => {
    const twin = resource('Twin', {
      ...keyed('Twin', { a: integer(), b: integer() }).schema,
      equalityConstraints: [equal('$.a', '$.b')],
    });
    const agenda = resource('Agenda', {
      documentPathsMapping: {
        Twin: reference(
          'Ed-Fi:Twin',
          [
            ['$.a', '$.slots[*].bookings[*].twinReference.number'],
            ['$.b', '$.slots[*].bookings[*].twinReference.number'],
          ],
          false,
        ),
      },
      jsonSchemaForInsert: object({
        slots: array(object({ bookings: array(object({ twinReference: fields({ number: integer() }) })) })),
      }),
    });
    const plan = writePlanOf('Agenda', dialect, twin, agenda).at(-1) as TableWritePlan;
    expect(plan.tableModel.jsonScope.canonical).toBe('$.slots[*].bookings[*]');
    expect(bindingsOf(plan)).toEqual([
      'Agenda_DocumentId parent_key_part',
      'SlotOrdinal parent_key_part',
      'Ordinal ordinal',
      'Number_Unified precomputed',
      'Twin_DocumentId document_reference',
    ]);
    expect(membersOf(plan)).toEqual([
      [
        'Number_Unified 3',
        'Twin_A $.twinReference.number Twin_DocumentId 4',
        'Twin_B $.twinReference.number Twin_DocumentId 4',
      ],
    ]);
  });

  it('15.5: a class with every kind of gate', () => {
    const fund = numbered('Fund', 'fiscalYear');
    const grant = numbered('Grant', 'fiscalYear');
    const [plan] = writePlanOf('Budget', dialect, fund, grant, budget) as [TableWritePlan];
    expect(bindingsOf(plan)).toEqual([
      'DocumentId document_id',
      'FiscalYear_Unified precomputed',
      'PlannedFiscalYear_Present precomputed',
      'Fund_DocumentId document_reference',
      'Grant_DocumentId document_reference',
    ]);
    expect(membersOf(plan)).toEqual([
      [
        'FiscalYear_Unified 1',
        'FiscalYear $.fiscalYear null null',
        'Fund_FiscalYear $.fundReference.fiscalYear Fund_DocumentId 3',
        'Grant_FiscalYear $.grantReference.fiscalYear Grant_DocumentId 4',
        'PlannedFiscalYear $.plannedFiscalYear PlannedFiscalYear_Present 2*',
      ],
    ]);
  });

  it('15.10: a member that is the element of the array itself has the path $ (case 24)', () => {
    const language = (name: string, source: string, isNullable: boolean, gate: string | null) =>
      alias(
        descriptor(name, source, 'Ed-Fi:LanguageDescriptor', { isNullable }),
        'LanguageDescriptor_Unified_DescriptorId',
        gate,
      );
    const child = table(
      'edfi.ProgramLanguageDescriptor',
      '$.languageDescriptors[*]',
      [
        parentKey('Program_DocumentId'),
        ordinal(),
        column('LanguageDescriptor_Unified_DescriptorId', 'DescriptorFk', {
          targetResource: { projectName: 'Ed-Fi', resourceName: 'LanguageDescriptor' },
        }),
        flag('Other_DescriptorId_Present'),
        language('LanguageDescriptor_DescriptorId', '$.languageDescriptors[*]', false, null),
        language('Other_DescriptorId', '$.languageDescriptors[*].other', true, 'Other_DescriptorId_Present'),
      ],
      {
        classes: [
          unified('LanguageDescriptor_Unified_DescriptorId', 'LanguageDescriptor_DescriptorId', 'Other_DescriptorId'),
        ],
      },
    );
    const model = planResource('Ed-Fi:Program', [rootTable('edfi.Program'), child]);
    const plan = compileWritePlan(dialect, model).tablePlansInDependencyOrder[1] as TableWritePlan;
    expect(membersOf(plan)).toEqual([
      [
        'LanguageDescriptor_Unified_DescriptorId 2',
        'LanguageDescriptor_DescriptorId $ null null',
        'Other_DescriptorId $.other Other_DescriptorId_Present 3*',
      ],
    ]);
  });

  it('a nullable boolean class: the canonical column is a value although it looks like a flag', () => {
    const lamp = resource('Lamp', {
      equalityConstraints: [equal('$.isOn', '$.isLit')],
      jsonSchemaForInsert: object({ isOn: boolean(), isLit: boolean() }),
    });
    const [plan] = writePlanOf('Lamp', dialect, lamp) as [TableWritePlan];
    expect(membersOf(plan)).toEqual([
      ['IsLit_Unified 2', 'IsLit $.isLit IsLit_Present 1*', 'IsOn $.isOn IsOn_Present 3*'],
    ]);
  });
});

describe('reading (design 04 §14)', () => {
  it('15.4: the select list has every column in model order; the ids come from the one stored column', () => {
    const model = modelOf('Menu', 'pgsql', build.descriptor('LanguageDescriptor'), menu);
    const { columns } = model.tablesInDependencyOrder[0] as Table;
    const plan = compileReadPlan('pgsql', model);
    const selected = [...(plan.tablePlansInDependencyOrder[0]?.selectByKeysetSql ?? '').matchAll(/r\."(\w+)",?$/gm)];
    expect(selected.map(([, name]) => name).slice(0, columns.length)).toEqual(columns.map(({ name }) => name));
    const ids = plan.descriptorProjectionPlansInOrder.map(({ selectByKeysetSql, sourcesInOrder }) => ({
      stored: [...new Set(selectByKeysetSql.match(/"\w+_DescriptorId"/g))],
      read: sourcesInOrder.map(({ descriptorIdColumnOrdinal }) => columns[descriptorIdColumnOrdinal]?.name),
    }));
    expect(ids).toEqual([
      {
        stored: ['"FirstLanguageDescriptor_Unified_DescriptorId"'],
        read: ['FirstLanguageDescriptor_DescriptorId', 'SecondLanguageDescriptor_DescriptorId'],
      },
    ]);
  });
});

describe('filters on aliases (design 04 §14)', () => {
  const rootTable = { schema: 'edfi', name: 'Budget' };
  const aliases = new Map([
    ['FiscalYear', { canonicalColumn: 'FiscalYear_Unified', presenceColumn: null }],
    ['LocalFiscalYear', { canonicalColumn: 'FiscalYear_Unified', presenceColumn: null }],
    ['Fund_FiscalYear', { canonicalColumn: 'FiscalYear_Unified', presenceColumn: 'Fund_DocumentId' }],
  ]);
  const filter = (dialect: SqlDialect, ...columns: readonly string[]) =>
    compilePageQuery(dialect, {
      rootTable,
      aliases,
      predicates: columns.map((name, index) => ({ column: name, operator: 'Equal', parameterName: `p${index}` })),
    }).pageDocumentIdSql;

  it('are on the stored column, with the gate where there is one (case 36)', () => {
    expect(filter('pgsql', 'Fund_FiscalYear')).toContain(
      '(r."Fund_DocumentId" IS NOT NULL AND r."FiscalYear_Unified" = @p0)',
    );
    expect(filter('mssql', 'Fund_FiscalYear')).toContain(
      '(r.[Fund_DocumentId] IS NOT NULL AND r.[FiscalYear_Unified] = @p0)',
    );
    expect(filter('pgsql', 'FiscalYear')).toContain('(r."FiscalYear_Unified" = @p0)');
  });

  it.each(dialects)('must not be two on ungated aliases of one class with one operator, in %s (case 37)', (dialect) => {
    const message = expectDiagnostic(() => filter(dialect, 'LocalFiscalYear', 'FiscalYear'), 'PLAN_QUERY_DUPLICATE');
    for (const fact of ['FiscalYear, LocalFiscalYear', 'p0, p1']) expect(message).toContain(fact);
    expect(() => filter(dialect, 'Fund_FiscalYear', 'FiscalYear')).not.toThrow();
  });
});
