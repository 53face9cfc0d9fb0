import { mustExist } from '@dms/model';
import { compareOrdinal } from '@dms/values';
import { type CascadeEdge, CascadeEdges, type CascadeOrigin, CascadeWalk } from './cascade-edges.ts';

/** A table that a change of the origin reaches over several edges, of which none can be the only one left. */
export interface UnsafeConvergence<Edge> {
  readonly origin: string;
  readonly receiver: string;
  /** The edges, in edge order. */
  readonly choices: readonly Edge[];
  /** The reason why the first untried edge cannot stay. */
  readonly reason: string;
}

type PrunedCascades<Edge> =
  /** The edges that must not cascade. */
  { readonly cut: ReadonlySet<Edge> } | { readonly unsafe: UnsafeConvergence<Edge> };

/** A table that a change of an origin, given by its index, would reach over several edges, in edge order. */
interface Convergence<Edge> {
  readonly origin: number;
  readonly receiver: string;
  readonly choices: readonly Edge[];
}

/**
 * Decides which candidates must not cascade on SQL Server, which refuses a second path from one table to another (error
 * 1785). Of the edges over which a change would reach a table, the one that stays updates every column that the others
 * would update. `edges` and `origins` are in their order and free of circles. The result is unsafe if no choice is left
 * (design 15 §9.3).
 */
export function pruneCascades<Edge extends CascadeEdge>(
  edges: readonly Edge[],
  origins: readonly CascadeOrigin[],
): PrunedCascades<Edge> {
  const pruning = new CascadePruning(edges, origins);
  const unsafe = pruning.run();
  return unsafe ? { unsafe } : { cut: new Set(pruning.cuts.keys()) };
}

/** One of the edges stays, the others are cut. */
interface Decision<Edge> extends Convergence<Edge> {
  /** The index of the edge that stays. */
  readonly kept: number;
}

/** The index of the next choice for a table that was decided before, and the reason why the earlier choices failed. */
interface Start {
  readonly receiver: string;
  readonly index: number;
  readonly because: string;
}

/**
 * Decides which edges stay, so that no change reaches a table twice (design 15 §9.3). A decision depends on the cuts
 * upstream of its table, made for the same or an earlier origin. So when a decision is undone, decisions about other
 * tables are only put aside, and repeated unchanged when their turn comes. Decisions for unrelated origins stay.
 */
class CascadePruning<Edge extends CascadeEdge> {
  /** The cut edges, each with the origin that it was cut for. */
  readonly cuts = new Map<Edge, number>();
  private readonly origins: readonly CascadeOrigin[];
  private readonly edges: CascadeEdges<Edge>;
  /** Decisions by origin, in the order in which they were made. */
  private readonly decisions: Decision<Edge>[][];
  private readonly decisionsAbout = new Map<string, Set<Decision<Edge>>>();
  private readonly retained = new Map<Edge, number>();
  private readonly starts = new Map<string, Start>();
  private readonly putAside = new Map<string, Decision<Edge>>();
  /** Origins that reach no table twice, and the tables on their paths. */
  private readonly done = new Set<string>();

  constructor(edges: readonly Edge[], origins: readonly CascadeOrigin[]) {
    this.origins = origins;
    this.edges = new CascadeEdges(edges);
    this.decisions = origins.map(() => []);
  }

  /** Decides about one origin after the other; returns undefined if all succeed. */
  run(): UnsafeConvergence<Edge> | undefined {
    for (let index = 0; index < this.origins.length; ) {
      const { table } = this.origins[index] as CascadeOrigin;
      const next = this.done.has(table) ? index + 1 : this.settle(index, table);
      if (typeof next === 'object') return next;
      index = next;
    }
    return undefined;
  }

  /**
   * Decides about every table that a change of the origin would reach over several edges: the nearest table first, at
   * equal distance the first by name. Returns the origin to continue with: the next one, or the origin of a decision
   * that was undone.
   */
  private settle(origin: number, table: string): number | UnsafeConvergence<Edge> {
    // a cut for a later origin counts only from that origin on
    const walk = new CascadeWalk(table, this.edges, (edge) => (this.cuts.get(edge) ?? origin + 1) <= origin);
    let undecided = [...walk.reached].filter((reached) => walk.into(reached).length > 1).length;
    while (undecided > 0) {
      const converging = walk
        .nextLevel()
        .map((receiver) => ({ origin, receiver, choices: walk.into(receiver) }))
        .filter(({ choices }) => choices.length > 1)
        .sort((a, b) => compareOrdinal(a.receiver, b.receiver));
      for (const convergence of converging) {
        const goOn = this.decide(convergence, walk);
        if (goOn !== undefined) return goOn;
        undecided -= 1;
      }
      walk.settleNextLevel();
    }
    // a change that starts in one of these tables takes the same paths as one that passes through it
    for (const reached of walk.reached) this.done.add(reached);
    return origin + 1;
  }

