import { compareOrdinal } from '@dms/canonical-json';
import type { CascadeEdge } from './update-cascades.ts';

/**
 * The tables of a circle of edges, in its direction, starting with the smallest name; undefined if there is no circle (design
 * 15 §9.3). If there are several circles, only the names of the tables decide which one is returned.
 */
export function findCascadeCycle(edges: readonly CascadeEdge[]): readonly string[] | undefined {
  const receivers = new Map<string, Set<string>>();
  for (const { target, receiver } of edges) {
    const known = receivers.get(target);
    if (known) known.add(receiver);
    else receivers.set(target, new Set([receiver]));
  }
  const receiversOf = (table: string) => [...(receivers.get(table) ?? [])].sort(compareOrdinal);
  const done = new Set<string>();
  for (const start of [...receivers.keys()].sort(compareOrdinal)) {
    // the path from the start; each table with its receivers that are not visited yet
    const way = [{ table: start, rest: receiversOf(start) }];
    const onWay = new Set([start]);
    for (let last = way.at(-1); last && !done.has(start); last = way.at(-1)) {
      const next = last.rest.shift();
      if (next === undefined) {
        done.add(last.table);
        onWay.delete(last.table);
        way.pop();
      } else if (onWay.has(next)) {
        const tables = way.map(({ table }) => table);
        const circle = tables.slice(tables.indexOf(next));
        const least = circle.indexOf([...circle].sort(compareOrdinal)[0] as string);
        return [...circle.slice(least), ...circle.slice(0, least)];
      } else if (!done.has(next)) {
        way.push({ table: next, rest: receiversOf(next) });
        onWay.add(next);
      }
    }
  }
  return undefined;
}
