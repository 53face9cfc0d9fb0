import type { SqlDialect } from '@dms/sql';
import type { CatalogValue, ObjectKind } from '../drift/difference.ts';
import type { ImpactClass } from './impact-class.ts';

/** The impact of a schema change on the database of one dialect (design 09 §4.4). */
export interface SchemaImpact {
  readonly dialect: SqlDialect;
  readonly before: ImpactSide;
  readonly after: ImpactSide;
  /** The classes of all changes; empty if nothing changes. */
  readonly classes: readonly ImpactClass[];
  /** By label; only resources that change. */
  readonly resources: readonly ResourceImpact[];
  readonly renames: readonly ImpactRename[];
  readonly resourceKeys: ResourceKeyMoves;
}

export interface ImpactSide {
  readonly effectiveSchemaHash: string;
  /** In the order of the model. */
  readonly projects: readonly { readonly projectName: string; readonly projectVersion: string }[];
}

/** An entry of the inventory of triggers. */
export interface ImpactTrigger {
  /** `schema.name` */
  readonly table: string;
  /** As in the inventory; PostgreSQL has a separate trigger for each event. */
  readonly name: string;
}

/** The changes of one owner: a resource, a project (its schema), `(core)` or `(auth)`. */
export interface ResourceImpact {
  /** `Project:Resource`, the name of a project, `(core)` or `(auth)`. */
  readonly resource: string;
  readonly project: string;
  readonly classes: readonly ImpactClass[];
  readonly changes: readonly ImpactChange[];
}

export interface ImpactChange {
  readonly classes: readonly ImpactClass[];
  readonly object: ObjectKind;
  readonly path: readonly string[];
  readonly change: 'added' | 'removed' | 'changed';
  /** Of a change. */
  readonly field?: string;
  readonly before?: CatalogValue;
  readonly after?: CatalogValue;
  /** The object whose renaming would explain it, or the table whose rows would. */
  readonly because?: string;
  /** For a trigger, and for a function with the body of one: its entry in the inventory. */
  readonly trigger?: ImpactTrigger;
}

/** A removed and an added object that may be the same. */
export interface ImpactRename {
  readonly object: ObjectKind;
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly score: number;
}

/** The changes of the resource keys, by label of the resource in ordinal order. */
export interface ResourceKeyMoves {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Keys that get another id. */
  readonly moved: readonly string[];
  /** Keys that keep their id and get another version. */
  readonly reversioned: readonly string[];
}
