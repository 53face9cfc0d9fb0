import type { Change, ReferenceColumn } from '../planning/change.ts';
import { sameValue } from '../planning/value.ts';
import type { RowQueries } from './row-queries.ts';

/** The queries of a change: for the rows that do not allow it, and for how much it loses (design 12 §3.1). */
export interface ChangeQueries {
  readonly checks: readonly string[];
  readonly losses: readonly string[];
}

const none: ChangeQueries = { checks: [], losses: [] };

const checks = (...texts: readonly string[]): ChangeQueries => ({ checks: texts, losses: [] });
const losses = (...texts: readonly string[]): ChangeQueries => ({ checks: [], losses: texts });

/** What is queried from the rows before a change is made. */
export function queriesOf(change: Change, queries: RowQueries): ChangeQueries {
  const referring = (resourceKeyId: number, referrers: readonly ReferenceColumn[]) =>
    referrers.map(({ table, column }) => queries.referringTo(table, column, [resourceKeyId]));
  switch (change.kind) {
    case 'descriptor renamed':
      return checks(queries.withOtherReferentialId(change.descriptor));
    case 'resource removed':
    case 'descriptor removed':
    case 'abstract resource removed': {
      const { resourceKeyId, referrers } = change;
      if (resourceKeyId === null) return none;
      return { checks: referring(resourceKeyId, referrers), losses: [queries.countOfDocuments(resourceKeyId)] };
    }
    case 'abstract identities':
      return change.leaves ? checks(...referring(change.leaves.resourceKeyId, change.leaves.referrers)) : none;
    case 'table removed':
      return losses(queries.countOfRows(change.path[0] ?? ''));
    case 'column removed':
      return losses(queries.countOfValues(change.table, change.value));
    case 'type narrower':
      return checks(queries.notFitting(change.table, change.value, change.fits));
    case 'type converted': {
      const { table, value, fits, becomesRequired } = change;
      return checks(
        ...(fits === null ? [] : [queries.notFitting(table, value, fits)]),
        ...(becomesRequired ? [queries.withoutValue(table, value)] : []),
      );
    }
    case 'type replaced': {
      const { table, value, isPermitted } = change;
      return isPermitted ? losses(queries.countOfValues(table, value)) : checks(queries.withValue(table, value));
    }
    case 'column required':
      return checks(queries.withoutValue(change.table, change.value));
    case 'required column added':
      return checks(queries.anyRow(change.table));
    case 'column filled':
      return change.isRequired ? checks(queries.withoutValue(change.table, change.value)) : none;
    case 'column unified':
      return sameValue(change.held, change.shown) ? none : checks(queries.unequal(change.table, change.held, change.shown));
    case 'primary key added':
    case 'unique added':
      return change.isImplied ? none : checks(queries.duplicates(change.table, change.values));
    case 'check added':
      return checks(queries.refused(change.table, change.condition, change.values));
    case 'foreign key added':
    case 'foreign key changed':
      return checks(queries.withoutTarget(change.table, change.values, change.target, change.targetValues));
    default:
      return none;
  }
}
