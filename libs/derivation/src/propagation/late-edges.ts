import type { ColumnMapping } from '@dms/model';
import type { DraftTable } from '../draft/draft-table.ts';
import type { CandidateEdge, CascadeGraph } from './cascade-graph.ts';

interface Hop {
  readonly to: string;
  /** A step within a statement; otherwise a trigger starts one at `to`. */
  readonly isCascade: boolean;
}

interface Statement {
  /** The start and all places reachable from it over cascades: what the statement moves. */
  readonly moves: ReadonlySet<string>;
  /** Where the triggers that this statement fires start statements of their own. */
  readonly next: readonly Hop[];
}

/** Follows values column by column: which statement moves which column (design 11 §3.2 "Late"). */
export class ColumnRoutes {
  private readonly ids = new Map<DraftTable, number>();
  private readonly hops = new Map<string, Hop[]>();
  private readonly known = new Map<Hop, Statement>();
  /** The statements of each origin, its own first. */
  private readonly origins: readonly ReadonlySet<Statement>[];

  constructor(graph: CascadeGraph, kept: ReadonlySet<CandidateEdge>, fallbacks: ReadonlySet<CandidateEdge>) {
    for (const { target, receiver, pairs } of kept) this.addHops(target, receiver, pairs, true);
    for (const { target, receiver, pairs } of fallbacks) this.addHops(target, receiver, pairs, false);
    for (const { source, target, mappings } of graph.maintenance) this.addHops(source, target, mappings, false);
    this.origins = graph.origins.map(({ table, column }) =>
      this.following(this.statement({ to: this.place(table, column), isCascade: false }), undefined),
    );
  }

  /**
   * Whether for some origin a statement moves `f`'s target column of a shared changing column before one has moved `e`'s, or
   * may do so in some rows.
   */
  isLate(e: CandidateEdge, f: CandidateEdge): boolean {
    for (const column of e.changing) {
      if (!f.changing.has(column)) continue;
      const ofE = this.targetPlace(e, column);
      const ofF = this.targetPlace(f, column);
      if (this.origins.some((statements) => this.isMovedBefore(ofF, ofE, statements))) return true;
    }
    return false;
  }

  /**
   * Where one statement alone moves `later`, those that come before it count. Where several do, each in rows of its own, none is
   * known to come first.
   */
  private isMovedBefore(earlier: string, later: string, statements: ReadonlySet<Statement>): boolean {
    const [mover, ...others] = [...statements].filter(({ moves }) => moves.has(later));
    if (!mover) return false;
    const [first] = statements;
    const before = others.length > 0 ? statements : first === mover ? [] : this.following(first as Statement, mover);
    return [...before].some(({ moves }) => moves.has(earlier));
  }

  /** A statement and all that its triggers start, and so on, but for what only `except` starts. */
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
    for (const place of moves) for (const hop of this.hops.get(place) ?? []) if (hop.isCascade) moves.add(hop.to);
    const next = [...moves].flatMap((place) => (this.hops.get(place) ?? []).filter(({ isCascade }) => !isCascade));
    const statement = { moves, next };
    this.known.set(start, statement);
    return statement;
  }

  private targetPlace(edge: CandidateEdge, localColumn: string): string {
    const pair = edge.pairs.find(({ targetColumn }) => targetColumn === localColumn);
    return this.place(edge.target, pair?.sourceColumn ?? '');
  }

  private place(table: DraftTable, column: string): string {
    const id = this.ids.get(table) ?? this.ids.size;
    this.ids.set(table, id);
    return `${id}\n${column}`;
  }

  private addHops(source: DraftTable, target: DraftTable, mappings: readonly ColumnMapping[], isCascade: boolean): void {
    for (const { sourceColumn, targetColumn } of mappings) {
      const from = this.place(source, sourceColumn);
      const hop = { to: this.place(target, targetColumn), isCascade };
      const list = this.hops.get(from);
      if (list) list.push(hop);
      else this.hops.set(from, [hop]);
    }
  }
}
