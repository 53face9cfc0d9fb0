import type { Row } from '@dms/databases';
import { promised } from '@dms/model';
import { oncePerResource } from '../document-plans.ts';
import { type ColumnKey, columnKeys } from '../statements/column-keys.ts';
import type { DescriptorUris } from './descriptor-uris.ts';

/** Where the place of a row stands in it. */
interface PlaceKeys {
  readonly document: ColumnKey;
  /** Positions in the arrays around it, from outer to inner. */
  readonly ordinals: readonly ColumnKey[];
}

/** Of each table of a resource. */
export const placeKeys = oncePerResource(({ dialect, shape }): readonly PlaceKeys[] =>
  shape.tables.map(({ table }) => {
    const keys = columnKeys(dialect, table);
    const [document, ...ordinals] = table.key.columns.map(({ name }) => promised(keys.get(name), `the column ${name}`));
    return { document: promised(document, `the key of ${table.table.name}`), ordinals };
  }),
);

/**
 * The rows of one table of a page, in the order of their key. Documents are assembled in that order, so that the next row is always the
 * one that is asked for, or none is.
 */
class TableRows {
  private readonly rows: readonly Row[];
  private readonly keys: PlaceKeys;
  /** Position of the first row of each document. */
  private readonly starts = new Map<string, number>();
  private next = 0;
  private document: unknown;

  constructor(rows: readonly Row[], keys: PlaceKeys) {
    this.rows = rows;
    this.keys = keys;
    let last: unknown;
    rows.forEach((row, index) => {
      const id = row[keys.document];
      if (id !== last) this.starts.set(String(id), index);
      last = id;
    });
  }

  begin(documentId: string): void {
    const start = this.starts.get(documentId);
    this.next = start ?? this.rows.length;
    this.document = this.rows[this.next]?.[this.keys.document];
  }

  /** The next row where it belongs to the document and, as far as `depth` arrays, to the place. */
  private at(place: readonly number[], depth: number): Row | undefined {
    const row = this.rows[this.next];
    if (row === undefined || row[this.keys.document] !== this.document) return undefined;
    for (let level = 0; level < depth; level += 1)
      if (Number(row[this.keys.ordinals[level] ?? '']) !== place[level]) return undefined;
    return row;
  }

  take(place: readonly number[]): Row | undefined {
    const row = this.at(place, this.keys.ordinals.length);
    if (row) this.next += 1;
    return row;
  }

  /** Whether the array at a place has an element in this table at `position` or after it. */
  reaches(place: readonly number[], depth: number, position: number): boolean {
    for (let row = this.at(place, depth); row; row = this.at(place, depth)) {
      if (Number(row[this.keys.ordinals[depth] ?? '']) >= position) return true;
      this.next += 1;
    }
    return false;
  }
}

/** The rows of a page while its documents are assembled one after the other. */
export class PageRows {
  readonly uris: DescriptorUris;
  /** Positions in the arrays that are being assembled. */
  readonly place: number[] = [];
  /** Whether a descriptor was named whose URI is not known. */
  lacksUris = false;
  private readonly tables: readonly TableRows[];

  constructor(keys: readonly PlaceKeys[], answers: readonly (readonly Row[])[], uris: DescriptorUris) {
    this.uris = uris;
    this.tables = keys.map((each, index) => new TableRows(answers[index] ?? [], each));
  }

  begin(documentId: string): void {
    for (const table of this.tables) table.begin(documentId);
  }

  /** The row of a table at the place; none is given twice. */
  take(table: number): Row | undefined {
    return this.tables[table]?.take(this.place);
  }

  /** Whether the array at the place, inside `depth` others, goes on at `position`. */
  reaches(tables: readonly number[], depth: number, position: number): boolean {
    for (const table of tables) if (this.tables[table]?.reaches(this.place, depth, position)) return true;
    return false;
  }
}
