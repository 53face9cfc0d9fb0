import type { IdentityEdge, IdentityGraph } from './identity-graph.ts';

/** The outcome for a candidate edge on SQL Server. */
export type CascadeOutcome =
  | { readonly kind: 'cascade' }
  | { readonly kind: 'covered'; readonly by: string }
  | { readonly kind: 'fallback'; readonly reason: 'cycle' | 'convergence' | 'late' };

const cell = (table: string, column: string) => `${table}/${column}`;

/** Everything reachable from `starts`, including them; `steps` are pairs of places. */
function reachable(starts: readonly string[], steps: readonly (readonly [string, string])[]): Set<string> {
  const reached = new Set(starts);
  for (let size = -1; size !== reached.size; ) {
    size = reached.size;
    for (const [from, to] of steps) if (reached.has(from)) reached.add(to);
  }
  return reached;
}

type PropagationStep = readonly [string, string];

const tableStep = ({ target, receiver }: IdentityEdge): PropagationStep => [target, receiver];
const columnSteps = ({ target, receiver, pairs }: IdentityEdge): PropagationStep[] =>
  pairs.map(({ source, local }) => [cell(target, source), cell(receiver, local)]);
const maintenanceSteps = (graph: IdentityGraph): PropagationStep[] =>
  graph.maintenance.flatMap(({ source: from, target, pairs }) =>
    pairs.map(({ source, local }): PropagationStep => [cell(from, source), cell(target, local)]),
  );

/** The changing columns of every candidate edge: its local columns whose target column can change (design 11 §3.1). */
export function changingColumns(graph: IdentityGraph): Map<IdentityEdge, Set<string>> {
  const candidates = graph.edges.filter(({ isCandidate }) => isCandidate);
  const changing = reachable(
    graph.origins.map(({ table, column }) => cell(table, column)),
    [...candidates.flatMap(columnSteps), ...maintenanceSteps(graph)],
  );
  return new Map(
    candidates.map((edge) => [
      edge,
      new Set(edge.pairs.filter(({ source }) => changing.has(cell(edge.target, source))).map(({ local }) => local)),
    ]),
  );
}

/** Sorts by receiver schema, receiver table and base name; compares UTF-16 units, as in the chapter. */
export function inEdgeOrder(edges: readonly IdentityEdge[]): IdentityEdge[] {
  const keyOf = ({ receiver, baseName }: IdentityEdge) => [...receiver.split('.'), baseName];
  return [...edges].sort((a, b) => {
    const x = keyOf(a);
    const y = keyOf(b);
    const index = x.findIndex((part, position) => part !== y[position]);
    return index < 0 ? 0 : (x[index] as string) < (y[index] as string) ? -1 : 1;
  });
}

type Fallbacks = Map<IdentityEdge, 'cycle' | 'convergence' | 'late'>;

/** Step 1, cycles: accepts the edges that close no circle with the edges before them; the others become fallbacks. */
function acceptWithoutCycles(preference: readonly IdentityEdge[], fallbacks: Fallbacks): readonly IdentityEdge[] {
  const accepted: IdentityEdge[] = [];
  for (const edge of preference) {
    if (reachable([edge.receiver], accepted.map(tableStep)).has(edge.target)) fallbacks.set(edge, 'cycle');
    else accepted.push(edge);
  }
  return accepted;
}

/** Step 2, convergences: keeps the edges that add no second path from one table to another; the others stay open. */
function splitConvergences(accepted: readonly IdentityEdge[]): { kept: Set<IdentityEdge>; open: Set<IdentityEdge> } {
  const kept = new Set<IdentityEdge>();
  const open = new Set<IdentityEdge>();
  const tables = [...new Set(accepted.flatMap(tableStep))];
  const visited = new Set<string>();
  while (visited.size < tables.length) {
    const table = tables
      .filter((candidate) => !visited.has(candidate))
      .find((candidate) =>
        accepted.every(({ target, receiver }) => receiver !== candidate || visited.has(target)),
      ) as string;
    visited.add(table);
    const feeders = (edge: IdentityEdge) => {
      const steps = [...kept].map(tableStep);
      return tables.filter((feeder) => reachable([feeder], steps).has(edge.target));
    };
    const fed = new Set<string>();
    for (const edge of accepted.filter(({ receiver }) => receiver === table)) {
      const ofEdge = feeders(edge);
      if (ofEdge.some((feeder) => fed.has(feeder))) {
        open.add(edge);
        continue;
      }
      kept.add(edge);
      for (const feeder of ofEdge) fed.add(feeder);
    }
  }
  return { kept, open };
}

/** The state of step 3, which changes the sets. */
interface Settling {
  readonly graph: IdentityGraph;
  /** In edge order. */
  readonly edges: readonly IdentityEdge[];
  readonly changingOf: (edge: IdentityEdge) => ReadonlySet<string>;
  readonly kept: ReadonlySet<IdentityEdge>;
  readonly fallbacks: Fallbacks;
}

