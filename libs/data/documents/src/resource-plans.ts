import type { ResourceKeyEntry } from '@dms/api-schema';
import type { Inventory } from '@dms/inventory';
import {
  type DbTableName,
  type IdentityBlock,
  type MappingVersion,
  mustExist,
  type QualifiedResourceName,
} from '@dms/model';
import { compileReadPlan, type MappingSet, type ResourceReadPlan, type ResourceWritePlan } from '@dms/plans';
import type { PlainSql, SqlDialect } from '@dms/sql';
import { cachedByObject } from '@dms/values';
import type { KeyTexts, ReferentialIds } from './identity/referential-id.ts';
import type { ResourceShape } from './resource-shape.ts';

/** The plans and facts for writing and reading documents of one resource. */
export interface ResourcePlans {
  readonly dialect: SqlDialect;
  readonly version: MappingVersion;
  readonly resourceKey: ResourceKeyEntry;
  readonly label: string;
  readonly shape: ResourceShape;
  readonly write: ResourceWritePlan;
  readonly read: ResourceReadPlan;
  readonly identity: IdentityBlock;
  /** The block of its superclass, by which references to the superclass find it; null without a superclass. */
  readonly superclassIdentity: IdentityBlock | null;
  /** The stored columns of the root table that belong to the identity: changing any of them changes the identity. */
  readonly identityProjection: readonly string[];
  /** Whether queries replace its tables, so that only its read plan can be used (design 12 §3.8). */
  readonly isReadElsewhere?: boolean;
}

/** The parts of a mapping set that operations on documents use; created once, shared by all connections. */
export interface DocumentPlans {
  readonly dialect: SqlDialect;
  readonly version: MappingVersion;
  readonly mappingSet: MappingSet;
  readonly inventory: Inventory;
  /** Labels of the relational resources, in the order of the model. */
  readonly labels: readonly string[];
  /** Throws `DOCUMENT_RESOURCE_UNKNOWN` unless it is a relational resource of the mapping set. */
  of(resource: QualifiedResourceName): ResourcePlans;
  /** The block by which the identity of a concrete or abstract resource is hashed. */
  identityOf(resource: QualifiedResourceName): IdentityBlock;
  /** The texts of identities in memory, from which {@link referentialIds} are made. */
  readonly texts: KeyTexts;
  readonly referentialIds: ReferentialIds;
}

/** A value that is computed from the plans of a resource, on demand and once. */
export const cachedByResource = <Made>(make: (plans: ResourcePlans) => Made) => cachedByObject(make);

/** The location, in a database of another schema set, of the rows for the tables of this set. */
interface RowsElsewhere {
  /** The query, in parentheses, that returns the rows of a table. */
  relationOf(table: DbTableName): PlainSql;
  /** The id of a resource in the database; undefined if the database has no such resource. */
  resourceKeyIdOf(resource: QualifiedResourceName): number | undefined;
}

/**
 * Plans that read documents of this schema set from a database of another set, through queries that replace the tables
 * (design 12 §3.8). They cannot write. `of` also throws for a resource that the database does not have (a bug).
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
