import type { EffectiveSchemaSet, JsonPath, ResourceKeyEntry } from '@dms/api-schema';
import type { Diagnostic } from '@dms/diagnostics';
import type {
  AbstractUnionView,
  ColumnMapping,
  DecimalPrecisionFallback,
  DescriptorEdgeSource,
  DescriptorFkDeduplication,
  DescriptorMetadata,
  ExtensionSite,
  KeyUnificationDiagnostics,
  QualifiedResourceName,
  ReferenceIdentityBinding,
} from '@dms/model';
import type { DialectRules } from '@dms/sql';
import { DocumentPaths } from '../input/document-paths.ts';
import type { NameOverride } from '../input/name-overrides.ts';
import { listResources, type ResourceEntries, type ResourceEntry } from '../input/resource-entry.ts';
import type { ResourceInput } from '../input/resource-input.ts';
import type { DraftForeignKey, DraftTable } from './draft-table.ts';
import { OverrideLookup } from './override-lookup.ts';

/** A bound document reference: where it is stored. */
export interface DraftBinding {
  readonly mappingKey: string;
  readonly isIdentityComponent: boolean;
  readonly isRequired: boolean;
  readonly referenceObjectPath: JsonPath;
  readonly table: DraftTable;
  readonly fkColumn: string;
  readonly targetResource: QualifiedResourceName;
  readonly target: ResourceEntry;
  readonly identityBindings: readonly ReferenceIdentityBinding[];
  /** Label of the resource schema that declares it: the resource's own, or that of an extension. */
  readonly label: string;
}

export interface DraftEdgeSource extends Omit<DescriptorEdgeSource, 'table'> {
  readonly table: DraftTable;
}

export interface DraftDeduplication extends Omit<DescriptorFkDeduplication, 'table'> {
  readonly table: DraftTable;
}

export const noKeyUnification: KeyUnificationDiagnostics = {
  applied: [],
  redundant: [],
  ignored: [],
  ignoredByReason: [],
  skipped: [],
};

/** A concrete resource while passes work on it; resource extensions add to the draft of their base. */
export class DraftResource {
  readonly entry: ResourceEntry;
  readonly input: ResourceInput;
  readonly resourceKey: ResourceKeyEntry;
  /** Inputs of the resource extensions that extend it, in resource order. */
  readonly extensions: ResourceInput[] = [];
  rootBaseName = '';
  isSharedDescriptor = false;
  tables: DraftTable[] = [];
  naturalKey: readonly string[] = [];
  readonly bindings: DraftBinding[] = [];
  readonly bindingsByReferencePath = new Map<string, DraftBinding[]>();
  readonly edgeSources: DraftEdgeSource[] = [];
  readonly descriptorFkDeduplications: DraftDeduplication[] = [];
  readonly decimalPrecisionFallbacks: DecimalPrecisionFallback[] = [];
  extensionSites: ExtensionSite[] = [];
  keyUnificationDiagnostics: KeyUnificationDiagnostics = noKeyUnification;
  descriptorMetadata: DescriptorMetadata | null = null;
  /** Overrides of the resource and of its extensions that some pass has looked up. */
  readonly usedOverrides = new Set<NameOverride>();
  private readonly boundObjects = new Set<string>();
  private readonly byScope = new Map<string, DraftTable[]>();

  constructor(input: ResourceInput, resourceKey: ResourceKeyEntry) {
    this.entry = input.entry;
    this.input = input;
    this.resourceKey = resourceKey;
  }

  get label(): string {
    return this.entry.label;
  }

  /** Where names of `input`, the resource's own or that of an extension, are overridden. */
  overridesFor(input: ResourceInput): OverrideLookup {
    const sources = input === this.input ? [input.overrides] : [input.overrides, this.input.overrides];
    return new OverrideLookup(sources, this.usedOverrides);
  }

  /** The root table; every resource with tables has one. */
  get root(): DraftTable {
    const [root] = this.tables;
    if (!root) throw new Error(`${this.label} has no tables`);
    return root;
  }

  /** The same resource over the tables and bindings of a fork. */
  fork(tableOf: (table: DraftTable) => DraftTable, bindingOf: (binding: DraftBinding) => DraftBinding): DraftResource {
    const copy = new DraftResource(this.input, this.resourceKey);
    copy.extensions.push(...this.extensions);
    copy.rootBaseName = this.rootBaseName;
    copy.isSharedDescriptor = this.isSharedDescriptor;
    copy.naturalKey = this.naturalKey;
    copy.decimalPrecisionFallbacks.push(...this.decimalPrecisionFallbacks);
    copy.extensionSites = this.extensionSites;
    copy.keyUnificationDiagnostics = this.keyUnificationDiagnostics;
    copy.descriptorMetadata = this.descriptorMetadata;
    for (const override of this.usedOverrides) copy.usedOverrides.add(override);
    for (const table of this.tables) copy.addTable(tableOf(table));
    for (const binding of this.bindings) copy.addBinding(bindingOf(binding));
    copy.edgeSources.push(...this.edgeSources.map((source) => ({ ...source, table: tableOf(source.table) })));
    copy.descriptorFkDeduplications.push(
      ...this.descriptorFkDeduplications.map((found) => ({ ...found, table: tableOf(found.table) })),
    );
    return copy;
  }

