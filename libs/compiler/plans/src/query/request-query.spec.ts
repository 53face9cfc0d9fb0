import { mustExist } from '@dms/model';
import { handMade, path } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { rootOf } from '../../test/second-generation-tables.ts';
import { pageSource } from '../description/page-source.ts';
import {
  compilePageQuery,
  documentRulesOf,
  findQueryField,
  type QueryCapability,
  type QueryFieldTarget,
  queryAliases,
  requestFilters,
} from '../index.ts';

const { alias, descriptor, named, resource, scalar, scalarType } = handMade;

const school = resource('Ed-Fi:School', [
  rootOf('edfi.School', [
    scalar('Code_Unified', null),
    alias(scalar('Code', '$.code'), 'Code_Unified', 'HasCode'),
    descriptor('KindDescriptor_DescriptorId', '$.kindDescriptor', 'Ed-Fi:KindDescriptor'),
    scalar('Seats', '$.seats', 'Int32'),
    scalar('Limit', '$.limit', 'Int32'),
  ]),
]);

const supported = (targets: Readonly<Record<string, QueryFieldTarget>>): QueryCapability => ({
  support: { kind: 'supported' },
  supportedFields: Object.entries(targets).map(([field, target]) => ({
    field,
    target,
    path: path('$.value'),
    type: 'string',
  })),
  unsupportedFields: [],
});

const exact = { filtersCompareCodeUnits: true };

const capability = supported({
  Seats: { kind: 'root_column', column: 'Seats' },
  code: { kind: 'root_column', column: 'Code' },
  id: { kind: 'document_uuid' },
  kindDescriptor: {
    kind: 'descriptor_id_column',
    column: 'KindDescriptor_DescriptorId',
    descriptorResource: named('Ed-Fi:KindDescriptor'),
  },
  limit: { kind: 'root_column', column: 'Limit' },
});

// design 17a §1
describe('the query of a request', () => {
  it('has one predicate per field, in the order of the names ignoring case, and the conversion of each value', () => {
    const filters = requestFilters(school, capability, ['Seats', 'kindDescriptor', 'code', 'id'], {}, exact);
    expect(filters).toEqual([
      {
        field: 'code',
        predicate: { column: 'Code', operator: 'Equal', parameterName: 'code', scalarKind: 'String' },
        value: { kind: 'scalar', scalarType: scalarType('String') },
      },
      {
        field: 'id',
        predicate: { target: 'DocumentUuid', operator: 'Equal', parameterName: 'id' },
        value: { kind: 'uuid' },
      },
      {
        field: 'kindDescriptor',
        predicate: {
          column: 'KindDescriptor_DescriptorId',
          operator: 'Equal',
          parameterName: 'kindDescriptor',
          scalarKind: 'Int64',
        },
        value: { kind: 'descriptor', descriptorResource: named('Ed-Fi:KindDescriptor') },
      },
      {
        field: 'Seats',
        predicate: { column: 'Seats', operator: 'Equal', parameterName: 'seats', scalarKind: 'Int32' },
        value: { kind: 'scalar', scalarType: scalarType('Int32') },
      },
    ]);
    const root = mustExist(school.tablesInDependencyOrder[0], 'the root table');
    const documents = {
      rootTable: root.table,
      predicates: filters.map(({ predicate }) => predicate),
      aliases: queryAliases(root),
    };
    expect(compilePageQuery('mssql', documents).pageDocumentIdSql).toBe(
      [
        'SELECT r.[DocumentId]',
        'FROM [edfi].[School] r',
        'INNER JOIN [dms].[Document] doc ON doc.[DocumentId] = r.[DocumentId]',
        'WHERE',
        '    (doc.[DocumentUuid] = @id)',
        '    AND (r.[KindDescriptor_DescriptorId] = @kindDescriptor)',
        '    AND (r.[Seats] = @seats)',
        '    AND (r.[HasCode] IS NOT NULL AND r.[Code_Unified] COLLATE Latin1_General_100_BIN2 = @code)',
        'ORDER BY r.[DocumentId] ASC',
        'OFFSET @offset ROWS FETCH NEXT @limit ROWS ONLY',
        ';\n',
      ].join('\n'),
    );
  });

  it.each([
    ['v2', 'r.[HasCode] IS NOT NULL AND r.[Code_Unified] COLLATE Latin1_General_100_BIN2 = @code'],
    ['v2-natural', 'r.[HasCode] IS NOT NULL AND r.[Code_Unified] = @code'],
  ] as const)('compares texts in SQL Server as the generation says, %s', (version, condition) => {
    const { table: rootTable, ...root } = mustExist(school.tablesInDependencyOrder[0], 'the root table');
    const filters = requestFilters(school, capability, ['code'], {}, documentRulesOf(version));
    const predicates = filters.map(({ predicate }) => predicate);
    const { pageDocumentIdSql } = compilePageQuery('mssql', { rootTable, predicates, aliases: queryAliases(root) });
    expect(pageDocumentIdSql).toContain(`\n    (${condition})\n`);
    const page = pageSource('mssql', school, capability, documentRulesOf(version));
    expect(page?.fields.find(({ field }) => field === 'code')?.predicate).toBe(condition);
  });

  it('renames a parameter whose name paging or another field uses', () => {
    const names = (paging: Parameters<typeof requestFilters>[3]) =>
      requestFilters(school, capability, ['limit'], paging, exact).map(({ predicate }) => predicate.parameterName);
    expect(names({})).toEqual(['limit_2']);
    expect(names({ mode: 'cursor' })).toEqual(['limit']);
    expect(names({ mode: 'cursor', pageSizeParameterName: 'Limit' })).toEqual(['limit_2']);
    const odd = supported({ 'min-date': { kind: 'document_uuid' }, 'min date': { kind: 'document_uuid' } });
    // design 08 §5: each run of other characters than letters and digits is one underscore
    expect(
      requestFilters(school, odd, ['min-date', 'min date'], {}, exact).map(({ field, predicate }) => [
        field,
        predicate.parameterName,
      ]),
    ).toEqual([
      ['min date', 'min_date'],
      ['min-date', 'min_date_2'],
    ]);
  });
});

describe('a query field', () => {
  const fields: QueryCapability = {
    ...capability,
    unsupportedFields: [{ field: 'addressCity', failure: 'array_crossing', paths: [] }],
  };

  it('is found by its name, ignoring case, whether it can be filtered or not', () => {
    expect(findQueryField(fields, 'CODE')).toMatchObject({
      field: 'code',
      target: { kind: 'root_column', column: 'Code' },
    });
    expect(findQueryField(fields, 'addresscity')).toMatchObject({ field: 'addressCity', failure: 'array_crossing' });
    expect(findQueryField(fields, 'city')).toBeUndefined();
  });
});
