import { dialects, value } from '@dms/sql';
import { expectDiagnostic } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import {
  compilePageQuery,
  type PageQuerySpecification,
  type Paging,
  pageQuery,
  type QueryPredicate,
} from '../index.ts';

const rootTable = { schema: 'edfi', name: 'School' };

const where = (column: string, operator: QueryPredicate['operator'], parameterName: string): QueryPredicate => ({
  column,
  operator,
  parameterName,
});

const aliases = new Map([
  ['Student_Id', { canonicalColumn: 'Id_Unified', presenceColumn: 'Student_DocumentId' }],
  ['Parent_Id', { canonicalColumn: 'Id_Unified', presenceColumn: 'Student_DocumentId' }],
  ['Other_Id', { canonicalColumn: 'Id_Unified', presenceColumn: 'Other_DocumentId' }],
  ['Code', { canonicalColumn: 'Code_Unified', presenceColumn: null }],
]);

const compile = (predicates: readonly QueryPredicate[], more: Partial<PageQuerySpecification> = {}) =>
  compilePageQuery('pgsql', { rootTable, predicates, aliases, ...more });

/** The lines of the WHERE block. */
const predicateLines = (sql: string) => sql.split('\n').filter((line) => line.startsWith('    '));

describe('page queries (design 08 §8)', () => {
  it('case 34: without predicates there is no WHERE', () => {
    expect(compilePageQuery('pgsql', { rootTable, predicates: [], includeTotalCount: true })).toEqual({
      pageDocumentIdSql:
        'SELECT r."DocumentId"\nFROM "edfi"."School" r\nORDER BY r."DocumentId" ASC\nLIMIT @limit OFFSET @offset\n;\n',
      totalCountSql: 'SELECT COUNT(1)\nFROM "edfi"."School" r\n;\n',
      pageParametersInOrder: [
        { role: 'offset', parameterName: 'offset' },
        { role: 'limit', parameterName: 'limit' },
      ],
      totalCountParametersInOrder: [],
    });
    expect(compilePageQuery('mssql', { rootTable, predicates: [] })).toEqual({
      pageDocumentIdSql:
        'SELECT r.[DocumentId]\nFROM [edfi].[School] r\nORDER BY r.[DocumentId] ASC\nOFFSET @offset ROWS FETCH NEXT @limit ROWS ONLY\n;\n',
      totalCountSql: null,
      pageParametersInOrder: [
        { role: 'offset', parameterName: 'offset' },
        { role: 'limit', parameterName: 'limit' },
      ],
      totalCountParametersInOrder: null,
    });
  });

  it('writes every operator', () => {
    const { pageDocumentIdSql } = compile([
      where('A', 'Equal', 'a'),
      where('B', 'NotEqual', 'b'),
      where('C', 'LessThan', 'c'),
      where('D', 'LessThanOrEqual', 'd'),
      where('E', 'GreaterThan', 'e'),
      where('F', 'GreaterThanOrEqual', 'f'),
      where('G', 'Like', 'g'),
    ]);
    expect(predicateLines(pageDocumentIdSql)).toEqual([
      '    (r."A" = @a)',
      '    AND (r."B" <> @b)',
      '    AND (r."C" < @c)',
      '    AND (r."D" <= @d)',
      '    AND (r."E" > @e)',
      '    AND (r."F" >= @f)',
      '    AND (r."G" LIKE @g)',
    ]);
  });

  it('orders by gate, stored column, name of the operator and parameter, ordinal', () => {
    const plan = compile(
      [
        where('Student_Id', 'Equal', 'p1'),
        where('Other_Id', 'Equal', 'p2'),
        where('Code', 'LessThan', 'p3'),
        where('Code', 'GreaterThan', 'p4'),
        where('a', 'Equal', 'p5'),
        where('Z', 'NotEqual', 'p6'),
        where('Z', 'Equal', 'p7'),
      ],
      { includeTotalCount: true },
    );
    const expected = [
      '    (r."Code_Unified" > @p4)',
      '    AND (r."Code_Unified" < @p3)',
      '    AND (r."Z" = @p7)',
      '    AND (r."Z" <> @p6)',
      '    AND (r."a" = @p5)',
      '    AND (r."Other_DocumentId" IS NOT NULL AND r."Id_Unified" = @p2)',
      '    AND (r."Student_DocumentId" IS NOT NULL AND r."Id_Unified" = @p1)',
    ];
    expect(predicateLines(plan.pageDocumentIdSql)).toEqual(expected);
    expect(plan.totalCountSql).toBe(`SELECT COUNT(1)\nFROM "edfi"."School" r\nWHERE\n${expected.join('\n')}\n;\n`);
    const filters = ['p4', 'p3', 'p7', 'p6', 'p5', 'p2', 'p1'].map((parameterName) => ({
      role: 'filter',
      parameterName,
    }));
    expect(plan.totalCountParametersInOrder).toEqual(filters);
    expect(plan.pageParametersInOrder).toEqual([
      ...filters,
      { role: 'offset', parameterName: 'offset' },
      { role: 'limit', parameterName: 'limit' },
    ]);
  });

  it.each(dialects)('takes other names for the paging parameters in %s', (dialect) => {
    const names = { offsetParameterName: 'skip', limitParameterName: 'take' };
    const plan = compilePageQuery(dialect, { rootTable, predicates: [where('offset', 'Equal', 'offset')], ...names });
    expect(plan.pageDocumentIdSql).toContain(
      dialect === 'pgsql' ? 'LIMIT @take OFFSET @skip' : 'OFFSET @skip ROWS FETCH NEXT @take ROWS ONLY',
    );
    expect(plan.pageParametersInOrder).toEqual([
      { role: 'filter', parameterName: 'offset' },
      { role: 'offset', parameterName: 'skip' },
      { role: 'limit', parameterName: 'take' },
    ]);
  });

  it('case 35: two aliases of one column with the same gate and operator are one predicate twice', () => {
    const message = expectDiagnostic(
      () => compile([where('Student_Id', 'Equal', 'b'), where('Parent_Id', 'Equal', 'a')]),
      'PLAN_QUERY_DUPLICATE',
      'Student_DocumentId',
      'Id_Unified',
      'Equal',
    );
    expect(message).toContain('Parent_Id, Student_Id');
    expect(message).toContain('a, b');
  });

  it('case 35: another gate or another operator is another predicate; the column itself is not its alias', () => {
    expect(() => compile([where('Student_Id', 'Equal', 'a'), where('Other_Id', 'Equal', 'b')])).not.toThrow();
    expect(() => compile([where('Student_Id', 'LessThan', 'a'), where('Parent_Id', 'GreaterThan', 'b')])).not.toThrow();
    expect(() => compile([where('Student_Id', 'Equal', 'a'), where('Id_Unified', 'Equal', 'b')])).not.toThrow();
    expectDiagnostic(
      () => compile([where('Code', 'Equal', 'a'), where('Code_Unified', 'Equal', 'b')]),
      'PLAN_QUERY_DUPLICATE',
      'Code, Code_Unified',
      'a, b',
      'Equal',
    );
  });

  it.each(['Offset', 'LIMIT'])('case 36: a filter named %s', (name) => {
    expectDiagnostic(() => compile([where('A', 'Equal', name)]), 'PLAN_QUERY_NAME_COLLISION', name);
  });

  it('two filters of one name, ignoring case', () => {
    expectDiagnostic(
      () => compile([where('A', 'Equal', 'value'), where('B', 'Equal', 'Value')]),
      'PLAN_QUERY_DUPLICATE_NAME',
      'Value',
    );
  });

  it.each(['a b', '1x', '', '@a', 'ä', 'a\n'])('case 37: no parameter is called "%s"', (name) => {
    const pattern = '^[a-zA-Z_][a-zA-Z0-9_]*$';
    expectDiagnostic(() => compile([where('A', 'Equal', name)]), 'PLAN_PARAM_INVALID', name, pattern);
    expectDiagnostic(() => compile([], { offsetParameterName: name }), 'PLAN_PARAM_INVALID', name, pattern);
    expectDiagnostic(() => compile([], { limitParameterName: name }), 'PLAN_PARAM_INVALID', name, pattern);
    // the caller passes the value under this name, whatever the placeholder of the driver is
    const send = (predicates: readonly QueryPredicate[], paging: Paging = {}) =>
      pageQuery('pgsql', { rootTable, predicates, ...paging }, value);
    expectDiagnostic(() => send([where('A', 'Equal', name)]), 'PLAN_PARAM_INVALID', name, pattern);
    expectDiagnostic(() => send([], { offsetParameterName: name }), 'PLAN_PARAM_INVALID', name, pattern);
    expectDiagnostic(() => send([], { limitParameterName: name }), 'PLAN_PARAM_INVALID', name, pattern);
  });

  it('paging parameters must differ, ignoring case, and are checked first', () => {
    const same = { offsetParameterName: 'Page', limitParameterName: 'page' };
    expectDiagnostic(() => compile([where('A', 'In', '1x')], same), 'PLAN_QUERY_PAGING_NAMES', 'Page', 'page');
  });

  it.each(['In', 'Between', 'toString'])('the operator %s is refused', (operator) => {
    expectDiagnostic(
      () => compile([where('SchoolId', operator as QueryPredicate['operator'], 'a')]),
      'PLAN_QUERY_OPERATOR',
      operator,
      'SchoolId',
    );
  });
});