  addTable(table: DraftTable): void {
    this.tables.push(table);
    const same = this.byScope.get(table.scope.canonical);
    if (same) same.push(table);
    else this.byScope.set(table.scope.canonical, [table]);
  }

  tablesAt(scope: JsonPath): readonly DraftTable[] {
    return this.byScope.get(scope.canonical) ?? [];
  }

  /** The table whose scope is the longest beginning of `path`. */
  owningTable(path: JsonPath): DraftTable | undefined {
    const prefixes = ['$'];
    for (const segment of path.segments)
      prefixes.push(prefixes.at(-1) + (segment.kind === 'property' ? `.${segment.name}` : '[*]'));
    for (const prefix of prefixes.reverse()) {
      const [table] = this.byScope.get(prefix) ?? [];
      if (table) return table;
    }
    return undefined;
  }

  /** Whether a reference is bound to the object already. */
  bindsObject(path: JsonPath): boolean {
    return this.boundObjects.has(path.canonical);
  }

  addBinding(binding: DraftBinding): void {
    this.bindings.push(binding);
    this.boundObjects.add(binding.referenceObjectPath.canonical);
    for (const path of new Set(binding.identityBindings.map((identity) => identity.referenceJsonPath.canonical))) {
      this.bindingsByReferencePath.set(path, [...(this.bindingsByReferencePath.get(path) ?? []), binding]);
    }
  }
}

/** Where a resource's descriptor URIs stand: base paths apart from those below `_ext` (design 02 §4). */
export interface DescriptorPaths {
  readonly base: ReadonlyMap<string, QualifiedResourceName>;
  readonly extension: ReadonlyMap<string, QualifiedResourceName>;
}

/** A concrete member of an abstract resource with the root columns that feed its identity table. */
export interface AbstractMember {
  readonly resource: DraftResource;
  /** Identity columns only; sources are binding columns, or a canonical column where a path has several. */
  readonly mappings: readonly ColumnMapping[];
}

export interface DraftAbstractResource {
  readonly entry: ResourceEntry;
  readonly resourceKey: ResourceKeyEntry;
  readonly baseName: string;
  readonly identityJsonPaths: readonly JsonPath[];
  readonly table: DraftTable;
  readonly members: readonly AbstractMember[];
  readonly view: AbstractUnionView;
}

/** A reference foreign key with what propagation needs to know of it (design 11 §3.1). */
export interface ReferenceKey {
  readonly resource: DraftResource;
  readonly binding: DraftBinding;
  readonly receiver: DraftTable;
  readonly constraint: DraftForeignKey;
  readonly target: { readonly table: DraftTable; readonly resource: DraftResource | DraftAbstractResource };
}

export interface DraftFallback {
  readonly target: DraftTable;
  readonly receiver: DraftTable;
  readonly receiverFkColumn: string;
  readonly columnMappings: readonly ColumnMapping[];
}

/** The part of the builder that is the same for every dialect. */
export interface SetDraft {
  readonly set: EffectiveSchemaSet;
  readonly entries: ResourceEntries;
  readonly documentPaths: DocumentPaths;
  readonly descriptorPaths: Map<ResourceEntry, DescriptorPaths>;
  /** Draft of every concrete resource that is no extension, by label and in resource order. */
  readonly resources: Map<string, DraftResource>;
  /** Inputs of resource extensions with the draft of their base, in resource order. */
  readonly extensions: { readonly input: ResourceInput; readonly base: DraftResource }[];
  readonly abstracts: Map<string, DraftAbstractResource>;
  readonly referenceKeys: ReferenceKey[];
}

/** The mutable builder of one dialect: what all passes read and extend (design 02 §2). */
export interface ModelDraft extends SetDraft {
  readonly rules: DialectRules;
  readonly fallbacks: DraftFallback[];
  /** Notes for the schema author; they stop nothing. */
  readonly notes: Diagnostic[];
}

/** What passes start with. */
export function emptyDraft(set: EffectiveSchemaSet): SetDraft {
  return {
    set,
    entries: listResources(set),
    documentPaths: new DocumentPaths(),
    descriptorPaths: new Map(),
    resources: new Map(),
    extensions: [],
    abstracts: new Map(),
    referenceKeys: [],
  };
}

const noDescriptorPaths: DescriptorPaths = { base: new Map(), extension: new Map() };

export function descriptorPathsOf(draft: SetDraft, entry: ResourceEntry): DescriptorPaths {
  return draft.descriptorPaths.get(entry) ?? noDescriptorPaths;
}

/** The resources that have tables of their own. */
export function relationalResources(draft: SetDraft): DraftResource[] {
  return [...draft.resources.values()].filter((resource) => !resource.isSharedDescriptor);
}

/** All tables of a draft: those of resources, then the abstract identity tables. */
export function allTables(draft: SetDraft): DraftTable[] {
  return [
    ...relationalResources(draft).flatMap((resource) => resource.tables),
    ...[...draft.abstracts.values()].map(({ table }) => table),
  ];
}
