import {
  type DocumentLeaf,
  type DocumentObject,
  documentTree,
  lastPart,
  mustExist,
  presenceColumnsOf,
} from '@dms/model';
import { groupBy } from '@dms/values';
import type { PlainColumn, PlainDescriptorEdge, PlainReference, PlainResource } from './explored-set.ts';
import type { ExploredTable, ModelLookup } from './model-lookup.ts';
import { columnTerm, listed, type Phrase, pathTerm } from './sentences/phrase.ts';

/** The column of a value of the document, or a column without a path of its own. */
export interface ShapeColumn {
  readonly table: ExploredTable;
  readonly column: PlainColumn;
  /** Its role in unification, or its purpose if no path leads to it; otherwise null. */
  readonly remark: Phrase | null;
}

type NodeKind = 'document' | 'object' | 'array' | 'reference' | 'descriptor' | 'value' | 'extension';

/** A place in a document. An array stands under the path of its items. */
export type ShapeNode = DocumentObject<PlainResource> | DocumentLeaf<PlainResource>;

/** The facts that the page shows about a place in documents. */
export interface NodeFacts {
  readonly kind: NodeKind;
  /** The table with one row for each occurrence of the path; null if the values are in the parent row. */
  readonly table: ExploredTable | null;
  readonly columns: readonly ShapeColumn[];
  /** Columns of the table that no path leads to: keys, canonical and presence columns. */
  readonly bookkeeping: readonly ShapeColumn[];
  readonly reference: PlainReference | null;
  readonly descriptor: PlainDescriptorEdge | null;
  readonly isIdentity: boolean;
}

/** The tree of a resource's documents, with facts about every place in it. */
export interface DocumentShape {
  readonly root: ShapeNode;
  factsOf(node: ShapeNode): NodeFacts;
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
  readonly resource: PlainResource;
  readonly table: ExploredTable;
  readonly column: PlainColumn;
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

/** The places directly below a place, in model order. */
export const placesBelow = (node: ShapeNode): readonly ShapeNode[] =>
  node.kind === 'leaf'
    ? []
    : [...node.members.values()].map((member) => (member.kind === 'array' ? member.element : member));

/** A place and all places below it, in order. */
export function* placedNodes(node: ShapeNode): Generator<ShapeNode> {
  yield node;
  for (const below of placesBelow(node)) yield* placedNodes(below);
}

function kindOf(
  { path, kind }: ShapeNode,
  { reference, descriptor }: Pick<NodeFacts, 'reference' | 'descriptor'>,
): NodeKind {
  if (reference) return 'reference';
  if (descriptor) return 'descriptor';
  const name = lastPart(path);
  if (name === '_ext') return 'extension';
  if (path === '$') return 'document';
  if (name.endsWith('[*]')) return 'array';
  return kind === 'leaf' ? 'value' : 'object';
}

/**
 * The shape of a resource's documents: the tree of their JSON paths, and the columns of each. Every column of every
 * table of the resource occurs once: at its path, or at the scope of its table.
 */
export function documentShape(lookup: ModelLookup, resource: PlainResource): DocumentShape {
  const { root, tables } = documentTree(resource);
  const columnsAt = new Map<string, ShapeColumn[]>();
  const scopes = new Map<ShapeNode, { readonly table: ExploredTable; readonly bookkeeping: readonly ShapeColumn[] }>();
  for (const { table: own, scope } of tables) {
    const table = mustExist(lookup.table(own.table), own.table.name);
    const columns = own.columns.map((column): ShapeColumn => {
      return { table, column, remark: remarkOf({ resource, table, column }) };
    });
    // an extension table of the root has the scope of the root below `_ext`, so no two tables share one
    scopes.set(scope, { table, bookkeeping: columns.filter(({ column }) => column.sourcePath === null) });
    const placed = columns.filter(({ column }) => column.sourcePath !== null);
    for (const [path, found] of groupBy(placed, ({ column }) => column.sourcePath)) columnsAt.set(path ?? '', found);
  }
  const identity = new Set<string>(resource.identityElements.map(({ identityJsonPath }) => identityJsonPath));
  const referenceAt = new Map(
    resource.documentReferenceBindings.map((binding) => [`${binding.referenceObjectPath}`, binding]),
  );
  const descriptorAt = new Map(
    resource.descriptorEdgeSources.map((source) => [`${source.descriptorValuePath}`, source]),
  );
  const facts = new Map(
    [...placedNodes(root)].map((node): [ShapeNode, NodeFacts] => {
      const { path } = node;
      const { table = null, bookkeeping = [] } = scopes.get(node) ?? {};
      const ends = { reference: referenceAt.get(path) ?? null, descriptor: descriptorAt.get(path) ?? null };
      const columns = columnsAt.get(path) ?? [];
      return [node, { kind: kindOf(node, ends), table, columns, bookkeeping, ...ends, isIdentity: identity.has(path) }];
    }),
  );
  return { root, factsOf: (node) => mustExist(facts.get(node), `the facts of ${node.path}`) };
}
