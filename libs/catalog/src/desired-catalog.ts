import type { DbTrigger } from '@dms/inventory';
import type { AbstractUnionView, ScalarType } from '@dms/model';
import type { Catalog, CatalogColumn, CatalogTable, Check, Key, Routine, Trigger, View } from './catalog.ts';
import type { Expression } from './expression.ts';

/** Where a table stands in the script: with the core objects, or in one of the groups of design 07 §2, in this order. */
export type CreationGroup = 'core' | 'resources' | 'auth' | 'abstractIdentities';

/** A catalog that carries what its objects do as data; texts are rendered from it, nothing of it reaches the file. */
export interface DesiredCatalog extends Catalog {
  /** Schemas of projects in creation order; `auth` last where there is a hierarchy. Without `dms`. */
  readonly projectSchemas: readonly string[];
  /** In creation order (not sorted by name as in the file). */
  readonly tables: readonly DesiredTable[];
  readonly views: readonly DesiredView[];
  readonly functions: readonly DesiredRoutine[];
}

export interface DesiredTable extends CatalogTable {
  readonly group: CreationGroup;
  readonly columns: readonly DesiredColumn[];
  readonly primaryKey: DesiredKey;
  readonly uniques: readonly DesiredKey[];
  readonly checks: readonly DesiredCheck[];
  readonly triggers: readonly DesiredTrigger[];
  /** Uniques and checks inside CREATE TABLE, in order. */
  readonly inlineConstraints: readonly string[];
  /** Uniques and checks of statements of their own after the table, in order. */
  readonly addedConstraints: readonly string[];
}

export interface DesiredColumn extends CatalogColumn {
  /** Type of the value; null in core tables. */
  readonly scalarType: ScalarType | null;
  readonly defaultExpression: Expression | null;
  readonly generatedExpression: Expression | null;
  /** Whether the column takes values: false for generated ones. */
  readonly isWritable: boolean;
}

export interface DesiredKey extends Key {
  /** Whether the script spells CLUSTERED or NONCLUSTERED (SQL Server only). */
  readonly declaresClustering: boolean;
}

export interface DesiredCheck extends Check {
  readonly condition: Expression;
}

/** What a trigger does: an entry of the inventory, or the journal of `dms.Document`. */
export type TriggerIntent = DbTrigger | { readonly kind: 'DocumentJournal' };

export interface DesiredTrigger extends Trigger {
  readonly intent: TriggerIntent;
}

export interface DesiredView extends View {
  readonly definition: AbstractUnionView;
}

/** What a routine is: the UUID function of the core, or the body of a trigger of `table` (`schema.name`). */
export type RoutineIntent =
  | { readonly kind: 'uuidv5' }
  | { readonly kind: 'triggerBody'; readonly table: string; readonly trigger: string };

export interface DesiredRoutine extends Routine {
  readonly intent: RoutineIntent;
}
