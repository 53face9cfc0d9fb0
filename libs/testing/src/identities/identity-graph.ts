import type { JsonRecord } from '../schema-builder.ts';

interface PathFacts {
  readonly canonical: string;
}

interface GraphName {
  readonly projectName: string;
  readonly resourceName: string;
}

interface GraphTableName {
  readonly schema: string;
  readonly name: string;
}

/** The part of a foreign key that identity propagation decides. */
export interface ForeignKeyFacts {
  readonly kind: 'ForeignKey';
  readonly name: string;
  readonly columns: readonly string[];
  readonly targetTable: GraphTableName;
  readonly targetColumns: readonly string[];
  readonly onUpdate: 'NoAction' | 'Cascade';
  readonly deferrable: boolean | 'InitiallyImmediate';
}

interface GraphTable {
  readonly table: GraphTableName;
  readonly columns: readonly {
    readonly name: string;
    readonly isNullable: boolean;
    readonly sourcePath: PathFacts | null;
    readonly storage: { readonly kind: 'Stored' } | { readonly kind: 'UnifiedAlias'; readonly canonicalColumn: string };
  }[];
  readonly constraints: readonly (
    | ForeignKeyFacts
    | { readonly kind: 'Unique' | 'AllOrNoneNullability' | 'NullOrTrue'; readonly name: string }
  )[];
}

/**
 * The part of a relational model (`RelationalModelSet`) that is read here; declared again, because this package must
 * not depend on others.
 */
export interface ModelFacts {
  readonly resources: readonly {
    readonly resourceKey: GraphName;
    readonly tablesInDependencyOrder: readonly GraphTable[];
    readonly identityElements: readonly { readonly identityJsonPath: PathFacts }[];
    readonly superclass: { readonly resource: GraphName; readonly identityJsonPath: PathFacts | null } | null;
    readonly documentReferenceBindings: readonly {
      readonly isIdentityComponent: boolean;
      readonly referenceObjectPath: PathFacts;
      readonly table: GraphTableName;
      readonly fkColumn: string;
      readonly targetResource: GraphName;
      readonly identityBindings: readonly { readonly referenceJsonPath: PathFacts; readonly column: string }[];
    }[];
  }[];
  readonly abstractIdentityTables: readonly { readonly resourceKey: GraphName; readonly table: GraphTable }[];
}

/** A pair of columns: the stored value of `local` in the target table is a copy of `source` in the source table. */
export interface ColumnPair {
  readonly source: string;
  readonly local: string;
}

/** A reference key from target table to receiver table (design 11 §3.1); tables are `schema.name`. */
export interface IdentityEdge {
  /** Resource and reference object; the same in both dialects. */
  readonly id: string;
  readonly target: string;
  readonly receiver: string;
  readonly fkColumn: string;
  /** `FK_{Table}_{B}_RefKey`, not shortened. */
  readonly baseName: string;
  readonly pairs: readonly ColumnPair[];
  readonly isRequired: boolean;
  readonly isIdentity: boolean;
  readonly isAbstractTarget: boolean;
  /** Whether the target resource is identity-mutable. */
  readonly isCandidate: boolean;
  /** Whether a document can refer to itself over this key from a row below its root. */
  readonly refersToOwnDocument: boolean;
}

/** A trigger copies the root of a member of an abstract resource to the abstract identity table. */
export interface GraphMember {
  readonly source: string;
  readonly target: string;
  readonly pairs: readonly ColumnPair[];
}

/** The reference keys of a model, and all other ways in which identity values propagate. */
export interface IdentityGraph {
  readonly edges: readonly IdentityEdge[];
  readonly members: readonly GraphMember[];
  /** The identity-mutable members: the maintenance edges of design 11 §3.1. */
  readonly maintenance: readonly GraphMember[];
  /** The stored identity columns of the roots whose identity may be updated. */
  readonly origins: readonly { readonly table: string; readonly column: string }[];
  /** The stored identity columns of every root and every abstract identity table. */
  readonly identities: ReadonlyMap<string, readonly string[]>;
  /** Labels of the identity-mutable resources. */
  readonly mutable: ReadonlySet<string>;
}

const labelOf = ({ projectName, resourceName }: GraphName) => `${projectName}:${resourceName}`;
const nameOf = ({ schema, name }: GraphTableName) => `${schema}.${name}`;

function storageOf(table: GraphTable, column: string): string {
  const storage = table.columns.find(({ name }) => name === column)?.storage;
  return storage?.kind === 'UnifiedAlias' ? storage.canonicalColumn : column;
}

/** Labels of the resources with `allowIdentityUpdates: true`. */
function flaggedResources(documents: readonly JsonRecord[]): Set<string> {
  const flagged = new Set<string>();
  for (const { projectSchema } of documents) {
    const { projectName, resourceSchemas } = projectSchema as { projectName: string; resourceSchemas: JsonRecord };
    for (const schema of Object.values(resourceSchemas) as JsonRecord[]) {
      if (schema.allowIdentityUpdates === true && schema.isResourceExtension !== true)
        flagged.add(`${projectName}:${schema.resourceName}`);
    }
  }
  return flagged;
}

/** The identity-mutable resources, found round by round (design 11 §1). */
function mutableResources(model: ModelFacts, flagged: ReadonlySet<string>): Set<string> {
  const mutable = new Set(flagged);
  for (let size = -1; size !== mutable.size; ) {
    size = mutable.size;
    for (const { resourceKey, documentReferenceBindings, superclass } of model.resources) {
      const label = labelOf(resourceKey);
      if (documentReferenceBindings.some((key) => key.isIdentityComponent && mutable.has(labelOf(key.targetResource))))
        mutable.add(label);
      if (superclass && mutable.has(label)) mutable.add(labelOf(superclass.resource));
    }
  }
  return mutable;
}

