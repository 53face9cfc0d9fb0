import { handMade, path } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { rootOf } from '../../test/second-generation-tables.ts';
import {
  compilePageQuery,
  type DescriptorQueryCapability,
  descriptorQuery,
  findQueryField,
  type QueryCapability,
  type QueryFieldTarget,
  resourceQuery,
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
  it('has one predicate per field, in the order of the names ignoring case, and says what the values must be', () => {
    const { documents, filters, orderBy } = resourceQuery(
      school,
      capability,
      { fields: ['Seats', 'kindDescriptor', 'code', 'id'] },
      {},
    );
    expect(documents.predicates).toEqual([
      { column: 'Code', operator: 'Equal', parameterName: 'code', scalarKind: 'String' },
      { target: 'DocumentUuid', operator: 'Equal', parameterName: 'id' },
      {
        column: 'KindDescriptor_DescriptorId',
        operator: 'Equal',
        parameterName: 'kindDescriptor',
        scalarKind: 'Int64',
      },
      { column: 'Seats', operator: 'Equal', parameterName: 'seats', scalarKind: 'Int32' },
    ]);
    expect(filters).toEqual([
      { field: 'code', parameterName: 'code', value: { kind: 'scalar', scalarType: scalarType('String') } },
      { field: 'id', parameterName: 'id', value: { kind: 'uuid' } },
      {
        field: 'kindDescriptor',
        parameterName: 'kindDescriptor',
        value: { kind: 'descriptor', descriptorResource: named('Ed-Fi:KindDescriptor') },
      },
      { field: 'Seats', parameterName: 'seats', value: { kind: 'scalar', scalarType: scalarType('Int32') } },
    ]);
    expect(orderBy).toBe('DocumentId');
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

  it('renames a parameter whose name paging or a range of versions uses', () => {
    const names = (paging: Parameters<typeof resourceQuery>[3]) =>
      resourceQuery(school, capability, { fields: ['limit'] }, paging).filters.map(
        ({ parameterName }) => parameterName,
      );
    expect(names({})).toEqual(['limit_2']);
    expect(names({ mode: 'cursor' })).toEqual(['limit']);
    expect(names({ mode: 'cursor', pageSizeParameterName: 'Limit' })).toEqual(['limit_2']);
    const odd = supported({
      minChangeVersion: { kind: 'document_uuid' },
      'min change-version': { kind: 'document_uuid' },
    });
    const { filters } = resourceQuery(school, odd, { fields: ['minChangeVersion', 'min change-version'] }, {});
    // design 08 §5: each run of other characters than letters and digits is one underscore
    expect(filters.map(({ field, parameterName }) => [field, parameterName])).toEqual([
      ['min change-version', 'min_change_version'],
      ['minChangeVersion', 'minChangeVersion_2'],
    ]);
  });

  it('restricts versions on the root; with a maximum a page comes by version', () => {
    const query = (range: { hasMinimumVersion?: boolean; hasMaximumVersion?: boolean }) =>
      resourceQuery(school, capability, { fields: [], ...range }, {});
    const both = query({ hasMinimumVersion: true, hasMaximumVersion: true });
    const version = { kind: 'scalar', scalarType: { kind: 'Int64', maxLength: null, decimal: null } };
    expect(both.filters).toEqual([
      { field: null, parameterName: 'minChangeVersion', value: version },
      { field: null, parameterName: 'maxChangeVersion', value: version },
    ]);
    expect(both.orderBy).toBe('ContentVersion');
    const { pageDocumentIdSql } = compilePageQuery('pgsql', { ...both.documents, orderBy: both.orderBy });
    expect(pageDocumentIdSql).toBe(
      [
        'SELECT r."DocumentId"',
        'FROM "edfi"."School" r',
        'WHERE',
        '    (r."ContentVersion" >= @minChangeVersion)',
        '    AND (r."ContentVersion" <= @maxChangeVersion)',
        'ORDER BY r."ContentVersion" ASC',
        'LIMIT @limit OFFSET @offset',
        ';\n',
      ].join('\n'),
    );
    expect(query({ hasMinimumVersion: true }).orderBy).toBe('DocumentId');
    expect(query({ hasMinimumVersion: true }).filters.map(({ parameterName }) => parameterName)).toEqual([
      'minChangeVersion',
    ]);
  });
});

describe('the query of a request for descriptors', () => {
  const descriptors: DescriptorQueryCapability = {
    support: { kind: 'supported' },
    supportedFields: [
      { field: 'effectiveBeginDate', target: 'effective_begin_date', column: 'EffectiveBeginDate' },
      { field: 'id', target: 'document_uuid', column: null },
      { field: 'namespace', target: 'namespace', column: 'Namespace' },
    ],
  };

  it('queries the shared descriptor table for one descriptor resource', () => {
    const { documents, filters } = descriptorQuery(
      descriptors,
      { fields: ['namespace', 'id', 'effectiveBeginDate'] },
      {},
    );
    expect(compilePageQuery('mssql', { ...documents, mode: 'unpaged' }).pageDocumentIdSql).toBe(
      [
        'SELECT r.[DocumentId]',
        'FROM [dms].[Descriptor] r',
        'INNER JOIN [dms].[Document] doc ON doc.[DocumentId] = r.[DocumentId]',
        'WHERE',
        '    (doc.[DocumentUuid] = @id)',
        '    AND (r.[EffectiveBeginDate] = @effectiveBeginDate)',
        '    AND (r.[Namespace] COLLATE Latin1_General_100_BIN2 = @namespace)',
        '    AND (r.[ResourceKeyId] = @resourceKeyId)',
        ';\n',
      ].join('\n'),
    );
    expect(filters).toEqual([
      {
        field: 'effectiveBeginDate',
        parameterName: 'effectiveBeginDate',
        value: { kind: 'scalar', scalarType: { kind: 'Date', maxLength: null, decimal: null } },
      },
      { field: 'id', parameterName: 'id', value: { kind: 'uuid' } },
      {
        field: 'namespace',
        parameterName: 'namespace',
        value: { kind: 'scalar', scalarType: { kind: 'String', maxLength: null, decimal: null } },
      },
      { field: null, parameterName: 'resourceKeyId', value: { kind: 'resourceKey' } },
    ]);
  });

  it('needs no field', () => {
    const { documents, orderBy } = descriptorQuery(descriptors, { fields: [], hasMaximumVersion: true }, {});
    expect(documents.predicates.map(({ parameterName }) => parameterName)).toEqual([
      'resourceKeyId',
      'maxChangeVersion',
    ]);
    expect(orderBy).toBe('ContentVersion');
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
