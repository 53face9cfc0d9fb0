import type { SqlDialect } from '@dms/sql';
import { cachedByResource } from '../resource-plans.ts';
import { mssqlUpdate, pgsqlUpdate, type UpdateDescriptors } from './descriptor-statements.ts';
import type { DocumentStatements } from './document-statements.ts';
import { type HiddenTexts, mssqlHiddenTexts, pgsqlHiddenTexts } from './hidden-text-statements.ts';
import { mssqlStatements } from './mssql-statements.ts';
import { pgsqlStatements } from './pgsql-statements.ts';

/** All statements that read and write documents in one dialect. */
interface StatementsOfDialect extends DocumentStatements {
  readonly updateDescriptors: UpdateDescriptors;
  readonly hiddenTexts: HiddenTexts;
}

export const documentStatements: Readonly<Record<SqlDialect, StatementsOfDialect>> = {
  pgsql: { ...pgsqlStatements, updateDescriptors: pgsqlUpdate, hiddenTexts: pgsqlHiddenTexts },
  mssql: { ...mssqlStatements, updateDescriptors: mssqlUpdate, hiddenTexts: mssqlHiddenTexts },
};

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
