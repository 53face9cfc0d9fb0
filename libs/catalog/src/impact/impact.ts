import type { SqlDialect } from '@dms/sql';
import type { CatalogValue, ObjectKind } from '../diff/difference.ts';
import type { ImpactClass } from './impact-class.ts';

/** What a change of schemas does to the database of one dialect (design 09 §4.4). */
export interface SchemaImpact {
  readonly dialect: SqlDialect;
  readonly before: ImpactSide;
  readonly after: ImpactSide;
  /** Those of all changes; empty when nothing changes. */
  readonly classes: readonly ImpactClass[];
  /** By label; only those that change. */
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
  /** As in the inventory: PostgreSQL has a trigger of its own for each event. */
  readonly name: string;
}

/** The changes of what one owner has: a resource, a project (its schema), `(core)` or `(auth)`. */
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
  /** The object whose renaming, or the table whose rows, would explain it. */
  readonly because?: string;
  /** Of a trigger, and of a function with the body of one: the entry that it is made for. */
  readonly trigger?: ImpactTrigger;
}

/** A removed and an added object that may be one and the same. */
export interface ImpactRename {
  readonly object: ObjectKind;
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly score: number;
}

/** What becomes of the resource keys, by label of the resource in ordinal order. */
export interface ResourceKeyMoves {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Those that get another id. */
  readonly moved: readonly string[];
  /** Those that keep their id and get another version. */
  readonly reversioned: readonly string[];
}
