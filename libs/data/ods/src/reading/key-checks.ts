import { type Connection, rowsOf } from '@dms/databases';
import { counted, type Diagnostic, diagnostic, rowText } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import { type Dialect, dialectOf, join, type PlainSql, trusted } from '@dms/sql';
import { cachedByObject } from '@dms/values';
import { type OdsColumn, tableLabel } from '../mapping/ods-mapping.ts';
import type { SourceRow } from './reading-dialect.ts';
import { rowDiagnostic } from './reading-report.ts';
import { placeOfRow } from './row-writer.ts';
import type { OpenedOds, SourceTable } from './source-catalog.ts';
import { findPerson, type TableNode } from './table-nodes.ts';

/*
 * Keys that differ in the source and are equal in the target (design 19a §7): keys of persons with the same unique
 * id, and texts that the target does not distinguish. Such keys are rare. They are queried at the beginning, and the
 * reader remembers the documents that have one.
 */

/** The differences between texts of keys that a target ignores. */
export interface KeyFolding {
  readonly ignoresCase: boolean;
  /** Whether it ignores blanks at the end. */
  readonly ignoresBlanks: boolean;
}

export const exactKeys: KeyFolding = { ignoresCase: false, ignoresBlanks: false };

/** Asks which differences between texts the database of a session ignores, by its collation. */
export async function askKeyFolding(connection: Connection): Promise<KeyFolding> {
  const { sql } = dialectOf[connection.dialect];
  const [row] = await rowsOf<{ case_ignored: number; blanks_ignored: number }>(
    connection,
    sql`SELECT CASE WHEN 'a' = 'A' THEN 1 ELSE 0 END AS case_ignored, CASE WHEN 'a' = 'a ' THEN 1 ELSE 0 END AS blanks_ignored`,
  );
  return { ignoresCase: row?.case_ignored === 1, ignoresBlanks: row?.blanks_ignored === 1 };
}

/** A text without the differences that the target ignores. */
function folded(text: string, { ignoresCase, ignoresBlanks }: KeyFolding): string {
  const cased = ignoresCase ? text.toLowerCase() : text;
  return ignoresBlanks ? cased.replace(/ +$/, '') : cased;
}

/** The SQL expression for a text without these differences. */
function foldedSql({ sql }: Dialect, value: PlainSql, { ignoresCase, ignoresBlanks }: KeyFolding): PlainSql {
  const cased = ignoresCase ? sql`LOWER(${value})` : value;
  return ignoresBlanks ? sql`RTRIM(${cased})` : cased;
}

/** Reports a document of a tree that has the key of an earlier one in the target. */
export type MergedKeys = (root: TableNode, row: SourceRow, resource: string) => readonly Diagnostic[];

/** The unique ids that several persons of a table have, as the target sees them. */
async function repeatedUniqueIds(
  { connection, dialect }: OpenedOds,
  { name, columns }: SourceTable,
  uniqueId: OdsColumn,
  folding: KeyFolding,
): Promise<ReadonlySet<string>> {
  const column = columns.get(uniqueId.name);
  if (column === undefined) return new Set();
  const { sql, id } = dialect.rules;
  const value = foldedSql(dialect.rules, dialect.value(id(column.name), 'string', column.type), folding);
  const repeated = sql`SELECT ids.id FROM (SELECT ${value} AS id FROM ${dialect.from(name)}) AS ids WHERE ids.id IS NOT NULL GROUP BY ids.id HAVING count(*) > 1`;
  return new Set((await rowsOf<{ id: string }>(connection, repeated)).map(({ id }) => folded(id, folding)));
}

const keyAlias = (index: number): PlainSql => trusted(`k${index}`);

