import { labelledResource, resourceLabel } from '@dms/api-schema';
import { counted } from '@dms/diagnostics';
import { type ForeignKeyConstraint, qualified } from '@dms/model';
import type { PlainReference } from '../explored-set.ts';
import { type ExploredResource, type ExploredTable, type ModelLookup, ownerKey } from '../model-lookup.ts';

/** How a change of the target's identity reaches the referrer. */
type EdgePropagation = 'cascade' | 'trigger' | 'none';

export interface GraphNode {
  /** Label of a resource, or `schema.table`. */
  readonly id: string;
  readonly name: string;
  readonly detail: string;
  readonly kind: 'center' | 'concrete' | 'abstract' | 'child';
  /** The label of its resource. */
  readonly resource: string;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: 'reference' | 'subclass' | 'parent';
  /** Whether the reference is part of the referrer's identity. */
  readonly isIdentity: boolean;
  readonly propagation: EdgePropagation;
  /** The number of references that this edge stands for. */
  readonly count: number;
}

/** The contents of a diagram: nodes by id, edges by their ends. */
export interface EntityGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export interface GraphOptions {
  /** How many references to follow from the resource, in each direction. */
  readonly depth: number;
  readonly of: 'resources' | 'tables';
}

interface Link extends Omit<GraphEdge, 'count'> {}

/**
 * The neighbours of a resource (or of its tables): its targets and its referrers, each over up to `depth` references.
 * Equal edges between the same two nodes become one edge with a count. Sorted, so that the picture is always the same.
 */
export function entityGraph(lookup: ModelLookup, label: string, { depth, of }: GraphOptions): EntityGraph {
  const links = of === 'resources' ? resourceLinks(lookup) : tableLinks(lookup);
  const resource = lookup.resourceByLabel.get(label);
  const own = resource ? lookup.tablesOf(resource) : [];
  const center = new Set(of === 'resources' ? [label] : own.map(tableId));
  const chosen = new Set([
    ...reached(center, depth, linksBy(links, 'from'), 'to'),
    ...reached(center, depth, linksBy(links, 'to'), 'from'),
  ]);
  const edges = new Map<string, GraphEdge>();
  for (const link of chosen) {
    const key = edgeKey(link);
    edges.set(key, { ...link, count: (edges.get(key)?.count ?? 0) + 1 });
  }
  const ids = new Set([...center, ...[...chosen].flatMap(({ from, to }) => [from, to])]);
  const tables = new Map(lookup.tables.map((table) => [tableId(table), table]));
  const nodes = [...ids].sort(compareText).flatMap((id): GraphNode[] => {
    if (of === 'resources') return [resourceNode(lookup, id, center)];
    const table = tables.get(id);
    return table ? [tableNode(table, center)] : [];
  });
  const sorted = [...edges].sort(([one], [other]) => compareText(one, other)).map(([, edge]) => edge);
  return { nodes, edges: sorted };
}

function resourceLinks(lookup: ModelLookup): Link[] {
  return lookup.set.model.resources.flatMap((resource) => {
    const from = resourceLabel(resource.resourceKey);
    const references = resource.documentReferenceBindings.map((binding): Link => {
      return {
        from,
        to: resourceLabel(binding.targetResource),
        kind: 'reference',
        isIdentity: binding.isIdentityComponent,
        propagation: propagationOf(lookup, referenceKey(lookup, binding), lookup.table(binding.table)),
      };
    });
    const { superclass } = resource;
    if (!superclass) return references;
    const to = resourceLabel(superclass.resource);
    return [...references, { from, to, kind: 'subclass', isIdentity: true, propagation: 'trigger' } as const];
  });
}

function propagationOf(
  lookup: ModelLookup,
  key: ForeignKeyConstraint | undefined,
  from: ExploredTable | undefined,
): EdgePropagation {
  if (!key) return 'none';
  if (key.onUpdate === 'Cascade') return 'cascade';
  const target = lookup.table(key.targetTable);
  const isCopied = target?.triggers.some(
    (trigger) =>
      trigger.kind === 'IdentityPropagationFallback' &&
      trigger.referrerUpdates.some(
        ({ referrerTable, referrerFkColumn }) =>
          referrerFkColumn === key.columns[0] &&
          referrerTable.name === from?.table.table.name &&
          referrerTable.schema === from?.table.table.schema,
      ),
  );
  return isCopied ? 'trigger' : 'none';
}

function referenceKey(lookup: ModelLookup, binding: PlainReference): ForeignKeyConstraint | undefined {
  return lookup.table(binding.table)?.foreignKeys.find(({ columns }) => columns[0] === binding.fkColumn);
}

