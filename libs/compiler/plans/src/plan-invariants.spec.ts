import { handMade } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { asSqlServer, manifestFindings, planFindings, sqlTextFindings } from '../test/plan-invariants.ts';
import {
  compileMappingSet,
  compileReadPlan,
  compileWritePlan,
  mappingSetManifestText,
  type ResourceReadPlan,
  type ResourceWritePlan,
  type TableWritePlan,
} from './index.ts';

const {
  alias,
  binding,
  descriptor,
  descriptorResource,
  edge,
  flag,
  modelSet,
  ordinal,
  parentKey,
  reference,
  resource,
  rootTable,
  scalar,
  table,
  unified,
} = handMade;

// Tests of the invariant checks themselves: they must detect one change in sound plans.

const kind = 'Ed-Fi:KindDescriptor';
const address = 'edfi.SchoolAddress';
const school = resource(
  'Ed-Fi:School',
  [
    rootTable(
      'edfi.School',
      [
        flag('A_Present'),
        scalar('Code_Unified', null),
        reference('Calendar_DocumentId', '$.calendarReference', 'Ed-Fi:Calendar'),
        alias(scalar('Calendar_Code', '$.calendarReference.code'), 'Code_Unified', 'Calendar_DocumentId'),
        descriptor('Kind', '$.kindDescriptor', kind),
        alias(scalar('A', '$.a'), 'Code_Unified', 'A_Present'),
        scalar('Name', '$.name'),
      ],
      { classes: [unified('Code_Unified', 'A', 'Calendar_Code')] },
    ),
    table(address, '$.addresses[*]', [
      parentKey('School_DocumentId'),
      ordinal(),
      descriptor('Zone', '$.addresses[*].zoneDescriptor', kind),
    ]),
  ],
  {
    references: [
      binding('edfi.School', 'Calendar_DocumentId', '$.calendarReference', 'Ed-Fi:Calendar', [
        ['$.calendarReference.code', 'Calendar_Code'],
      ]),
    ],
    descriptors: [
      edge('edfi.School', 'Kind', '$.kindDescriptor', kind),
      edge(address, 'Zone', '$.addresses[*].zoneDescriptor', kind),
    ],
  },
);

const write = compileWritePlan('pgsql', school);
const read = compileReadPlan('pgsql', school);
const [rootPlan, addressPlan] = write.tablePlansInDependencyOrder as [TableWritePlan, TableWritePlan];

const withRoot = (changes: Partial<TableWritePlan>): ResourceWritePlan => ({
  ...write,
  tablePlansInDependencyOrder: [{ ...rootPlan, ...changes }, addressPlan],
});
const withAddress = (changes: Partial<TableWritePlan>): ResourceWritePlan => ({
  ...write,
  tablePlansInDependencyOrder: [rootPlan, { ...addressPlan, ...changes }],
});
const withBinding = (index: number, changes: Partial<TableWritePlan['columnBindings'][number]>) =>
  withRoot({
    columnBindings: rootPlan.columnBindings.map((entry, at) => (at === index ? { ...entry, ...changes } : entry)),
  });
const withHydration = (change: (sql: string) => string): ResourceReadPlan => ({
  ...read,
  tablePlansInDependencyOrder: read.tablePlansInDependencyOrder.map((plan) => ({
    ...plan,
    selectByKeysetSql: change(plan.selectByKeysetSql),
  })),
});
const withDescriptors = (change: (sql: string) => string): ResourceReadPlan => ({
  ...read,
  descriptorProjectionPlansInOrder: read.descriptorProjectionPlansInOrder.map((plan) => ({
    ...plan,
    selectByKeysetSql: change(plan.selectByKeysetSql),
  })),
});
const withReference = (changes: Record<string, unknown>): ResourceReadPlan => ({
  ...read,
  referenceIdentityProjectionPlansInDependencyOrder: read.referenceIdentityProjectionPlansInDependencyOrder.map(
    (entry) => ({
      ...entry,
      bindingsInOrder: entry.bindingsInOrder.map((reference) => ({ ...reference, ...changes })),
    }),
  ),
});
const withSourceOrdinal = (descriptorIdColumnOrdinal: number): ResourceReadPlan => ({
  ...read,
  descriptorProjectionPlansInOrder: read.descriptorProjectionPlansInOrder.map((plan) => ({
    ...plan,
    sourcesInOrder: plan.sourcesInOrder.map((source) => ({ ...source, descriptorIdColumnOrdinal })),
  })),
});
const withBatching = (changes: Partial<TableWritePlan['bulkInsertBatching']>) =>
  withRoot({ bulkInsertBatching: { ...rootPlan.bulkInsertBatching, ...changes } });
