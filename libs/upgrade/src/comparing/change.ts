import type { ChangeClass } from '@dms/catalog';
import { type ChangeQueries, type ChangeRules, noQueries, objectKey, type RulesOf } from '../kinds/change-rules.ts';
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

/** What a change requires of the existing rows (design 12 §3.1). */
export function classOf(change: Change): ChangeClass {
  const { class: known } = rulesOf(change);
  return typeof known === 'function' ? known(change) : known;
}

/** What is queried from the rows before a change is made (design 12 §3.1). */
export const queriesOf = (change: Change, queries: RowQueries): ChangeQueries =>
  rulesOf(change).queries?.(change, queries) ?? noQueries;

/** A change in words, without its place. */
export const changeWords = (change: Change): string => rulesOf(change).words ?? change.kind;

/** Why a change cannot be made as it is. */
export const reasonOf = (change: Change): string | undefined => rulesOf(change).reason?.(change);

/** What kind of rows do not allow a change, if no user can change them. */
export const fixedRowsOf = (change: Change): string | undefined => rulesOf(change).fixedRows?.(change);

/** The object of a change, as the effects of statements name it. */
export const changedObject = (change: Change): string => objectKey(rulesOf(change).object, ...change.path);
