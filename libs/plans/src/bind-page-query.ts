import { fail } from '@dms/diagnostics';
import type { PageDocumentIdSqlPlan, QuerySqlParameter } from './page-query.ts';

/** A text to run with the values of its parameters, by name and in the order of the plan. */
export interface BoundStatement<Value> {
  readonly sql: string;
  readonly values: readonly { readonly parameterName: string; readonly value: Value | number }[];
}

/** What answers a page query. Without a `page` statement the page is empty and nothing is asked. */
export interface BoundPageQuery<Value> {
  readonly page: BoundStatement<Value> | null;
  readonly totalCount: BoundStatement<Value> | null;
}

function pagingValue(role: 'offset' | 'limit', value: number): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  return fail('PLAN_QUERY_VALUE', `The ${role} of a page is ${value}; it must be a whole number from 0.`, {}, { role });
}

/**
 * Binds the values of one request to a page query (design 08 §8.1). A limit of 0 needs no rows, so no statement is run for the
 * page: SQL Server refuses `FETCH NEXT 0 ROWS`, and an empty page must not depend on the engine. The count is still asked.
 * `filters` holds the value of each filter by parameter name. Throws `PLAN_QUERY_VALUE`.
 */
export function bindPageQuery<Value>(
  plan: PageDocumentIdSqlPlan,
  filters: ReadonlyMap<string, Value>,
  paging: { readonly offset: number; readonly limit: number },
): BoundPageQuery<Value> {
  const offset = pagingValue('offset', paging.offset);
  const limit = pagingValue('limit', paging.limit);
  const boundValue = ({ role, parameterName }: QuerySqlParameter): Value | number => {
    if (role === 'offset') return offset;
    if (role === 'limit') return limit;
    const value = filters.get(parameterName);
    if (value !== undefined) return value;
    return fail('PLAN_QUERY_VALUE', `The filter ${parameterName} has no value.`, {}, { role, parameterName });
  };
  const bind = (sql: string, parameters: readonly QuerySqlParameter[]): BoundStatement<Value> => ({
    sql,
    values: parameters.map((parameter) => ({ parameterName: parameter.parameterName, value: boundValue(parameter) })),
  });
  const { pageDocumentIdSql, totalCountSql, pageParametersInOrder, totalCountParametersInOrder } = plan;
  return {
    page: limit === 0 ? null : bind(pageDocumentIdSql, pageParametersInOrder),
    totalCount: totalCountSql === null ? null : bind(totalCountSql, totalCountParametersInOrder ?? []),
  };
}
