import { mustExist } from '@dms/model';
import { compareBy, groupBy } from '@dms/values';
import { type DraftColumn, type DraftTable, storageOf } from '../draft/draft-table.ts';
import {
  DraftResource,
  type FinishedDraft,
  labelOf,
  type ReferenceKey,
  relationalResources,
} from '../draft/model-draft.ts';
import { constraintName } from '../naming/constraint-name.ts';
import { type MaintenanceEdge, maintenanceEdges, type PropagatedPair } from '../propagation/propagation.ts';

/** A reference key whose target can change its identity, as an edge from target to receiver (design 11 §3.1). */
export interface CandidateEdge {
  readonly key: ReferenceKey;
  readonly target: DraftTable;
  readonly receiver: DraftTable;
  readonly baseName: string;
  /** Target and local storage column of the key without the document id. */
  readonly pairs: readonly PropagatedPair[];
  readonly isRequired: boolean;
  readonly isAbstractTarget: boolean;
  /** Local columns paired with a changing column of the target. */
  readonly changing: ReadonlySet<DraftColumn>;
}

interface CascadeGraph {
  /** The edges in edge order: receiver schema, receiver table, base name of the key. */
  readonly edges: readonly CandidateEdge[];
  readonly preference: readonly CandidateEdge[];
  readonly maintenance: readonly MaintenanceEdge[];
  /** The identity columns of the roots whose identity may be updated; every change begins in these columns. */
  readonly origins: readonly DraftColumn[];
}

/** Decides for every candidate edge whether it cascades, is covered, or falls back to a trigger (design 11 §3.2). */
export function selectCascades(graph: CascadeGraph): ReadonlyMap<CandidateEdge, EdgeOutcome> {
  const outcomes = new Map<CandidateEdge, EdgeOutcome>();
  const { kept, open } = splitConvergences(acceptWithoutCycles(graph, outcomes));
  settle(graph, kept, open, outcomes);
  for (const edge of kept) outcomes.set(edge, { kind: 'cascade' });
  for (const edge of open) {
    const by = coveringEdge(edge, graph, kept);
    if (!by) throw new Error(`${edge.baseName} is open and not covered`);
    outcomes.set(edge, { kind: 'covered', by });
  }
  return outcomes;
}

/** Step 2: keeps the edges that add no second path from a shared feeder; the others stay open. */
function splitConvergences(accepted: readonly CandidateEdge[]): { kept: Set<CandidateEdge>; open: Set<CandidateEdge> } {
  const incoming = groupBy(accepted, ({ receiver }) => receiver);
  /** All tables from which a table is reachable over kept edges. */
  const feeders = new Map<DraftTable, Set<DraftTable>>();
  const kept = new Set<CandidateEdge>();
  const open = new Set<CandidateEdge>();
  for (const table of topologicalOrder(accepted)) {
    const fed = new Set<DraftTable>();
    for (const edge of incoming.get(table) ?? []) {
      const ofEdge = [edge.target, ...(feeders.get(edge.target) ?? [])];
      if (ofEdge.some((feeder) => fed.has(feeder))) {
        open.add(edge);
        continue;
      }
      kept.add(edge);
      for (const feeder of ofEdge) fed.add(feeder);
    }
    feeders.set(table, fed);
  }
  return { kept, open };
}

const tableOrder = compareBy<DraftTable>(
  (table) => table.table.schema,
  (table) => table.table.name,
);

/** Tables in topological order of the accepted edges; ties by schema and name. */
function topologicalOrder(accepted: readonly CandidateEdge[]): DraftTable[] {
  const tables = [...new Set(accepted.flatMap((edge) => [edge.target, edge.receiver]))].sort(tableOrder);
  const open = new Map(tables.map((table) => [table, 0]));
  const leaving = groupBy(accepted, ({ target }) => target);
  const counted = (table: DraftTable, change: number): number => {
    const count = mustExist(open.get(table), `the open edges of ${table.qualified}`) + change;
    open.set(table, count);
    return count;
  };
  for (const { receiver } of accepted) counted(receiver, 1);
  const ready = tables.filter((table) => open.get(table) === 0);
  const order: DraftTable[] = [];
  for (let table = ready.shift(); table; table = ready.shift()) {
    order.push(table);
    for (const { receiver } of leaving.get(table) ?? []) {
      if (counted(receiver, -1) === 0) {
        ready.push(receiver);
        ready.sort(tableOrder);
      }
    }
  }
  return order;
}

type Adjacency = Map<DraftTable, Set<DraftTable>>;

