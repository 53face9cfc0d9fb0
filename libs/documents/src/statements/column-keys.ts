import { oncePerResource } from '../document-plans.ts';
import { documentStatements } from './statements-by-dialect.ts';

/** How a value is found in a hydrated row: by the position of its column in the select list of the plan, or by its name. */
export type ColumnKey = number | string;

/** By table of a resource, the keys of its columns that are read. */
export const tableColumnKeys = oncePerResource(({ dialect, read }): readonly ReadonlyMap<string, ColumnKey>[] => {
  const { hydratesArrays } = documentStatements[dialect];
  return read.tablePlansInDependencyOrder.map(
    ({ selectListColumnsInOrder }) =>
      new Map(selectListColumnsInOrder.map(({ name }, position) => [name, hydratesArrays ? position : name])),
  );
});
