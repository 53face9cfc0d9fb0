import { fail } from '@dms/diagnostics';
import { core, type DbTableName } from '@dms/model';
import { qualifiedName, type SqlDialect } from '@dms/sql';
import { foldedName, parameter } from '../parameter-names.ts';
import { type PlanDialect, planDialects, statement, whereLines } from '../plan-dialect.ts';
import {
  predicateText,
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
  /** The placeholder of a parameter, if a driver needs another form than `@name`; called in the order of the text. */
  readonly placeholder?: (parameterName: string) => string;
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
function fromLines({ rules }: PlanDialect, rootTable: DbTableName, predicates: readonly StoredPredicate[]): string[] {
  const root = `FROM ${qualifiedName(rules, rootTable)} r`;
  if (!predicates.some(({ target }) => target === 'DocumentUuid')) return [root];
  const documentId = rules.quote('DocumentId');
  const document = qualifiedName(rules, core.document);
  return [root, `INNER JOIN ${document} doc ON doc.${documentId} = r.${documentId}`];
}

const filterParameters = (predicates: readonly StoredPredicate[]) =>
  predicates.map(({ parameterName }): QuerySqlParameter => ({ role: 'filter', parameterName }));

/**
 * The query for one page of root document ids, or for all of them (design 08 §8, 17a §1). Throws `PLAN_PARAM_INVALID`,
 * `PLAN_QUERY_*`.
 */
export function compilePageQuery(
  dialectName: SqlDialect,
  specification: PageQuerySpecification,
): PageDocumentIdSqlPlan {
  const dialect = planDialects[dialectName];
  const { rootTable, aliases, placeholder = parameter } = specification;
  const paging = pagingParameters(specification);
  const predicates = storedPredicates(
    specification.predicates,
    aliases,
    paging.map(({ parameterName }) => parameterName),
  );
  const from = fromLines(dialect, rootTable, predicates);
  const filters = filterParameters(predicates);
  const column = (name: string) => `r.${dialect.rules.quote(name)}`;
  const filterTexts = () => predicates.map((predicate) => predicateText(dialect, predicate, placeholder));
  const [first = '', second = '', third = ''] = paging.map(({ parameterName }) => parameterName);
  const ids = column('DocumentId');
  const withoutCount = { totalCountSql: null, totalCountParametersInOrder: null };
  switch (specification.mode) {
    case 'unpaged':
      return {
        pageDocumentIdSql: statement(`SELECT ${ids}`, ...from, ...whereLines(filterTexts())),
        pageParametersInOrder: filters,
        ...withoutCount,
      };
    case 'cursor': {
      const { place, clause } = dialect.firstRows;
      const head = place === 'head' ? `${clause(placeholder(third))} ` : '';
      return {
        pageDocumentIdSql: statement(
          `SELECT ${head}${ids}`,
          ...from,
          ...whereLines([...filterTexts(), `${ids} >= ${placeholder(first)}`, `${ids} <= ${placeholder(second)}`]),
          `ORDER BY ${ids} ASC`,
          ...(place === 'end' ? [clause(placeholder(third))] : []),
        ),
        pageParametersInOrder: [...filters, ...paging],
        ...withoutCount,
      };
    }
    default: {
      const { includeTotalCount = false, orderBy = 'DocumentId' } = specification;
      // both statements have the same placeholders
      const where = whereLines(filterTexts());
      return {
        pageDocumentIdSql: statement(
          `SELECT ${ids}`,
          ...from,
          ...where,
          `ORDER BY ${column(orderBy)} ASC`,
          dialect.pagingClause(placeholder, first, second),
        ),
        totalCountSql: includeTotalCount ? statement('SELECT COUNT(1)', ...from, ...where) : null,
        pageParametersInOrder: [...filters, ...paging],
        totalCountParametersInOrder: includeTotalCount ? filters : null,
      };
    }
  }
}

interface PartitionSqlPlan {
  readonly partitionSql: string;
  /** Filters in emitted order, then the number of partitions and their minimum size. */
  readonly parametersInOrder: readonly QuerySqlParameter[];
}

/**
 * The query for the first document ids of ranges of about equal size, with a maximum number of ranges and a minimum
 * number of documents in each (design 17a §1). The last range may be smaller. Throws `PLAN_PARAM_INVALID`,
 * `PLAN_QUERY_*`.
 */
export function compilePartitionQuery(
  dialectName: SqlDialect,
  specification: QueriedDocuments & Omit<Unpaged, 'mode'>,
): PartitionSqlPlan {
  const dialect = planDialects[dialectName];
  const { rules } = dialect;
  const { rootTable, aliases, placeholder = parameter } = specification;
  const paging = pagingParameters({ ...specification, mode: 'unpaged' });
  const [number = '', minimum = ''] = paging.map(({ parameterName }) => parameterName);
  const predicates = storedPredicates(specification.predicates, aliases, [number, minimum]);
  const documentId = rules.quote('DocumentId');
  const rowNumber = rules.quote('row_number');
  const candidateCount = rules.quote('candidate_count');
  const partitionSize = rules.quote('partition_size');
  const lines = [
    'WITH candidates AS (',
    `SELECT r.${documentId}`,
    ...fromLines(dialect, rootTable, predicates),
    ...whereLines(predicates.map((predicate) => predicateText(dialect, predicate, placeholder))),
    '),',
    'ranked AS (',
    '    SELECT',
    `        pc.${documentId},`,
    `        ROW_NUMBER() OVER (ORDER BY pc.${documentId}) AS ${rowNumber},`,
    `        ${dialect.countRows} OVER () AS ${candidateCount}`,
    '    FROM candidates pc',
    '),',
    'sized AS (',
    '    SELECT',
    `        pr.${documentId},`,
    `        pr.${rowNumber},`,
    `        ${dialect.partitionSize(
      `pr.${candidateCount}`,
      () => placeholder(number),
      () => placeholder(minimum),
    )} AS ${partitionSize}`,
    '    FROM ranked pr',
    ')',
    `SELECT ps.${documentId}`,
    'FROM sized ps',
    `WHERE (ps.${rowNumber} - 1) % ps.${partitionSize} = 0`,
    `ORDER BY ps.${documentId} ASC;`,
  ];
  return { partitionSql: `${lines.join('\n')}\n`, parametersInOrder: [...filterParameters(predicates), ...paging] };
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
