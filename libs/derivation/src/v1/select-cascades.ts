import { compareBy, groupBy } from '@dms/files';
import { mustExist } from '@dms/model';
import type { DraftTable } from '../draft/draft-table.ts';
import type { CandidateEdge, CascadeGraph } from './cascade-graph.ts';
import { ColumnRoutes } from './late-edges.ts';

export type FallbackReason = 'cycle' | 'convergence' | 'late';

/** The outcome for a candidate edge on SQL Server. */
export type EdgeOutcome =
  | { readonly kind: 'cascade' }
  | { readonly kind: 'covered'; readonly by: CandidateEdge }
  | { readonly kind: 'fallback'; readonly reason: FallbackReason };

type Adjacency = Map<DraftTable, Set<DraftTable>>;

function reaches(from: DraftTable, to: DraftTable, next: Adjacency): boolean {
  const reached = new Set([from]);
  for (const table of reached) {
    if (table === to) return true;
    for (const neighbour of next.get(table) ?? []) reached.add(neighbour);
  }
  return false;
}

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
