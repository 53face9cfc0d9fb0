import { type JsonPath, resourceLabel } from '@dms/api-schema';
import { fail, forEachReported } from '@dms/diagnostics';
import { groupBy } from '@dms/files';
import {
  type AbstractIdentityTable,
  type ColumnMapping,
  type FullNames,
  Identities,
  mustExist,
  qualified,
  type RelationalModelSet,
  type ResourceModel,
  type Table,
} from '@dms/model';
import type {
  AbstractIdentityTrigger,
  DbTrigger,
  DocumentStampingTrigger,
  IdentityPropagationTrigger,
  ReferentialIdentityTrigger,
} from './inventory.ts';
import { RootColumns } from './root-columns.ts';

/** The rules of a generation for triggers (design 15a §3). */
export interface TriggerRules {
  /** Whether root tables mirror the versions of their document. */
  readonly mirrorsVersions: boolean;
  /** Whether databases store the referential ids of documents in `dms.ReferentialIdentity`, which triggers fill. */
  readonly storesReferentialIds: boolean;
  /** The column that feeds an abstract identity if its path has several columns; `canonical` is the stored one. */
  abstractSource(resource: ResourceModel, path: JsonPath, canonical: string): string;
}

/** A trigger with its full-length name. */
export type NamedTrigger = DbTrigger extends infer Kind
  ? Kind extends DbTrigger
    ? Omit<Kind, 'name'> & { readonly fullName: string }
    : never
  : never;

type Named<Trigger extends DbTrigger> = Omit<Trigger, 'name'> & { readonly fullName: string };

class TriggerDerivation {
  private readonly rules: TriggerRules;
  private readonly model: RelationalModelSet;
  private readonly names: FullNames;
  private readonly identities: Identities;
  private readonly identityTables: ReadonlyMap<string, AbstractIdentityTable>;
  /** The identity projection of every table that can be the target of a fallback edge. */
  private readonly projections = new Map<string, readonly string[]>();

  constructor(model: RelationalModelSet, names: FullNames, rules: TriggerRules) {
    this.rules = rules;
    this.model = model;
    this.names = names;
    this.identities = new Identities(model);
    this.identityTables = new Map(
      model.abstractIdentityTables.map((entry) => [resourceLabel(entry.resourceKey), entry]),
    );
    for (const { table } of model.abstractIdentityTables) {
      this.projections.set(
        qualified(table.table),
        table.columns.filter(({ sourcePath }) => sourcePath !== null).map(({ name }) => name),
      );
    }
  }

  derive(): NamedTrigger[] {
    const triggers: NamedTrigger[] = [];
    forEachReported(this.model.resources, (resource) => {
      if (resource.storageKind === 'SharedDescriptorTable') return;
      const source = new RootColumns(resource, this.names);
      const elements = source.identityElements();
      const projection = source.projection(elements);
      this.projections.set(qualified(source.root.table), projection);
      for (const table of resource.tablesInDependencyOrder)
        triggers.push(this.stamping(source.root, table, source.isRoot(table.table) ? projection : []));
      if (this.rules.storesReferentialIds) triggers.push(this.referentialIdentity(source, projection));
      const abstractIdentity = this.abstractIdentity(source, projection);
      if (abstractIdentity) triggers.push(abstractIdentity);
    });
    return [...triggers, ...this.propagationFallbacks()];
  }

  private stamping(
    root: Table,
    table: Table,
    identityProjectionColumns: readonly string[],
  ): Named<DocumentStampingTrigger> {
    const [documentId] = table.identity.rootLocator;
    return {
      fullName: `TR_${this.names.table(table.table)}_Stamp`,
      table: table.table,
      keyColumns: [mustExist(documentId, `the document of a row of ${qualified(table.table)}`)],
      identityProjectionColumns,
      kind: 'DocumentStamping',
      mirrorStampTargetTable: this.rules.mirrorsVersions ? root.table : null,
      // named together with the tracked-change tables
      changeTracking: null,
    };
  }

