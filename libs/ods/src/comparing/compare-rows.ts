import type { Connection } from '@dms/databases';
import { counted, type Diagnostic, diagnostic, fail } from '@dms/diagnostics';
import type { RelationalModelSet } from '@dms/model';
import { type OdsMapping, tableLabel } from '../mapping/ods-mapping.ts';
import { pgsqlReading } from '../reading/pgsql-reading.ts';
import { readSourceCatalog } from '../reading/source-catalog.ts';
import { type ComparedQuery, comparedQuery, relationsOfSource, relationsOfViews } from './compared-relations.ts';

/** A row that only one of the databases has, or that differs. */
export interface RowDifference {
  readonly kind: 'missing' | 'added' | 'changed';
  /** By column; descriptors and persons as documents name them. */
  readonly key: Readonly<Record<string, string | null>>;
}

/** A table whose rows differ. */
export interface TableDifference {
  readonly table: string;
  readonly sourceRows: number;
  readonly targetRows: number;
  /** The first of its differences. */
  readonly rows: readonly RowDifference[];
}

/** What a comparison of an ODS with the reporting views of a database has seen. */
export interface RowComparison {
  /** Tables that were compared. */
  readonly tables: number;
  /** Their rows in the source. */
  readonly rows: number;
  readonly differences: readonly TableDifference[];
}

export interface CompareOptions {
  readonly schemaSuffix?: string | undefined;
  /** Called before each table. */
  readonly onTable?: ((table: string) => void) | undefined;
}

/** Throws `ODS_COMPARE_UNSUPPORTED` for a database whose rows cannot be compared with those of an ODS. */
export function expectComparable({ dialect, label }: Pick<Connection, 'dialect' | 'label'>): void {
  if (dialect === 'pgsql') return;
  const text = `The rows of ${label} cannot be compared with those of an ODS: that needs PostgreSQL. Load without --verify.`;
  fail('ODS_COMPARE_UNSUPPORTED', text, {}, { dialect });
}

/** The first byte of a hash of the key says in which range a row is. */
const rangeOf = (key: string) => `get_byte(decode(md5(convert_to(${key}::text, 'UTF8')), 'hex'), 0)`;

/** How many ranges are looked at row by row, and how many rows are shown. */
const shownRanges = 4;
const shownRows = 20;

interface RangeHash {
  readonly range: number;
  readonly rows: number | bigint;
  readonly hash: string;
}

const rangesText = ({ text }: ComparedQuery) =>
  `SELECT ${rangeOf('c.key')} AS range, count(*) AS rows, sum(('x' || left(md5(convert_to(c.row::text, 'UTF8')), 15))::bit(60)::bigint)::text AS hash FROM (${text}) c GROUP BY 1`;

const rowsText = ({ text }: ComparedQuery, ranges: readonly number[]) =>
  `SELECT c.key AS key, c.row::text AS row FROM (${text}) c WHERE ${rangeOf('c.key')} IN (${ranges.join(', ')})`;

interface KeyedRow {
  readonly key: readonly (string | null)[];
  readonly row: string;
}

/** The differences of two sets of rows, by key. */
function differencesOf(names: readonly string[], source: readonly KeyedRow[], target: readonly KeyedRow[]): RowDifference[] {
  const byKey = new Map<string, { readonly key: KeyedRow['key']; readonly source: string[]; readonly target: string[] }>();
  const of = ({ key }: KeyedRow) => {
    const text = JSON.stringify(key);
    const known = byKey.get(text) ?? { key, source: [], target: [] };
    byKey.set(text, known);
    return known;
  };
  for (const each of source) of(each).source.push(each.row);
  for (const each of target) of(each).target.push(each.row);
  return [...byKey.values()].flatMap((found): RowDifference[] => {
    const key = Object.fromEntries(names.map((name, index) => [name, found.key[index] ?? null]));
    if (found.target.length < found.source.length) return [{ kind: 'missing', key }];
    if (found.target.length > found.source.length) return [{ kind: 'added', key }];
    const isEqual = JSON.stringify(found.source.sort()) === JSON.stringify(found.target.sort());
    return isEqual ? [] : [{ kind: 'changed', key }];
  });
}

/**
 * Compares the rows of an ODS with those of the reporting views of a database, table by table, as sets: number and hash of the rows of 256 ranges of
 * each table, and the rows themselves where these differ (design 19 §10.10). Both connections should be in transactions for reading.
 * Descriptors are compared by their texts, and persons by their unique ids. Throws `DB_*`.
 */
export async function compareRows(
  source: Connection,
  target: Connection,
  mapping: OdsMapping,
  model: RelationalModelSet,
  { schemaSuffix = '', onTable }: CompareOptions = {},
): Promise<RowComparison> {
  const catalog = await readSourceCatalog(source, pgsqlReading, mapping, schemaSuffix, false);
  const [relations, views] = [relationsOfSource(catalog), relationsOfViews(mapping, model)];
  const differences: TableDifference[] = [];
  let [tables, rows] = [0, 0];
  for (const table of mapping.tables) {
    const own = comparedQuery(mapping, relations, views, table);
    const other = comparedQuery(mapping, views, relations, table);
    if (own === undefined || other === undefined) continue;
    onTable?.(tableLabel(table));
    const [before, after] = await Promise.all([
      source.query<RangeHash>(rangesText(own)),
      target.query<RangeHash>(rangesText(other)),
    ]);
    const sum = (ranges: readonly RangeHash[]) => ranges.reduce((total, each) => total + Number(each.rows), 0);
    tables += 1;
    rows += sum(before);
    const texts = (ranges: readonly RangeHash[]) => new Map(ranges.map((each) => [each.range, `${each.rows} ${each.hash}`]));
    const [left, right] = [texts(before), texts(after)];
    const different = [...new Set([...left.keys(), ...right.keys()])]
      .filter((range) => left.get(range) !== right.get(range))
      .sort((a, b) => a - b);
    if (different.length === 0) continue;
    const looked = different.slice(0, shownRanges);
    const [sourceRows, targetRows] = await Promise.all([
      source.query<KeyedRow>(rowsText(own, looked)),
      target.query<KeyedRow>(rowsText(other, looked)),
    ]);
    differences.push({
      ...{ table: tableLabel(table), sourceRows: sum(before), targetRows: sum(after) },
      rows: differencesOf(own.key, sourceRows, targetRows).slice(0, shownRows),
    });
  }
  return { tables, rows, differences };
}

const keyText = ({ key }: RowDifference) =>
  Object.entries(key)
    .map(([name, value]) => `${name} ${value ?? 'NULL'}`)
    .join(', ');

const kindTexts: Readonly<Record<RowDifference['kind'], string>> = {
  missing: 'only in the ODS',
  added: 'only in the target',
  changed: 'different',
};

/** What a comparison says to each table that differs: `ODS_TARGET_DIFFERS`. */
export function differenceProblems({ differences }: RowComparison): readonly Diagnostic[] {
  return differences.map(({ table, sourceRows, targetRows, rows }) => {
    const shown = rows.slice(0, 3).map((row) => `${kindTexts[row.kind]}: ${keyText(row)}`);
    const text = `${table} has ${counted(sourceRows, 'row')} in the ODS and ${targetRows} in the target, and they are not the same; ${shown.join('; ')}.`;
    return diagnostic('ODS_TARGET_DIFFERS', text, {}, { table, sourceRows, targetRows, rows: rows.map((row) => ({ ...row })) });
  });
}
