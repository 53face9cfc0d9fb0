import type { LogicalTrigger, Routine, RoutineDefinition, TableDefinition, ViewDefinition } from '@dms/catalog';
import type { AbstractIdentityTrigger, AuthEdOrgHierarchy } from '@dms/inventory';
import type { DbTableName, IdentityBlock } from '@dms/model';
import type { QualifiedName } from '@dms/sql';
import type { ResourceKeyRow } from '../comparing/compared-set.ts';
import type { Comparison } from '../comparing/comparison.ts';
import type { FoundChanges } from '../kinds/found-changes.ts';
import type { KeyPlan } from '../kinds/key-matching.ts';
import { type AffectedRows, type AffectedTable, present } from '../ops/effect.ts';
import type { PreparationPlanner } from '../preparing/preparing.ts';
import type { HashedDescriptor } from './row-queries.ts';

/**
 * The functions, triggers and views that are dropped and made. Names come from the earlier set if something is removed.
 */
export interface CodePlan {
  readonly droppedTriggers: readonly { readonly table: string; readonly name: string }[];
  readonly droppedFunctions: readonly Routine[];
  readonly droppedViews: readonly { readonly schema: string; readonly name: string }[];
  /** Functions that are not the body of a trigger, and are new or changed. */
  readonly routines: readonly RoutineDefinition[];
  readonly triggers: readonly { readonly table: TableDefinition; readonly trigger: LogicalTrigger }[];
  readonly views: readonly ViewDefinition[];
}

/** The changes to the rows of `dms.ResourceKey` (design 12 §3.4). */
export interface ResourceKeyPlan {
  /** Ids that change, by the old one. */
  readonly moves: readonly (readonly [from: number, to: number])[];
  /** Ids of resources that no longer exist. */
  readonly removed: readonly number[];
  /** Rows whose ids later belong to another resource or to none, and rows of renamed resources. */
  readonly deleted: readonly number[];
  /** New versions of the rows that stay, with their ids. */
  readonly reversioned: readonly { readonly version: string; readonly ids: readonly number[] }[];
  /** Rows that do not exist yet. */
  readonly inserted: readonly ResourceKeyRow[];
  /** Whether a row stays under its id and gets the name of its resource in the later set. */
  readonly isRenamed: boolean;
  /**
   * Columns that hold ids: those of the foreign keys to `dms.ResourceKey` in the later set, with `schema.name` of the
   * table.
   */
  readonly holders: readonly { readonly table: string; readonly column: string }[];
}

/** The name of a descriptor resource, which the rows of its documents repeat. */
export interface RenamedDiscriminator {
  /** The number of the resource in the later set. */
  readonly resourceKeyId: number;
  readonly from: string;
  readonly to: string;
}

/** Rows that repeat the name of a renamed resource (design 12 §11). */
export interface DiscriminatorPlan {
  /** Renamed members of abstract resources; rows of the abstract identity tables contain their names. */
  readonly members: readonly AbstractIdentityTrigger[];
  readonly descriptors: readonly RenamedDiscriminator[];
  /** Names of descriptors that are not renamed. */
  readonly kept: readonly string[];
  /** Tables of tracked changes that contain names of descriptors, with the column. */
  readonly tracked: readonly { readonly table: DbTableName; readonly column: string }[];
  /** `schema.name`, in the earlier set, of the tables whose rows are written. */
  readonly written: readonly string[];
}

/** Rows that are recomputed (design 12 §3.5). */
export interface DerivedPlan {
  readonly referentialIds: readonly { readonly block: IdentityBlock; readonly table: DbTableName }[];
  /** Descriptors whose referential ids are recomputed. */
  readonly descriptors: readonly HashedDescriptor[];
  readonly abstractIdentities: readonly AbstractIdentityTrigger[];
  /** Rows of resources that are no longer members, by the abstract identity table. */
  readonly leavers: readonly { readonly table: QualifiedName; readonly member: QualifiedName }[];
  readonly hierarchy: AuthEdOrgHierarchy | null;
}

/** Everything that the operations of an upgrade are made from. */
export interface ScriptParts {
  readonly comparison: Comparison;
  readonly found: FoundChanges;
  readonly keys: KeyPlan;
  readonly code: CodePlan;
  readonly resourceKeys: ResourceKeyPlan;
  readonly discriminators: DiscriminatorPlan;
  readonly derived: DerivedPlan;
  readonly preparing: PreparationPlanner;
}

/** A table of the later set, named as hazards name it. */
export function laterTable({ changesByAfter, match }: Comparison, key: string): AffectedTable {
  if (match.emptied.has(key)) return present(key);
  const change = changesByAfter.get(key);
  return change ? present(change.pair.before.key) : { name: key, isNew: true };
}

/** The rows of a table of the later set, where rows of another table are derived from them. */
export function derivedFrom(comparison: Comparison, key: string): AffectedRows | undefined {
  const { name, isNew } = laterTable(comparison, key);
  return isNew ? undefined : { table: name };
}
