import {
  counted,
  type Diagnostic,
  type DiagnosticCode,
  diagnostic,
  listOfNames,
  numberTable,
  type RowPlace,
  rowText,
} from '@dms/diagnostics';
import { compareBy, type JsonObject } from '@dms/values';
import type { UnreadPart } from './source-catalog.ts';

/** A document of an ODS. */
export interface OdsDocument {
  /** `Project:Resource`. */
  readonly resource: string;
  readonly document: JsonObject;
  /** Its `Id`. */
  readonly uuid: string | null;
  /** The row that it was made from; rows below belong to it. */
  readonly row: () => RowPlace;
}

/** Losses and additions of a copy of an ODS, compared with the documents that its rows came from (design 19a §6). */
export type LossCode = Extract<
  DiagnosticCode,
  'ODS_ORDER_LOST' | 'ODS_REFERENCE_IMPLIED' | 'ODS_MONEY_ROUNDED' | 'ODS_REFERENCE_PARTIAL' | 'ODS_NAME_COLLISION'
>;

/** Codes for a row from which no document can be made (design 19a §7). */
export type RowDiagnosticCode = Extract<
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

/** Counts of the rows of a table. */
export interface TableRows {
  /** Rows that were read. */
  rows: number;
  /** Rows that are in a document. */
  written: number;
  /** Rows that are in no document, because of an error in them or in another row of their document. */
  refused: number;
  /**
   * Rows that are left out: they belong to rows of a table that the mapping lacks, as allowed, or have no place in
   * their document.
   */
  left: number;
  /** Rows left out that have no place, because a column holds the value of another path (design 19 §5.3). */
  collided: number;
}

/** Counts of the rows of a table of the source. */
export interface ReadTable extends Readonly<Omit<TableRows, 'collided'>> {
  readonly table: string;
}

interface ReadResource {
  readonly resource: string;
  readonly documents: number;
}

/** The result of a reader (design 19a §6). */
export interface OdsReading {
  readonly documents: number;
  readonly resources: readonly ReadResource[];
  /** The tables with rows, in the order of the mapping. `rows` is the count of the source. */
  readonly tables: readonly ReadTable[];
  readonly losses: readonly Loss[];
  /** Tables and columns with rows that no document holds. */
  readonly unread: readonly UnreadPart[];
  /**
   * The largest `ChangeVersion` of the source at that moment, from which the next run can continue; null without change
   * queries.
   */
  readonly lastVersion: bigint | null;
  /** Warnings and notes. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Counts the rows of a document that cannot be made, and reports why. */
export type RefuseRows = (diagnostics: readonly Diagnostic[], rows: readonly TableRows[]) => void;

/** A diagnostic about a row. */
export function rowDiagnostic(
  code: RowDiagnosticCode,
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

/** A check of documents other than the reader's own, such as that of a JSON schema. */
export type CheckReadDocument = (resource: string, document: JsonObject) => readonly Diagnostic[];

/** The errors of a check, as diagnostics about the row of the document. */
export function checkedDiagnostics(
  check: CheckReadDocument | undefined,
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

/** Counts the rows of all tables. */
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

/** Reports rows that were left out because they belong to tables that were not read. */
export function leftRows(tables: readonly ReadTable[], read: ReadonlyMap<string, TableRows>): Diagnostic[] {
  return tables
    .map(({ table, left }) => ({ table, left: left - (read.get(table)?.collided ?? 0) }))
    .filter(({ left }) => left > 0)
    .map(({ table, left }) => {
      const text = `${counted(left, 'row')} of ${table} stayed behind, because the schema set has no table for the kind that Discriminator names.`;
      return diagnostic('ODS_NOT_READ', text, {}, { table, rows: [left], columns: [] });
    });
}

const noteTexts: Readonly<Record<Loss['code'], (count: number, paths: string, columns: readonly string[]) => string>> =
  {
    ODS_ORDER_LOST: (count, paths) =>
      `An ODS does not keep the order of arrays: ${counted(count, 'array')} at ${paths} in the order of keys.`,
    ODS_REFERENCE_IMPLIED: (count, paths) =>
      `${counted(count, 'optional reference')} at ${paths} may be additions: all of their values are there for other members. The API of the ODS shows them too.`,
    ODS_MONEY_ROUNDED: (count, paths) =>
      `${counted(count, 'amount')} at ${paths} from columns with two decimal places: a third or fourth place was lost when the ODS stored them.`,
    ODS_NAME_COLLISION: (count, paths, columns) =>
      `Left out: ${counted(count, 'part')} of documents at ${paths}, because the ODS has one column for a value of theirs and for another value, which they cannot have: ${listOfNames(columns)}.`,
    ODS_REFERENCE_PARTIAL: (count, paths) =>
      `Left out: ${counted(count, 'reference')} at ${paths}, because the ODS has only a part of their values.`,
  };

/** One note for each code; the report has the paths. */
export function lossNotes(losses: readonly Loss[]): Diagnostic[] {
  return (Object.keys(noteTexts) as Loss['code'][]).flatMap((code) => {
    const own = losses.filter((loss) => loss.code === code);
    if (own.length === 0) return [];
    const count = own.reduce((sum, loss) => sum + loss.count, 0);
    const columns = [...new Set(own.flatMap(({ column }) => column ?? []))];
    const details = { count, paths: own.length, ...(columns.length === 0 ? {} : { columns }) };
    return [diagnostic(code, noteTexts[code](count, counted(own.length, 'path'), columns), {}, details)];
  });
}

/** Lines about the rows that were read, table by table, and about losses and additions. */
export function readingLines({ tables, losses }: Pick<OdsReading, 'tables' | 'losses'>): readonly string[] {
  const sum = (name: 'rows' | 'written' | 'refused' | 'left') =>
    String(tables.reduce((total, table) => total + table[name], 0));
  const read = numberTable(
    ['table', 'rows', 'in documents', 'refused', 'left behind'],
    [
      ...tables.map(({ table, rows, written, refused: out, left }) => [
        table,
        ...[rows, written, out, left].map(String),
      ]),
      ['total', sum('rows'), sum('written'), sum('refused'), sum('left')],
    ],
  );
  if (losses.length === 0) return read;
  const changed = losses.map(({ code, resource, path, count }) => [`${code} ${resource} ${path}`, String(count)]);
  return [...read, '', ...numberTable(['lost or added', 'count'], changed)];
}

/** What was read, for machines; the diagnostics are printed apart. */
export const readingValue = <Reading extends OdsReading>({ diagnostics: _, lastVersion, ...read }: Reading) => ({
  ...read,
  lastVersion: lastVersion?.toString() ?? null,
});

/** The version from which the next run can continue, as lines. */
export const versionLines = ({ lastVersion }: Pick<OdsReading, 'lastVersion'>): string[] =>
  lastVersion === null
    ? []
    : [`Last version of the ODS: ${lastVersion}; --since ${lastVersion} reads what changes after it.`];