const withUnification = (changes: Partial<TableWritePlan['keyUnificationPlans'][number]>) =>
  withRoot({ keyUnificationPlans: rootPlan.keyUnificationPlans.map((plan) => ({ ...plan, ...changes })) });

const replace = (from: string | RegExp, to: string) => (sql: string) => {
  const changed = sql.replace(from, to);
  if (changed === sql && !sql.includes('Address')) throw new Error(`nothing to change in ${sql}`);
  return changed;
};

describe('plans that break an invariant', () => {
  it('sound plans break none', () => {
    expect(planFindings('pgsql', write, read)).toEqual([]);
    expect(planFindings('mssql', compileWritePlan('mssql', school), compileReadPlan('mssql', school))).toEqual([]);
  });

  it.each<[number, string, ResourceWritePlan, ResourceReadPlan?]>([
    [2, 'a tab', withRoot({ insertSql: rootPlan.insertSql.replace('    ', '\t') })],
    [2, 'a carriage return', write, withHydration(replace('\n', '\r\n'))],
    [2, 'a trailing blank', write, withDescriptors(replace('SELECT\n', 'SELECT \n'))],
    [2, 'no semicolon', withRoot({ updateSql: (rootPlan.updateSql ?? '').replace('\n;\n', '\n') })],
    [2, 'two statements', withAddress({ deleteByParentSql: `;\n${addressPlan.deleteByParentSql}` })],
    [3, 'a column that is not bound', withRoot({ insertSql: replace('"Name"', '"Other"')(rootPlan.insertSql) })],
    [
      3,
      'parameters in another order',
      withRoot({
        insertSql: replace('@a_Present,\n    @code_Unified', '@code_Unified,\n    @a_Present')(rootPlan.insertSql),
      }),
    ],
    [4, 'a name out of the pattern', withBinding(1, { parameterName: 'a-b' })],
    [4, 'a name twice', withBinding(1, { parameterName: 'DOCUMENTID' })],
    [5, 'a bound alias', withBinding(5, { column: alias(scalar('A', '$.a'), 'Code_Unified') })],
    [5, 'an unbound key', withRoot({ columnBindings: rootPlan.columnBindings.slice(1) })],
    [5, 'bindings in another order', withRoot({ columnBindings: rootPlan.columnBindings.toReversed() })],
    [6, 'no update of a root', withRoot({ updateSql: null })],
    [6, 'an update of a collection', withAddress({ updateSql: rootPlan.updateSql })],
    [6, 'a delete of the root', withRoot({ deleteByParentSql: addressPlan.deleteByParentSql })],
    [6, 'no delete of a collection', withAddress({ deleteByParentSql: null })],
    [
      7,
      'a delete by ordinal',
      withAddress({
        deleteByParentSql: (addressPlan.deleteByParentSql ?? '').replace(
          ')\n;',
          ')\n    AND ("Ordinal" = @ordinal)\n;',
        ),
      }),
    ],
    [
      8,
      'an update without a column',
      withRoot({ updateSql: (rootPlan.updateSql ?? '').replace(',\n    "Name" = @name', '') }),
    ],
    [
      8,
      'an update of the key',
      withRoot({ updateSql: (rootPlan.updateSql ?? '').replace('SET\n', 'SET\n    "DocumentId" = @documentId,\n') }),
    ],
    [
      8,
      'an update by another column',
      withRoot({ updateSql: (rootPlan.updateSql ?? '').replace('("DocumentId" = @documentId)', '("Name" = @name)') }),
    ],
    [9, 'a row too many', withBatching({ maxRowsPerBatch: 1001 })],
    [9, 'a row too few', withBatching({ maxRowsPerBatch: 999 })],
    [9, 'another width', withBatching({ parametersPerRow: 5 })],
    [9, 'another limit', withBatching({ maxParametersPerCommand: 2100 })],
    [10, 'a producer missing', withRoot({ keyUnificationPlans: [] })],
    [10, 'a producer of something else', withUnification({ canonicalBindingIndex: 0 })],
    [
      10,
      'two producers',
      withRoot({ keyUnificationPlans: [...rootPlan.keyUnificationPlans, ...rootPlan.keyUnificationPlans] }),
    ],
    [
      11,
      'members in another order',
      withUnification({ membersInOrder: rootPlan.keyUnificationPlans[0]?.membersInOrder.toReversed() ?? [] }),
    ],
    [12, 'a column left out', write, withHydration(replace('r."Name"', 'r."Code_Unified"'))],
    [12, 'another order', write, withHydration(replace(' ASC', ' DESC'))],
    [13, 'an ordinal of another column', write, withReference({ fkColumnOrdinal: 1 })],
    [
      13,
      'a field of another column',
      write,
      withReference({
        identityFieldOrdinalsInOrder: [
          { referenceJsonPath: scalar('X', '$.calendarReference.code').sourcePath, columnOrdinal: 0 },
        ],
      }),
    ],
    [13, 'a descriptor of another column', write, withSourceOrdinal(1)],
    [14, 'an arm missing', write, withDescriptors((sql) => sql.replace(/ {8}UNION\n[\s\S]*?\n( {4}\))/, '$1'))],
    [
      14,
      'DISTINCT on several arms',
      write,
      withDescriptors(replace('        SELECT t0', '        SELECT DISTINCT t0')),
    ],
  ])('%i: %s', (invariant, _, changedWrite, changedRead = read) => {
    const broken = planFindings('pgsql', changedWrite, changedRead).map((finding) => Number(finding.split(':')[0]));
    expect(broken).toContain(invariant);
  });

  it('15: a text of one dialect is told from any other', () => {
    const mssql = compileWritePlan('mssql', school).tablePlansInDependencyOrder[0]?.insertSql ?? '';
    expect(asSqlServer(rootPlan.insertSql)).toBe(mssql);
    expect(asSqlServer(read.tablePlansInDependencyOrder[0]?.selectByKeysetSql ?? '')).toContain('INNER JOIN [#page] k');
    expect(asSqlServer(rootPlan.insertSql)).not.toBe(rootPlan.insertSql);
  });

  it('17: an entry missing, an entry twice, or plans of a descriptor are found in a manifest', () => {
    const mappingSet = compileMappingSet(modelSet([school, descriptorResource(kind, 2)]));
    const text = mappingSetManifestText([mappingSet]);
    expect(manifestFindings(mappingSet)).toEqual([]);
    const manifest = JSON.parse(text);
    const [set] = manifest.mapping_sets;
    const withEntries = (resources: readonly unknown[]) => JSON.stringify({ mapping_sets: [{ ...set, resources }] });
    const [descriptorEntry, schoolEntry] = set.resources;
    expect(descriptorEntry.resource.resource_name).toBe('KindDescriptor');
    expect(manifestFindings(mappingSet, withEntries([descriptorEntry]))).not.toEqual([]);
    expect(manifestFindings(mappingSet, withEntries([descriptorEntry, schoolEntry, schoolEntry]))).not.toEqual([]);
    expect(
      manifestFindings(mappingSet, withEntries([{ ...descriptorEntry, write_plan: {} }, schoolEntry])),
    ).not.toEqual([]);
    expect(
      manifestFindings(mappingSet, withEntries([descriptorEntry, { ...schoolEntry, read_plan: null }])),
    ).not.toEqual([]);
  });

  it.each(['SELECT 1\n;', 'SELECT 1\n\n;\n\n', 'SELECT 1;\n', ';\nSELECT 1\n;\n', 'SELECT 1 \n;\n', 'SELECT\t1\n;\n'])(
    '2: %j is not a canonical text',
    (sql) => {
      expect(sqlTextFindings(sql)).not.toEqual([]);
      expect(sqlTextFindings('SELECT 1\n;\n')).toEqual([]);
    },
  );
});
