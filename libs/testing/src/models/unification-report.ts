import { resourceDetail } from '@dms/inventory';
import type { RelationalModelSet } from '@dms/model';
import { resourceOf, tableOf } from './model-lookup.ts';

/** The report of key unification for a resource, in the form of the manifest. */
export const reportOf = (model: RelationalModelSet, label: string) =>
  resourceDetail(resourceOf(model, label)).key_unification_equality_constraints;

/** The key unification report of a resource without equality constraints. */
export const nothing = { applied: [], redundant: [], ignored: [], ignored_by_reason: {}, skipped: [] };

/** The classes of a table: canonical column and members. */
export const classesOf = (model: RelationalModelSet, table: string) =>
  tableOf(model, table).keyUnificationClasses.map(
    ({ canonicalColumn, memberPathColumns }) => `${canonicalColumn}: ${memberPathColumns.join(', ')}`,
  );
