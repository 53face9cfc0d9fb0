import { type SqlDialect, value } from '@dms/sql';
import { expectDiagnostic } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { bindPageQuery, compilePageQuery, pageQuery, type QueryPredicate } from '../index.ts';
import type { Paging } from './page-query.ts';

const rootTable = { schema: 'edfi', name: 'School' };
const named = (parameterName: string): QueryPredicate => ({ column: 'Name', operator: 'Equal', parameterName });
const uuid: QueryPredicate = { target: 'DocumentUuid', operator: 'Equal', parameterName: 'id' };

const compile = (
  paging: Paging,
  predicates: readonly QueryPredicate[] = [named('name')],
  dialect: SqlDialect = 'pgsql',
) => compilePageQuery(dialect, { rootTable, predicates, ...paging });

// design 17a §1
describe('a page by cursor', () => {
  it('is a range of document ids and its first documents', () => {
    expect(compile({ mode: 'cursor' })).toEqual({
      pageDocumentIdSql: [
        'SELECT r."DocumentId"',
        'FROM "edfi"."School" r',
        'WHERE',
        '    (r."Name" = @name)',
        '    AND (r."DocumentId" >= @cursorMin)',
        '    AND (r."DocumentId" <= @cursorMax)',
        'ORDER BY r."DocumentId" ASC',
        'LIMIT @pageSize',
        ';\n',
      ].join('\n'),
      totalCountSql: null,
      pageParametersInOrder: [
        { role: 'filter', parameterName: 'name' },
        { role: 'cursorInclusiveMinimum', parameterName: 'cursorMin' },
        { role: 'cursorInclusiveMaximum', parameterName: 'cursorMax' },
        { role: 'pageSize', parameterName: 'pageSize' },
      ],
      totalCountParametersInOrder: null,
    });
  });

  it('has its size at the head in SQL Server, and placeholders in the order of the text', () => {
    const { page } = pageQuery('mssql', { rootTable, predicates: [named('name')], mode: 'cursor' }, value);
    expect(page.pieces.reduce((text, piece, index) => `${text}?${index}${piece}`)).toBe(
      [
        'SELECT TOP (?1) r.[DocumentId]',
        'FROM [edfi].[School] r',
        'WHERE',
        '    (r.[Name] = ?2)',
        '    AND (r.[DocumentId] >= ?3)',
        '    AND (r.[DocumentId] <= ?4)',
        'ORDER BY r.[DocumentId] ASC',
        ';\n',
      ].join('\n'),
    );
    expect(page.parameters.map(({ parameter }) => parameter)).toEqual(['pageSize', 'name', 'cursorMin', 'cursorMax']);
  });

  it('takes other names', () => {
    const names = { minimumParameterName: 'from', maximumParameterName: 'to', pageSizeParameterName: 'size' };
    const plan = compile({ mode: 'cursor', ...names }, [named('cursorMin')]);
    expect(plan.pageDocumentIdSql).toContain('>= @from)\n    AND (r."DocumentId" <= @to)\n');
    expect(plan.pageDocumentIdSql).toContain('LIMIT @size\n');
    expect(plan.pageParametersInOrder.map(({ parameterName }) => parameterName)).toEqual([
      'cursorMin',
      'from',
      'to',
      'size',
    ]);
  });
});

describe('all documents', () => {
  it('are in no particular order, with nothing but their filters', () => {
    expect(compile({ mode: 'unpaged' })).toEqual({
      pageDocumentIdSql: 'SELECT r."DocumentId"\nFROM "edfi"."School" r\nWHERE\n    (r."Name" = @name)\n;\n',
      totalCountSql: null,
      pageParametersInOrder: [{ role: 'filter', parameterName: 'name' }],
      totalCountParametersInOrder: null,
    });
  });
});

describe('a traditional page', () => {
  it('may come by version', () => {
    const { pageDocumentIdSql } = compile({ orderBy: 'ContentVersion' });
    expect(pageDocumentIdSql).toContain('ORDER BY r."ContentVersion" ASC\nLIMIT @limit OFFSET @offset\n');
  });
});

