import type { ReferentialAction } from '@dms/model';
import { compareBy, groupBy } from '@dms/values';
import { type DraftColumn, storageOf } from '../draft/draft-table.ts';
import { DraftResource, type FinishedDraft, type ReferenceKey, relationalResources } from '../draft/model-draft.ts';

/**
 * A key over which a changed identity can propagate, from the referenced table (the target) to the table that has the
 * key (the receiver) (design 15 §9.3). Tables are `schema.table`; all names are full-length.
 */
export interface CascadeEdge {
  readonly target: string;
  readonly receiver: string;
  /**
   * Pairs of stored columns: a column of the receiver, and the column of the target that it repeats. The document ids
   * are last.
   */
  readonly columns: readonly string[];
  readonly targetColumns: readonly string[];
  readonly onDelete: ReferentialAction;
  /** Whether the document id of the receiver is NOT NULL. */
  readonly isRequired: boolean;
}

/** The edge of a reference key. */
export interface KeyEdge extends CascadeEdge {
  readonly key: ReferenceKey;
}

/** A table where a change begins. */
export interface CascadeOrigin {
  readonly table: string;
  /** An abstract identity table whose members can never change. */
  readonly isImmutable: boolean;
}

const unitSeparator = '\u001f';
const joined = (columns: readonly string[]) => columns.join(unitSeparator);

/** The order in which edges are processed; it depends only on names. */
export const edgeOrder = compareBy<CascadeEdge>(
  ({ receiver }) => receiver,
  ({ columns }) => joined(columns),
  ({ target }) => target,
  ({ targetColumns }) => joined(targetColumns),
  ({ onDelete }) => onDelete,
);

/** Edges by the tables at their ends, in edge order. */
export class CascadeEdges<Edge extends CascadeEdge> {
  private readonly outgoing: ReadonlyMap<string, readonly Edge[]>;
  private readonly incoming: ReadonlyMap<string, readonly Edge[]>;
  private readonly positions: ReadonlyMap<Edge, number>;

  constructor(edges: readonly Edge[]) {
    this.outgoing = groupBy(edges, ({ target }) => target);
    this.incoming = groupBy(edges, ({ receiver }) => receiver);
    this.positions = new Map(edges.map((edge, position) => [edge, position]));
  }

  from(table: string): readonly Edge[] {
    return this.outgoing.get(table) ?? none;
  }

  into(table: string): readonly Edge[] {
    return this.incoming.get(table) ?? none;
  }

  isBefore(a: Edge, b: Edge): boolean {
    return (this.positions.get(a) as number) < (this.positions.get(b) as number);
  }

  /** The tables and everything reachable from them. */
  below(tables: Iterable<string>): ReadonlySet<string> {
    return reachable(tables, (table) => this.from(table).map(({ receiver }) => receiver));
  }

  /** The tables and everything from which they are reachable. */
  above(tables: Iterable<string>): ReadonlySet<string> {
    return reachable(tables, (table) => this.into(table).map(({ target }) => target));
  }
}

/** The tables, and all tables that follow from one of them over any number of steps. */
function reachable(tables: Iterable<string>, next: (table: string) => Iterable<string>): ReadonlySet<string> {
  const reached = new Set(tables);
  // iteration over a set includes items that are added meanwhile
  for (const table of reached) for (const each of next(table)) reached.add(each);
  return reached;
}

/**
 * The candidate keys, in edge order: every key to an abstract resource, and keys to transitively mutable concrete
 * resources.
 */
export function cascadeCandidates(draft: FinishedDraft, mutable: ReadonlySet<string>): KeyEdge[] {
  return draft.referenceKeys
    .filter(({ target }) => !(target.resource instanceof DraftResource) || mutable.has(target.resource.label))
    .map(makeEdge)
    .sort(edgeOrder);
}

function makeEdge(key: ReferenceKey): KeyEdge {
  const { columns, targetColumns, onDelete } = key.constraint;
  const documentId = columns.at(-1);
  return {
    key,
    target: key.target.table.qualified,
    receiver: key.receiver.qualified,
    columns: names(columns),
    targetColumns: names(targetColumns),
    onDelete,
    isRequired: documentId !== undefined && !storageOf(documentId).isNullable,
  };
}

const names = (columns: readonly DraftColumn[]) => columns.map(({ name }) => name);

/** The tables where a change can begin: abstract identity tables, and roots whose identity may be updated; by name. */
export function cascadeOrigins(draft: FinishedDraft, mutable: ReadonlySet<string>): CascadeOrigin[] {
  const abstract = [...draft.abstracts.values()].map(({ table, members }) => ({
    table: table.qualified,
    isImmutable: !members.some(({ resource }) => mutable.has(resource.label)),
  }));
  const flagged = relationalResources(draft)
    .filter(({ input }) => input.allowIdentityUpdates)
    .map(({ root }) => ({ table: root.qualified, isImmutable: false }));
  return [...abstract, ...flagged].sort(compareBy(({ table }) => table));
}

const none: readonly never[] = [];

/** The arrival of a change at a table: its distance from the origin and its first edge. The origin has no edge. */
interface CascadeArrival<Edge> {
  readonly depth: number;
  readonly edge: Edge | undefined;
}

