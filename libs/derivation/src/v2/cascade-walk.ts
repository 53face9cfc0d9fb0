import type { DraftTable } from '../draft/draft-table.ts';
import type { CascadeEdge } from './update-cascades.ts';

/** Edges by the tables at their ends, in edge order. */
export class CascadeEdges {
  private readonly outgoing = new Map<DraftTable, CascadeEdge[]>();
  private readonly incoming = new Map<DraftTable, CascadeEdge[]>();

  constructor(edges: readonly CascadeEdge[]) {
    for (const edge of edges) {
      push(this.outgoing, edge.target, edge);
      push(this.incoming, edge.receiver, edge);
    }
  }

  from(table: DraftTable): readonly CascadeEdge[] {
    return this.outgoing.get(table) ?? [];
  }

  into(table: DraftTable): readonly CascadeEdge[] {
    return this.incoming.get(table) ?? [];
  }
}

function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** A table that a change of the origin reaches: how far away it is, and over which edge the change arrives first. */
export interface Arrival {
  readonly depth: number;
  readonly edge: CascadeEdge | undefined;
}

/** What a change of a table reaches over the edges that are not cut, breadth first, outgoing edges in edge order (design 15 §9.3). */
export function walkCascades(
  origin: DraftTable,
  edges: CascadeEdges,
  cut: ReadonlySet<CascadeEdge>,
): ReadonlyMap<DraftTable, Arrival> {
  const arrivals = new Map<DraftTable, Arrival>([[origin, { depth: 0, edge: undefined }]]);
  // a map hands out what is added while it is gone through
  for (const [table, { depth }] of arrivals) {
    for (const edge of edges.from(table))
      if (!cut.has(edge) && !arrivals.has(edge.receiver)) arrivals.set(edge.receiver, { depth: depth + 1, edge });
  }
  return arrivals;
}

/** A table that a change would reach over several edges, and these. */
export interface Convergence {
  readonly receiver: DraftTable;
  readonly choices: readonly CascadeEdge[];
}

/** The nearest table that is reached over several edges; of equally near ones the first by name. */
export function nearestConvergence(
  arrivals: ReadonlyMap<DraftTable, Arrival>,
  edges: CascadeEdges,
  cut: ReadonlySet<CascadeEdge>,
): Convergence | undefined {
  let nearest: (Convergence & { readonly depth: number }) | undefined;
  for (const [receiver, { depth }] of arrivals) {
    // arrivals are in the order of their depth
    if (nearest && depth > nearest.depth) break;
    if (nearest && receiver.qualified > nearest.receiver.qualified) continue;
    const choices = edges.into(receiver).filter((edge) => !cut.has(edge) && arrivals.has(edge.target));
    if (choices.length > 1) nearest = { receiver, choices, depth };
  }
  return nearest;
}
