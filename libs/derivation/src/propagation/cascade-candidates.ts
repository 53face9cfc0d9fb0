import type { Deferral } from '@dms/model';
import type { DraftForeignKey, DraftTable } from '../draft/draft-table.ts';
import { DraftResource, type FinishedDraft, labelOf, type ReferenceKey, relationalResources } from '../draft/model-draft.ts';
import { maintenanceEdges } from './maintenance-edges.ts';
import type { Propagation } from './propagation.ts';

function reachableFrom(start: DraftTable, next: ReadonlyMap<DraftTable, readonly DraftTable[]>): Set<DraftTable> {
  const reached = new Set([start]);
  for (const table of reached) for (const neighbour of next.get(table) ?? []) reached.add(neighbour);
  return reached;
}

/**
 * Whether a document can refer to itself through this key from a row below its root. When such a document is deleted,
 * PostgreSQL checks an immediate key before the cascade has removed that row.
 */
function refersToOwnDocument({ resource, receiver, target }: ReferenceKey): boolean {
  if (receiver === resource.root) return false;
  if (target.resource instanceof DraftResource) return target.resource === resource;
  return target.resource.members.some((member) => member.resource === resource);
}

/**
 * PostgreSQL (design 11 §2): a reference key cascades when its target is abstract or in `mutable`, by label. Two kinds of keys are
 * deferrable. Two cascading keys of one table, when one change can reach both of their targets: the row is then written once per
 * key, and an immediate check would meet a half-updated state. And keys with which a document can refer to itself from a row below
 * its root; `ownReferences` says how these wait.
 */
export function cascadeAll(draft: FinishedDraft, mutable: ReadonlySet<string>, ownReferences: Deferral): Propagation {
  const cascades: ReferenceKey[] = [];
  for (const key of draft.referenceKeys) {
    const isAbstract = !(key.target.resource instanceof DraftResource);
    if (!isAbstract && !mutable.has(labelOf(key.target.resource))) continue;
    cascades.push(key);
  }
  const next = new Map<DraftTable, DraftTable[]>();
  const keysOf = new Map<DraftTable, ReferenceKey[]>();
  const push = <Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value) => {
    const list = map.get(key);
    if (list) list.push(value);
    else map.set(key, [value]);
  };
  for (const key of cascades) {
    push(next, key.target.table, key.receiver);
    push(keysOf, key.receiver, key);
  }
  for (const { source, target } of maintenanceEdges(draft, mutable)) push(next, source, target);
  const deferrable = new Map<DraftForeignKey, Deferral>();
  const shared = [...keysOf.values()].filter((keys) => keys.length > 1);
  for (const resource of relationalResources(draft)) {
    if (!resource.input.allowIdentityUpdates) continue;
    const reached = reachableFrom(resource.root, next);
    for (const keys of shared) {
      const fed = keys.filter((key) => reached.has(key.target.table));
      if (fed.length > 1) for (const key of fed) deferrable.set(key.constraint, true);
    }
  }
  for (const key of draft.referenceKeys)
    if (refersToOwnDocument(key) && !deferrable.has(key.constraint)) deferrable.set(key.constraint, ownReferences);
  return { cascades: new Set(cascades.map(({ constraint }) => constraint)), deferrable, fallbacks: [], notes: [] };
}
