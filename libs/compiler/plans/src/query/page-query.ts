import { fail } from '@dms/diagnostics';
import { core, type DbTableName } from '@dms/model';
import { empty, type Lines, type Sql, type SqlDialect } from '@dms/sql';
import { foldedName, parameter } from '../parameter-names.ts';
import { type PlanDialect, planDialects, planText, statement, whereBlock } from '../plan-dialect.ts';
import {
  predicateSql,
  type QueryAliases,
  type QueryPredicate,
  type StoredPredicate,
  storedPredicates,
} from './query-predicates.ts';

/** The meaning of a parameter of a page query. */
type QueryParameterRole =
  | 'filter'
  | 'offset'
  | 'limit'
  | 'cursorInclusiveMinimum'
  | 'cursorInclusiveMaximum'
  | 'pageSize'
  | 'partitionCount'
  | 'minimumPartitionSize';

interface QuerySqlParameter {
  readonly role: QueryParameterRole;
  readonly parameterName: string;
}

/** Pages by offset and limit, optionally with a count of the documents. */
interface TraditionalPaging {
  readonly mode?: 'traditional';
  readonly offsetParameterName?: string;
  readonly limitParameterName?: string;
  readonly includeTotalCount?: boolean;
  /** No command orders by version; a server that limits versions does (design 17a §1). */
  readonly orderBy?: 'DocumentId' | 'ContentVersion';
}

/** The first documents of a range of document ids. */
interface CursorPaging {
  readonly mode: 'cursor';
  readonly minimumParameterName?: string;
  readonly maximumParameterName?: string;
  readonly pageSizeParameterName?: string;
}

/** All documents, unordered. The names are the same as in a partition query of these documents. */
interface Unpaged {
  readonly mode: 'unpaged';
  readonly partitionCountParameterName?: string;
  readonly minimumPartitionSizeParameterName?: string;
}

export type Paging = TraditionalPaging | CursorPaging | Unpaged;

function listParameters(paging: Paging): QuerySqlParameter[] {
  switch (paging.mode) {
    case 'cursor':
      return [
        { role: 'cursorInclusiveMinimum', parameterName: paging.minimumParameterName ?? 'cursorMin' },
        { role: 'cursorInclusiveMaximum', parameterName: paging.maximumParameterName ?? 'cursorMax' },
        { role: 'pageSize', parameterName: paging.pageSizeParameterName ?? 'pageSize' },
      ];
    case 'unpaged':
      return [
        { role: 'partitionCount', parameterName: paging.partitionCountParameterName ?? 'number' },
        {
          role: 'minimumPartitionSize',
          parameterName: paging.minimumPartitionSizeParameterName ?? 'minimumPartitionSize',
        },
      ];
    default:
      return [
        { role: 'offset', parameterName: paging.offsetParameterName ?? 'offset' },
        { role: 'limit', parameterName: paging.limitParameterName ?? 'limit' },
      ];
  }
}

/** The parameters of a mode, in their order (design 17a §1). */
export function pagingParameters(paging: Paging): QuerySqlParameter[] {
  const parameters = listParameters(paging);
  const names = parameters.map(({ parameterName }) => parameterName);
  // names are checked even if the driver uses other placeholders
  for (const name of names) parameter(name);
  if (new Set(names.map(foldedName)).size < names.length) {
    const text = `The paging parameters ${names.join(', ').replace(/, ([^,]*)$/, ' and $1')} must have different names.`;
    fail('PLAN_QUERY_PAGING_NAMES', text, {}, { names });
  }
  return parameters;
}

/** The documents that a query selects. */
export interface QueriedDocuments {
  readonly rootTable: DbTableName;
  readonly predicates: readonly QueryPredicate[];
  readonly aliases?: QueryAliases;
}

export type PageQuerySpecification = QueriedDocuments & Paging;

