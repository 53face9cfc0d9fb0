import type { SqlDialect } from '@dms/sql';
import { parameter } from '../parameter-names.ts';
import { planDialects } from '../plan-dialect.ts';
import { whereLines } from '../sql-text.ts';
import { pagingParameters, type QuerySqlParameter, type Unpaged } from './page-mode.ts';
import { filterParameters, fromLines, type QueriedDocuments } from './page-query.ts';
import { predicateText, storedPredicates } from './query-predicates.ts';

export interface PartitionSqlPlan {
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
