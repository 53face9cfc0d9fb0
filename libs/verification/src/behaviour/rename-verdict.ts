import type { Inventory } from '@dms/inventory';
import { type ForeignKeyConstraint, qualified, type RelationalModelSet, type Table } from '@dms/model';
import type { QualifiedName, SqlDialect } from '@dms/sql';
import type { RowText } from '../verification-dialect.ts';
import type { RowsOf } from './selected-rows.ts';

/** The required outcome of an update of an identity; `open` if the model does not decide it. */
export type Verdict = 'accepted' | 'refused' | 'open';

interface Referrer {
  readonly key: ForeignKeyConstraint;
  readonly table: Table;
}

/** A value that changes in the rows of a document. */
interface ChangedValue {
  readonly table: QualifiedName;
  readonly column: string;
  readonly documentId: string;
}

/** A value that repeats another one over a key. */
interface RepeatedValue extends ChangedValue {
  readonly place: string;
  readonly isFollowing: boolean;
}

const place = (table: QualifiedName, column: string, row: string) => `${qualified(table)} ${column} ${row}`;

/**
 * Whether triggers carry changed identities to their copies, and not keys alone. The model does not say which of
 * several triggers and keys comes first (design 11 §3, 16 §8.2).
 */
export const isPropagatedByTriggers = ({ dialect, propagationFallbacks }: RelationalModelSet): boolean =>
  isAlwaysPropagatedByTriggers[dialect] || propagationFallbacks.length > 0;

const isAlwaysPropagatedByTriggers: Readonly<Record<SqlDialect, boolean>> = { pgsql: false, mssql: true };

/** What the keys and triggers of a model do with changed identities, as the model declares it (design 11 §5, 16 §8). */
export class RenameVerdicts {
  private readonly tables = new Map<string, Table>();
  private readonly referrers = new Map<string, Referrer[]>();
  private readonly copies = new Map<
    string,
    { readonly source: string; readonly table: QualifiedName; readonly column: string }[]
  >();
  private readonly isOpen: boolean;

  constructor(model: RelationalModelSet, { triggers }: Inventory) {
    const { resources, abstractIdentityTables } = model;
    const tables = [
      ...resources.flatMap(({ tablesInDependencyOrder }) => tablesInDependencyOrder),
      ...abstractIdentityTables.map(({ table }) => table),
    ];
    this.isOpen = isPropagatedByTriggers(model);
    for (const table of tables) {
      this.tables.set(qualified(table.table), table);
      for (const key of table.constraints) {
        if (key.kind !== 'ForeignKey') continue;
        const target = qualified(key.targetTable);
        this.referrers.set(target, [...(this.referrers.get(target) ?? []), { key, table }]);
      }
    }
    for (const trigger of triggers) {
      if (trigger.kind !== 'AbstractIdentityMaintenance') continue;
      const source = qualified(trigger.table);
      const found = trigger.targetColumnMappings.map(({ sourceColumn, targetColumn }) => ({
        source: this.stored(source, sourceColumn),
        table: trigger.targetTable,
        column: targetColumn,
      }));
      this.copies.set(source, [...(this.copies.get(source) ?? []), ...found]);
    }
  }

  private stored(table: string, column: string): string {
    const storage = this.tables.get(table)?.columns.find(({ name }) => name === column)?.storage;
    return storage?.kind === 'UnifiedAlias' ? storage.canonicalColumn : column;
  }

  /** The columns of other tables that repeat a value that changes, and whether they take over the new one. */
  private *repeating(rowsOf: RowsOf, changed: ChangedValue): Generator<RepeatedValue> {
    for (const { key, table } of this.referrers.get(qualified(changed.table)) ?? []) {
      const targetColumns: readonly string[] = key.targetColumns;
      const column = key.columns[targetColumns.indexOf(changed.column)];
      const reference = key.columns[targetColumns.indexOf('DocumentId')];
      if (column === undefined || reference === undefined) continue;
      for (const row of rowsOf(table.table).filter((entry) => entry[reference] === changed.documentId))
        yield {
          table: table.table,
          column,
          documentId: row.DocumentId ?? '',
          place: place(table.table, column, rowKey(table, row)),
          isFollowing: key.onUpdate === 'Cascade',
        };
    }
  }

  /** For an update of one column in the row of a document. */
  of(rowsOf: RowsOf, table: QualifiedName, column: string, documentId: string): Verdict {
    if (this.isOpen) return 'open';
    const reached = new Set<string>();
    const blocked: string[] = [];
    const waiting: ChangedValue[] = [{ table, column, documentId }];
    for (const next of waiting) {
      for (const copy of this.copies.get(qualified(next.table)) ?? [])
        if (copy.source === next.column)
          waiting.push({ table: copy.table, column: copy.column, documentId: next.documentId });
      for (const repeated of this.repeating(rowsOf, next)) {
        if (!repeated.isFollowing) blocked.push(repeated.place);
        else if (!reached.has(repeated.place)) {
          reached.add(repeated.place);
          waiting.push(repeated);
        }
      }
    }
    if (blocked.length === 0) return 'accepted';
    // the values that another key carries may still be right in the end
    return blocked.some((own) => !reached.has(own)) ? 'refused' : 'open';
  }
}

const rowKey = ({ key }: Table, row: RowText) => key.columns.map(({ name }) => row[name] ?? '').join(' ');
