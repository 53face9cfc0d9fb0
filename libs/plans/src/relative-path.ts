import { isPathPrefix, type JsonPath, pathOf } from '@dms/api-schema';
import type { Table } from '@dms/model';
import { failTable, type PlanSubject } from './plan-failure.ts';

/** `path` as seen from the rows of a table: `$` for the value at the scope itself (design 08 §6.4). */
export function relativeToScope(subject: PlanSubject, table: Table, path: JsonPath): JsonPath {
  const scope = table.jsonScope;
  const details = { scope: scope.canonical, path: path.canonical };
  if (!isPathPrefix(scope, path)) {
    failTable(
      'PLAN_PATH_NOT_IN_SCOPE',
      subject,
      table,
      `the path ${path.canonical} is not in the scope ${scope.canonical}`,
      details,
    );
  }
  const rest = path.segments.slice(scope.segments.length);
  if (rest.some((segment) => segment.kind === 'anyElement')) {
    failTable(
      'PLAN_PATH_HAS_ARRAY',
      subject,
      table,
      `the path ${path.canonical} crosses an array below the scope ${scope.canonical}`,
      details,
    );
  }
  return pathOf(rest);
}
