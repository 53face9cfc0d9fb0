import type { Row } from '@dms/databases';
import type { DescriptorUris } from './descriptor-uris.ts';
import type { PlacedRows } from './reading-rules.ts';

/**
 * The rows of one table of a page, in the order of their places. Documents are assembled in that order, so the next row
 * is either the requested one, or the requested one does not exist.
 */
class TableRows {
  private readonly placed: PlacedRows;
  /** The position of the first row of each document. */
  private readonly starts = new Map<string, number>();
  private next = 0;
  private document: unknown;

  constructor(placed: PlacedRows) {
    this.placed = placed;
    let last: unknown;
    for (let index = 0; index < placed.rows.length; index += 1) {
      const id = placed.documentAt(index);
      if (id !== last) this.starts.set(String(id), index);
      last = id;
    }
  }

  begin(documentId: string): void {
    const start = this.starts.get(documentId);
    this.next = start ?? this.placed.rows.length;
    this.document = this.placed.documentAt(this.next);
  }

  /** The next row if it belongs to the document and, for the first `depth` arrays, to the place. */
  private at(place: readonly number[], depth: number): Row | undefined {
    const row = this.placed.rows[this.next];
    if (row === undefined || this.placed.documentAt(this.next) !== this.document) return undefined;
    for (let level = 0; level < depth; level += 1)
      if (this.placed.ordinalAt(this.next, level) !== place[level]) return undefined;
    return row;
  }

  take(place: readonly number[]): Row | undefined {
    const row = this.at(place, this.placed.depth);
    if (row) this.next += 1;
    return row;
  }

  /** Whether the array at a place has an item in this table at `position` or after it. */
  reaches(place: readonly number[], depth: number, position: number): boolean {
    for (let row = this.at(place, depth); row; row = this.at(place, depth)) {
      if (this.placed.ordinalAt(this.next, depth) >= position) return true;
      this.next += 1;
    }
    return false;
  }
}

/** A value of a document that no document can hold. */
export interface UnwritableValue {
  readonly path: string;
  readonly column: string;
  /** As the engine shows it. */
  readonly shown: string;
}

/** The rows of a page, while its documents are assembled one after the other. */
export class PageRows {
  readonly uris: DescriptorUris;
  /** The positions in the arrays that are being assembled. */
  readonly place: number[] = [];
  /** Whether a descriptor with an unknown URI was found. */
  lacksUris = false;
  /** The first such value of each document that has one. */
  readonly unwritable = new Map<string, UnwritableValue>();
  private documentId = '';
  private readonly tables: readonly (TableRows | null)[];
  /** Those of {@link tables} that have rows. */
  private readonly filled: readonly TableRows[];

  constructor(tables: readonly PlacedRows[], uris: DescriptorUris) {
    this.uris = uris;
    this.tables = tables.map((placed) => (placed.rows.length > 0 ? new TableRows(placed) : null));
    this.filled = this.tables.filter((table) => table !== null);
  }

  begin(documentId: string): void {
    this.documentId = documentId;
    for (const table of this.filled) table.begin(documentId);
  }

  /** Notes that the present document has a value that it cannot hold. */
  refuse(value: UnwritableValue): void {
    if (!this.unwritable.has(this.documentId)) this.unwritable.set(this.documentId, value);
  }

  /** The row of a table at the place; each row is returned only once. */
  take(table: number): Row | undefined {
    return this.tables[table]?.take(this.place);
  }

  /** Whether the array at the place, inside `depth` others, continues at `position`. */
  reaches(tables: readonly number[], depth: number, position: number): boolean {
    for (const table of tables) if (this.tables[table]?.reaches(this.place, depth, position)) return true;
    return false;
  }
}
