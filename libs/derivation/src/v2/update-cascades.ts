import { compareBy } from '@dms/canonical-json';
import { type DraftColumn, type DraftForeignKey, type DraftTable, storageOf } from '../draft/draft-table.ts';
import { DraftResource, type FinishedDraft, type ReferenceKey, relationalResources } from '../draft/model-draft.ts';

/** A reference key over which a changed identity can travel, from its target to its receiver (design 15 §9.3). */
export interface CascadeEdge {
  readonly key: ReferenceKey;
  readonly target: DraftTable;
  readonly receiver: DraftTable;
  /** The constraint, whose last columns are the document ids. */
  readonly constraint: DraftForeignKey;
  /** Whether the reference's document id is NOT NULL. */
  readonly isRequired: boolean;
}

/** Where a change begins. */
export interface CascadeOrigin {
  readonly table: DraftTable;
  /** An abstract identity table none of whose members can change. */
  readonly isImmutable: boolean;
}

/** The candidates of a schema set, in edge order, and the origins of changes, by table. */
export interface CascadeCandidates {
  readonly edges: readonly CascadeEdge[];
  readonly origins: readonly CascadeOrigin[];
}

const unitSeparator = '\u001f';
const joined = (columns: readonly DraftColumn[]) => columns.map(({ name }) => name).join(unitSeparator);

const edgeOrder = compareBy<CascadeEdge>(
  ({ receiver }) => receiver.qualified,
  ({ constraint }) => joined(constraint.columns),
  ({ target }) => target.qualified,
  ({ constraint }) => joined(constraint.targetColumns),
  ({ constraint }) => constraint.onDelete,
);

/** A key to an abstract resource always is a candidate, one to a concrete resource where that is transitively mutable. */
export function cascadeCandidates(draft: FinishedDraft, mutable: ReadonlySet<string>): CascadeCandidates {
  const edges = draft.referenceKeys
    .filter(({ target }) => !(target.resource instanceof DraftResource) || mutable.has(target.resource.label))
    .map((key): CascadeEdge => {
      const documentId = key.constraint.columns.at(-1);
      const isRequired = documentId !== undefined && !storageOf(documentId).isNullable;
      return { key, target: key.target.table, receiver: key.receiver, constraint: key.constraint, isRequired };
    })
    .sort(edgeOrder);
  const origins: CascadeOrigin[] = [
    ...[...draft.abstracts.values()].map(({ table, members }) => ({
      table,
      isImmutable: !members.some(({ resource }) => mutable.has(resource.label)),
    })),
    ...relationalResources(draft)
      .filter(({ input }) => input.allowIdentityUpdates)
      .map(({ root }) => ({ table: root, isImmutable: false })),
  ].sort(compareBy(({ table }) => table.qualified));
  return { edges, origins };
}
