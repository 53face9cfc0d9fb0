import type { DraftTable } from '../../draft/draft-table.ts';
import type { ColumnMapping } from '../../model/model.ts';
import type { CandidateEdge, CascadeGraph } from './cascade-graph.ts';

interface Hop {
  readonly to: string;
  readonly isCascade: boolean;
}

/** Follows values column by column: which statement moves which column (design 11 §3.2 "Late"). */
export class ColumnRoutes {
  private readonly ids = new Map<DraftTable, number>();
  private readonly hops = new Map<string, Hop[]>();
  private readonly originRoutes: { readonly route: ReadonlySet<string>; readonly statements: readonly ReadonlySet<string>[] }[];

  constructor(graph: CascadeGraph, kept: ReadonlySet<CandidateEdge>, fallbacks: ReadonlySet<CandidateEdge>) {
    for (const edge of kept) this.addHops(edge.target, edge.receiver, edge.pairs, true);
    for (const edge of fallbacks) this.addHops(edge.target, edge.receiver, edge.pairs, false);
    for (const { source, target, mappings } of graph.maintenance) this.addHops(source, target, mappings, false);
    this.originRoutes = graph.origins.map((origin) => this.routesOf(this.place(origin.table, origin.column)));
  }

  /**
   * Whether for some origin one of its statements moves `f`'s target column of a shared changing column but not `e`'s, which
   * arrives over a later one.
   */
  isLate(e: CandidateEdge, f: CandidateEdge): boolean {
    for (const column of e.changing) {
      if (!f.changing.has(column)) continue;
      const ofE = this.targetPlace(e, column);
      const ofF = this.targetPlace(f, column);
      const isLater = this.originRoutes.some(
        ({ route, statements }) => route.has(ofE) && statements.some((moved) => moved.has(ofF) && !moved.has(ofE)),
      );
      if (isLater) return true;
    }
    return false;
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

  private reach(start: string, follow: (hop: Hop) => boolean): Set<string> {
    const reached = new Set([start]);
    for (const place of reached) for (const hop of this.hops.get(place) ?? []) if (follow(hop)) reached.add(hop.to);
    return reached;
  }

  private routesOf(origin: string): { route: ReadonlySet<string>; statements: ReadonlySet<string>[] } {
    const route = this.reach(origin, () => true);
    const starts = new Set([origin]);
    for (const place of route) for (const hop of this.hops.get(place) ?? []) if (!hop.isCascade) starts.add(hop.to);
    return { route, statements: [...starts].map((start) => this.reach(start, (hop) => hop.isCascade)) };
  }
}
