import type { DraftColumn } from '../draft/draft-table.ts';
import type { ColumnPair } from '../propagation/maintenance-edges.ts';
import type { CandidateEdge, CascadeGraph } from './cascade-graph.ts';

interface Hop {
  readonly to: DraftColumn;
  /** A step within a statement; otherwise a trigger starts one at `to`. */
  readonly isCascade: boolean;
}

interface Statement {
  /** The start and all columns reachable from it over cascades, which the statement updates. */
  readonly moves: ReadonlySet<DraftColumn>;
  /** The columns at which triggers of this statement start statements of their own. */
  readonly next: readonly Hop[];
}

/** Follows values column by column, to find which statement updates which column (design 11 §3.2 "Late"). */
export class ColumnRoutes {
  private readonly hops = new Map<DraftColumn, Hop[]>();
  private readonly known = new Map<Hop, Statement>();
  /** The statements of each origin, its own first. */
  private readonly origins: readonly ReadonlySet<Statement>[];

  constructor(graph: CascadeGraph, kept: ReadonlySet<CandidateEdge>, fallbacks: ReadonlySet<CandidateEdge>) {
    for (const { pairs } of kept) this.addHops(pairs, true);
    for (const { pairs } of fallbacks) this.addHops(pairs, false);
    for (const { pairs } of graph.maintenance) this.addHops(pairs, false);
    this.origins = graph.origins.map((to) => this.following(this.statement({ to, isCascade: false }), undefined));
  }

  /**
   * Whether, for some origin, a statement updates `f`'s target column of a shared changing column before another has
   * updated `e`'s, or may do so in some rows.
   */
  isLate(e: CandidateEdge, f: CandidateEdge): boolean {
    for (const column of e.changing) {
      if (!f.changing.has(column)) continue;
      const ofE = targetColumn(e, column);
      const ofF = targetColumn(f, column);
      if (this.origins.some((statements) => this.isMovedBefore(ofF, ofE, statements))) return true;
    }
    return false;
  }

  /**
   * If a single statement updates `later`, the statements before it count. If several do, each in different rows, none
   * of them is known to come first.
   */
  private isMovedBefore(earlier: DraftColumn, later: DraftColumn, statements: ReadonlySet<Statement>): boolean {
    const [mover, ...others] = [...statements].filter(({ moves }) => moves.has(later));
    if (!mover) return false;
    const [first] = statements;
    const before = others.length > 0 ? statements : first === mover ? [] : this.following(first as Statement, mover);
    return [...before].some(({ moves }) => moves.has(earlier));
  }

  /** A statement and everything that its triggers start, transitively, except statements that only `except` starts. */
  private following(first: Statement, except: Statement | undefined): Set<Statement> {
    const found = new Set([first]);
    for (const { next } of found) {
      for (const hop of next) {
        const statement = this.statement(hop);
        if (statement !== except) found.add(statement);
      }
    }
    return found;
  }

  private statement(start: Hop): Statement {
    const known = this.known.get(start);
    if (known) return known;
    const moves = new Set([start.to]);
    for (const column of moves) for (const hop of this.hops.get(column) ?? []) if (hop.isCascade) moves.add(hop.to);
    const next = [...moves].flatMap((column) => (this.hops.get(column) ?? []).filter(({ isCascade }) => !isCascade));
    const statement = { moves, next };
    this.known.set(start, statement);
    return statement;
  }

  private addHops(pairs: readonly ColumnPair[], isCascade: boolean): void {
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