interface PageDocumentIdSqlPlan {
  readonly pageDocumentIdSql: string;
  readonly totalCountSql: string | null;
  /** Filters in emitted order, then the parameters of the mode. */
  readonly pageParametersInOrder: readonly QuerySqlParameter[];
  readonly totalCountParametersInOrder: readonly QuerySqlParameter[] | null;
}

/** The FROM clause; it joins `dms.Document` only if a filter uses the uuid. */
function fromLines({ sql, lines }: PlanDialect, rootTable: DbTableName, predicates: readonly StoredPredicate[]): Lines {
  const usesUuid = predicates.some(({ target }) => target === 'DocumentUuid');
  return lines`
    FROM ${rootTable} r
    ${usesUuid ? sql`INNER JOIN ${core.document} doc ON doc."DocumentId" = r."DocumentId"` : empty}`;
}

const filterParameters = (predicates: readonly StoredPredicate[]) =>
  predicates.map(({ parameterName }): QuerySqlParameter => ({ role: 'filter', parameterName }));

/** The place of a parameter: `@name`, or a parameter of a statement that is sent. */
type PagePlaceholder = (parameterName: string) => Sql;

/** The statements of a page query, and their parameters. */
interface PageQuery {
  readonly page: Sql;
  readonly totalCount: Sql | null;
  readonly filters: readonly QuerySqlParameter[];
  readonly paging: readonly QuerySqlParameter[];
}

/** The statements of {@link compilePageQuery}, with other places for the parameters. Throws what it throws. */
export function pageQuery(
  dialectName: SqlDialect,
  specification: PageQuerySpecification,
  placeholder: PagePlaceholder,
): PageQuery {
  const dialect = planDialects[dialectName];
  const { sql, lines, id } = dialect;
  const { rootTable, aliases } = specification;
  const paging = pagingParameters(specification);
  const predicates = storedPredicates(
    specification.predicates,
    aliases,
    paging.map(({ parameterName }) => parameterName),
  );
  const from = fromLines(dialect, rootTable, predicates);
  const filters = filterParameters(predicates);
  const conditions = predicates.map((predicate) => predicateSql(dialect, predicate, placeholder));
  const where = whereBlock(dialect, conditions);
  const [first = empty, second = empty, third = empty] = paging.map(({ parameterName }) => placeholder(parameterName));
  switch (specification.mode) {
    case 'unpaged': {
      const page = lines`
        SELECT r."DocumentId"
        ${from}
        ${where}
        ;`;
      return { page: statement(page), totalCount: null, filters, paging: [] };
    }
    case 'cursor': {
      const { place, clause } = dialect.firstRows;
      const range = [sql`r."DocumentId" >= ${first}`, sql`r."DocumentId" <= ${second}`];
      const page = lines`
        SELECT ${place === 'head' ? sql`${clause(third)} ` : empty}r."DocumentId"
        ${from}
        ${whereBlock(dialect, [...conditions, ...range])}
        ORDER BY r."DocumentId" ASC
        ${place === 'end' ? clause(third) : empty}
        ;`;
      return { page: statement(page), totalCount: null, filters, paging };
    }
    default: {
      const { includeTotalCount = false, orderBy = 'DocumentId' } = specification;
      const page = lines`
        SELECT r."DocumentId"
        ${from}
        ${where}
        ORDER BY r.${id(orderBy)} ASC
        ${dialect.page(first, second)}
        ;`;
      const count = lines`
        SELECT COUNT(1)
        ${from}
        ${where}
        ;`;
      return { page: statement(page), totalCount: includeTotalCount ? statement(count) : null, filters, paging };
    }
  }
}

/**
 * The query for one page of root document ids, or for all of them (design 08 §8, 17a §1). Throws `PLAN_PARAM_INVALID`,
 * `PLAN_QUERY_*`.
 */
