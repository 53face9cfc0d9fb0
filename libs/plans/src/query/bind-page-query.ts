import { fail } from '@dms/diagnostics';
import type { PageDocumentIdSqlPlan, PartitionSqlPlan, QueryParameterRole, QuerySqlParameter } from './page-query.ts';

/** A statement text with the values of its parameters, by name and in the order of the plan. */
export interface BoundStatement<Value> {
  readonly sql: string;
  readonly values: readonly { readonly parameterName: string; readonly value: Value | string | number }[];
}

/** The statements of a page query. Without a `page` statement the page is empty, and nothing is queried. */
export interface BoundPageQuery<Value> {
  readonly page: BoundStatement<Value> | null;
  readonly totalCount: BoundStatement<Value> | null;
}

/** The page of a request. Document ids are decimal digits. */
export type PagingValues =
  | { readonly offset: number; readonly limit: number }
  | { readonly cursorInclusiveMinimum: string; readonly cursorInclusiveMaximum: string; readonly pageSize: number }
  | Readonly<Record<string, never>>;

const wrong = (role: QueryParameterRole, value: unknown, due: string) =>
  fail('PLAN_QUERY_VALUE', `The ${role} of a page is ${value}; it must be ${due}.`, {}, { role });

function checkedValue(role: QueryParameterRole, value: unknown): number | string {
  if (role === 'cursorInclusiveMinimum' || role === 'cursorInclusiveMaximum') {
    return typeof value === 'string' && /^[0-9]+$/.test(value) ? value : wrong(role, value, 'a document id');
  }
  const least = role === 'partitionCount' || role === 'minimumPartitionSize' ? 1 : 0;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
  return wrong(role, value, `a whole number from ${least}`);
}

function boundValues<Value>(
  parameters: readonly QuerySqlParameter[],
  filters: ReadonlyMap<string, Value>,
  paging: Readonly<Record<string, number | string>>,
): BoundStatement<Value>['values'] {
  return parameters.map(({ role, parameterName }) => {
    if (role !== 'filter') return { parameterName, value: checkedValue(role, paging[role]) };
    const value = filters.get(parameterName);
    if (value !== undefined) return { parameterName, value };
    return fail('PLAN_QUERY_VALUE', `The filter ${parameterName} has no value.`, {}, { role, parameterName });
  });
}

/**
 * Binds the values of one request to a page query (design 08 §8.1, 17a §1). A page of no documents needs no rows, so no
 * statement is run for it: SQL Server refuses `FETCH NEXT 0 ROWS`, and an empty page must not depend on the engine. The
 * count still runs. `filters` has the value of each filter by parameter name. Throws `PLAN_QUERY_VALUE`.
 */
export function bindPageQuery<Value>(
  plan: PageDocumentIdSqlPlan,
  filters: ReadonlyMap<string, Value>,
  paging: PagingValues,
): BoundPageQuery<Value> {
  const { pageDocumentIdSql, totalCountSql, pageParametersInOrder, totalCountParametersInOrder } = plan;
  const values = boundValues(pageParametersInOrder, filters, paging);
  const isEmpty = pageParametersInOrder.some(
    ({ role }, index) => (role === 'limit' || role === 'pageSize') && values[index]?.value === 0,
  );
  return {
    page: isEmpty ? null : { sql: pageDocumentIdSql, values },
    totalCount:
      totalCountSql === null
        ? null
        : { sql: totalCountSql, values: boundValues(totalCountParametersInOrder ?? [], filters, paging) },
  };
}

/** The same for a partition query, with at least one range of at least one document. Throws `PLAN_QUERY_VALUE`. */
export function bindPartitionQuery<Value>(
  { partitionSql, parametersInOrder }: PartitionSqlPlan,
  filters: ReadonlyMap<string, Value>,
  sizes: { readonly partitionCount: number; readonly minimumPartitionSize: number },
): BoundStatement<Value> {
  return { sql: partitionSql, values: boundValues(parametersInOrder, filters, sizes) };
}
