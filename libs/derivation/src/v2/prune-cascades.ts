import type { DraftColumn, DraftTable } from '../draft/draft-table.ts';
import { failResource } from '../input/resource-entry.ts';
import { type Arrival, CascadeEdges, type Convergence, nearestConvergence, walkCascades } from './cascade-walk.ts';
import type { CascadeCandidates, CascadeEdge, CascadeOrigin } from './update-cascades.ts';

/** One of the edges into a table stays; the others are cut. */
interface Decision {
  readonly origin: number;
  readonly receiver: DraftTable;
  readonly choices: readonly CascadeEdge[];
  /** Index of the edge that stays. */
  readonly kept: number;
}

type Arrivals = ReadonlyMap<DraftTable, Arrival>;

const isLast = (columns: readonly DraftColumn[], index: number) => index === columns.length - 1;

/** Where the value of a column comes from: the last table and column on the way back over the edges of first arrival. */
function trace(
  { target, constraint }: CascadeEdge,
  index: number,
  arrivals: Arrivals,
): { readonly table: DraftTable; readonly column: DraftColumn } | 'documentId' {
  let table = target;
  let column = constraint.targetColumns[index] as DraftColumn;
  for (let edge = arrivals.get(table)?.edge; edge; edge = arrivals.get(table)?.edge) {
    const { columns, targetColumns } = edge.constraint;
    const at = columns.indexOf(column);
    if (at < 0) break;
    if (isLast(columns, at)) return 'documentId';
    table = edge.target;
    column = targetColumns[at] as DraftColumn;
  }
  return { table, column };
}

/** Why `cut` must not be cut while `kept` stays; undefined when `kept` moves everything that `cut` would (design 15 §9.3). */
function hindrance(cut: CascadeEdge, kept: CascadeEdge, origin: DraftTable, arrivals: Arrivals): string | undefined {
  const cutColumns = cut.constraint.columns.slice(0, -1);
  const keptColumns = kept.constraint.columns;
  for (const [index, column] of cutColumns.entries()) {
    const at = keptColumns.indexOf(column);
    if (at < 0) continue;
    if (isLast(keptColumns, at)) return `${column.name} is the document id of the other reference`;
    const [fromCut, fromKept] = [trace(cut, index, arrivals), trace(kept, at, arrivals)];
    if (fromCut === 'documentId' || fromKept === 'documentId') return `${column.name} repeats a document id`;
    const affected = [fromCut, fromKept].filter(({ table }) => table === origin).length;
    if (affected === 0) continue;
    if (affected === 1) return `only one of the two references moves ${column.name}`;
    if (!kept.isRequired) return `the reference that would move ${column.name} is optional`;
    if (fromCut.column !== fromKept.column) return `${column.name} repeats two values of ${origin.qualified}`;
  }
  return undefined;
}

/** Selects which edges stay, so that no change reaches a table twice (design 15 §9.3). */
class CascadePruning {
  readonly cut = new Set<CascadeEdge>();
  private readonly origins: readonly CascadeOrigin[];
  private readonly edges: CascadeEdges;
  private readonly decisions: Decision[] = [];
  private readonly retained = new Map<CascadeEdge, number>();
  /** Per origin and receiver the index of the first edge that is tried. */
  private readonly starts = new Map<string, number>();

  constructor({ edges, origins }: CascadeCandidates) {
    this.origins = origins;
    this.edges = new CascadeEdges(edges);
  }

  /** A cut gives no other origin a new convergence, so origins that are done stay so; undoing goes back to the undone one. */
  run(): void {
    let index = 0;
    for (let origin = this.origins[index]; origin; origin = this.origins[index]) {
      const arrivals = walkCascades(origin.table, this.edges, this.cut);
      const convergence = nearestConvergence(arrivals, this.edges, this.cut);
      index = convergence ? this.resolve(index, origin, convergence, arrivals) : index + 1;
    }
  }

  /** Decides about one convergence, or goes back; returns the origin to go on with. */
  private resolve(index: number, origin: CascadeOrigin, convergence: Convergence, arrivals: Arrivals): number {
    const { receiver, choices } = convergence;
    const start = this.starts.get(placeOf(index, receiver)) ?? 0;
    for (let kept = start; kept < choices.length; kept += 1) {
      if (this.reasonAgainst(choices, kept, origin, arrivals) !== undefined) continue;
      this.commit({ origin: index, receiver, choices, kept });
      return index;
    }
    const last = this.decisions.findLastIndex((decision) => decision.choices.some((edge) => choices.includes(edge)));
    const undone = this.decisions[last];
    if (undone) {
      this.undoFrom(last);
      this.starts.set(placeOf(undone.origin, undone.receiver), undone.kept + 1);
      return undone.origin;
    }
    if (!origin.isImmutable || start >= choices.length) this.refuse(convergence, origin, arrivals);
    this.commit({ origin: index, receiver, choices, kept: start });
    return index;
  }

  /** Why the edge at `kept` cannot be the one that stays. */
  private reasonAgainst(
    choices: readonly CascadeEdge[],
    kept: number,
    origin: CascadeOrigin,
    arrivals: Arrivals,
  ): string | undefined {
    const survivor = choices[kept] as CascadeEdge;
    for (const edge of choices) {
      if (edge === survivor) continue;
      if (this.retained.has(edge)) return 'another decision needs the edge that would be cut';
      const found = hindrance(edge, survivor, origin.table, arrivals);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private commit(decision: Decision): void {
    decision.choices.forEach((edge, position) => {
      if (position !== decision.kept) this.cut.add(edge);
    });
    const survivor = decision.choices[decision.kept] as CascadeEdge;
    this.retained.set(survivor, (this.retained.get(survivor) ?? 0) + 1);
    this.decisions.push(decision);
  }

  private undoFrom(first: number): void {
    const undone = this.decisions.splice(first);
    for (const { origin, receiver, choices, kept } of undone) {
      choices.forEach((edge, position) => {
        if (position !== kept) this.cut.delete(edge);
      });
      const survivor = choices[kept] as CascadeEdge;
      const count = (this.retained.get(survivor) ?? 0) - 1;
      if (count > 0) this.retained.set(survivor, count);
      else this.retained.delete(survivor);
      this.starts.delete(placeOf(origin, receiver));
    }
  }

  private refuse({ receiver, choices }: Convergence, origin: CascadeOrigin, arrivals: Arrivals): never {
    const { resource, binding } = (choices[0] as CascadeEdge).key;
    const reason = this.reasonAgainst(choices, 0, origin, arrivals) ?? '';
    const keys = choices.map(({ key }) => key.binding.referenceObjectPath.canonical);
    const text = `on SQL Server a change of ${origin.table.qualified} would reach ${receiver.qualified} over several references (${keys.join(', ')}), and none of them can stay alone: ${reason}`;
    return failResource('MSSQL_CASCADE_UNSAFE', resource.label, text, binding.referenceObjectPath.canonical, {
      origin: origin.table.qualified,
      receiver: receiver.qualified,
      references: keys,
      reason,
    });
  }
}

const placeOf = (origin: number, receiver: DraftTable) => `${origin} ${receiver.qualified}`;

/**
 * The edges that must not cascade on SQL Server, which refuses a second way from one table to another (error 1785). Of the edges that
 * a change would reach a table over, one stays that moves everything the others would move. Throws `MSSQL_CASCADE_UNSAFE` where
 * there is none.
 */
export function prunedCascades(candidates: CascadeCandidates): ReadonlySet<CascadeEdge> {
  const pruning = new CascadePruning(candidates);
  pruning.run();
  return pruning.cut;
}