export function compilePageQuery(dialect: SqlDialect, specification: PageQuerySpecification): PageDocumentIdSqlPlan {
  const { page, totalCount, filters, paging } = pageQuery(dialect, specification, parameter);
  return {
    pageDocumentIdSql: planText(page),
    totalCountSql: totalCount && planText(totalCount),
    pageParametersInOrder: [...filters, ...paging],
    totalCountParametersInOrder: totalCount && filters,
  };
}

interface PartitionSqlPlan {
  readonly partitionSql: string;
  /** Filters in emitted order, then the number of partitions and their minimum size. */
  readonly parametersInOrder: readonly QuerySqlParameter[];
}

type PartitionSpecification = QueriedDocuments & Omit<Unpaged, 'mode'>;

/** The statement of {@link compilePartitionQuery}, with other places for the parameters. Throws what it throws. */
export function partitionQuery(
  dialectName: SqlDialect,
  specification: PartitionSpecification,
  placeholder: PagePlaceholder,
): { readonly partitions: Sql; readonly parameters: readonly QuerySqlParameter[] } {
  const dialect = planDialects[dialectName];
  const { sql, lines } = dialect;
  const { rootTable, aliases } = specification;
  const paging = pagingParameters({ ...specification, mode: 'unpaged' });
  const names = paging.map(({ parameterName }) => parameterName);
  const predicates = storedPredicates(specification.predicates, aliases, names);
  const [number = empty, minimum = empty] = names.map(placeholder);
  const partitions = lines`
    WITH candidates AS (
    SELECT r."DocumentId"
    ${fromLines(dialect, rootTable, predicates)}
    ${whereBlock(
      dialect,
      predicates.map((predicate) => predicateSql(dialect, predicate, placeholder)),
    )}
    ),
    ranked AS (
        SELECT
            pc."DocumentId",
            ROW_NUMBER() OVER (ORDER BY pc."DocumentId") AS "row_number",
            ${dialect.countRows} OVER () AS "candidate_count"
        FROM candidates pc
    ),
    sized AS (
        SELECT
            pr."DocumentId",
            pr."row_number",
            ${dialect.partitionSize(sql`pr."candidate_count"`, number, minimum)} AS "partition_size"
        FROM ranked pr
    )
    SELECT ps."DocumentId"
    FROM sized ps
    WHERE (ps."row_number" - 1) % ps."partition_size" = 0
    ORDER BY ps."DocumentId" ASC;`;
  return { partitions: statement(partitions), parameters: [...filterParameters(predicates), ...paging] };
}

/**
 * The query for the first document ids of ranges of about equal size, with a maximum number of ranges and a minimum
 * number of documents in each (design 17a §1). The last range may be smaller. Throws `PLAN_PARAM_INVALID`,
 * `PLAN_QUERY_*`.
 */
export function compilePartitionQuery(dialect: SqlDialect, specification: PartitionSpecification): PartitionSqlPlan {
  const { partitions, parameters } = partitionQuery(dialect, specification, parameter);
  return { partitionSql: planText(partitions), parametersInOrder: parameters };
}

/** A statement text with the values of its parameters, by name and in the order of the plan. */
interface BoundStatement<Value> {
  readonly sql: string;
  readonly values: readonly { readonly parameterName: string; readonly value: Value | string | number }[];
}

/** The statements of a page query. Without a `page` statement the page is empty, and nothing is queried. */
interface BoundPageQuery<Value> {
  readonly page: BoundStatement<Value> | null;
  readonly totalCount: BoundStatement<Value> | null;
}

/** The page of a request. Document ids are decimal digits. */
type PagingValues =
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

/**
 * Binds the values of one request to a partition query, with at least one range of at least one document. Throws
 * `PLAN_QUERY_VALUE`.
 */
export function bindPartitionQuery<Value>(
  { partitionSql, parametersInOrder }: PartitionSqlPlan,
  filters: ReadonlyMap<string, Value>,
  sizes: { readonly partitionCount: number; readonly minimumPartitionSize: number },
): BoundStatement<Value> {
  return { sql: partitionSql, values: boundValues(parametersInOrder, filters, sizes) };
}