/** Whether keys that differ in the source are equal in the target, because of their texts. */
async function repeatedTexts(
  { connection, dialect }: OpenedOds,
  { name, columns }: SourceTable,
  key: readonly OdsColumn[],
  folding: KeyFolding,
): Promise<boolean> {
  const { sql, id } = dialect.rules;
  const values = key.flatMap((each) => {
    const column = columns.get(each.name);
    if (column === undefined) return [];
    const value = id(column.name);
    if (each.type.kind !== 'string') return [value];
    return [foldedSql(dialect.rules, dialect.value(value, 'string', column.type), folding)];
  });
  const list = join(values.map((value, index) => sql`${value} AS ${keyAlias(index)}`));
  const names = join(values.map((_, index) => keyAlias(index)));
  const merged = sql`SELECT count(*) AS n FROM (SELECT ${names} FROM (SELECT ${list} FROM ${dialect.from(name)}) AS keys GROUP BY ${names} HAVING count(*) > 1) AS merged`;
  const [row] = await rowsOf<{ n: number | string | bigint }>(connection, merged);
  return Number(row?.n ?? 0) > 0;
}

/** The columns of the key of a root. */
const keyOf = ({ table }: TableNode): readonly OdsColumn[] =>
  table.key.flatMap((name) => table.columns.find((column) => column.name === name) ?? []);

/** A part of a key, as the target sees it. */
interface KeyPart {
  /** The index of its value in a row. */
  readonly index: number;
  readonly isText: boolean;
  /** The index of the unique id of the person with this number; null if there is none. */
  readonly uniqueIdIndex: number | null;
  /** The unique ids that several of these persons have. */
  readonly repeated: ReadonlySet<string>;
}

/**
 * Queries the source for keys that are equal in the target. The result is null if there are none, as in nearly all
 * sources.
 */
export async function mergedKeys(
  source: OpenedOds,
  roots: readonly TableNode[],
  folding: KeyFolding,
): Promise<MergedKeys | null> {
  const { mapping } = source;
  const isFolding = folding.ignoresCase || folding.ignoresBlanks;
  /** The repeated unique ids of persons, by the label of their table. */
  const persons = new Map<string, ReadonlySet<string>>();
  /** The roots with keys whose texts the target does not distinguish. */
  const textual = new Set<string>();
  for (const root of roots) {
    const label = tableLabel(root.table);
    const table = source.catalog.tables.get(label);
    const key = keyOf(root);
    if (table === undefined) continue;
    const [first] = key;
    const person = first && key.length === 1 ? findPerson(mapping, first) : undefined;
    if (person !== undefined && tableLabel(person.table) === label) {
      const repeated = await repeatedUniqueIds(source, table, person.uniqueId, folding);
      if (repeated.size > 0) persons.set(label, repeated);
    } else if (isFolding && key.some(({ type, content }) => content.kind === 'value' && type.kind === 'string')) {
      if (await repeatedTexts(source, table, key, folding)) textual.add(label);
    }
  }
  if (persons.size === 0 && textual.size === 0) return null;

  const none: ReadonlySet<string> = new Set();
  const keyPartsOf = cachedByObject((root: TableNode): readonly KeyPart[] =>
    keyOf(root).map((column) => {
      const { index, uniqueIdIndex } = mustExist(root.columns.get(column.name), `the column ${column.name}`);
      const person = findPerson(mapping, column);
      if (person === undefined)
        return { index, isText: column.type.kind === 'string', uniqueIdIndex: null, repeated: none };
      const label = tableLabel(person.table);
      const own = label === tableLabel(root.table) ? root.columns.get(person.uniqueId.name)?.index : uniqueIdIndex;
      return { index, isText: false, uniqueIdIndex: own ?? null, repeated: persons.get(label) ?? none };
    }),
  );
  const textIn = (row: SourceRow, index: number) => folded(String(row[index] ?? ''), folding);

  const seen = new Map<string, SourceRow>();
  return (root, row, resource) => {
    let isSuspect = textual.has(tableLabel(root.table));
    const parts = keyPartsOf(root).map(({ index, isText, uniqueIdIndex, repeated }) => {
      if (uniqueIdIndex === null) return isText ? textIn(row, index) : String(row[index]);
      const uniqueId = textIn(row, uniqueIdIndex);
      isSuspect ||= repeated.has(uniqueId);
      return uniqueId;
    });
    if (!isSuspect) return [];
    const key = JSON.stringify([resource, ...parts]);
    const before = seen.get(key);
    if (before === undefined) {
      seen.set(key, row);
      return [];
    }
    const text = `In the target this is the key of ${rowText(placeOfRow(root, before))}, which stays: persons with one unique id are one there, and texts that its collation does not tell apart.`;
    return [rowDiagnostic('ODS_KEY_REPEATED', placeOfRow(root, row), text, { resource })];
  };
}