/** Whether a value that an edge shares with another one could be moved before the statement that starts the edge. */
function isLate(edge: IdentityEdge, { graph, edges, changingOf, kept, fallbacks }: Settling): boolean {
  const cascades = [...kept].flatMap(columnSteps);
  const place = (of: IdentityEdge, column: string) =>
    cell(of.target, of.pairs.find(({ local }) => local === column)?.source ?? '');
  const shared = edges
    .filter((other) => other !== edge && other.receiver === edge.receiver)
    .flatMap((other) =>
      [...changingOf(edge)].filter((column) => changingOf(other).has(column)).map((column) => ({ other, column })),
    );
  const triggers: PropagationStep[] = [...[...fallbacks.keys()].flatMap(columnSteps), ...maintenanceSteps(graph)];
  const moves = ([, start]: PropagationStep) => reachable([start], cascades);
  /** The statement and all statements that it causes, except those that only `except` causes. */
  const following = (first: PropagationStep, except: PropagationStep | undefined): PropagationStep[] => {
    const found = [first];
    for (const statement of found) {
      const moved = moves(statement);
      found.push(...triggers.filter((next) => moved.has(next[0]) && next !== except && !found.includes(next)));
    }
    return found;
  };
  /** Whether a statement updates `earlier` before `later`, at least in some rows. */
  const isMovedBefore = (earlier: string, later: string, origin: string): boolean => {
    const first: PropagationStep = ['', origin];
    const all = following(first, undefined);
    const movers = all.filter((statement) => moves(statement).has(later));
    if (movers.length === 0) return false;
    const before = movers.length > 1 ? all : movers[0] === first ? [] : following(first, movers[0]);
    return before.some((statement) => moves(statement).has(earlier));
  };
  return shared.some(({ other, column }) =>
    graph.origins.some((origin) =>
      isMovedBefore(place(other, column), place(edge, column), cell(origin.table, origin.column)),
    ),
  );
}

/**
 * Design 11 §3.2 taken literally: plain sets, recomputed for every query. It is short and slow, and serves to check the
 * real derivation. Results are by edge id.
 */
export function selectedOutcomes(graph: IdentityGraph): Map<string, CascadeOutcome> {
  const changing = changingColumns(graph);
  const changingOf = (edge: IdentityEdge) => changing.get(edge) as Set<string>;
  const edges = inEdgeOrder([...changing.keys()]);
  const preference = [...edges].sort(
    (a, b) =>
      Number(b.isRequired) - Number(a.isRequired) ||
      changingOf(b).size - changingOf(a).size ||
      Number(a.isAbstractTarget) - Number(b.isAbstractTarget) ||
      edges.indexOf(a) - edges.indexOf(b),
  );
  const fallbacks: Fallbacks = new Map();
  const { kept, open } = splitConvergences(acceptWithoutCycles(preference, fallbacks));

  // step 3, settling
  const covering = (edge: IdentityEdge) =>
    preference.find(
      (other) =>
        kept.has(other) &&
        other.receiver === edge.receiver &&
        other.isRequired &&
        [...changingOf(edge)].every((column) => other.pairs.some(({ local }) => local === column)),
    );
  const settling: Settling = { graph, edges, changingOf, kept, fallbacks };
  for (let isChanged = true; isChanged; ) {
    isChanged = false;
    for (const edge of edges.filter((candidate) => kept.has(candidate) || open.has(candidate))) {
      const reason = open.has(edge) && !covering(edge) ? 'convergence' : isLate(edge, settling) ? 'late' : undefined;
      if (!reason) continue;
      fallbacks.set(edge, reason);
      kept.delete(edge);
      open.delete(edge);
      isChanged = true;
    }
  }
  return new Map(
    edges.map((edge): [string, CascadeOutcome] => {
      const reason = fallbacks.get(edge);
      if (reason) return [edge.id, { kind: 'fallback', reason }];
      if (kept.has(edge)) return [edge.id, { kind: 'cascade' }];
      return [edge.id, { kind: 'covered', by: covering(edge)?.id ?? '' }];
    }),
  );
}

/** The edge ids of the keys that are deferrable on PostgreSQL (design 11 §2). */
export function deferrableKeys(graph: IdentityGraph): Set<string> {
  const cascading = graph.edges.filter(({ isAbstractTarget, isCandidate }) => isAbstractTarget || isCandidate);
  const steps = [
    ...cascading.map(tableStep),
    ...graph.maintenance.map(({ source, target }): PropagationStep => [source, target]),
  ];
  const deferrable = new Set(graph.edges.filter(({ refersToOwnDocument }) => refersToOwnDocument).map(({ id }) => id));
  for (const table of new Set(graph.origins.map((origin) => origin.table))) {
    const reached = reachable([table], steps);
    for (const edge of cascading) {
      const others = cascading.filter((other) => other !== edge && other.receiver === edge.receiver);
      if (reached.has(edge.target) && others.some((other) => reached.has(other.target))) deferrable.add(edge.id);
    }
  }
  return deferrable;
}
