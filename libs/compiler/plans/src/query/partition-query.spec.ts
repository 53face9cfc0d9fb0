import { dialects } from '@dms/sql';
import { expectDiagnostic } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { bindPartitionQuery, compilePartitionQuery } from '../index.ts';

const rootTable = { schema: 'edfi', name: 'School' };

// design 17a §1
describe('the first documents of partitions', () => {
  it('in PostgreSQL', () => {
    expect(
      compilePartitionQuery('pgsql', {
        rootTable,
        predicates: [{ column: 'Name', operator: 'Equal', parameterName: 'name', scalarKind: 'String' }],
      }),
    ).toEqual({
      partitionSql: `WITH candidates AS (
SELECT r."DocumentId"
FROM "edfi"."School" r
WHERE
    (r."Name" = @name)
),
ranked AS (
    SELECT
        pc."DocumentId",
        ROW_NUMBER() OVER (ORDER BY pc."DocumentId") AS "row_number",
        COUNT(*) OVER () AS "candidate_count"
    FROM candidates pc
),
sized AS (
    SELECT
        pr."DocumentId",
        pr."row_number",
        GREATEST(CAST(CEIL(CAST(pr."candidate_count" AS numeric) / CAST(@number AS numeric)) AS bigint), @minimumPartitionSize) AS "partition_size"
    FROM ranked pr
)
SELECT ps."DocumentId"
FROM sized ps
WHERE (ps."row_number" - 1) % ps."partition_size" = 0
ORDER BY ps."DocumentId" ASC;
`,
      parametersInOrder: [
        { role: 'filter', parameterName: 'name' },
        { role: 'partitionCount', parameterName: 'number' },
        { role: 'minimumPartitionSize', parameterName: 'minimumPartitionSize' },
      ],
    });
  });

  it('in SQL Server', () => {
    const share =
      'CAST(CEILING(CAST(pr.[candidate_count] AS decimal(28,0)) / CAST(@number AS decimal(10,0))) AS bigint)';
    expect(compilePartitionQuery('mssql', { rootTable, predicates: [] }).partitionSql).toBe(`WITH candidates AS (
SELECT r.[DocumentId]
FROM [edfi].[School] r
),
ranked AS (
    SELECT
        pc.[DocumentId],
        ROW_NUMBER() OVER (ORDER BY pc.[DocumentId]) AS [row_number],
        COUNT_BIG(*) OVER () AS [candidate_count]
    FROM candidates pc
),
sized AS (
    SELECT
        pr.[DocumentId],
        pr.[row_number],
        CASE WHEN ${share} > @minimumPartitionSize THEN ${share} ELSE @minimumPartitionSize END AS [partition_size]
    FROM ranked pr
)
SELECT ps.[DocumentId]
FROM sized ps
WHERE (ps.[row_number] - 1) % ps.[partition_size] = 0
ORDER BY ps.[DocumentId] ASC;
`);
  });

  it.each(dialects)('have names of their own in %s', (dialect) => {
    const predicate = { column: 'Number', operator: 'Equal', parameterName: 'number' } as const;
    const specification = { rootTable, predicates: [predicate] };
    expectDiagnostic(() => compilePartitionQuery(dialect, specification), 'PLAN_QUERY_NAME_COLLISION', 'number');
    const plan = compilePartitionQuery(dialect, { ...specification, partitionCountParameterName: 'parts' });
    expect(plan.parametersInOrder.map(({ parameterName }) => parameterName)).toEqual([
      'number',
      'parts',
      'minimumPartitionSize',
    ]);
    expect(plan.partitionSql).toContain('@parts');
  });

  it('take whole numbers from 1', () => {
    const plan = compilePartitionQuery('pgsql', { rootTable, predicates: [] });
    const bind = (partitionCount: number, minimumPartitionSize: number) =>
      bindPartitionQuery(plan, new Map<string, string>(), { partitionCount, minimumPartitionSize });
    expect(bind(4, 100).values).toEqual([
      { parameterName: 'number', value: 4 },
      { parameterName: 'minimumPartitionSize', value: 100 },
    ]);
    expectDiagnostic(() => bind(0, 100), 'PLAN_QUERY_VALUE', 'partitionCount', '0');
    expectDiagnostic(() => bind(4, 0.5), 'PLAN_QUERY_VALUE', 'minimumPartitionSize', '0.5');
  });
});
