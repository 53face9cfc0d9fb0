import type { CascadeWalk } from './cascade-walk.ts';
import type { CascadeEdge } from './update-cascades.ts';

/**
 * Why an edge into a table must not be cut while another one stays; undefined if the remaining edge updates every column that
 * both have (design 15 §9.3).
 */
export function cutHindrance<Edge extends CascadeEdge>(
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
    const fromCut = walk.sourceOf(cut.target, cut.targetColumns[index] as string);
    const fromKept = walk.sourceOf(kept.target, kept.targetColumns[at] as string);
    if (!fromCut || !fromKept) return `${column} repeats a document id`;
    const affected = [fromCut, fromKept].filter(({ table }) => table === origin).length;
    if (affected === 0) continue;
    if (affected === 1) return `only one of the references updates ${column}`;
    if (!kept.isRequired) return `the reference that would update ${column} is optional`;
    if (fromCut.column !== fromKept.column) return `${column} repeats two values of ${origin}`;
  }
  return undefined;
}
