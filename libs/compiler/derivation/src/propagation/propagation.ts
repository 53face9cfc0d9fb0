import type { Diagnostic } from '@dms/diagnostics';
import type { Deferral } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { groupBy } from '@dms/values';
import { type DraftColumn, type DraftForeignKey, type DraftTable, storageOf } from '../draft/draft-table.ts';
import {
  DraftResource,
  type FinishedDraft,
  labelOf,
  type ReferenceKey,
  relationalResources,
} from '../draft/model-draft.ts';

/** A reference key reduced to the document id, because a trigger updates its columns. */
interface FallbackEdge {
  readonly key: ReferenceKey;
  readonly target: DraftTable;
  readonly receiver: DraftTable;
  /** Target and local storage column of the key without the document id. */
  readonly pairs: readonly PropagatedPair[];
}

/** A dialect's decisions about the reference keys (design 11). The keys themselves are not changed. */
export interface Propagation {
  /** Keys that cascade updates. */
  readonly cascades: ReadonlySet<DraftForeignKey>;
  /** Keys whose check may wait for the end of the transaction. */
  readonly deferrable: ReadonlyMap<DraftForeignKey, Deferral>;
  readonly fallbacks: readonly FallbackEdge[];
  /** Notes for the schema author; they do not end the run. */
  readonly notes: readonly Diagnostic[];
}

/**
 * Decides how the reference keys of a schema set propagate a changed identity; each generation has a policy per
 * dialect.
 */
export type PropagationPolicy = (draft: FinishedDraft) => Propagation;

export type PropagationPolicies = Readonly<Record<SqlDialect, PropagationPolicy>>;

/**
 * A trigger-maintained hop: from the root of an identity-mutable member to its abstract identity table (design 11
 * §3.1).
 */
export interface MaintenanceEdge {
  readonly source: DraftTable;
  readonly target: DraftTable;
  /** Stored columns on both sides. */
  readonly pairs: readonly PropagatedPair[];
}

/** A pair of stored columns: the value of the first is copied to the second. */
export interface PropagatedPair {
  readonly source: DraftColumn;
  readonly target: DraftColumn;
}

export function maintenanceEdges(draft: FinishedDraft, mutable: ReadonlySet<string>): MaintenanceEdge[] {
  return [...draft.abstracts.values()].flatMap((abstract) =>
    abstract.members
      .filter(({ resource }) => mutable.has(resource.label))
      .map(({ resource, mappings }) => ({
        source: resource.root,
        target: abstract.table,
        pairs: mappings.map(({ source, target }) => ({ source: storageOf(source), target })),
      })),
  );
}

/**
 * PostgreSQL (design 11 §2): a reference key cascades if its target is abstract or in `mutable`, by label. Two kinds of
 * keys are deferrable. First, two cascading keys of the same table if one change can reach both targets: each key
 * writes the row, so an immediate check would see the row half updated. Second, keys by which a row below the root of a
 * document can refer to that document; `ownReferences` is their deferral.
 */
export function cascadeAll(draft: FinishedDraft, mutable: ReadonlySet<string>, ownReferences: Deferral): Propagation {
  const cascades = draft.referenceKeys.filter(
    ({ target: { resource } }) => !(resource instanceof DraftResource) || mutable.has(labelOf(resource)),
  );
  const edges = [
    ...cascades.map(({ target, receiver }) => ({ source: target.table, target: receiver })),
    ...maintenanceEdges(draft, mutable),
  ];
  const deferrable = new Map<DraftForeignKey, Deferral>();
  for (const { constraint } of keysThatMeet(draft, cascades, edges)) deferrable.set(constraint, true);
  for (const key of draft.referenceKeys)
    if (refersToOwnDocument(key) && !deferrable.has(key.constraint)) deferrable.set(key.constraint, ownReferences);
  return { cascades: new Set(cascades.map(({ constraint }) => constraint)), deferrable, fallbacks: [], notes: [] };
}

/** A change that passes from the rows of one table to the rows of another. */
interface IdentityChangeEdge {
  readonly source: DraftTable;
  readonly target: DraftTable;
}

/** The cascading keys whose target changes together with the target of another cascading key of the same table. */
function* keysThatMeet(
  draft: FinishedDraft,
  cascades: readonly ReferenceKey[],
  edges: readonly IdentityChangeEdge[],
): Generator<ReferenceKey> {
  const leaving = groupBy(edges, ({ source }) => source);
  const keysOfTables = [...groupBy(cascades, ({ receiver }) => receiver).values()].filter((keys) => keys.length > 1);
  for (const resource of relationalResources(draft)) {
    if (!resource.input.allowIdentityUpdates) continue;
    const reached = reachableFrom(resource.root, leaving);
    for (const keys of keysOfTables) {
      const fed = keys.filter(({ target }) => reached.has(target.table));
      if (fed.length > 1) yield* fed;
    }
  }
}

function reachableFrom(
  start: DraftTable,
  leaving: ReadonlyMap<DraftTable, readonly IdentityChangeEdge[]>,
): Set<DraftTable> {
  const reached = new Set([start]);
  for (const table of reached) for (const { target } of leaving.get(table) ?? []) reached.add(target);
  return reached;
}

/**
 * Whether a document can refer to itself by this key from a row below its root. When such a document is deleted,
 * PostgreSQL checks an immediate key before the cascade has removed that row.
 */
function refersToOwnDocument({ resource, receiver, target }: ReferenceKey): boolean {
  if (receiver === resource.root) return false;
  if (target.resource instanceof DraftResource) return target.resource === resource;
  return target.resource.members.some((member) => member.resource === resource);
}

/** Two resources by label: the identity of `dependent` changes with the identity of `target`. */
interface IdentityLink {
  readonly target: string;
  readonly dependent: string;
}

/** The references that are part of an identity. */
export const identityReferences = (draft: FinishedDraft): readonly IdentityLink[] =>
  relationalResources(draft).flatMap(({ label, bindings }) =>
    bindings
      .filter((binding) => binding.isIdentityComponent)
      .map(({ target }) => ({ target: target.label, dependent: label })),
  );

/** The labels of the resources whose flag allows changes of their identity. */
export const updatableResources = (draft: FinishedDraft): readonly string[] =>
  relationalResources(draft)
    .filter(({ input }) => input.allowIdentityUpdates)
    .map(({ label }) => label);

/** Some resources, and all resources whose identity changes with theirs over any number of links. */
export function resourcesChangingWith(labels: readonly string[], links: readonly IdentityLink[]): ReadonlySet<string> {
  const dependents = groupBy(links, ({ target }) => target);
  const queue = [...labels];
  const found = new Set<string>();
  for (let label = queue.pop(); label !== undefined; label = queue.pop()) {
    if (found.has(label)) continue;
    found.add(label);
    for (const { dependent } of dependents.get(label) ?? []) queue.push(dependent);
  }
  return found;
}
