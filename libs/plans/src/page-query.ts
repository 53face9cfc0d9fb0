import { compareBy, compareOrdinal, groupBy } from '@dms/canonical-json';
import { fail } from '@dms/diagnostics';
import type { DbTableName } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { parameter } from './parameter-names.ts';
import { planDialects } from './plan-dialect.ts';
import { statement, tableName, whereLines } from './sql-text.ts';

const operators = {
  Equal: '=',
  NotEqual: '<>',
  LessThan: '<',
  LessThanOrEqual: '<=',
  GreaterThan: '>',
  GreaterThanOrEqual: '>=',
  Like: 'LIKE',
} as const;

/** `In` is a reserved word of the vocabulary and refused. */
export type QueryOperator = keyof typeof operators | 'In';

export interface QueryPredicate {
  readonly column: string;
  readonly operator: QueryOperator;
  readonly parameterName: string;
}

export interface PageQuerySpecification {
  readonly rootTable: DbTableName;
  readonly predicates: readonly QueryPredicate[];
  /** Canonical and presence column of the aliases of the root table. */
  readonly aliases?: ReadonlyMap<string, { readonly canonicalColumn: string; readonly presenceColumn: string | null }>;
  readonly offsetParameterName?: string;
  readonly limitParameterName?: string;
  readonly includeTotalCount?: boolean;
  /** What a parameter is written as where a driver needs another form than `@name`; called in the order of the text. */
  readonly placeholder?: (parameterName: string) => string;
}

export interface QuerySqlParameter {
  readonly role: 'filter' | 'offset' | 'limit';
  readonly parameterName: string;
}

export interface PageDocumentIdSqlPlan {
  readonly pageDocumentIdSql: string;
  readonly totalCountSql: string | null;
  /** Filters in emitted order, then offset, then limit. */
  readonly pageParametersInOrder: readonly QuerySqlParameter[];
  readonly totalCountParametersInOrder: readonly QuerySqlParameter[] | null;
}

interface RewrittenPredicate {
  readonly original: QueryPredicate;
  readonly operator: keyof typeof operators;
  readonly column: string;
  /** Empty without a gate. */
  readonly presence: string;
}

const folded = (name: string) => name.toLowerCase();

function rewrite(predicate: QueryPredicate, aliases: PageQuerySpecification['aliases']): RewrittenPredicate {
  const { operator } = predicate;
  if (operator === 'In' || !Object.hasOwn(operators, operator)) {
    fail(
      'PLAN_QUERY_OPERATOR',
      `The operator ${operator} on ${predicate.column} is not supported.`,
      {},
      { operator, column: predicate.column },
    );
  }
  parameter(predicate.parameterName);
  const alias = aliases?.get(predicate.column);
  return {
    original: predicate,
    operator,
    column: alias?.canonicalColumn ?? predicate.column,
    presence: alias?.presenceColumn ?? '',
  };
}

const semanticKey = ({ presence, column, operator }: RewrittenPredicate) => [presence, column, operator].join('|');

function checkDistinct(predicates: readonly RewrittenPredicate[]): void {
  for (const [key, group] of groupBy(predicates, semanticKey)) {
    if (group.length < 2) continue;
    const columns = group.map(({ original }) => original.column).sort(compareOrdinal);
    const parameters = group.map(({ original }) => original.parameterName).sort(compareOrdinal);
    const text = `Filters on ${columns.join(', ')} (${parameters.join(', ')}) mean the same predicate ${key}.`;
    fail('PLAN_QUERY_DUPLICATE', text, {}, { key, columns, parameters });
  }
}

function checkNames(predicates: readonly RewrittenPredicate[], offset: string, limit: string): void {
  const seen = new Set<string>();
  for (const { original } of predicates) {
    const name = original.parameterName;
    if (folded(name) === folded(offset) || folded(name) === folded(limit)) {
      fail('PLAN_QUERY_NAME_COLLISION', `The filter ${name} has the name of a paging parameter.`, {}, { name });
    }
    if (seen.has(folded(name))) fail('PLAN_QUERY_DUPLICATE_NAME', `Two filters are named ${name}.`, {}, { name });
    seen.add(folded(name));
  }
}

/**
 * The query for one page of root document ids, optionally with a total count (design 08 §8). Filters on aliases become filters
 * on their stored column with the gate, so that its indexes serve. Throws `PLAN_PARAM_INVALID`, `PLAN_QUERY_*`.
 */
export function compilePageQuery(dialectName: SqlDialect, specification: PageQuerySpecification): PageDocumentIdSqlPlan {
  const { rules, pagingClause } = planDialects[dialectName];
  const {
    rootTable,
    offsetParameterName: offset = 'offset',
    limitParameterName: limit = 'limit',
    includeTotalCount = false,
    placeholder = parameter,
  } = specification;
  // names are checked whatever is written for them
  for (const name of [offset, limit]) parameter(name);
  if (folded(offset) === folded(limit)) {
    fail(
      'PLAN_QUERY_PAGING_NAMES',
      `The paging parameters ${offset} and ${limit} must have different names.`,
      {},
      { names: [offset, limit] },
    );
  }
  const predicates = specification.predicates
    .map((predicate) => rewrite(predicate, specification.aliases))
    .sort(
      compareBy(
        ({ presence }) => presence,
        ({ column }) => column,
        ({ operator }) => operator,
        ({ original }) => original.parameterName,
      ),
    );
  checkDistinct(predicates);
  checkNames(predicates, offset, limit);
  const column = (name: string) => `r.${rules.quote(name)}`;
  const where = whereLines(
    predicates.map(({ presence, column: name, operator, original }) => {
      const gate = presence === '' ? '' : `${column(presence)} IS NOT NULL AND `;
      return `${gate}${column(name)} ${operators[operator]} ${placeholder(original.parameterName)}`;
    }),
  );
  const from = `FROM ${tableName(rules, rootTable)} r`;
  const filters = predicates.map(
    ({ original }): QuerySqlParameter => ({ role: 'filter', parameterName: original.parameterName }),
  );
  return {
    pageDocumentIdSql: statement(
      `SELECT ${column('DocumentId')}`,
      from,
      ...where,
      `ORDER BY ${column('DocumentId')} ASC`,
      pagingClause(placeholder, offset, limit),
    ),
    totalCountSql: includeTotalCount ? statement('SELECT COUNT(1)', from, ...where) : null,
    pageParametersInOrder: [...filters, { role: 'offset', parameterName: offset }, { role: 'limit', parameterName: limit }],
    totalCountParametersInOrder: includeTotalCount ? filters : null,
  };
}