/** The stored identity columns of a root, each once, in identity order (design 05 §4.1, §4.2). */
function identityProjection({ tablesInDependencyOrder, ...resource }: ModelFacts['resources'][number]): string[] {
  const root = tablesInDependencyOrder[0] as GraphTable;
  const columns = resource.identityElements.map(({ identityJsonPath: { canonical } }) => {
    const bound = resource.documentReferenceBindings
      .flatMap(({ identityBindings }) => identityBindings)
      .find(({ referenceJsonPath }) => referenceJsonPath.canonical === canonical);
    return storageOf(root, bound?.column ?? columnAt(root, canonical));
  });
  return [...new Set(columns)];
}

function columnAt(table: GraphTable, path: string): string {
  const columns = table.columns.filter(({ sourcePath }) => sourcePath?.canonical === path).map(({ name }) => name);
  return columns.sort()[0] as string;
}

/** The key of a reference in its table. */
export function keyOf(
  model: ModelFacts,
  binding: ModelFacts['resources'][number]['documentReferenceBindings'][number],
): { readonly table: GraphTable; readonly key: ForeignKeyFacts } {
  const table = model.resources
    .flatMap(({ tablesInDependencyOrder }) => tablesInDependencyOrder)
    .find((candidate) => nameOf(candidate.table) === nameOf(binding.table)) as GraphTable;
  const keys = table.constraints.flatMap((constraint) =>
    constraint.kind === 'ForeignKey' && constraint.columns[0] === binding.fkColumn ? [constraint] : [],
  );
  const [key, ...others] = keys;
  if (!key || others.length > 0)
    throw new Error(`${binding.fkColumn} of ${nameOf(binding.table)} has ${keys.length} keys`);
  return { table, key };
}

/** The reference keys of a model by edge id. */
export function referenceKeys(model: ModelFacts): Map<string, ForeignKeyFacts> {
  return new Map(
    model.resources.flatMap((resource) =>
      resource.documentReferenceBindings.map((binding) => [
        `${labelOf(resource.resourceKey)} ${binding.referenceObjectPath.canonical}`,
        keyOf(model, binding).key,
      ]),
    ),
  );
}

/**
 * Reads the identity graph of a schema set. `model` is its `pgsql` model, which has no reduced keys; its names must not
 * be shortened. Written from design 11 and 05 §4, independently of the derivation that it checks.
 */
export function identityGraph(documents: readonly JsonRecord[], model: ModelFacts): IdentityGraph {
  const flagged = flaggedResources(documents);
  const mutable = mutableResources(model, flagged);
  const abstractTables = new Map(
    model.abstractIdentityTables.map(({ resourceKey, table }) => [labelOf(resourceKey), table]),
  );
  const identities = new Map<string, readonly string[]>();
  const edges: IdentityEdge[] = [];
  const members: (GraphMember & { readonly isMutable: boolean })[] = [];
  const origins: IdentityGraph['origins'][number][] = [];
  for (const table of abstractTables.values()) {
    identities.set(
      nameOf(table.table),
      table.columns.filter(({ sourcePath }) => sourcePath !== null).map(({ name }) => name),
    );
  }
  for (const resource of model.resources) {
    const [root] = resource.tablesInDependencyOrder;
    if (!root) continue;
    const label = labelOf(resource.resourceKey);
    const projection = identityProjection(resource);
    identities.set(nameOf(root.table), projection);
    if (flagged.has(label)) origins.push(...projection.map((column) => ({ table: nameOf(root.table), column })));
    for (const binding of resource.documentReferenceBindings) {
      const { table, key } = keyOf(model, binding);
      edges.push({
        id: `${label} ${binding.referenceObjectPath.canonical}`,
        target: nameOf(key.targetTable),
        receiver: nameOf(table.table),
        fkColumn: binding.fkColumn,
        baseName: `FK_${table.table.name}_${binding.fkColumn.replace(/_DocumentId$/, '')}_RefKey`,
        pairs: key.columns.slice(1).map((local, index) => ({ source: key.targetColumns[index + 1] as string, local })),
        isRequired: table.columns.some(({ name, isNullable }) => name === binding.fkColumn && !isNullable),
        isIdentity: binding.isIdentityComponent,
        isAbstractTarget: abstractTables.has(labelOf(binding.targetResource)),
        isCandidate: mutable.has(labelOf(binding.targetResource)),
        refersToOwnDocument:
          table !== root &&
          [label, resource.superclass ? labelOf(resource.superclass.resource) : label].includes(
            labelOf(binding.targetResource),
          ),
      });
    }
    const { superclass } = resource;
    const abstract = superclass && abstractTables.get(labelOf(superclass.resource));
    if (!abstract) continue;
    members.push({
      isMutable: mutable.has(label),
      source: nameOf(root.table),
      target: nameOf(abstract.table),
      pairs: abstract.columns.flatMap(({ name, sourcePath }) => {
        if (sourcePath === null) return [];
        const isRenamed = superclass.identityJsonPath?.canonical === sourcePath.canonical;
        const path = isRenamed ? resource.identityElements[0]?.identityJsonPath.canonical : sourcePath.canonical;
        return [{ source: storageOf(root, columnAt(root, path ?? '')), local: name }];
      }),
    });
  }
  return { edges, members, maintenance: members.filter(({ isMutable }) => isMutable), origins, identities, mutable };
}
