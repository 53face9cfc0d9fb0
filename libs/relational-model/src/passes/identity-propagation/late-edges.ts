import type { DraftTable } from '../../draft/draft-table.ts';
import type { ColumnMapping } from '../../model/model.ts';
import type { CandidateEdge, CascadeGraph } from './cascade-graph.ts';

interface Hop {
  readonly to: string;
  /** A step within a statement; otherwise a trigger starts one at `to`. */
  readonly isCascade: boolean;
  /** The receiver has the reference in every row, so the value moves whatever the data is. */
  readonly isSure: boolean;
}

interface Statement {
  /** The start and all places reachable from it over cascades: what the statement moves. */
  readonly moves: ReadonlySet<string>;
  /** The part of `moves` that is reached over required references only, the one that starts the statement included. */
  readonly surelyMoves: ReadonlySet<string>;
  /** Where the triggers that this statement fires start statements of their own. */
  readonly next: readonly Hop[];
}

/** Follows values column by column: which statement moves which column (design 11 §3.2 "Late"). */
export class ColumnRoutes {
  private readonly ids = new Map<DraftTable, number>();
  private readonly hops = new Map<string, Hop[]>();
  private readonly statements = new Map<Hop, Statement>();
  private readonly origins: { readonly start: Hop; readonly route: ReadonlySet<string> }[];

  constructor(graph: CascadeGraph, kept: ReadonlySet<CandidateEdge>, fallbacks: ReadonlySet<CandidateEdge>) {
    for (const { target, receiver, pairs, isRequired } of kept)
      this.addHops(target, receiver, pairs, { isCascade: true, isSure: isRequired });
    for (const { target, receiver, pairs, isRequired } of fallbacks)
      this.addHops(target, receiver, pairs, { isCascade: false, isSure: isRequired });
    // it moves the rows of one member, and others of the abstract resource follow over theirs
    for (const { source, target, mappings } of graph.maintenance)
      this.addHops(source, target, mappings, { isCascade: false, isSure: false });
    this.origins = graph.origins.map(({ table, column }) => {
      const to = this.place(table, column);
      return { start: { to, isCascade: false, isSure: true }, route: this.reach(to, () => true) };
    });
  }

  /**
   * Whether for some origin a statement moves `f`'s target column of a shared changing column before one has moved `e`'s, which
   * arrives over a later one.
   */
  isLate(e: CandidateEdge, f: CandidateEdge): boolean {
    for (const column of e.changing) {
      if (!f.changing.has(column)) continue;
      const ofE = this.targetPlace(e, column);
      const ofF = this.targetPlace(f, column);
      if (this.origins.some(({ start, route }) => route.has(ofE) && this.isMovedBefore(ofF, ofE, start))) return true;
    }
    return false;
  }

  /**
   * Goes through the statements of an origin in the order in which they start each other, and not on from one that surely moves
   * `later`: all that follows finds it in place. A statement that moves `earlier`, and `later` in some rows only, is too early
   * when another one moves `later` as well.
   */
  private isMovedBefore(earlier: string, later: string, origin: Hop): boolean {
    const starts = new Set([origin]);
    const open: Statement[] = [];
    for (const start of starts) {
      const statement = this.statement(start);
      if (statement.surelyMoves.has(later)) continue;
      open.push(statement);
      for (const hop of statement.next) starts.add(hop);
    }
    const movers = [...starts].filter((start) => this.statement(start).moves.has(later)).length;
    return open.some(({ moves }) => moves.has(earlier) && (!moves.has(later) || movers > 1));
  }

  private statement(start: Hop): Statement {
    const known = this.statements.get(start);
    if (known) return known;
    const moves = this.reach(start.to, ({ isCascade }) => isCascade);
    const surelyMoves = start.isSure ? this.reach(start.to, ({ isCascade, isSure }) => isCascade && isSure) : new Set<string>();
    const next = [...moves].flatMap((place) => (this.hops.get(place) ?? []).filter(({ isCascade }) => !isCascade));
    const statement = { moves, surelyMoves, next };
    this.statements.set(start, statement);
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

  private addHops(
    source: DraftTable,
    target: DraftTable,
    mappings: readonly ColumnMapping[],
    kind: Pick<Hop, 'isCascade' | 'isSure'>,
  ): void {
    for (const { sourceColumn, targetColumn } of mappings) {
      const from = this.place(source, sourceColumn);
      const hop = { to: this.place(target, targetColumn), ...kind };
      const list = this.hops.get(from);
      if (list) list.push(hop);
      else this.hops.set(from, [hop]);
    }
  }

  private reach(start: string, follow: (hop: Hop) => boolean): Set<string> {
    const reached = new Set([start]);
    for (const place of reached) for (const hop of this.hops.get(place) ?? []) if (follow(hop)) reached.add(hop.to);
    return reached;
  }
}