describe('the uuid of the document', () => {
  it('joins dms.Document, in the count too', () => {
    const plan = compile({ includeTotalCount: true }, [named('name'), uuid]);
    const body =
      'FROM "edfi"."School" r\nINNER JOIN "dms"."Document" doc ON doc."DocumentId" = r."DocumentId"\nWHERE\n    (doc."DocumentUuid" = @id)\n    AND (r."Name" = @name)\n';
    expect(plan.pageDocumentIdSql).toBe(
      `SELECT r."DocumentId"\n${body}ORDER BY r."DocumentId" ASC\nLIMIT @limit OFFSET @offset\n;\n`,
    );
    expect(plan.totalCountSql).toBe(`SELECT COUNT(1)\n${body};\n`);
    expect(plan.totalCountParametersInOrder?.map(({ parameterName }) => parameterName)).toEqual(['id', 'name']);
  });

  it('is another target than a column of that name, whose alias is not meant', () => {
    const column: QueryPredicate = { column: 'DocumentUuid', operator: 'Equal', parameterName: 'own' };
    const { pageDocumentIdSql } = compilePageQuery('pgsql', {
      rootTable,
      predicates: [column, uuid],
      aliases: new Map([['DocumentUuid', { canonicalColumn: 'Uuid_Unified', presenceColumn: null }]]),
    });
    expect(pageDocumentIdSql).toContain('    (doc."DocumentUuid" = @id)\n    AND (r."Uuid_Unified" = @own)\n');
  });

  it('is asked for once', () => {
    expectDiagnostic(
      () => compile({}, [uuid, { ...uuid, parameterName: 'other' }]),
      'PLAN_QUERY_DUPLICATE',
      'DocumentUuid',
      'id, other',
    );
  });
});

describe('a text in SQL Server', () => {
  const text = (operator: QueryPredicate['operator'], scalarKind: 'String' | 'Date' | null) => {
    const predicate: QueryPredicate = { column: 'Code', operator, parameterName: 'code', scalarKind };
    const { pageDocumentIdSql } = compilePageQuery('mssql', {
      rootTable,
      predicates: [predicate],
      aliases: new Map([['Code', { canonicalColumn: 'Code_Unified', presenceColumn: 'HasCode' }]]),
    });
    return pageDocumentIdSql.split('\n').find((line) => line.includes('@code'));
  };

  it('is compared by code units, behind its gate', () => {
    expect(text('Equal', 'String')).toBe(
      '    (r.[HasCode] IS NOT NULL AND r.[Code_Unified] COLLATE Latin1_General_100_BIN2 = @code)',
    );
  });

  it('is compared as the database does without a scalar kind, and with other operators', () => {
    expect(text('Equal', null)).toBe('    (r.[HasCode] IS NOT NULL AND r.[Code_Unified] = @code)');
    expect(text('Like', 'String')).toBe('    (r.[HasCode] IS NOT NULL AND r.[Code_Unified] LIKE @code)');
    expect(text('NotEqual', 'String')).toBe('    (r.[HasCode] IS NOT NULL AND r.[Code_Unified] <> @code)');
  });

  it('is the only value that is', () => {
    expect(text('Equal', 'Date')).toBe('    (r.[HasCode] IS NOT NULL AND r.[Code_Unified] = @code)');
    // case 2 of design 17a §3
    const { pageDocumentIdSql } = compile(
      {},
      [{ ...named('name'), scalarKind: 'String' } as QueryPredicate, uuid],
      'mssql',
    );
    expect(pageDocumentIdSql).toContain(
      '    (doc.[DocumentUuid] = @id)\n    AND (r.[Name] COLLATE Latin1_General_100_BIN2 = @name)\n',
    );
  });
});

describe('descriptors in SQL Server', () => {
  it('are rows of dms.Descriptor with a resource key, and have their uuids in dms.Document', () => {
    const ofResource: QueryPredicate = { column: 'ResourceKeyId', operator: 'Equal', parameterName: 'resourceKeyId' };
    const namespace: QueryPredicate = {
      column: 'Namespace',
      operator: 'Equal',
      parameterName: 'namespace',
      scalarKind: 'String',
    };
    const { pageDocumentIdSql } = compilePageQuery('mssql', {
      rootTable: { schema: 'dms', name: 'Descriptor' },
      predicates: [ofResource, namespace, uuid],
      mode: 'unpaged',
    });
    expect(pageDocumentIdSql).toBe(
      [
        'SELECT r.[DocumentId]',
        'FROM [dms].[Descriptor] r',
        'INNER JOIN [dms].[Document] doc ON doc.[DocumentId] = r.[DocumentId]',
        'WHERE',
        '    (doc.[DocumentUuid] = @id)',
        '    AND (r.[Namespace] COLLATE Latin1_General_100_BIN2 = @namespace)',
        '    AND (r.[ResourceKeyId] = @resourceKeyId)',
        ';\n',
      ].join('\n'),
    );
  });
});

