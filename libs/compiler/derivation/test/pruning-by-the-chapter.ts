import { compareOrdinal } from '@dms/values';
import { type CascadeEdge, type CascadeOrigin, edgeOrder } from '../src/v2/cascade-edges.ts';

/*
 * A literal implementation of design 15 §9.3: everything is recomputed at every step. It is short and slow, and checks
 * the real derivation.
 */

type Arrivals = ReadonlyMap<string, { readonly depth: number; readonly edge: CascadeEdge | undefined }>;

interface ChapterDecision {
  readonly origin: CascadeOrigin;
  readonly receiver: string;
  readonly choices: readonly CascadeEdge[];
  readonly index: number;
}

export interface ChapterResult {
  readonly cut: ReadonlySet<CascadeEdge>;
  /** The convergence at which no choice is left; undefined if there is none. */
  readonly unsafe:
    | { readonly origin: string; readonly receiver: string; readonly choices: readonly CascadeEdge[] }
    | undefined;
  /**
   * The number of undone decisions, and the number of times that an immutable abstract table kept an edge that is not
   * safe.
   */
  readonly undone: number;
  readonly forced: number;
}

function arrivalsFrom(origin: string, edges: readonly CascadeEdge[], cut: ReadonlySet<CascadeEdge>): Arrivals {
  const arrivals = new Map<string, { depth: number; edge: CascadeEdge | undefined }>([
    [origin, { depth: 0, edge: undefined }],
  ]);
  const queue = [origin];
  for (let table = queue.shift(); table !== undefined; table = queue.shift()) {
    for (const edge of edges) {
      if (edge.target !== table || cut.has(edge) || arrivals.has(edge.receiver)) continue;
      arrivals.set(edge.receiver, { depth: (arrivals.get(table)?.depth ?? 0) + 1, edge });
      queue.push(edge.receiver);
    }
  }
  return arrivals;
}

function convergenceOf(arrivals: Arrivals, edges: readonly CascadeEdge[], cut: ReadonlySet<CascadeEdge>) {
  const converging = [...arrivals]
    .map(([receiver, { depth }]) => ({
      receiver,
      depth,
      choices: edges.filter((edge) => edge.receiver === receiver && !cut.has(edge) && arrivals.has(edge.target)),
    }))
    .filter(({ choices }) => choices.length > 1);
  return converging.sort((a, b) => a.depth - b.depth || compareOrdinal(a.receiver, b.receiver))[0];
}

/** The table and column where a trace ends; undefined if it reaches a document id. */
function traced(table: string, column: string, arrivals: Arrivals): readonly [string, string] | undefined {
  const edge = arrivals.get(table)?.edge;
  if (!edge?.columns.includes(column)) return [table, column];
  if (edge.columns.indexOf(column) === edge.columns.length - 1) return undefined;
  return traced(edge.target, edge.targetColumns[edge.columns.indexOf(column)] as string, arrivals);
}

function isSafe(c: CascadeEdge, s: CascadeEdge, origin: string, arrivals: Arrivals): boolean {
  return c.columns.slice(0, -1).every((column, position) => {
    const same = s.columns.indexOf(column);
    if (same < 0) return true;
    if (same === s.columns.length - 1) return false;
    const fromS = traced(s.target, s.targetColumns[same] as string, arrivals);
    const fromC = traced(c.target, c.targetColumns[position] as string, arrivals);
    if (!fromS || !fromC) return false;
    const isAffectedS = fromS[0] === origin;
    const isAffectedC = fromC[0] === origin;
    if (!isAffectedS && !isAffectedC) return true;
    return isAffectedS && isAffectedC && s.isRequired && fromS[1] === fromC[1];
  });
}

export function prunedByTheChapter(
  allEdges: readonly CascadeEdge[],
  allOrigins: readonly CascadeOrigin[],
): ChapterResult {
  const edges = [...allEdges].sort(edgeOrder);
  const origins = [...allOrigins].sort((a, b) => compareOrdinal(a.table, b.table));
  const decisions: ChapterDecision[] = [];
  const cut = new Set<CascadeEdge>();
  const retained = new Map<CascadeEdge, number>();
  const start = new Map<string, number>();
  let undone = 0;
  let forced = 0;
  const place = (origin: CascadeOrigin, receiver: string) => JSON.stringify([origin.table, receiver]);
  const commit = (decision: ChapterDecision) => {
    const kept = decision.choices[decision.index] as CascadeEdge;
    for (const edge of decision.choices) if (edge !== kept) cut.add(edge);
    retained.set(kept, (retained.get(kept) ?? 0) + 1);
    decisions.push(decision);
  };
  const undo = ({ choices, index }: ChapterDecision) => {
    const kept = choices[index] as CascadeEdge;
    for (const edge of choices) if (edge !== kept) cut.delete(edge);
    const count = (retained.get(kept) as number) - 1;
    if (count === 0) retained.delete(kept);
    else retained.set(kept, count);
  };
  for (;;) {
    const [found] = origins.flatMap((origin) => {
      const arrivals = arrivalsFrom(origin.table, edges, cut);
      const convergence = convergenceOf(arrivals, edges, cut);
      return convergence ? [{ origin, arrivals, ...convergence }] : [];
    });
    if (!found) return { cut, unsafe: undefined, undone, forced };
    const { origin, receiver, choices, arrivals } = found;
    const first = start.get(place(origin, receiver)) ?? 0;
    const index = choices.findIndex(
      (kept, position) =>
        position >= first &&
        choices.every((c) => c === kept || (!retained.has(c) && isSafe(c, kept, origin.table, arrivals))),
    );
    if (index >= 0) {
      commit({ origin, receiver, choices, index });
      continue;
    }
    const last = decisions.findLastIndex((decision) => decision.choices.some((edge) => choices.includes(edge)));
    if (last < 0) {
      if (!origin.isImmutable || first >= choices.length)
        return { cut, unsafe: { origin: origin.table, receiver, choices }, undone, forced };
      forced += 1;
      commit({ origin, receiver, choices, index: first });
      continue;
    }
    undone += 1;
    const d = decisions[last] as ChapterDecision;
    for (const decision of decisions.splice(last).reverse()) {
      undo(decision);
      if (decision !== d) start.delete(place(decision.origin, decision.receiver));
    }
    start.set(place(d.origin, d.receiver), d.index + 1);
  }
}