/** Step 1: an edge that would close a circle of accepted edges becomes fallback. */
function acceptWithoutCycles(graph: CascadeGraph, outcomes: Map<CandidateEdge, EdgeOutcome>): CandidateEdge[] {
  const next: Adjacency = new Map();
  return graph.preference.filter((edge) => {
    if (edge.target === edge.receiver || reaches(edge.receiver, edge.target, next)) {
      outcomes.set(edge, { kind: 'fallback', reason: 'cycle' });
      return false;
    }
    next.set(edge.target, (next.get(edge.target) ?? new Set()).add(edge.receiver));
    return true;
  });
}

function reaches(from: DraftTable, to: DraftTable, next: Adjacency): boolean {
  const reached = new Set([from]);
  for (const table of reached) {
    if (table === to) return true;
    for (const neighbour of next.get(table) ?? []) reached.add(neighbour);
  }
  return false;
}

/** Step 3: turns open edges that nothing covers, and late edges, into fallback, until nothing changes. */
function settle(
  graph: CascadeGraph,
  kept: Set<CandidateEdge>,
  open: Set<CandidateEdge>,
  outcomes: Map<CandidateEdge, EdgeOutcome>,
): void {
  const byReceiver = groupBy(graph.edges, ({ receiver }) => receiver);
  const fallbacks = new Set([...outcomes].flatMap(([edge, outcome]) => (outcome.kind === 'fallback' ? [edge] : [])));
  let routes: ColumnRoutes | undefined;
  const currentRoutes = () => {
    routes ??= new ColumnRoutes(graph, kept, fallbacks);
    return routes;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (const edge of graph.edges) {
      const isOpen = open.has(edge);
      if (!isOpen && !kept.has(edge)) continue;
      const isUncovered = isOpen && !coveringEdge(edge, graph, kept);
      const others = (byReceiver.get(edge.receiver) ?? []).filter((other) => other !== edge);
      const isLate = !isUncovered && others.some((other) => currentRoutes().isLate(edge, other));
      if (!isUncovered && !isLate) continue;
      outcomes.set(edge, { kind: 'fallback', reason: isUncovered ? 'convergence' : 'late' });
      open.delete(edge);
      kept.delete(edge);
      fallbacks.add(edge);
      routes = undefined;
      changed = true;
    }
  }
}

interface CascadingStatement {
  /** The start column and all columns reachable from it over cascades, which the statement updates. */
  readonly moves: ReadonlySet<DraftColumn>;
  /** The columns at which triggers of this statement start their own statements. */
  readonly next: readonly CascadeHop[];
}

/** Follows values column by column, to find which statement updates which column (design 11 §3.2 "Late"). */
class ColumnRoutes {
  private readonly hops = new Map<DraftColumn, CascadeHop[]>();
  private readonly statements = new Map<CascadeHop, CascadingStatement>();
  /** The statements of each origin, its own first. */
  private readonly origins: readonly ReadonlySet<CascadingStatement>[];

  constructor(graph: CascadeGraph, kept: ReadonlySet<CandidateEdge>, fallbacks: ReadonlySet<CandidateEdge>) {
    for (const { pairs } of kept) this.addHops(pairs, true);
    for (const { pairs } of fallbacks) this.addHops(pairs, false);
    for (const { pairs } of graph.maintenance) this.addHops(pairs, false);
    this.origins = graph.origins.map((to) => this.following(this.statement({ to, isCascade: false }), undefined));
  }

  /**
   * Whether, for some origin, a statement updates the target column of `other` for a shared changing column before
   * another statement has updated the target column of `edge`, or may do so in some rows.
   */
  isLate(edge: CandidateEdge, other: CandidateEdge): boolean {
    for (const column of edge.changing) {
      if (!other.changing.has(column)) continue;
      const target = targetColumn(edge, column);
      const otherTarget = targetColumn(other, column);
      if (this.origins.some((statements) => this.isMovedBefore(otherTarget, target, statements))) return true;
    }
    return false;
  }

  /**
   * If a single statement updates `later`, only the statements before it count. If several do, each in different rows,
   * any statement may come first.
   */
  private isMovedBefore(
    earlier: DraftColumn,
    later: DraftColumn,
    statements: ReadonlySet<CascadingStatement>,
  ): boolean {
    const [mover, ...others] = [...statements].filter(({ moves }) => moves.has(later));
    if (!mover) return false;
    const [first] = statements;
    const before =
      others.length > 0 ? statements : first === mover ? [] : this.following(first as CascadingStatement, mover);
    return [...before].some(({ moves }) => moves.has(earlier));
  }

  /** A statement and everything that its triggers start, transitively, except statements that only `except` starts. */
  private following(first: CascadingStatement, except: CascadingStatement | undefined): Set<CascadingStatement> {
    const statements = new Set([first]);
    for (const { next } of statements) {
      for (const hop of next) {
        const statement = this.statement(hop);
        if (statement !== except) statements.add(statement);
      }
    }
    return statements;
  }

