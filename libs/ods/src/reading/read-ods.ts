import { type Connection, expectNotCancelled, rolledBack } from '@dms/databases';
import type { RelationalModelSet } from '@dms/model';
import type { OdsMapping } from '../mapping/ods-mapping.ts';
import type { OdsDocument } from './ods-document.ts';
import { type OdsReading, type OnRefused, type OpenOdsOptions, openOds } from './open-ods.ts';
import type { OdsChange } from './read-changes.ts';

export interface OdsReadOptions extends OpenOdsOptions {
  /** Called for the rows of each document that cannot be made; the reader goes on. */
  readonly onRefused: OnRefused;
  /** Called for each delete and each changed key that the source has recorded after `since`, at the end. */
  readonly onChange?: ((change: OdsChange) => Promise<void>) | undefined;
  /** Called now and then with the table that is read. */
  readonly onProgress?: ((progress: OdsProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface OdsProgress {
  readonly table: string;
  readonly documents: number;
  readonly rows: number;
  /** Rows of all tables that are read. */
  readonly allRows: number;
}

const progressStep = 500;

/**
 * Reads the documents of an ODS in one transaction that sees a single moment: descriptors first, then tree by tree,
 * each table once and sorted by its key, so that memory does not grow with the database (design 19 §10). Rows from
 * which no document can be made go to `onRefused`. Throws `ODS_TABLE_MISSING`, `ODS_COLUMN_MISSING`, `ODS_COLUMN_TYPE`
 * and `ODS_UNREAD_ROWS` before it reads, `ODS_ROWS_DIFFER` at the end, and `DB_*`.
 */
export function readOds(
  connection: Connection,
  mapping: OdsMapping,
  model: RelationalModelSet,
  write: (document: OdsDocument) => Promise<void>,
  options: OdsReadOptions,
): Promise<OdsReading> {
  const { onRefused, onProgress, signal } = options;
  const read = async () => {
    const ods = await openOds(connection, mapping, model, options);
    const { allRows } = ods;
    let documents = 0;
    const report = (table: string) => onProgress?.({ table, documents, rows: ods.rows, allRows });
    const count = (table: string) => {
      documents += 1;
      if (documents % progressStep === 0) report(table);
    };
    const pass = async (table: string, found: AsyncGenerator<OdsDocument, void>) => {
      report(table);
      for await (const document of found) {
        expectNotCancelled(signal, 'The reading of the ODS was cancelled; nothing of it is left.');
        await write(document);
        count(table);
      }
    };
    await pass('descriptors', ods.descriptors(onRefused));
    for (const tree of ods.trees) await pass(tree.table, tree.documents(onRefused));
    for await (const change of ods.changes()) await options.onChange?.(change);
    return ods.finish();
  };
  return rolledBack(connection, read, 'reading');
}