/*
 * The checks of a reader that keeps ids: each document has one, and no other document has the same (design 19a §1,
 * §10.7).
 */

const idColumn = 'Id';

/** Reports each table without an `Id` column, and the number of documents that lose their ids because of it. */
export function missingIds(
  roots: readonly TableNode[],
  rowsOf: (label: string) => number,
  { allowMissing = false }: { readonly allowMissing?: boolean | undefined },
): Diagnostic[] {
  return roots.flatMap((root) => {
    const table = tableLabel(root.table);
    const rows = rowsOf(table);
    if (!hasId(root) || root.idIndex !== null || rows === 0) return [];
    const text = `${table} of the source lacks ${idColumn}, so ${counted(rows, 'document')} of it`;
    const details = { table, columns: [idColumn], rows };
    return allowMissing
      ? [diagnostic('ODS_READ_AS_EMPTY', `${text} get new ids.`, {}, details)]
      : [
          diagnostic(
            'ODS_COLUMN_MISSING',
            `${text} cannot keep the ids. Read without --keep-ids, or let these documents have new ones (--allow-missing).`,
            {},
            details,
          ),
        ];
  });
}

const hasId = ({ table }: TableNode) =>
  table.columns.some(({ content }) => content.kind === 'fixed' && content.column === idColumn);

/** The ids that several rows of these tables have. */
export async function repeatedIds(
  { connection, dialect, catalog: { tables } }: OpenedOds,
  roots: readonly TableNode[],
): Promise<ReadonlySet<string>> {
  const { sql, id } = dialect.rules;
  const idsOf = ({ name, columns }: SourceTable) => {
    const column = columns.get(idColumn);
    if (column === undefined) return [];
    const value = dialect.value(id(column.name), 'uuid', column.type);
    return [sql`SELECT ${value} AS id FROM ${dialect.from(name)} WHERE ${id(column.name)} IS NOT NULL`];
  };
  const parts = roots
    .filter(({ idIndex }) => idIndex !== null)
    .flatMap(({ table }) => {
      const source = tables.get(tableLabel(table));
      return source === undefined ? [] : idsOf(source);
    });
  if (parts.length === 0) return new Set();
  const repeated = sql`SELECT ids.id FROM (${join(parts, ' UNION ALL ')}) AS ids GROUP BY ids.id HAVING count(*) > 1`;
  return new Set((await rowsOf<{ id: string }>(connection, repeated)).map(({ id }) => id.toLowerCase()));
}

/** Diagnostics of the id of a root's row. If several rows have one id, its owner is unknown. */
export function idDiagnostics(
  root: TableNode,
  row: readonly unknown[],
  resource: string,
  repeated: ReadonlySet<string>,
): Diagnostic[] {
  if (root.idIndex === null) return [];
  const id = row[root.idIndex] ?? null;
  const where = { resource, column: idColumn };
  if (id === null)
    return [
      rowDiagnostic(
        'ODS_VALUE_MISSING',
        placeOfRow(root, row),
        `${idColumn} is NULL, and the document is to keep it.`,
        where,
      ),
    ];
  if (!repeated.has(String(id).toLowerCase())) return [];
  return [
    rowDiagnostic('ODS_KEY_REPEATED', placeOfRow(root, row), `Another row has the ${idColumn} ${String(id)}.`, where),
  ];
}
