import {
  build,
  codesOf,
  edFi,
  equal,
  expectNamed,
  extension,
  failureOf,
  modelOf,
  nothing,
  reportOf,
  tableOf,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { columnLines } from '../../../test/model-text.ts';

const { ext, extensionOf, integer, object, resource } = build;

const years = object({ fiscalYear: integer(), localFiscalYear: integer(), otherYear: integer() });

const ledgerWith = (equalityConstraints: build.Json) =>
  resource('Ledger', { jsonSchemaForInsert: years, equalityConstraints });

const extensionWith = (equalityConstraints: build.Json, properties: build.JsonRecord = { note: integer() }) =>
  extensionOf('Ledger', {
    jsonSchemaForInsert: object({ _ext: ext('sample', object(properties)) }),
    equalityConstraints,
  });

const pairs = (entries: readonly { endpoint_a_path: string; endpoint_b_path: string }[]) =>
  entries.map((entry) => [entry.endpoint_a_path, entry.endpoint_b_path]);

describe('reading equalityConstraints', () => {
  const untouched = columnLines(
    tableOf(modelOf([edFi([resource('Ledger', { jsonSchemaForInsert: years })])]), 'edfi.Ledger'),
  );

  it.each<[string, build.BuiltResource]>([
    ['null', ledgerWith(null)],
    ['empty', ledgerWith([])],
    [
      'absent',
      ((built) => {
        const { equalityConstraints: _, ...schema } = built.schema;
        return { ...built, schema };
      })(ledgerWith(null)),
    ],
  ])('%s leaves tables untouched and the report empty', (_, ledger) => {
    const model = modelOf([edFi([ledger])]);
    const table = tableOf(model, 'edfi.Ledger');
    expect(columnLines(table)).toEqual(untouched);
    expect(untouched).toEqual([
      'DocumentId ParentKeyPart Int64 NOT NULL -',
      'FiscalYear Scalar Int32 NULL $.fiscalYear',
      'LocalFiscalYear Scalar Int32 NULL $.localFiscalYear',
      'OtherYear Scalar Int32 NULL $.otherYear',
    ]);
    expect(table.keyUnificationClasses).toEqual([]);
    expect(reportOf(model, 'Ed-Fi:Ledger')).toEqual(nothing);
  });

  it.each<[string, build.Json]>([
    ['an object', {}],
    ['a text', '$.fiscalYear'],
    ['a number', 1],
    ['a flag', false],
  ])('%s in place of the array is KU_CONSTRAINTS_NOT_ARRAY', (_, value) => {
    const error = failureOf(() => modelOf([edFi([ledgerWith(value)])]));
    expect(codesOf(error)).toEqual(['KU_CONSTRAINTS_NOT_ARRAY']);
    expectNamed(error.diagnostics[0], ['Ed-Fi:Ledger']);
  });

  it.each<[string, build.Json]>([
    ['null', null],
    ['a text', '$.fiscalYear'],
    ['an array', []],
  ])('%s as an entry is KU_CONSTRAINT_NOT_OBJECT with its index', (_, value) => {
    const error = failureOf(() => modelOf([edFi([ledgerWith([equal('$.fiscalYear', '$.otherYear'), value])])]));
    expect(codesOf(error)).toEqual(['KU_CONSTRAINT_NOT_OBJECT']);
    expect(error.diagnostics[0].details).toMatchObject({ resource: 'Ed-Fi:Ledger', index: 1 });
    expectNamed(error.diagnostics[0], ['Ed-Fi:Ledger', 'equalityConstraints[1]']);
  });

  it.each<[string, build.Json, string]>([
    ['a missing target', { sourceJsonPath: '$.fiscalYear' }, 'targetJsonPath'],
    ['a missing source', { targetJsonPath: '$.fiscalYear' }, 'sourceJsonPath'],
    ['a null', { sourceJsonPath: null, targetJsonPath: '$.fiscalYear' }, 'sourceJsonPath'],
    ['a number', { sourceJsonPath: '$.fiscalYear', targetJsonPath: 5 }, 'targetJsonPath'],
    ['an empty text', { sourceJsonPath: '', targetJsonPath: '$.fiscalYear' }, 'sourceJsonPath'],
    ['white space', { sourceJsonPath: '$.fiscalYear', targetJsonPath: ' \t' }, 'targetJsonPath'],
  ])('%s as a path is KU_CONSTRAINT_PATH_MISSING with index and property', (_, value, property) => {
    const error = failureOf(() => modelOf([edFi([ledgerWith([value])])]));
    expect(codesOf(error)).toEqual(['KU_CONSTRAINT_PATH_MISSING']);
    expect(error.diagnostics[0].details).toMatchObject({ resource: 'Ed-Fi:Ledger', index: 0, property });
    expectNamed(error.diagnostics[0], ['Ed-Fi:Ledger', `equalityConstraints[0].${property}`]);
  });

  it('a path outside the JSONPath subset is JSONPATH_INVALID', () => {
    const error = failureOf(() => modelOf([edFi([ledgerWith([equal('$.fiscalYear', '$.years[0]')])])]));
    expect(codesOf(error)).toEqual(['JSONPATH_INVALID']);
    expectNamed(error.diagnostics[0], ['Ed-Fi:Ledger', '$.years[0]']);
  });

  it('reports the mistakes of independent resources together', () => {
    const bad = (name: string, equalityConstraints: build.Json) =>
      resource(name, { jsonSchemaForInsert: years, equalityConstraints });
    const error = failureOf(() => modelOf([edFi([bad('Alpha', {}), bad('Beta', [null])])]));
    expect(codesOf(error)).toEqual(['KU_CONSTRAINTS_NOT_ARRAY', 'KU_CONSTRAINT_NOT_OBJECT']);
  });
});

describe('constraints of a resource and its extensions', () => {
  it('count once per undirected pair, also when base and extension write it in opposite directions', () => {
    const documents = [
      edFi([ledgerWith([equal('$.fiscalYear', '$.localFiscalYear')])]),
      extension([extensionWith([equal('$.localFiscalYear', '$.fiscalYear')])]),
    ];
    const report = reportOf(modelOf(documents), 'Ed-Fi:Ledger');
    expect(pairs(report.applied)).toEqual([['$.fiscalYear', '$.localFiscalYear']]);
    expect({ ...report, applied: [] }).toEqual(nothing);
  });

  it('are processed against the base model, so that an extension can unify base columns', () => {
    const documents = [
      edFi([ledgerWith(null)]),
      extension([extensionWith([equal('$.localFiscalYear', '$.fiscalYear')])]),
    ];
    expect(tableOf(modelOf(documents), 'edfi.Ledger').keyUnificationClasses).toEqual([
      { canonicalColumn: 'FiscalYear_Unified', memberPathColumns: ['FiscalYear', 'LocalFiscalYear'] },
    ]);
  });

  it('unify columns of an extension table, named below its scope', () => {
    const documents = [
      edFi([ledgerWith(null)]),
      extension([
        extensionWith([equal('$._ext.sample.secondYear', '$._ext.sample.firstYear')], {
          firstYear: integer(),
          secondYear: integer(),
        }),
      ]),
    ];
    expect(columnLines(tableOf(modelOf(documents), 'sample.LedgerExtension'))).toEqual([
      'DocumentId ParentKeyPart Int64 NOT NULL -',
      'FirstYear_Present Scalar Boolean NULL -',
      'FirstYear_Unified Scalar Int32 NULL -',
      'SecondYear_Present Scalar Boolean NULL -',
      'FirstYear Scalar Int32 NULL $._ext.sample.firstYear = FirstYear_Unified where FirstYear_Present',
      'SecondYear Scalar Int32 NULL $._ext.sample.secondYear = FirstYear_Unified where SecondYear_Present',
    ]);
  });

  it('across a base table and its extension table are ignored as cross_table', () => {
    const documents = [
      edFi([ledgerWith(null)]),
      extension([extensionWith([equal('$._ext.sample.note', '$.fiscalYear')])]),
    ];
    const model = modelOf(documents);
    expect(reportOf(model, 'Ed-Fi:Ledger')).toEqual({
      ...nothing,
      ignored: [
        {
          endpoint_a_path: '$._ext.sample.note',
          endpoint_b_path: '$.fiscalYear',
          reason: 'cross_table',
          endpoint_a_binding: { table: { schema: 'sample', name: 'LedgerExtension' }, column: 'Note' },
          endpoint_b_binding: { table: { schema: 'edfi', name: 'Ledger' }, column: 'FiscalYear' },
        },
      ],
      ignored_by_reason: { cross_table: 1 },
    });
    expect(columnLines(tableOf(model, 'edfi.Ledger')).some((text) => text.includes('='))).toBe(false);
  });

  it.each([
    ['Sample', 'the base, whose project name is smaller', { source_path: '$.x', target_path: '$.y' }],
    ['Alpha', 'the extension, whose project name is smaller', { source_path: '$.y', target_path: '$.x' }],
  ])('a skipped pair keeps the direction of its first occurrence: with project %s that of %s', (name, _, expected) => {
    const extended = extensionOf('Ledger', {
      jsonSchemaForInsert: object({ _ext: ext(name.toLowerCase(), object({ note: integer() })) }),
      equalityConstraints: [equal('$.y', '$.x')],
    });
    const documents = [edFi([ledgerWith([equal('$.x', '$.y')])]), extension([extended], name)];
    expect(reportOf(modelOf(documents), 'Ed-Fi:Ledger').skipped).toEqual([
      { ...expected, unresolved_endpoint: 'both' },
    ]);
  });
});
