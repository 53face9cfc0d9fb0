import { type DbTableName, mustExist, type QualifiedResourceName } from '@dms/model';
import { compileReadPlan } from '@dms/plans';
import { cachedByResource, type DocumentPlans, type ResourcePlans } from './resource-plans.ts';

/** Where a database of another schema set has the rows of the tables of this one. */
export interface RowsElsewhere {
  /** The query, in parentheses, whose rows are those of a table. */
  relationOf(table: DbTableName): string;
  /** The id of a resource in the database; undefined if the database has no such resource. */
  resourceKeyIdOf(resource: QualifiedResourceName): number | undefined;
}

/**
 * Plans that read documents as this schema set has them from a database of another set, through queries that stand in
 * for the tables (design 12 §3.8). Nothing can be written with them. `of` also throws for a resource that the database
 * does not have (a bug).
 */
export function plansElsewhere(plans: DocumentPlans, rows: RowsElsewhere): DocumentPlans {
  const made = cachedByResource((own): ResourcePlans => {
    const { label, resourceKey, dialect, version, read } = own;
    const id = mustExist(rows.resourceKeyIdOf(resourceKey), `the id of ${label}`);
    return {
      ...own,
      resourceKey: { ...resourceKey, id },
      read: compileReadPlan(dialect, read.model, version, (table) => rows.relationOf(table)),
      isReadElsewhere: true,
    };
  });
  return { ...plans, of: (resource) => made(plans.of(resource)) };
}
