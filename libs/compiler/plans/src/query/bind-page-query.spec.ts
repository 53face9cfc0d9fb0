import { dialects } from '@dms/sql';
import { expectDiagnostic } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { bindPageQuery, compilePageQuery } from '../index.ts';

const query = (dialect: (typeof dialects)[number], includeTotalCount = false) =>
  compilePageQuery(dialect, {
    rootTable: { schema: 'edfi', name: 'School' },
    predicates: [
      { column: 'Name', operator: 'Equal', parameterName: 'name' },
      { column: 'Code', operator: 'LessThan', parameterName: 'code' },
    ],
    includeTotalCount,
  });

const filters = new Map<string, string | number | null>([
  ['name', 'North'],
  ['code', 7],
]);

describe.each(dialects)('values of a page query in %s (design 08 §8.1)', (dialect) => {
  it('stand in the order of the parameters of the plan', () => {
    const plan = query(dialect, true);
    const bound = bindPageQuery(plan, filters, { offset: 20, limit: 10 });
    const filterValues = [
      { parameterName: 'code', value: 7 },
      { parameterName: 'name', value: 'North' },
    ];
    expect(bound).toEqual({
      page: {
        sql: plan.pageDocumentIdSql,
        values: [...filterValues, { parameterName: 'offset', value: 20 }, { parameterName: 'limit', value: 10 }],
      },
      totalCount: { sql: plan.totalCountSql, values: filterValues },
    });
  });

  it('of limit 0 need no statement: the page is empty; a count is asked nevertheless', () => {
    expect(bindPageQuery(query(dialect), filters, { offset: 0, limit: 0 })).toEqual({ page: null, totalCount: null });
    const counted = bindPageQuery(query(dialect, true), filters, { offset: 5, limit: 0 });
    expect(counted.page).toBeNull();
    expect(counted.totalCount?.sql).toBe(query(dialect, true).totalCountSql);
  });

  it('of limit 1 need one', () => {
    expect(bindPageQuery(query(dialect), filters, { offset: 0, limit: 1 }).page?.sql).toBe(
      query(dialect).pageDocumentIdSql,
    );
  });

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('%d pages nothing', (value) => {
    const bind = (paging: { offset: number; limit: number }) => bindPageQuery(query(dialect), filters, paging);
    expectDiagnostic(() => bind({ offset: 0, limit: value }), 'PLAN_QUERY_VALUE', 'limit', String(value));
    expectDiagnostic(() => bind({ offset: value, limit: 0 }), 'PLAN_QUERY_VALUE', 'offset', String(value));
  });

  it('may be null, but not missing', () => {
    const paging = { offset: 0, limit: 1 };
    expect(() => bindPageQuery(query(dialect), new Map([...filters, ['name', null]]), paging)).not.toThrow();
    const some = new Map([['name', 'North']]);
    expectDiagnostic(() => bindPageQuery(query(dialect), some, paging), 'PLAN_QUERY_VALUE', 'code');
    expectDiagnostic(() => bindPageQuery(query(dialect), some, { offset: 0, limit: 0 }), 'PLAN_QUERY_VALUE', 'code');
  });
});
