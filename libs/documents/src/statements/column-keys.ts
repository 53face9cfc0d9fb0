import { cachedByResource } from '../resource-plans.ts';
import { documentStatements } from './statements-by-dialect.ts';

/** The key of a value in a hydrated row: the position of its column in the select list of the plan, or its name. */
export type ColumnKey = number | string;

/** The keys of the columns to read, by table of a resource. */
export const tableColumnKeys = cachedByResource(({ dialect, read }): readonly ReadonlyMap<string, ColumnKey>[] => {
  const { hydratesArrays } = documentStatements[dialect];
  return read.tablePlansInDependencyOrder.map(
    ({ selectListColumnsInOrder }) =>
      new Map(selectListColumnsInOrder.map(({ name }, position) => [name, hydratesArrays ? position : name])),
  );
});
