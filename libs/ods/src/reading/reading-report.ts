import { type Diagnostic, type DiagnosticCode, diagnostic, type RowPlace, rowText } from '@dms/diagnostics';
import { compareBy, type JsonObject } from '@dms/files';

/** What a copy of an ODS has less or more than the documents that its rows came from (design 19 §10.6). */
export type LossCode = Extract<
  DiagnosticCode,
  'ODS_ORDER_LOST' | 'ODS_REFERENCE_IMPLIED' | 'ODS_MONEY_ROUNDED' | 'ODS_REFERENCE_PARTIAL' | 'ODS_NAME_COLLISION'
>;

/** A row from which no document can be made (design 19 §10.7). */
export type RowProblemCode = Extract<
  DiagnosticCode,
  | 'ODS_VALUE_MISSING'
  | 'ODS_VALUE_REJECTED'
  | 'ODS_DESCRIPTOR_UNKNOWN'
  | 'ODS_PERSON_UNKNOWN'
  | 'ODS_SUBCLASS_UNKNOWN'
  | 'ODS_ROW_ORPHANED'
  | 'ODS_KEY_REPEATED'
>;

/** A loss or an addition, counted. */
export interface Loss {
  readonly code: LossCode;
  readonly resource: string;
  readonly path: string;
  /** The column that is the reason, if there is one: `schema.Table.Column`. */
  readonly column?: string | undefined;
  /** The documents, items or values that it concerns. */
  readonly count: number;
}

/** What became of the rows of a table. */
export interface TableRows {
  /** Those that were read. */
  rows: number;
  /** Those that are in a document. */
  written: number;
  /** Those that are in none, because of a problem with them or with another row of their document. */
  refused: number;
  /**
   * Those that stay behind: they belong to rows of a table that the mapping lacks, as allowed, or have no place in
   * their document.
   */
  left: number;
  /** Those of them that have no place, because a column holds the value of another path (design 19 §5.3). */
  collided: number;
}

/** What became of the rows of a table of the source. */
export interface ReadTable extends Readonly<Omit<TableRows, 'collided'>> {
  readonly table: string;
}

/** Counts the rows of a document that cannot be made, and reports why. */
export type RefuseRows = (problems: readonly Diagnostic[], rows: readonly TableRows[]) => void;

/** A problem of a row. */
export function rowProblem(
  code: RowProblemCode,
  place: RowPlace,
  text: string,
  {
    resource,
    path,
    column,
  }: { resource?: string | undefined; path?: string | undefined; column?: string | undefined } = {},
): Diagnostic {
  const { table, key } = place;
  const member = [resource, path].filter((each) => each !== undefined).join(' ');
  return diagnostic(
    code,
    `${member === '' ? '' : `${member} from `}${rowText(place)}: ${text}`,
    { ...(resource === undefined ? {} : { resource }), ...(path === undefined ? {} : { path }) },
    { table, key, ...(column === undefined ? {} : { column }) },
  );
}

/** What is wrong with a document for others than the reader, such as a JSON schema. */
export type DocumentCheck = (resource: string, document: JsonObject) => readonly Diagnostic[];

/** What a check says to a document, as problems of its row. */
export function checkedProblems(
  check: DocumentCheck | undefined,
  { resource, document }: { readonly resource: string; readonly document: JsonObject },
  { table, key }: RowPlace,
): Diagnostic[] {
  return (check?.(resource, document) ?? []).map(({ message, where: { path } }) => {
    const where = { resource, ...(path === undefined ? {} : { path }) };
    return diagnostic('ODS_VALUE_REJECTED', `${rowText({ table, key })}: ${message}`, where, { table, key });
  });
}

/** Counts losses by code, resource and path. */
export class LossCounts {
  private readonly counts = new Map<
    string,
    {
      readonly code: LossCode;
      readonly resource: string;
      readonly path: string;
      readonly column?: string;
      count: number;
    }
  >();

  add(code: LossCode, resource: string, path: string, column?: string): void {
    const key = `${code} ${resource} ${path} ${column ?? ''}`;
    const known = this.counts.get(key);
    if (known) known.count += 1;
    else this.counts.set(key, { code, resource, path, ...(column === undefined ? {} : { column }), count: 1 });
  }

  /** By code, resource and path, ordinally. */
  all(): readonly Loss[] {
    return [...this.counts.values()].sort(
      compareBy(
        ({ code }) => code,
        ({ resource }) => resource,
        ({ path }) => path,
        ({ column = '' }) => column,
      ),
    );
  }
}

/** What becomes of the rows of tables. */
export class RowCounts {
  private readonly tables = new Map<string, TableRows>();

  of(table: string): TableRows {
    const known = this.tables.get(table) ?? { rows: 0, written: 0, refused: 0, left: 0, collided: 0 };
    this.tables.set(table, known);
    return known;
  }

  /** The rows that were read, of all tables. */
  total(): number {
    let sum = 0;
    for (const { rows } of this.tables.values()) sum += rows;
    return sum;
  }

  all(): ReadonlyMap<string, Readonly<TableRows>> {
    return this.tables;
  }
}
