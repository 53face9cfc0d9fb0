import { compareBy } from '@dms/files';
import type { ReferentialAction } from '@dms/model';
import { type DraftColumn, storageOf } from '../draft/draft-table.ts';
import { DraftResource, type FinishedDraft, type ReferenceKey, relationalResources } from '../draft/model-draft.ts';

/**
 * A key over which a changed identity can propagate, from the table that it refers to (the target) to the table that
 * has it (the receiver) (design 15 §9.3). Tables are `schema.table`; all names are full-length.
 */
export interface CascadeEdge {
  readonly target: string;
  readonly receiver: string;
  /**
   * Pairs of stored columns: a column of the receiver and the column of the target that it repeats. The document ids
   * come last.
   */
  readonly columns: readonly string[];
  readonly targetColumns: readonly string[];
  readonly onDelete: ReferentialAction;
  /** Whether the document id of the receiver is NOT NULL. */
  readonly isRequired: boolean;
}

/** The edge of a reference key. */
export interface KeyEdge extends CascadeEdge {
  readonly key: ReferenceKey;
}

/** A table where a change begins. */
export interface CascadeOrigin {
  readonly table: string;
  /** An abstract identity table whose members can never change. */
  readonly isImmutable: boolean;
}

const unitSeparator = '\u001f';
const joined = (columns: readonly string[]) => columns.join(unitSeparator);

/** The order in which edges are processed; it depends only on names. */
export const edgeOrder = compareBy<CascadeEdge>(
  ({ receiver }) => receiver,
  ({ columns }) => joined(columns),
  ({ target }) => target,
  ({ targetColumns }) => joined(targetColumns),
  ({ onDelete }) => onDelete,
);

const names = (columns: readonly DraftColumn[]) => columns.map(({ name }) => name);

function makeEdge(key: ReferenceKey): KeyEdge {
  const { columns, targetColumns, onDelete } = key.constraint;
  const documentId = columns.at(-1);
  return {
    key,
    target: key.target.table.qualified,
    receiver: key.receiver.qualified,
    columns: names(columns),
    targetColumns: names(targetColumns),
    onDelete,
    isRequired: documentId !== undefined && !storageOf(documentId).isNullable,
  };
}

/**
 * The candidate keys, in edge order: every key to an abstract resource, and keys to transitively mutable concrete
 * resources.
 */
export function cascadeCandidates(draft: FinishedDraft, mutable: ReadonlySet<string>): KeyEdge[] {
  return draft.referenceKeys
    .filter(({ target }) => !(target.resource instanceof DraftResource) || mutable.has(target.resource.label))
    .map(makeEdge)
    .sort(edgeOrder);
}

/** The tables where a change can begin: abstract identity tables, and roots whose identity may be updated; by name. */
export function cascadeOrigins(draft: FinishedDraft, mutable: ReadonlySet<string>): CascadeOrigin[] {
  const abstract = [...draft.abstracts.values()].map(({ table, members }) => ({
    table: table.qualified,
    isImmutable: !members.some(({ resource }) => mutable.has(resource.label)),
  }));
  const flagged = relationalResources(draft)
    .filter(({ input }) => input.allowIdentityUpdates)
    .map(({ root }) => ({ table: root.qualified, isImmutable: false }));
  return [...abstract, ...flagged].sort(compareBy(({ table }) => table));
}
