import { core, type DbTableName } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { parameter } from '../parameter-names.ts';
import { type PlanDialect, planDialects } from '../plan-dialect.ts';
import { statement, tableName, whereLines } from '../sql-text.ts';
import { type Paging, pagingParameters, type QuerySqlParameter } from './page-mode.ts';
import {
  predicateText,
  type QueryAliases,
  type QueryPredicate,
  type StoredPredicate,
  storedPredicates,
} from './query-predicates.ts';

/** The documents that a query is about. */
export interface QueriedDocuments {
  readonly rootTable: DbTableName;
  readonly predicates: readonly QueryPredicate[];
  readonly aliases?: QueryAliases;
  /** The placeholder of a parameter, if a driver needs another form than `@name`; called in the order of the text. */
  readonly placeholder?: (parameterName: string) => string;
}

export type PageQuerySpecification = QueriedDocuments & Paging;

export interface PageDocumentIdSqlPlan {
  readonly pageDocumentIdSql: string;
  readonly totalCountSql: string | null;
  /** Filters in emitted order, then the parameters of the mode. */
  readonly pageParametersInOrder: readonly QuerySqlParameter[];
  readonly totalCountParametersInOrder: readonly QuerySqlParameter[] | null;
}

/** The FROM clause; it joins `dms.Document` only if a filter uses the uuid. */
export function fromLines(
  { rules }: PlanDialect,
  rootTable: DbTableName,
  predicates: readonly StoredPredicate[],
): string[] {
  const root = `FROM ${tableName(rules, rootTable)} r`;
  if (!predicates.some(({ target }) => target === 'DocumentUuid')) return [root];
  const documentId = rules.quote('DocumentId');
  const document = tableName(rules, core.document);
  return [root, `INNER JOIN ${document} doc ON doc.${documentId} = r.${documentId}`];
}

export const filterParameters = (predicates: readonly StoredPredicate[]) =>
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
      // both texts have the same placeholders
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