  private referentialIdentity(source: RootColumns, projection: readonly string[]): Named<ReferentialIdentityTrigger> {
    return {
      fullName: `TR_${this.names.table(source.root.table)}_ReferentialIdentity`,
      table: source.root.table,
      keyColumns: ['DocumentId'],
      identityProjectionColumns: projection,
      kind: 'ReferentialIdentityMaintenance',
      ...this.identities.own(source.resource),
      superclassAlias: this.identities.ofSuperclass(source.resource),
    };
  }

  private abstractIdentity(
    source: RootColumns,
    projection: readonly string[],
  ): Named<AbstractIdentityTrigger> | undefined {
    const { superclass } = source.resource;
    const target = superclass && this.identityTables.get(resourceLabel(superclass.resource));
    if (!superclass || !target) return undefined;
    const targetColumnMappings: ColumnMapping[] = [];
    for (const column of target.table.columns) {
      if (!column.sourcePath) continue;
      const isRenamed = column.sourcePath.canonical === superclass.identityJsonPath?.canonical;
      const own = source.resource.identityElements[0]?.identityJsonPath;
      const path = isRenamed ? mustExist(own, `the identity of ${source.label}`) : column.sourcePath;
      targetColumnMappings.push({ sourceColumn: this.abstractSource(source, path), targetColumn: column.name });
    }
    return {
      fullName: `TR_${this.names.table(source.root.table)}_AbstractIdentity`,
      table: source.root.table,
      keyColumns: ['DocumentId'],
      identityProjectionColumns: projection,
      kind: 'AbstractIdentityMaintenance',
      targetTable: target.table.table,
      targetColumnMappings,
      discriminatorValue: source.label,
    };
  }

  /**
   * The root column that feeds a column of the abstract identity table; all columns of the path must have the same
   * stored column.
   */
  private abstractSource(source: RootColumns, path: JsonPath): string {
    const columns = source.at(path.canonical);
    const [first] = columns;
    const where = { resource: source.label, path: path.canonical };
    if (!first)
      return fail(
        'ABSTRACT_COLUMN_MISSING',
        `${source.label}: ${path.canonical} has no column in the root table.`,
        where,
      );
    if (columns.length === 1) return first.name;
    const storage = new Set(columns.map(({ name }) => source.storageOf(name, 'all', 'abstract identity')));
    const [canonical, ...others] = storage;
    if (canonical === undefined || others.length > 0) {
      const names = columns.map(({ name }) => name);
      const text = `${source.label}: ${path.canonical} feeds several stored columns: ${names.join(', ')}.`;
      return fail('ABSTRACT_COLUMN_AMBIGUOUS', text, where, { columns: names });
    }
    return this.rules.abstractSource(source.resource, path, canonical);
  }

  private propagationFallbacks(): Named<IdentityPropagationTrigger>[] {
    const byTarget = groupBy(this.model.propagationFallbacks, ({ targetTable }) => qualified(targetTable));
    return [...byTarget].map(([key, fallbacks]) => {
      const { targetTable } = fallbacks[0] as (typeof fallbacks)[number];
      return {
        fullName: `TR_${this.names.table(targetTable)}_PropagateIdentity`,
        table: targetTable,
        keyColumns: ['DocumentId'],
        identityProjectionColumns: this.projections.get(key) ?? [],
        kind: 'IdentityPropagationFallback',
        referrerUpdates: fallbacks.map(({ receiverTable, receiverFkColumn, columnMappings }) => ({
          referrerTable: receiverTable,
          referrerFkColumn: receiverFkColumn,
          targetColumnMappings: columnMappings,
        })),
      };
    });
  }
}

/** The triggers of all resource tables and abstract identity tables, hierarchy triggers aside (design 05 §3, §4). */
export function deriveTriggers(model: RelationalModelSet, names: FullNames, rules: TriggerRules): NamedTrigger[] {
  return new TriggerDerivation(model, names, rules).derive();
}