function tableLinks(lookup: ModelLookup): Link[] {
  const identityKeys = new Set(
    lookup.set.model.resources.flatMap(({ documentReferenceBindings }) =>
      documentReferenceBindings
        .filter(({ isIdentityComponent }) => isIdentityComponent)
        .map(({ table, fkColumn }) => `${qualified(table)}\n${fkColumn}`),
    ),
  );
  return lookup.tables.flatMap((target) =>
    target.incoming.map(({ from, key }): Link => {
      const isParent = key.onDelete === 'Cascade';
      return {
        from: tableId(from),
        to: tableId(target),
        kind: isParent ? 'parent' : 'reference',
        isIdentity: isParent || identityKeys.has(`${tableId(from)}\n${key.columns[0]}`),
        propagation: propagationOf(lookup, key, from),
      };
    }),
  );
}

const tableId = ({ table }: ExploredTable) => qualified(table.table);

/** Edges reached from `center` in one direction, up to `depth` steps. */
function reached(
  center: ReadonlySet<string>,
  depth: number,
  linksAt: ReadonlyMap<string, readonly Link[]>,
  end: 'from' | 'to',
): Set<Link> {
  const links = new Set<Link>();
  const seen = new Set(center);
  let front = [...center];
  for (let step = 0; step < depth; step++) {
    const next: string[] = [];
    for (const link of front.flatMap((id) => linksAt.get(id) ?? [])) {
      links.add(link);
      if (seen.has(link[end])) continue;
      seen.add(link[end]);
      next.push(link[end]);
    }
    front = next;
  }
  return links;
}

function linksBy(links: readonly Link[], end: 'from' | 'to'): Map<string, Link[]> {
  const groups = new Map<string, Link[]>();
  for (const link of links) {
    const group = groups.get(link[end]);
    if (group) group.push(link);
    else groups.set(link[end], [link]);
  }
  return groups;
}

const edgeKey = (link: Link) => [link.from, link.to, edgeNature(link)].join('\n');

const compareText = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);

function resourceNode(lookup: ModelLookup, id: string, center: ReadonlySet<string>): GraphNode {
  const resource = lookup.resourceByLabel.get(id);
  const kind = center.has(id) ? 'center' : resource?.kind === 'abstract' ? 'abstract' : 'concrete';
  const { projectName, resourceName } = labelledResource(id);
  return { id, name: resourceName, detail: detailOf(lookup, resource, projectName), kind, resource: id };
}

function detailOf(lookup: ModelLookup, resource: ExploredResource | undefined, project: string): string {
  if (resource?.kind === 'abstract') return `${project} · abstract`;
  const count = resource ? lookup.tablesOf(resource).length : 0;
  return `${project} · ${counted(count, 'table')}`;
}

function tableNode(table: ExploredTable, center: ReadonlySet<string>): GraphNode {
  const id = tableId(table);
  const columns = table.table.columns.length;
  const kind = center.has(id)
    ? 'center'
    : table.owner.kind === 'abstract'
      ? 'abstract'
      : table.isRoot
        ? 'concrete'
        : 'child';
  const detail = `${table.table.table.schema} · ${counted(columns, 'column')}`;
  return { id, name: table.table.table.name, detail, kind, resource: resourceLabel(ownerKey(table)) };
}

/**
 * The part of a graph of neighbours that is shown first: the centre and `most` nodes around it. Nodes with a reference
 * that is part of an identity come first, then nodes with more referrers in the set.
 */
export function firstPart(lookup: ModelLookup, graph: EntityGraph, most: number): EntityGraph {
  const identity = new Set(graph.edges.filter(({ isIdentity }) => isIdentity).flatMap(({ from, to }) => [from, to]));
  const referrersOf = ({ resource }: GraphNode) => lookup.referrers.get(resource)?.length ?? 0;
  const order = graph.nodes
    .filter(({ kind }) => kind !== 'center')
    .sort(
      (one, other) =>
        Number(identity.has(other.id)) - Number(identity.has(one.id)) ||
        referrersOf(other) - referrersOf(one) ||
        compareText(one.id, other.id),
    );
  const left = new Set(order.slice(most).map(({ id }) => id));
  return {
    nodes: graph.nodes.filter(({ id }) => !left.has(id)),
    edges: graph.edges.filter(({ from, to }) => !left.has(from) && !left.has(to)),
  };
}

/** The properties that determine the line of an edge, as a key. */
export const edgeNature = ({ kind, isIdentity, propagation }: Link) => [kind, isIdentity, propagation].join('\n');
