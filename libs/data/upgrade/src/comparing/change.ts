import type { ChangeClass } from '@dms/catalog';
import {
  type ChangeQueries,
  type ChangeRules,
  noQueries,
  type Place,
  type RulesOf,
  type Shown,
} from '../kinds/change-rules.ts';
import { type ColumnChanges, columnRules } from '../kinds/columns.ts';
import {
  type CheckChanges,
  checkRules,
  type IndexChanges,
  indexRules,
  type UniqueChanges,
  uniqueRules,
} from '../kinds/constraints.ts';
import {
  type AbstractIdentityChanges,
  abstractIdentityRules,
  type HierarchyChanges,
  hierarchyRules,
  type ReferentialIdChanges,
  referentialIdRules,
} from '../kinds/derived-rows.ts';
import { type DiscriminatorChanges, discriminatorRules } from '../kinds/discriminators.ts';
import { type DocumentRuleChanges, documentRuleRules } from '../kinds/document-rules.ts';
import { type ForeignKeyChanges, foreignKeyRules } from '../kinds/foreign-keys.ts';
import { type ResourceChanges, type ResourceKeyChanges, resourceKeyRules, resourceRules } from '../kinds/resources.ts';
import { type TableChanges, tableRules } from '../kinds/tables.ts';
import { type TriggerChanges, triggerRules } from '../kinds/triggers.ts';
import { type ViewChanges, viewRules } from '../kinds/views.ts';
import type { RowQueries } from '../script/row-queries.ts';

/** A difference between two schema sets. Impact reports and upgrade plans are made from changes (design 12 §3). */
export type Change =
  | ResourceChanges
  | ResourceKeyChanges
  | TableChanges
  | ColumnChanges
  | UniqueChanges
  | CheckChanges
  | ForeignKeyChanges
  | IndexChanges
  | TriggerChanges
  | ViewChanges
  | ReferentialIdChanges
  | AbstractIdentityChanges
  | HierarchyChanges
  | DiscriminatorChanges
  | DocumentRuleChanges;

export type ChangeKind = Change['kind'];

/** The rules of every kind of change. */
const changeRules: RulesOf<Change> = {
  ...resourceRules,
  ...resourceKeyRules,
  ...tableRules,
  ...columnRules,
  ...uniqueRules,
  ...checkRules,
  ...foreignKeyRules,
  ...indexRules,
  ...triggerRules,
  ...viewRules,
  ...referentialIdRules,
  ...abstractIdentityRules,
  ...hierarchyRules,
  ...discriminatorRules,
  ...documentRuleRules,
};

/** The rules of a change, for changes of its kind. */
export const rulesOf = (change: Change): ChangeRules<Change> => changeRules[change.kind] as ChangeRules<Change>;

/** The class of a change: its requirement on the existing rows (design 12 §3.1). */
export function classOf(change: Change): ChangeClass {
  const { class: known } = rulesOf(change);
  return typeof known === 'function' ? known(change) : known;
}

/** A change as plans and reports show it. */
interface DescribedChange extends Pick<Place, 'path'>, Shown {
  readonly class: ChangeClass;
  /** The change in words, without its place. */
  readonly change: string;
  /** Why the change cannot be made as it is. */
  readonly reason: string | undefined;
}

export function describeChange(change: Change): DescribedChange {
  const { words = change.kind, reason } = rulesOf(change);
  const shown = 'before' in change || 'after' in change ? { before: change.before, after: change.after } : {};
  return { class: classOf(change), change: words, path: change.path, ...shown, reason: reason?.(change) };
}

/** The queries on the rows before a change is made (design 12 §3.1). */
export const queriesOf = (change: Change, queries: RowQueries): ChangeQueries =>
  rulesOf(change).queries?.(change, queries) ?? noQueries;
