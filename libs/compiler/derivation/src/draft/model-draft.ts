import type { EffectiveSchemaSet, JsonPath, ResourceKeyEntry } from '@dms/api-schema';
import { DiagnosticCollector } from '@dms/diagnostics';
import type {
  DecimalPrecisionFallback,
  DescriptorMetadata,
  ExtensionSite,
  KeyUnificationDiagnostics,
  QualifiedResourceName,
} from '@dms/model';
import { DocumentPaths } from '../input/document-paths.ts';
import { type NameOverride, OverrideLookup } from '../input/name-overrides.ts';
import { listResources, type ResourceEntries, type ResourceEntry } from '../input/resource-entry.ts';
import type { ResourceInput } from '../input/resource-input.ts';
import type { DraftRules } from './draft-rules.ts';
import type { DraftColumn, DraftForeignKey, DraftTable, FullTableName } from './draft-table.ts';

/** A part of a reference: a column that repeats an identity path of the target. */
export interface DraftIdentityBinding {
  readonly identityJsonPath: JsonPath;
  readonly referenceJsonPath: JsonPath;
  readonly column: DraftColumn;
}

/** A value of the identity of a resource. */
export interface DraftIdentityElement {
  readonly path: JsonPath;
  readonly column: DraftColumn;
}

/** A bound document reference, with its columns. */
export interface DraftBinding {
  readonly mappingKey: string;
  readonly isIdentityComponent: boolean;
  readonly isRequired: boolean;
  readonly isRoleNamed: boolean;
  readonly referenceObjectPath: JsonPath;
  readonly table: DraftTable;
  readonly fkColumn: DraftColumn;
  readonly targetResource: QualifiedResourceName;
  readonly target: ResourceEntry;
  readonly identityBindings: readonly DraftIdentityBinding[];
  /** Label of the resource schema that declares it: the resource itself or an extension. */
  readonly label: string;
}

/** A value that names a descriptor, with its column. */
interface DraftEdgeSource {
  readonly isIdentityComponent: boolean;
  readonly isRequired: boolean;
  readonly isRoleNamed: boolean;
  readonly descriptorValuePath: JsonPath;
  readonly table: DraftTable;
  readonly fkColumn: DraftColumn;
  readonly descriptorResource: QualifiedResourceName;
}

interface DraftDeduplication {
  readonly table: DraftTable;
  readonly storageColumn: DraftColumn;
  readonly bindingColumns: readonly DraftColumn[];
}

interface DraftColumnBinding {
  readonly table: DraftTable;
  readonly column: DraftColumn;
}

/** The results of the equality constraints of a resource (design 04 §12), in the order of the report. */
export interface DraftUnificationReport {
  readonly applied: readonly {
    readonly endpointAPath: JsonPath;
    readonly endpointBPath: JsonPath;
    readonly table: DraftTable;
    readonly endpointAColumn: DraftColumn;
    readonly endpointBColumn: DraftColumn;
    readonly canonicalColumn: DraftColumn;
  }[];
  readonly redundant: readonly {
    readonly endpointAPath: JsonPath;
    readonly endpointBPath: JsonPath;
    readonly binding: DraftColumnBinding;
  }[];
  readonly ignored: readonly {
    readonly endpointAPath: JsonPath;
    readonly endpointBPath: JsonPath;
    readonly reason: 'cross_table';
    readonly endpointABinding: DraftColumnBinding;
    readonly endpointBBinding: DraftColumnBinding;
  }[];
  readonly skipped: KeyUnificationDiagnostics['skipped'];
}

const noKeyUnification: DraftUnificationReport = { applied: [], redundant: [], ignored: [], skipped: [] };

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
  naturalKey: readonly DraftColumn[] = [];
  /** The identity paths with their root columns, in schema order; the columns may be aliases. */
  identity: readonly DraftIdentityElement[] = [];
  readonly bindings: DraftBinding[] = [];
  readonly bindingsByReferencePath = new Map<string, DraftBinding[]>();
  readonly edgeSources: DraftEdgeSource[] = [];
  readonly descriptorFkDeduplications: DraftDeduplication[] = [];
  readonly decimalPrecisionFallbacks: DecimalPrecisionFallback[] = [];
  extensionSites: ExtensionSite[] = [];
  keyUnification: DraftUnificationReport = noKeyUnification;
  descriptorMetadata: DescriptorMetadata | null = null;
  /** Overrides of the resource and its extensions that a pass has looked up. */
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

  /** Looks up the overrides for names of `input` (the resource itself or an extension). */
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

  addTable(table: DraftTable): void {
    this.tables.push(table);
    const same = this.byScope.get(table.scope.canonical);
    if (same) same.push(table);
    else this.byScope.set(table.scope.canonical, [table]);
  }

  tablesAt(scope: JsonPath): readonly DraftTable[] {
    return this.byScope.get(scope.canonical) ?? [];
  }

  /** The table with the longest scope that is a prefix of `path`. */
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

  /** Whether the object already has a bound reference. */
  bindsObject(path: JsonPath): boolean {
    return this.boundObjects.has(path.canonical);
  }

  addBinding(binding: DraftBinding): void {
    this.bindings.push(binding);
    this.boundObjects.add(binding.referenceObjectPath.canonical);
    for (const path of new Set(binding.identityBindings.map((identity) => identity.referenceJsonPath.canonical))) {
      const same = this.bindingsByReferencePath.get(path);
      if (same) same.push(binding);
      else this.bindingsByReferencePath.set(path, [binding]);
    }
  }
}