  private statement(start: CascadeHop): CascadingStatement {
    const earlier = this.statements.get(start);
    if (earlier) return earlier;
    const moves = new Set([start.to]);
    for (const column of moves) for (const hop of this.hops.get(column) ?? []) if (hop.isCascade) moves.add(hop.to);
    const next = [...moves].flatMap((column) => (this.hops.get(column) ?? []).filter(({ isCascade }) => !isCascade));
    const statement = { moves, next };
    this.statements.set(start, statement);
    return statement;
  }

  private addHops(pairs: readonly PropagatedPair[], isCascade: boolean): void {
    for (const { source, target } of pairs) {
      const hop = { to: target, isCascade };
      const list = this.hops.get(source);
      if (list) list.push(hop);
      else this.hops.set(source, [hop]);
    }
  }
}

/** The target column that a local column of the edge repeats. */
function targetColumn({ pairs, baseName }: CandidateEdge, local: DraftColumn): DraftColumn {
  const pair = pairs.find(({ target }) => target === local);
  if (!pair) throw new Error(`${baseName} has no column ${local.name}`);
  return pair.source;
}

function coveringEdge(
  edge: CandidateEdge,
  graph: CascadeGraph,
  kept: ReadonlySet<CandidateEdge>,
): CandidateEdge | undefined {
  return graph.preference.find((candidate) => {
    if (!kept.has(candidate) || candidate.receiver !== edge.receiver || !candidate.isRequired) return false;
    const local = new Set(candidate.pairs.map(({ target }) => target));
    return [...edge.changing].every((column) => local.has(column));
  });
}

/** The candidate edges of a model with the facts that the selection compares. */
export function cascadeGraph(draft: FinishedDraft, mutable: ReadonlySet<string>): CascadeGraph {
  const maintenance = maintenanceEdges(draft, mutable);
  const origins = relationalResources(draft)
    .filter((resource) => resource.input.allowIdentityUpdates)
    .flatMap(identityProjection);
  const bare = draft.referenceKeys
    .filter((key) => mutable.has(labelOf(key.target.resource)))
    .map((key) => ({
      key,
      target: key.target.table,
      receiver: key.receiver,
      baseName: constraintName(key.receiver, key.constraint),
      pairs: key.constraint.columns
        .slice(1)
        .map((target, index) => ({ source: key.constraint.targetColumns[index + 1] as DraftColumn, target })),
      isRequired: key.binding.isRequired,
      isAbstractTarget: !(key.target.resource instanceof DraftResource),
    }));
  const changing = changingColumns(
    origins,
    [...bare, ...maintenance].flatMap(({ pairs }) => pairs),
  );
  const edges: CandidateEdge[] = bare
    .map((edge) => ({
      ...edge,
      changing: new Set(edge.pairs.filter(({ source }) => changing.has(source)).map(({ target }) => target)),
    }))
    .sort(
      compareBy(
        (edge) => edge.receiver.table.schema,
        (edge) => edge.receiver.table.name,
        (edge) => edge.baseName,
      ),
    );
  // equal edges keep their order
  const preference = [...edges].sort(
    (a, b) =>
      Number(b.isRequired) - Number(a.isRequired) ||
      b.changing.size - a.changing.size ||
      Number(a.isAbstractTarget) - Number(b.isAbstractTarget),
  );
  return { edges, preference, maintenance, origins };
}

/** The stored columns whose change changes the identity, without duplicates (design 05 §4.2). */
const identityProjection = ({ identity }: DraftResource): readonly DraftColumn[] => [
  ...new Set(identity.map(({ column }) => storageOf(column))),
];

/** The columns that a change of an origin may reach. */
function changingColumns(origins: readonly DraftColumn[], pairs: readonly PropagatedPair[]): ReadonlySet<DraftColumn> {
  const targetsOf = new Map<DraftColumn, DraftColumn[]>();
  for (const { source, target } of pairs) {
    const targets = targetsOf.get(source);
    if (targets) targets.push(target);
    else targetsOf.set(source, [target]);
  }
  const changing = new Set(origins);
  for (const column of changing) for (const target of targetsOf.get(column) ?? []) changing.add(target);
  return changing;
}

type FallbackReason = 'cycle' | 'convergence' | 'late';

/** The outcome for a candidate edge on SQL Server. */
type EdgeOutcome =
  | { readonly kind: 'cascade' }
  | { readonly kind: 'covered'; readonly by: CandidateEdge }
  | { readonly kind: 'fallback'; readonly reason: FallbackReason };

interface CascadeHop {
  readonly to: DraftColumn;
  /** Whether the hop is a step within a statement; otherwise a trigger starts a statement at `to`. */
  readonly isCascade: boolean;
}
