import type { Column, DocumentReferenceBinding, ResourceModel, Table } from '@dms/model';
import type { CoreStatementRules } from './description/core-statements.ts';
import type { DocumentRules } from './document-rules.ts';
import type {
  CollectionMergePlan,
  DocumentReferenceLookupPlan,
  ReferenceIdentityField,
  ReferenceSource,
  ResourceReadPlan,
  TableWritePlan,
  WriteColumnBinding,
  WriteValueSource,
} from './plan.ts';
import type { PlanDialect } from './plan-dialect.ts';
import type { DescriptorQueryCapability, QueryCapabilities, QueryCapability } from './query/query-capability.ts';
import type { Hydration, ProjectedTable, ProjectionArm, StoredColumn } from './read/projections.ts';

/** The further plans of a table whose rows are items of an array. */
export type CollectionPlans = Pick<TableWritePlan, 'collectionMergePlan' | 'collectionKeyPreallocationPlan'>;

/** The rules of a generation for writing (design 08 §6, 17 §3). */
export interface WriteRules {
  /** The structural columns. They are bound even if the model excludes them from plans. */
  structuralColumns(table: Table): readonly string[];
  /**
   * The source of a structural column, which holds the place or the id of its row; undefined if the kind of the column
   * determines the source.
   */
  structuralSource(table: Table, column: Column): WriteValueSource | undefined;
  /** The columns that get a part of a reference from that reference, by `schema.table.column`. */
  referenceSources(resource: ResourceModel): ReadonlyMap<string, ReferenceSource>;
  /** The columns by which the rows of a parent are deleted; null for a table without this statement. */
  deleteByParentColumns(table: Table): readonly string[] | null;
  collectionPlans(
    dialect: PlanDialect,
    resource: ResourceModel,
    table: Table,
    bindings: readonly WriteColumnBinding[],
  ): CollectionPlans;
}

/** The rules of a generation for reading (design 08 §7, 17 §4). */
export interface ReadRules {
  hydration(table: Table): Hydration;
  /** Whether every statement has a second text for a single document. */
  readonly readsSingleDocuments: boolean;
  /** The projection arms for descriptor columns, which are ordered by table and column position. */
  descriptorArms(dialect: PlanDialect, columns: readonly StoredColumn[]): readonly ProjectionArm[];
  documentLookup(
    dialect: PlanDialect,
    tables: readonly ProjectedTable[],
    references: readonly DocumentReferenceBinding[],
  ): DocumentReferenceLookupPlan | null;
  /** Checks the rules of the generation for a plan and its model, besides the rules that all generations share. */
  checkContract(plan: ResourceReadPlan): void;
}

type ManifestEntries = Readonly<Record<string, unknown>>;

/**
 * The additional members of a generation's manifest, object by object; an empty object if there are none (design 08
 * §11.2, 17 §6).
 */
export interface PlanManifestForm {
  /** Members after the hash of the delete by parent. */
  mergePlan(plan: CollectionMergePlan | null): ManifestEntries;
  /** Members after the column bindings. */
  preallocation(plan: TableWritePlan['collectionKeyPreallocationPlan']): ManifestEntries;
  /** Members after the hash of the statement that reads by the keyset. */
  singleDocument(sql: string | null): ManifestEntries;
  /** Members at the end of a field of a reference. */
  identityField(field: ReferenceIdentityField): ManifestEntries;
  /** Members after the plans of a resource. */
  capabilities(label: string, capabilities: QueryCapabilities): ManifestEntries;
}

/** The plans of a generation in `plans.<dialect>.json` (design 08 §11.5, 17 §6). */
export interface PlansFileFormat {
  /** The members that plans, statements and fields of the generation do not have. */
  readonly absent: ReadonlySet<string>;
}

/** The rules of a generation for plans (design 08, 17). */
export interface PlanGeneration {
  readonly write: WriteRules;
  readonly read: ReadRules;
  /** Null if the caller determines the possible queries. */
  queryCapability(resource: ResourceModel): QueryCapability | null;
  /** The capability for the fields that all descriptors share; null as above. */
  descriptorQueryCapability(resource: ResourceModel): DescriptorQueryCapability | null;
  readonly manifest: PlanManifestForm;
  readonly documents: DocumentRules;
  readonly core: CoreStatementRules;
  readonly file: PlansFileFormat;
}