/** The source of a value: a table and a column; undefined if the column repeats a document id. */
type CascadeSource = { readonly table: string; readonly column: string } | undefined;

/**
 * The tables that a change of the origin reaches over the edges that are not cut: breadth first, outgoing edges in edge
 * order (design 15 §9.3). The walk proceeds level by level, so that cutting edges into the next level does not affect
 * settled levels. The edges must have no circles, and a reached table must stay reachable after cuts.
 */
export class CascadeWalk<Edge extends CascadeEdge> {
  /** Every table that the change reaches, the origin included. */
  readonly reached: ReadonlySet<string>;
  private readonly edges: CascadeEdges<Edge>;
  private readonly isCut: (edge: Edge) => boolean;
  /** The tables of the settled levels, in the order of their arrival. */
  private readonly settled = new Map<string, CascadeArrival<Edge> & { readonly position: number }>();
  /** Arrivals computed for tables beyond the settled ones, valid until an edge is cut. */
  private readonly expected = new Map<string, CascadeArrival<Edge>>();
  /** The sources of columns of settled tables, as far as they were requested. */
  private readonly sources = new Map<string, CascadeSource>();
  private depth = 0;
  private level: readonly string[];

  constructor(origin: string, edges: CascadeEdges<Edge>, isCut: (edge: Edge) => boolean) {
    this.edges = edges;
    this.isCut = isCut;
    this.level = [origin];
    this.settled.set(origin, { depth: 0, edge: undefined, position: 0 });
    this.reached = reachable([origin], (table) =>
      edges.from(table).flatMap((edge) => (isCut(edge) ? [] : edge.receiver)),
    );
  }

  /** The edges over which a change reaches a table. */
  into(table: string): Edge[] {
    return this.edges.into(table).filter((edge) => !this.isCut(edge) && this.reached.has(edge.target));
  }

  /** The tables one step beyond the settled ones, in the order of their arrival. */
  nextLevel(): string[] {
    return [...this.nextArrivals().keys()];
  }

  /** Settles the next level. */
  settleNextLevel(): void {
    const arrivals = this.nextArrivals();
    this.depth += 1;
    for (const [table, edge] of arrivals)
      this.settled.set(table, { depth: this.depth, edge, position: this.settled.size });
    this.level = [...arrivals.keys()];
  }

  /** Discards computed arrivals; to be called after cutting edges. */
  forgetExpected(): void {
    this.expected.clear();
  }

  /** The source of the value of a column: the last table and column on the path back over the first edges. */
  findSource(table: string, column: string): CascadeSource {
    const way: string[] = [];
    let source: CascadeSource = { table, column };
    while (source) {
      const place = `${source.table} ${source.column}`;
      if (this.sources.has(place)) {
        source = this.sources.get(place);
        break;
      }
      if (this.settled.has(source.table)) way.push(place);
      const edge: Edge | undefined = this.reached.has(source.table) ? this.arrivalAt(source.table).edge : undefined;
      if (!edge) break;
      const position: number = edge.columns.indexOf(source.column);
      if (position < 0) break;
      const isDocumentId: boolean = position === edge.columns.length - 1;
      source = isDocumentId ? undefined : { table: edge.target, column: edge.targetColumns[position] as string };
    }
    // the path to a settled table does not change
    for (const place of way) this.sources.set(place, source);
    return source;
  }

  private nextArrivals(): Map<string, Edge> {
    const arrivals = new Map<string, Edge>();
    for (const table of this.level) {
      for (const edge of this.edges.from(table)) {
        const isNew = !this.settled.has(edge.receiver) && !arrivals.has(edge.receiver);
        if (isNew && !this.isCut(edge)) arrivals.set(edge.receiver, edge);
      }
    }
    return arrivals;
  }

  private arrivalAt(table: string): CascadeArrival<Edge> {
    const known = this.settled.get(table) ?? this.expected.get(table);
    if (known) return known;
    const edges = this.into(table);
    // settled tables are nearer than all others
    const near = edges.filter(({ target }) => this.settled.has(target));
    const [first, ...others] = near.length > 0 ? near : edges;
    if (!first) throw new Error(`no edge reaches ${table}`);
    const edge = others.reduce((best, other) => (this.arrivesBefore(other.target, best.target) ? other : best), first);
    const arrival = { depth: this.arrivalAt(edge.target).depth + 1, edge };
    this.expected.set(table, arrival);
    return arrival;
  }

  /** Whether the walk reaches `a` before `b`. */
  private arrivesBefore(a: string, b: string): boolean {
    if (a === b) return false;
    const settledA = this.settled.get(a);
    const settledB = this.settled.get(b);
    if (settledA && settledB) return settledA.position < settledB.position;
    const fromA = this.arrivalAt(a);
    const fromB = this.arrivalAt(b);
    if (fromA.depth !== fromB.depth) return fromA.depth < fromB.depth;
    const edgeA = fromA.edge;
    const edgeB = fromB.edge;
    if (!edgeA || !edgeB) throw new Error('two tables of one depth are not origins');
    if (edgeA.target === edgeB.target) return this.edges.isBefore(edgeA, edgeB);
    return this.arrivesBefore(edgeA.target, edgeB.target);
  }
}
