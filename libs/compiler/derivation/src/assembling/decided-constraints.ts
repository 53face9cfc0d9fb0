import type { Deferral, FinalName, FullName, ReferentialAction } from '@dms/model';
import { type DialectRules, limitIdentifier } from '@dms/sql';
import type { DraftConstraint, DraftForeignKey, DraftTable } from '../draft/draft-table.ts';
import { allTables, type FinishedDraft } from '../draft/model-draft.ts';
import { constraintName, primaryKeyName } from '../naming/constraint-name.ts';
import { constraintSignature, primaryKeySignature } from '../naming/constraint-signature.ts';
import type { Propagation } from '../propagation/propagation.ts';

/** A constraint in one dialect: its name, and the decisions of identity propagation. */
export interface DecidedConstraint {
  /** The constraint; a key that falls back to a trigger is reduced to the document id. */
  readonly constraint: DraftConstraint;
  readonly name: DecidedName;
  readonly onUpdate: ReferentialAction;
  readonly deferrable: Deferral;
}

export interface DecidedName {
  readonly full: FullName;
  readonly final: FinalName;
  /**
   * The meaning of the constraint, which distinguishes names that shortening made equal. Computed on demand, because
   * few names need it.
   */
  readonly signature: () => string;
}

export interface DecidedTable {
  readonly primaryKey: DecidedName;
  readonly constraints: readonly DecidedConstraint[];
}

/**
 * The constraints of all tables for one dialect. Names that are too long are cut and get a hash of the constraint's
 * meaning in full names (design 03 §6.3).
 */
export function decideConstraints(
  draft: FinishedDraft,
  rules: DialectRules,
  { cascades, deferrable, fallbacks }: Propagation,
): ReadonlyMap<DraftTable, DecidedTable> {
  const fallbackKeys = new Set<DraftConstraint>(fallbacks.map(({ key }) => key.constraint));
  const named = (full: FullName, signature: () => string): DecidedName => ({
    full,
    final: limitIdentifier(rules, full, signature),
    signature,
  });
  const decide = (table: DraftTable, of: DraftConstraint): DecidedConstraint => {
    if (of.kind !== 'ForeignKey') {
      const name = named(constraintName(table, of), () => constraintSignature(table, of));
      return { constraint: of, name, onUpdate: 'NoAction', deferrable: false };
    }
    const constraint = fallbackKeys.has(of) ? reduced(of) : of;
    const onUpdate = cascades.has(of) ? 'Cascade' : 'NoAction';
    const name = named(constraintName(table, constraint), () => constraintSignature(table, constraint, onUpdate));
    return { constraint, name, onUpdate, deferrable: deferrable.get(of) ?? false };
  };
  return new Map(
    allTables(draft).map((table) => [
      table,
      {
        primaryKey: named(primaryKeyName(table.table.name), () => primaryKeySignature(table)),
        constraints: table.constraints.map((constraint) => decide(table, constraint)),
      },
    ]),
  );
}

const reduced = (key: DraftForeignKey): DraftForeignKey => ({
  ...key,
  columns: key.columns.slice(0, 1),
  targetColumns: key.targetColumns.slice(0, 1),
});