  private decide(
    convergence: Convergence<Edge>,
    walk: CascadeWalk<Edge>,
  ): number | UnsafeConvergence<Edge> | undefined {
    const { origin, receiver, choices } = convergence;
    const place = placeOf(convergence);
    const asBefore = this.putAside.get(place);
    if (asBefore) {
      this.putAside.delete(place);
      return this.commit(asBefore, walk);
    }
    const { table, isImmutable } = this.origins[origin] as CascadeOrigin;
    const start = this.starts.get(place) ?? { receiver, index: 0, because: '' };
    let reason = start.because;
    for (let kept = start.index; kept < choices.length; kept += 1) {
      const found = this.reasonAgainst(choices, kept, table, walk);
      if (found === undefined) return this.commit({ ...convergence, kept }, walk);
      if (kept === start.index) reason = found;
    }
    const opposed = this.lastDecisionAbout(receiver, choices);
    if (opposed) {
      this.undo(opposed);
      const because = `that leaves no choice for ${receiver}, where ${reason}`;
      this.starts.set(placeOf(opposed), { receiver, index: opposed.kept + 1, because });
      return opposed.origin;
    }
    if (isImmutable && start.index < choices.length) return this.commit({ ...convergence, kept: start.index }, walk);
    return { origin: table, receiver, choices, reason };
  }

  /** The reason why the edge at `kept` cannot be the one that stays; undefined if it can. */
  private reasonAgainst(
    choices: readonly Edge[],
    kept: number,
    origin: string,
    walk: CascadeWalk<Edge>,
  ): string | undefined {
    const survivor = choices[kept] as Edge;
    for (const edge of choices) {
      if (edge === survivor) continue;
      if (this.retained.has(edge)) return 'a change of another table needs the key that would be cut';
      const found = reasonToKeep(edge, survivor, origin, walk);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The last decision about one of the choices. */
  private lastDecisionAbout(receiver: string, choices: readonly Edge[]): Decision<Edge> | undefined {
    const known = [...(this.decisionsAbout.get(receiver) ?? [])];
    return known
      .filter((decision) => decision.choices.some((edge) => choices.includes(edge)))
      .sort((a, b) => b.origin - a.origin)[0];
  }

  private commit(decision: Decision<Edge>, walk: CascadeWalk<Edge>): undefined {
    const { origin, receiver, choices, kept } = decision;
    const survivor = choices[kept] as Edge;
    for (const edge of choices) if (edge !== survivor) this.cuts.set(edge, origin);
    walk.forgetExpected();
    this.retained.set(survivor, (this.retained.get(survivor) ?? 0) + 1);
    mustExist(this.decisions[origin], 'the decisions of an edge').push(decision);
    const about = this.decisionsAbout.get(receiver);
    if (about) about.add(decision);
    else this.decisionsAbout.set(receiver, new Set([decision]));
  }

  private revoke(decision: Decision<Edge>): void {
    const { receiver, choices, kept } = decision;
    const survivor = choices[kept] as Edge;
    for (const edge of choices) if (edge !== survivor) this.cuts.delete(edge);
    const count = (this.retained.get(survivor) as number) - 1;
    if (count > 0) this.retained.set(survivor, count);
    else this.retained.delete(survivor);
    this.decisionsAbout.get(receiver)?.delete(decision);
  }

  /**
   * The tables whose decisions may change when the decision about a table is repeated: the tables below it and, if a
   * table above one of those was decided more than once, the tables below that table; and all tables above these.
   */
  private dependentOn(receiver: string): { readonly below: ReadonlySet<string>; readonly above: ReadonlySet<string> } {
    let below = this.edges.below([receiver]);
    for (;;) {
      const above = this.edges.above(below);
      const tried = [...this.starts.values()].map((start) => start.receiver);
      const more = tried.filter((table) => above.has(table) && !below.has(table));
      if (more.length === 0) return { below, above };
      below = this.edges.below([...below, ...more]);
    }
  }

  /** Undoes a decision and all later ones, except those that cannot depend on it. */
  private undo(first: Decision<Edge>): void {
    const { below, above } = this.dependentOn(first.receiver);
    for (let origin = first.origin; origin < this.origins.length; origin += 1) {
      const { table } = this.origins[origin] as CascadeOrigin;
      if (!above.has(table)) continue;
      this.done.delete(table);
      const made = this.decisions[origin] as Decision<Edge>[];
      for (const decision of made.splice(origin === first.origin ? made.indexOf(first) : 0)) {
        this.revoke(decision);
        this.putAside.set(placeOf(decision), decision);
      }
    }
    for (const [place, decision] of this.putAside) {
      if (decision.origin < first.origin) continue;
      if (!below.has(decision.receiver)) continue;
      this.putAside.delete(place);
      this.starts.delete(place);
    }
  }
}

const placeOf = ({ origin, receiver }: Convergence<unknown>) => `${origin} ${receiver}`;

/**
 * The reason why an edge into a table must not be cut while another one stays; undefined if the remaining edge updates
 * every column that both have (design 15 §9.3).
 */
function reasonToKeep<Edge extends CascadeEdge>(
  cut: Edge,
  kept: Edge,
  origin: string,
  walk: CascadeWalk<Edge>,
): string | undefined {
  const cutColumns = cut.columns.slice(0, -1);
  for (const [index, column] of cutColumns.entries()) {
    const at = kept.columns.indexOf(column);
    if (at < 0) continue;
    if (at === kept.columns.length - 1) return `${column} is the document id of the reference that would stay`;
    const fromCut = walk.findSource(cut.target, cut.targetColumns[index] as string);
    const fromKept = walk.findSource(kept.target, kept.targetColumns[at] as string);
    if (!fromCut || !fromKept) return `${column} repeats a document id`;
    const affected = [fromCut, fromKept].filter(({ table }) => table === origin).length;
    if (affected === 0) continue;
    if (affected === 1) return `only one of the references updates ${column}`;
    if (!kept.isRequired) return `the reference that would update ${column} is optional`;
    if (fromCut.column !== fromKept.column) return `${column} repeats two values of ${origin}`;
  }
  return undefined;
}