describe('names of parameters', () => {
  it.each<[string, Paging]>([
    ['cursorMin', { mode: 'cursor' }],
    ['CURSORMAX', { mode: 'cursor' }],
    ['pageSize', { mode: 'cursor' }],
    ['number', { mode: 'unpaged' }],
    ['minimumPartitionSize', { mode: 'unpaged' }],
    ['limit', {}],
  ])('case 3: a filter cannot be called %s in the mode %j', (name, paging) => {
    expectDiagnostic(() => compile(paging, [named(name)]), 'PLAN_QUERY_NAME_COLLISION', name);
  });

  it.each<[string, Paging]>([
    ['pageSize', {}],
    ['cursorMin', {}],
    ['offset', { mode: 'cursor' }],
    ['cursorMin', { mode: 'unpaged' }],
  ])('case 3: a filter may be called %s in the mode %j', (name, paging) => {
    expect(compile(paging, [named(name)]).pageParametersInOrder[0]).toEqual({ role: 'filter', parameterName: name });
  });

  it('of one mode must differ, ignoring case', () => {
    const names = { minimumParameterName: 'Id', maximumParameterName: 'to', pageSizeParameterName: 'id' };
    const message = expectDiagnostic(() => compile({ mode: 'cursor', ...names }), 'PLAN_QUERY_PAGING_NAMES');
    expect(message).toContain('Id, to and id');
    expectDiagnostic(
      () => compile({ mode: 'unpaged', partitionCountParameterName: 'n', minimumPartitionSizeParameterName: 'N' }),
      'PLAN_QUERY_PAGING_NAMES',
      'n and N',
    );
  });

  it.each(['a b', '1x', ''])('cannot be "%s"', (name) => {
    expectDiagnostic(() => compile({ mode: 'cursor', pageSizeParameterName: name }), 'PLAN_PARAM_INVALID', name);
    expectDiagnostic(() => compile({ mode: 'unpaged', partitionCountParameterName: name }), 'PLAN_PARAM_INVALID', name);
  });
});

describe('values of a page by cursor', () => {
  const plan = compile({ mode: 'cursor' });
  const filters = new Map([['name', 'North']]);
  const range = { cursorInclusiveMinimum: '1', cursorInclusiveMaximum: '9007199254740993' };

  it('stand in the order of the plan; document ids are digits', () => {
    expect(bindPageQuery(plan, filters, { ...range, pageSize: 50 }).page?.values).toEqual([
      { parameterName: 'name', value: 'North' },
      { parameterName: 'cursorMin', value: '1' },
      { parameterName: 'cursorMax', value: '9007199254740993' },
      { parameterName: 'pageSize', value: 50 },
    ]);
  });

  it('of size 0 need no statement', () => {
    expect(bindPageQuery(plan, filters, { ...range, pageSize: 0 })).toEqual({ page: null, totalCount: null });
  });

  it('must be document ids and a size', () => {
    expectDiagnostic(
      () => bindPageQuery(plan, filters, { ...range, pageSize: -1 }),
      'PLAN_QUERY_VALUE',
      'pageSize',
      '-1',
    );
    expectDiagnostic(
      () => bindPageQuery(plan, filters, { ...range, cursorInclusiveMinimum: '-1', pageSize: 1 }),
      'PLAN_QUERY_VALUE',
      'cursorInclusiveMinimum',
    );
    expectDiagnostic(
      () => bindPageQuery(plan, filters, { offset: 0, limit: 1 }),
      'PLAN_QUERY_VALUE',
      'cursorInclusiveMinimum',
    );
  });

  it('of all documents are those of their filters', () => {
    const { page } = bindPageQuery(compile({ mode: 'unpaged' }), filters, {});
    expect(page?.values).toEqual([{ parameterName: 'name', value: 'North' }]);
  });
});
