import { mustExist, presenceColumnsOf } from '@dms/model';
import type { ExploredTable, ModelLookup } from './model-lookup.ts';
import { columnTerm, listed, type Phrase, pathTerm } from './phrase.ts';
import type { Column, DescriptorEdgeSource, DocumentReferenceBinding, ResourceModel } from './plain-artifacts.ts';

/** The column of a value of the document, or a column without a path of its own. */
export interface ShapeColumn {
  readonly table: ExploredTable;
  readonly column: Column;
  /** Its role in unification, or its purpose if no path leads to it; otherwise null. */
  readonly remark: Phrase | null;
}

export type ShapeKind = 'document' | 'object' | 'array' | 'reference' | 'descriptor' | 'value' | 'extension';

/** A JSON path of a document, with its columns. */
export interface ShapeNode {
  readonly path: string;
  /** Last part of the path. */
  readonly name: string;
  kind: ShapeKind;
  /** The table with one row for each occurrence of the path; null if the values are in the parent row. */
  table: ExploredTable | null;
  readonly columns: ShapeColumn[];
  /** Columns of the table that no path leads to: keys, canonical and presence columns. */
  readonly bookkeeping: ShapeColumn[];
  reference: DocumentReferenceBinding | null;
  descriptor: DescriptorEdgeSource | null;
  isIdentity: boolean;
  readonly children: ShapeNode[];
}

/** A path is a sequence of member names, with `[*]` after the name of an array; names contain no dots (design 01). */
function partsOf(path: string): string[] {
  return path.split('.').slice(1);
}

function emptyNode(path: string, name: string): ShapeNode {
  const kind = path === '$' ? 'document' : name.endsWith('[*]') ? 'array' : 'object';
  return {
    path,
    name,
    kind,
    table: null,
    columns: [],
    bookkeeping: [],
    reference: null,
    descriptor: null,
    isIdentity: false,
    children: [],
  };
}

/**
 * Why two columns have the same value: the equalities of the schema that name the column's path, otherwise a path that
 * feeds both.
 */
function unificationWords({ resource, table, column }: ColumnContext, canonical: string): Phrase {
  const own = table.table.table;
  const equalities = resource.keyUnificationDiagnostics.applied.filter(
    ({ table: at, endpointAColumn, endpointBColumn }) =>
      at.schema === own.schema &&
      at.name === own.name &&
      (endpointAColumn === column.name || endpointBColumn === column.name),
  );
  const others = [
    ...new Set(
      equalities.map(({ endpointAColumn, endpointAPath, endpointBPath }) =>
        endpointAColumn === column.name ? endpointBPath : endpointAPath,
      ),
    ),
  ].filter((path) => path !== column.sourcePath);
  if (others.length > 0) return ['the schema says it equals ', ...listed(others.map(pathTerm))];
  const fellows = table.table.columns.filter(
    ({ name, storage, sourcePath }) =>
      name !== column.name &&
      storage.kind === 'UnifiedAlias' &&
      storage.canonicalColumn === canonical &&
      sourcePath === column.sourcePath,
  );
  if (fellows.length > 0) return ['the same path feeds ', ...listed(fellows.map(({ name }) => columnTerm(name)))];
  return ['it is the same value as that of the other members'];
}

interface ColumnContext {
  readonly resource: ResourceModel;
  readonly table: ExploredTable;
  readonly column: Column;
}

function remarkOf(context: ColumnContext): Phrase | null {
  const { table, column } = context;
  const { storage } = column;
  if (storage.kind === 'UnifiedAlias') {
    const gate: Phrase =
      storage.presenceColumn === null ? [] : [' where ', columnTerm(storage.presenceColumn), ' is set, else null'];
    return [
      'Alias of ',
      columnTerm(storage.canonicalColumn),
      ...gate,
      ': ',
      ...unificationWords(context, storage.canonicalColumn),
      '.',
    ];
  }
  const members = table.table.keyUnificationClasses.find(({ canonicalColumn }) => canonicalColumn === column.name);
  if (members)
    return [
      'Canonical column: holds the one value of ',
      ...listed(members.memberPathColumns.map((name) => columnTerm(name))),
      '.',
    ];
  if (column.sourcePath !== null) return null;
  const keyColumn = table.table.key.columns.find(({ name }) => name === column.name);
  if (keyColumn?.role === 'DocumentId') return ['Key: the document of the row.'];
  if (keyColumn?.role === 'ParentOrdinal') return ['Key: the position of the item around it.'];
  if (keyColumn?.role === 'Ordinal') return ['Key: the position in its array.'];
  if (presenceColumnsOf(table.table.columns).has(column.name))
    return ['Presence: says whether the optional value is there.'];
  return null;
}

/**
 * The shape of a resource's documents as a tree of JSON paths with the columns of each. Every column of every table of
 * the resource occurs in it once: at its path, or at the scope of its table.
 */
export function documentShape(lookup: ModelLookup, resource: ResourceModel): ShapeNode {
  const root = emptyNode('$', '$');
  const nodes = new Map<string, ShapeNode>([['$', root]]);
  const nodeAt = (path: string): ShapeNode => {
    const known = nodes.get(path);
    if (known) return known;
    const parts = partsOf(path);
    const name = mustExist(parts.at(-1), `the name of ${path}`);
    const parent = nodeAt(path.slice(0, path.length - name.length - 1));
    const node = emptyNode(path, name);
    nodes.set(path, node);
    parent.children.push(node);
    return node;
  };
  for (const { table: own } of resource.tablesInDependencyOrder) {
    const table = lookup.table(own);
    if (!table) continue;
    const scope = nodeAt(table.table.jsonScope);
    // an extension table of the root has the scope of the root below `_ext`, so no two tables share one
    scope.table = table;
    for (const column of table.table.columns) {
      const remark = remarkOf({ resource, table, column });
      if (column.sourcePath === null) scope.bookkeeping.push({ table, column, remark });
      else nodeAt(column.sourcePath).columns.push({ table, column, remark });
    }
  }
  const identity = new Set<string>(resource.identityElements.map(({ identityJsonPath }) => identityJsonPath));
  const referenceAt = new Map(
    resource.documentReferenceBindings.map((binding) => [`${binding.referenceObjectPath}`, binding]),
  );
  const descriptorAt = new Map(
    resource.descriptorEdgeSources.map((source) => [`${source.descriptorValuePath}`, source]),
  );
  for (const node of nodes.values()) {
    node.reference = referenceAt.get(node.path) ?? null;
    node.descriptor = descriptorAt.get(node.path) ?? null;
    node.isIdentity = identity.has(node.path);
    if (node.reference) node.kind = 'reference';
    else if (node.descriptor) node.kind = 'descriptor';
    else if (node.name === '_ext') node.kind = 'extension';
    else if (node.kind === 'object' && node.children.length === 0 && node.columns.length > 0) node.kind = 'value';
  }
  return root;
}

/** A node and all nodes below it, in order. */
export function* shapeNodes(node: ShapeNode): Generator<ShapeNode> {
  yield node;
  for (const child of node.children) yield* shapeNodes(child);
}
