import type { Row, Statement } from '@dms/databases';
import { mustExist } from '@dms/model';
import { groupBy } from '@dms/values';
import { generations } from '../generations.ts';
import { cachedByResource, type ResourcePlans } from '../resource-plans.ts';
import { documentStatements, tableColumnKeys } from '../statements/statements-by-dialect.ts';

/**
 * The rows of several documents, for each table of the resource in its order: by document id, in the order of the plan.
 */
type HydratedTables = readonly ReadonlyMap<string, readonly Row[]>[];

/** The statements that read the rows of all tables, without the URIs of descriptors. */
export const hydrationStatements = (
  { dialect, read }: ResourcePlans,
  documentIds: readonly string[],
): readonly Statement[] => documentStatements[dialect].hydrate(read, documentIds, { tables: true, uris: false });

const documentKeys = cachedByResource((plans) =>
  generations[plans.version].reading
    .documentColumns(plans)
    .map((name, index) => mustExist(tableColumnKeys(plans)[index]?.get(name), `the column ${name}`)),
);

/** Arranges the results of the statements of the tables; ignores further results. */
export const hydrated = (plans: ResourcePlans, answers: readonly (readonly Row[])[]): HydratedTables =>
  documentKeys(plans).map((document, index) => groupBy(answers[index] ?? [], (row) => String(row[document])));

/** The rows of one document, by table. */
export const storedOf = (tables: HydratedTables, documentId: string): readonly (readonly Row[])[] =>
  tables.map((rows) => rows.get(documentId) ?? []);
