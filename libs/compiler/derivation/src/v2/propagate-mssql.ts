import { diagnostic, listOfNames } from '@dms/diagnostics';
import { compareOrdinal, groupBy } from '@dms/values';
import { failResource } from '../input/resource-entry.ts';
import { constraintName } from '../naming/constraint-name.ts';
import type { PropagationPolicy } from '../propagation/propagation.ts';
import { type CascadeEdge, cascadeCandidates, cascadeOrigins, type KeyEdge } from './cascade-edges.ts';
import { transitivelyMutableResources } from './identity-mutable.ts';
import { pruneCascades, type UnsafeConvergence } from './prune-cascades.ts';

/** SQL Server (design 15 §9.3): the candidates cascade, except those that pruning cuts; adds a note for each cut. */
export const propagateMssql: PropagationPolicy = (draft) => {
  const mutable = transitivelyMutableResources(draft);
  const edges = cascadeCandidates(draft, mutable);
  refuseCycle(edges);
  const pruned = pruneCascades(edges, cascadeOrigins(draft, mutable));
  if ('unsafe' in pruned) return refuseUnsafe(pruned.unsafe);
  const { cut } = pruned;
  const kept = edges.filter((edge) => !cut.has(edge));
  const keptInto = groupBy(kept, ({ receiver }) => receiver);
  const movedIn = (receiver: string) => new Set(keptInto.get(receiver)?.flatMap(({ columns }) => columns.slice(0, -1)));
  return {
    cascades: new Set(kept.map(({ key }) => key.constraint)),
    deferrable: new Map(),
    fallbacks: [],
    notes: edges.filter((edge) => cut.has(edge)).map((edge) => writeNote(edge, movedIn(edge.receiver))),
  };
};

function refuseCycle(edges: readonly KeyEdge[]): void {
  const tables = findCascadeCycle(edges);
  if (!tables) return;
  const closing = edges.find(({ target, receiver }) => target === tables.at(-1) && receiver === tables[0]) as KeyEdge;
  const { resource, binding } = closing.key;
  const text = `on SQL Server a change of identity would propagate in a circle: ${[...tables, tables[0]].join(' → ')}; only version v1 of the mapping can store such a schema there`;
  failResource('MSSQL_CASCADE_CYCLE', resource.label, text, binding.referenceObjectPath.canonical, { tables });
}

/**
 * The tables of a circle of edges, in its direction, starting with the smallest name; undefined if there is no circle
 * (design 15 §9.3). If there are several circles, only the names of the tables decide which one is returned.
 */
function findCascadeCycle(edges: readonly CascadeEdge[]): readonly string[] | undefined {
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

function refuseUnsafe({ origin, receiver, choices, reason }: UnsafeConvergence<KeyEdge>): never {
  const { resource, binding } = (choices[0] as KeyEdge).key;
  const constraints = choices.map(nameOf);
  const text = `on SQL Server a change of ${origin} would reach ${receiver} over several keys (${constraints.join(', ')}), and none of them can be kept as the only one: ${reason}; only version v1 of the mapping can store such a schema there`;
  const details = { origin, receiver, constraints, reason };
  return failResource('MSSQL_CASCADE_UNSAFE', resource.label, text, binding.referenceObjectPath.canonical, details);
}

const nameOf = ({ key }: KeyEdge) => constraintName(key.receiver, key.constraint);

/** The consequence of cutting a key; `moved` are the columns of its table that other keys update. */
function writeNote(edge: KeyEdge, moved: ReadonlySet<string>) {
  const { resource, binding } = edge.key;
  const name = nameOf(edge);
  const unmoved = edge.columns.slice(0, -1).filter((column) => !moved.has(column));
  const { receiver, target } = edge;
  const consequence =
    unmoved.length === 0
      ? 'the other keys update its columns'
      : `none of the other keys updates ${listOfNames(unmoved)}, so while a row of ${receiver} refers to a row of ${target} over this key, the server refuses to change the values there that are repeated in ${unmoved.length === 1 ? 'this column' : 'these columns'}`;
  const text = `${resource.label}: on SQL Server the key ${name} of ${receiver} to ${target} does not cascade, because a change would reach ${receiver} over several keys; ${consequence}.`;
  const where = { resource: resource.label, path: binding.referenceObjectPath.canonical };
  return diagnostic('PROPAGATION_CUT', text, where, { receiver, target, key: name, unmoved });
}
