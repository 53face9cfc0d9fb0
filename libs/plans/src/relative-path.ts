import { isPathPrefix, type JsonPath, pathOf } from '@dms/api-schema';
import type { Table } from '@dms/model';

/** A path in the scope of the table, relative to its rows: `$` for the value at the scope itself (design 08 §6.4). */
export function relativeToScope({ jsonScope }: Pick<Table, 'jsonScope'>, path: JsonPath): JsonPath {
  if (!isPathPrefix(jsonScope, path)) throw new Error(`${path.canonical} is not in the scope ${jsonScope.canonical}`);
  return pathOf(path.segments.slice(jsonScope.segments.length));
}