/** The paths of a resource's descriptor URIs, base paths separate from paths below `_ext` (design 02 §4). */
export interface DescriptorPaths {
  readonly base: ReadonlyMap<string, QualifiedResourceName>;
  readonly extension: ReadonlyMap<string, QualifiedResourceName>;
}

/** A pair of columns: the second gets the value of the first. */
export interface DraftMapping {
  readonly source: DraftColumn;
  readonly target: DraftColumn;
}

/** A concrete member of an abstract resource with the root columns that feed its identity table. */
interface AbstractMember {
  readonly resource: DraftResource;
  /**
   * Identity columns only. Sources are binding columns; if a path has several, the source is their canonical column.
   */
  readonly mappings: readonly DraftMapping[];
}

export interface DraftAbstractResource {
  readonly entry: ResourceEntry;
  readonly resourceKey: ResourceKeyEntry;
  readonly baseName: string;
  readonly identityJsonPaths: readonly JsonPath[];
  readonly table: DraftTable;
  readonly members: readonly AbstractMember[];
  readonly view: FullTableName;
}

export function labelOf(resource: DraftResource | DraftAbstractResource): string {
  return resource instanceof DraftResource ? resource.label : resource.entry.label;
}

/** A reference foreign key with the facts that propagation needs (design 11 §3.1). */
export interface ReferenceKey {
  readonly resource: DraftResource;
  readonly binding: DraftBinding;
  readonly receiver: DraftTable;
  readonly constraint: DraftForeignKey;
  readonly target: { readonly table: DraftTable; readonly resource: DraftResource | DraftAbstractResource };
}

/** The mutable builder that all passes read and extend, the same for every dialect (design 02 §2). */
export interface ModelDraft {
  readonly set: EffectiveSchemaSet;
  /** Whether every file was read whole; a resource that the set lacks is then in no file. */
  readonly isWhole: boolean;
  /** The errors that passes have found. Passes continue with the remaining input. */
  readonly diagnostics: DiagnosticCollector;
  /** The rules of the set's generation. */
  readonly rules: DraftRules;
  readonly entries: ResourceEntries;
  readonly documentPaths: DocumentPaths;
  readonly descriptorPaths: Map<ResourceEntry, DescriptorPaths>;
  /** Draft of every concrete resource that is not an extension, by label and in resource order. */
  readonly resources: Map<string, DraftResource>;
  /** Inputs of resource extensions with the draft of their base, in resource order. */
  readonly extensions: { readonly input: ResourceInput; readonly base: DraftResource }[];
  readonly abstracts: Map<string, DraftAbstractResource>;
  readonly referenceKeys: ReferenceKey[];
}

/** A draft after all passes: dialects read it to make their decisions, but do not change it. */
export interface FinishedDraft {
  readonly set: EffectiveSchemaSet;
  readonly entries: ResourceEntries;
  readonly resources: ReadonlyMap<string, DraftResource>;
  readonly extensions: readonly { readonly input: ResourceInput; readonly base: DraftResource }[];
  readonly abstracts: ReadonlyMap<string, DraftAbstractResource>;
  readonly referenceKeys: readonly ReferenceKey[];
}

/**
 * Freezes tables, columns, constraints and resources: a dialect that changed them would change the model of the next
 * dialect.
 */
export function finishDraft(draft: ModelDraft): FinishedDraft {
  for (const table of allTables(draft)) {
    for (const column of table.columns.values()) Object.freeze(column);
    for (const constraint of table.constraints) Object.freeze(constraint);
    Object.freeze(table.constraints);
    Object.freeze(table);
  }
  for (const resource of draft.resources.values()) {
    for (const list of [resource.tables, resource.bindings, resource.edgeSources, resource.descriptorFkDeduplications])
      Object.freeze(list);
    Object.freeze(resource);
  }
  for (const list of [draft.extensions, draft.referenceKeys]) Object.freeze(list);
  return Object.freeze(draft);
}

/** The draft before the first pass. */
export function emptyDraft(
  set: EffectiveSchemaSet,
  rules: DraftRules,
  {
    isWhole = true,
    diagnostics = new DiagnosticCollector(),
  }: { readonly isWhole?: boolean; readonly diagnostics?: DiagnosticCollector } = {},
): ModelDraft {
  return {
    set,
    isWhole,
    diagnostics,
    rules,
    entries: listResources(set),
    documentPaths: new DocumentPaths(diagnostics),
    descriptorPaths: new Map(),
    resources: new Map(),
    extensions: [],
    abstracts: new Map(),
    referenceKeys: [],
  };
}

const noDescriptorPaths: DescriptorPaths = { base: new Map(), extension: new Map() };

export function descriptorPathsOf(draft: ModelDraft, entry: ResourceEntry): DescriptorPaths {
  return draft.descriptorPaths.get(entry) ?? noDescriptorPaths;
}

/** The resources that have their own tables. */
export function relationalResources(draft: FinishedDraft): DraftResource[] {
  return [...draft.resources.values()].filter((resource) => !resource.isSharedDescriptor);
}

/** All tables of a draft: first the tables of resources, then the abstract identity tables. */
export function allTables(draft: FinishedDraft): DraftTable[] {
  return [
    ...relationalResources(draft).flatMap((resource) => resource.tables),
    ...[...draft.abstracts.values()].map(({ table }) => table),
  ];
}
