import { fail } from '@dms/diagnostics';
import { mustExist, qualified } from '@dms/model';
import type { CheckedDocument, CheckedRow } from '../checking/checked-document.ts';
import type { StoredTables, WrittenId } from '../document-generation.ts';
import type { StoredRow } from '../statements/document-statements.ts';
import type { ResolvedIds } from '../writing/table-rows.ts';
import { parentsFirst } from './reading-rules.ts';
import { type MergingTableWriter, resourceWriter } from './table-rows.ts';

/** A row to be stored; its ids may not be known yet. */
export interface WantedRow {
  readonly values: StoredRow;
  readonly document: WrittenId;
  /** The parent row; for a root row, the document. */
  readonly parent: WrittenId;
  readonly row: WrittenId;
}

/** The changes to one table for a document. */
interface MergedTable {
  /** The ids of stored rows that the document does not have. */
  readonly deleted: readonly string[];
  readonly updated: readonly WantedRow[];
  /**
   * Whether two or more rows are updated and one of them changes its position; then all of them are written twice
   * (design 17 §7.4).
   */
  readonly isReordered: boolean;
  /** The positions below zero that another program gave to updated rows. */
  readonly belowZero: readonly string[];
  readonly inserted: readonly WantedRow[];
}

/** The changes to the database for a document. */
export interface DocumentMerge {
  /** The changes by table, in the order of the plan. */
  readonly tables: readonly MergedTable[];
  /** The ids of the new rows of collections, in the order of their parents. */
  readonly newIds: readonly WrittenId[];
}

interface CurrentRow {
  readonly id: string;
  readonly values: StoredRow;
}

/**
 * Compares the rows of a document with the stored rows. An item is matched by its semantic identity within the same
 * parent row (design 17 §7.3). A new document has no stored rows.
 */
export function mergeDocument(
  checked: CheckedDocument,
  document: WrittenId,
  ids: ResolvedIds,
  stored: StoredTables,
): DocumentMerge {
  const { plans } = checked;
  const { tables } = resourceWriter(plans);
  const parents = new WantedParents(document, tables);
  const newIds: WrittenId[] = [];
  const changes: MergedTable[] = [];
  for (const index of parentsFirst(plans)) {
    const writer = mustExist(tables[index], 'the writer of a table');
    const { merging, compared, shape } = writer;
    const current = currentRows(writer, stored[index] ?? [], document);
    const kept = new Set<CurrentRow>();
    const updated: WantedRow[] = [];
    const inserted: WantedRow[] = [];
    const belowZero: string[] = [];
    let isMoved = false;
    for (const row of checked.rows[index] ?? []) {
      const parent = parents.of(writer, row);
      const given = writer.rowOf(row, ids, (part) =>
        part === 'ordinal' ? String(mustExist(row.ordinals[shape.depth - 1], 'the position of an element')) : null,
      );
      // no row is stored below a new row
      const old = parent.id === null ? undefined : current.get(rowKey(writer, parent.id, given));
      const values = old ? writer.withStoredTexts(given, old.values) : given;
      const own: WrittenId = merging ? { id: old?.id ?? null } : parent;
      parents.add(index, row, own);
      const wanted = { values, document, parent, row: own };
      if (!old) {
        inserted.push(wanted);
        continue;
      }
      kept.add(old);
      if (compared.every((each) => values[each] === old.values[each])) continue;
      updated.push(wanted);
      if (merging === null) continue;
      const position = String(old.values[merging.ordinal]);
      isMoved ||= values[merging.ordinal] !== position;
      if (Number(position) < 0) belowZero.push(position);
    }
    if (merging) for (const { row } of inserted) newIds.push(row);
    const deleted = [...current.values()].filter((row) => !kept.has(row)).map(({ id }) => id);
    changes[index] = { deleted, updated, isReordered: isMoved && updated.length > 1, belowZero, inserted };
  }
  return { tables: changes, newIds };
}

/** Finds the parent row; for rows of the root table and of its extension it is the document itself. */
class WantedParents {
  private readonly byTable = new Map<number, Map<string, WrittenId>>();
  private readonly document: WrittenId;
  private readonly tables: readonly MergingTableWriter[];

  constructor(document: WrittenId, tables: readonly MergingTableWriter[]) {
    this.document = document;
    this.tables = tables;
  }

  of({ shape: { parent } }: MergingTableWriter, { ordinals, place }: CheckedRow): WrittenId {
    if (parent === null) return this.document;
    const { depth } = mustExist(this.tables[parent], 'the writer of a table').shape;
    if (depth === 0) return this.document;
    const found = this.byTable.get(parent)?.get(ordinals.slice(0, depth).join());
    return mustExist(found, `the row around ${place}`);
  }

  add(table: number, { ordinals }: CheckedRow, row: WrittenId): void {
    const rows = this.byTable.get(table) ?? new Map<string, WrittenId>();
    rows.set(ordinals.join(), row);
    this.byTable.set(table, rows);
  }
}

/** The stored rows of one table, by the key by which a wanted row is matched. */
function currentRows(
  writer: MergingTableWriter,
  rows: StoredTables[number],
  document: WrittenId,
): ReadonlyMap<string, CurrentRow> {
  const { merging, parentLocator, plan, shape, storedRow } = writer;
  const found = new Map<string, CurrentRow>();
  for (const row of rows) {
    const values = storedRow(row);
    const parent = String(parentLocator < 0 ? document.id : values[parentLocator]);
    const id = String(merging ? values[merging.rowIdentity] : parent);
    const key = rowKey(writer, parent, values);
    const other = found.get(key);
    if (other) {
      const table = qualified(plan.tableModel.table);
      const details = { table, documentId: document.id, rowIds: [other.id, id] };
      const text = `The document ${document.id} has two rows in ${table}, ${other.id} and ${id}, that are the same item of ${shape.table.jsonScope.canonical}: the values that distinguish items are equal. Delete one of them, then write the document again.`;
      return fail('DOCUMENT_STORED_DUPLICATE', text, {}, details);
    }
    found.set(key, { id, values });
  }
  return found;
}

const rowKey = ({ merging, comparedValue }: MergingTableWriter, parent: string, values: StoredRow): string =>
  merging === null || merging.identity.length === 0
    ? parent
    : JSON.stringify([parent, ...merging.identity.map((index) => comparedValue(values, index))]);

/** Whether the stored rows of a document equal the wanted rows (design 17 §7.5). */
export const isUnchanged = ({ tables }: DocumentMerge): boolean =>
  tables.every(({ deleted, updated, inserted }) => deleted.length + updated.length + inserted.length === 0);
