import { brokenInvariants, type Column, modelIndex, type RelationalModelSet, type Table } from '@dms/model';
import { dialects } from '@dms/sql';
import {
  type build,
  edFi,
  hasSharedData,
  languageDescriptor,
  longNamed,
  menu,
  modelOf,
  ownSchema,
  path,
  random,
  seeds,
  shuffled,
  workedExamples,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { core52, tpdm } from '../../../test/data-standard.ts';
import { shuffledConstraints, unificationFacts, withoutSkippedDirection } from '../../../test/order-independence.ts';

type UnifiedDocuments = readonly build.JsonRecord[];

/** Models derived once; every test reads them. */
const models = new Map<string, RelationalModelSet>();

function derived(
  name: string,
  documents: () => UnifiedDocuments,
  dialect: (typeof dialects)[number],
): RelationalModelSet {
  const key = `${name} ${dialect}`;
  const model = models.get(key) ?? modelOf(documents(), dialect);
  models.set(key, model);
  return model;
}

const aliasCount = (model: RelationalModelSet) =>
  modelIndex(model).allTables.flatMap(({ table }) =>
    table.columns.filter(({ storage }) => storage.kind === 'UnifiedAlias'),
  ).length;

function invariantsHold(name: string, documents: () => UnifiedDocuments, shuffles: number): void {
  it.each(dialects)(`of a single model hold in %s for ${name}`, (dialect) => {
    const model = derived(name, documents, dialect);
    expect(aliasCount(model)).toBeGreaterThan(0);
    expect(brokenInvariants(model)).toEqual([]);
  });

  it(`give both dialects the same classes, members and gates up to shortened names for ${name}`, () => {
    const [pgsql = [], mssql] = dialects.map((dialect) => unificationFacts(derived(name, documents, dialect)));
    expect(pgsql.length).toBeGreaterThan(0);
    expect(mssql).toEqual(pgsql);
  });

  it(`make the order and direction of constraints irrelevant for ${name}`, () => {
    const expected = withoutSkippedDirection(derived(name, documents, 'pgsql'));
    for (const seed of seeds(shuffles)) {
      const next = random(seed);
      const turned = documents().map((document) => shuffledConstraints(document, next));
      expect(withoutSkippedDirection(modelOf(turned, 'pgsql')), `seed ${seed}`).toEqual(expected);
    }
  });

  it(`make the order in which columns and resources are read irrelevant for ${name}`, () => {
    const expected = withoutSkippedDirection(derived(name, documents, 'pgsql'));
    for (const seed of seeds(shuffles)) {
      const other = documents().map((document) => shuffled(document, seed));
      expect(withoutSkippedDirection(modelOf(other, 'pgsql')), `seed ${seed}`).toEqual(expected);
    }
  });
}

describe('the invariants of key unification', () => {
  invariantsHold('the worked examples', () => workedExamples, 10);
  invariantsHold('names that PostgreSQL shortens', () => [longNamed], 5);
  invariantsHold('two optional descriptors', () => [edFi([languageDescriptor, menu([])])], 5);
  invariantsHold('the campus schema', () => [ownSchema('campus')], 5);
  invariantsHold('the campus and athletics schemas', () => [ownSchema('campus'), ownSchema('athletics')], 5);
});

describe.runIf(hasSharedData)('the invariants of key unification (needs the shared conformance data)', () => {
  invariantsHold('the data standard 5.2 with TPDM 1.1', () => [core52(), tpdm()], 1);
});

/** Tests of the checks themselves: they must detect one change in a sound model. */
describe('a model that breaks an invariant', () => {
  const sound = modelOf(workedExamples);

  /** The model with one table changed. */
  function withTable(name: string, change: (table: Table) => Partial<Table>): RelationalModelSet {
    let isFound = false;
    const resources = sound.resources.map((resource) => ({
      ...resource,
      tablesInDependencyOrder: resource.tablesInDependencyOrder.map((table) => {
        if (`${table.table.schema}.${table.table.name}` !== name) return table;
        isFound = true;
        return { ...table, ...change(table) };
      }),
    }));
    if (!isFound) throw new Error(`no table ${name}`);
    return { ...sound, resources };
  }

  const withColumn = (table: string, name: string, changes: Partial<Column>) =>
    withTable(table, ({ columns }) => ({
      columns: columns.map((column) => (column.name === name ? { ...column, ...changes } : column)),
    }));

  const alias = (canonicalColumn: string, presenceColumn: string | null): Partial<Column> => ({
    storage: { kind: 'UnifiedAlias', canonicalColumn, presenceColumn },
    isWritable: false,
  });

  it.each<[number, string, () => RelationalModelSet]>([
    [
      1,
      'an alias of a missing column',
      () => withColumn('edfi.Booking', 'Room_SchoolId', alias('Gone', 'Room_DocumentId')),
    ],
    [
      1,
      'an alias of an alias',
      () => withColumn('edfi.Booking', 'Room_SchoolId', alias('School_SchoolId', 'Room_DocumentId')),
    ],
    [
      1,
      'an alias before its canonical column',
      () => withTable('edfi.Booking', ({ columns }) => ({ columns: [...columns].reverse() })),
    ],
    [1, 'a writable alias', () => withColumn('edfi.Booking', 'Room_SchoolId', { isWritable: true })],
    [2, 'an alias that is not a member', () => withTable('edfi.Booking', () => ({ keyUnificationClasses: [] }))],
    [
      2,
      'members in another order',
      () =>
        withTable('edfi.Booking', ({ keyUnificationClasses: [first] }) => ({
          keyUnificationClasses: [{ ...first!, memberPathColumns: [...first!.memberPathColumns].reverse() }],
        })),
    ],
    [
      2,
      'classes in another order',
      () =>
        withTable('edfi.Section', ({ keyUnificationClasses }) => ({
          keyUnificationClasses: [...keyUnificationClasses].reverse(),
        })),
    ],
    [
      2,
      'a class of one',
      () =>
        withTable('edfi.Booking', ({ keyUnificationClasses: [first] }) => ({
          keyUnificationClasses: [{ ...first!, memberPathColumns: first!.memberPathColumns.slice(0, 1) }],
        })),
    ],
    [
      3,
      'a member of another type',
      () =>
        withColumn('edfi.Booking', 'Room_SchoolId', { scalarType: { kind: 'Int64', maxLength: null, decimal: null } }),
    ],
    [
      3,
      'a nullable canonical column of required members',
      () => withColumn('edfi.Booking', 'SchoolId_Unified', { isNullable: true }),
    ],
    [5, 'a stored column without a path', () => withColumn('edfi.Booking', 'BookingDate', { sourcePath: null })],
    [
      6,
      'a member gated by another reference',
      () => withColumn('edfi.Booking', 'Room_SchoolId', alias('SchoolId_Unified', 'School_DocumentId')),
    ],
    [
      6,
      'an ungated optional member',
      () => withColumn('edfi.Budget', 'PlannedFiscalYear', alias('FiscalYear_Unified', null)),
    ],
    [
      1,
      'an alias with a missing gate',
      () => withColumn('edfi.Booking', 'Room_SchoolId', alias('SchoolId_Unified', 'Gone')),
    ],
    [
      1,
      'a gate that is an alias',
      () => withColumn('edfi.Booking', 'Room_DocumentId', alias('SchoolId_Unified', null)),
    ],
    [
      6,
      'a flag that is not a scalar',
      () => withColumn('edfi.Budget', 'PlannedFiscalYear_Present', { kind: 'DescriptorFk' }),
    ],
    [
      6,
      'a flag that is not boolean',
      () =>
        withColumn('edfi.Budget', 'PlannedFiscalYear_Present', {
          scalarType: { kind: 'Int32', maxLength: null, decimal: null },
        }),
    ],
    [
      6,
      'a flag that is never null',
      () => withColumn('edfi.Budget', 'PlannedFiscalYear_Present', { isNullable: false }),
    ],
    [
      6,
      'a flag that is read from the document',
      () => withColumn('edfi.Budget', 'PlannedFiscalYear_Present', { sourcePath: path('$.flag') }),
    ],
    [
      6,
      'an optional member gated by the document id of no reference of its own',
      () => withColumn('edfi.Budget', 'PlannedFiscalYear', alias('FiscalYear_Unified', 'DocumentId')),
    ],
    [
      6,
      'a gated required member',
      () => withColumn('edfi.Budget', 'FiscalYear', alias('FiscalYear_Unified', 'PlannedFiscalYear_Present')),
    ],
    [
      6,
      'a flag without its check',
      () =>
        withTable('edfi.Budget', ({ constraints }) => ({
          constraints: constraints.filter(({ kind }) => kind !== 'NullOrTrue'),
        })),
    ],
    [
      7,
      'an alias in a foreign key',
      () =>
        withTable('edfi.Booking', ({ constraints }) => ({
          constraints: constraints.map((key) =>
            key.kind === 'ForeignKey'
              ? { ...key, columns: key.columns.map((name) => name.replace('SchoolId_Unified', 'School_SchoolId')) }
              : key,
          ),
        })),
    ],
    [
      7,
      'a canonical column in a natural key',
      () =>
        withTable('edfi.Budget', ({ constraints }) => ({
          constraints: constraints.map((key) =>
            key.name === 'UX_Budget_NK' && key.kind === 'Unique' ? { ...key, columns: ['FiscalYear_Unified'] } : key,
          ),
        })),
    ],
    [
      7,
      'a canonical column in an all-or-none check',
      () =>
        withTable('edfi.Booking', ({ constraints }) => ({
          constraints: constraints.map((check) =>
            check.kind === 'AllOrNoneNullability' ? { ...check, dependentColumns: ['SchoolId_Unified'] } : check,
          ),
        })),
    ],
    [
      8,
      'a reference to columns that are not key',
      () =>
        withTable('edfi.Booking', ({ constraints }) => ({
          constraints: constraints.map((key) =>
            key.kind === 'ForeignKey' ? { ...key, targetColumns: [...key.targetColumns].reverse() } : key,
          ),
        })),
    ],
    [
      9,
      'a descriptor column without its key',
      () =>
        withTable('edfi.Menu', ({ constraints }) => ({
          constraints: constraints.filter((key) => key.kind !== 'ForeignKey' || key.targetTable.name !== 'Descriptor'),
        })),
    ],
    [
      10,
      'a report of another canonical column',
      () => ({
        ...sound,
        resources: sound.resources.map((resource) => ({
          ...resource,
          keyUnificationDiagnostics: {
            ...resource.keyUnificationDiagnostics,
            applied: resource.keyUnificationDiagnostics.applied.map((entry) => ({
              ...entry,
              canonicalColumn: 'Other',
            })),
          },
        })),
      }),
    ],
  ])('is found out by invariant %i: %s', (invariant, _, broken) => {
    expect(brokenInvariants(sound)).toEqual([]);
    const numbers = brokenInvariants(broken()).flatMap((text) =>
      text.startsWith('04 §19 ') ? [Number(text.split(' ')[2])] : [],
    );
    expect(numbers).toContain(invariant);
  });

  it('is found out by a name that does not exist', () => {
    const broken = withColumn('edfi.Booking', 'SchoolId_Unified', { name: 'Renamed' });
    expect(brokenInvariants(broken).filter((text) => text.startsWith('03 §13 ')).length).toBeGreaterThan(3);
  });
});
