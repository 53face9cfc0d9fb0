import { type Connection, rowsOf } from '@dms/databases';
import { counted, type Diagnostic, diagnostic, mostExamples } from '@dms/diagnostics';
import { valueRulesOf } from '@dms/documents';
import { mustExist, type RelationalModelSet } from '@dms/model';
import { join, joined, type PlainSql } from '@dms/sql';
import { type OdsColumn, type OdsMapping, type OdsTable, tableLabel } from '../mapping/ods-mapping.ts';
import { type ReadingDialect, readingDialects } from '../reading/reading-dialect.ts';
import { readSourceCatalog, type SourceCatalog } from '../reading/source-catalog.ts';
import { findPerson } from '../reading/table-nodes.ts';
import { type ReportingDialect, usualOptions } from '../views/reporting-dialect.ts';
import { reportingViews } from '../views/reporting-views.ts';
import { viewQuery } from '../views/view-text.ts';
import { type ComparingDialect, comparingDialects, type SecondDigits, separated } from './comparing-dialect.ts';

/** A row that only one of the databases has, or that differs. */
interface RowDifference {
  readonly kind: 'missing' | 'added' | 'changed';
  /** Values of the key by column; descriptors and persons as documents name them. */
  readonly key: Readonly<Record<string, string | null>>;
}

/** A table whose rows differ. */
interface TableDifference {
  readonly table: string;
  readonly sourceRows: number;
  readonly targetRows: number;
  /** The first of its differences. */
  readonly rows: readonly RowDifference[];
}

/** Result of a comparison of an ODS with the reporting views of a database. */
export interface RowComparison {
  /** Tables that were compared. */
  readonly tables: number;
  /** Their rows in the source. */
  readonly rows: number;
  readonly differences: readonly TableDifference[];
}

interface CompareRowsOptions {
  readonly schemaSuffix?: string | undefined;
  /** Called before each table. */
  readonly onTable?: ((table: string) => void) | undefined;
}

/** Number of ranges whose rows are compared one by one. */
const shownRanges = 4;

interface RangeHash {
  readonly range: number;
  readonly rows: number | bigint | string;
  readonly hash: string;
}

interface KeyedRow {
  readonly key: string;
  readonly row: string;
}

/**
 * Compares the rows of an ODS with those of the reporting views of a database, table by table, as sets: number and hash
 * of the rows of 256 ranges of each table, and the rows themselves where these differ (design 19a §10). Both
 * connections should be in transactions for reading. Descriptors are compared by their texts, and persons by their
 * unique ids. Throws `DB_*`.
 */
export async function compareRows(
  source: Connection,
  target: Connection,
  mapping: OdsMapping,
  model: RelationalModelSet,
  { schemaSuffix = '', onTable }: CompareRowsOptions = {},
): Promise<RowComparison> {
  const ofSource = comparingDialects[source.dialect];
  const ofTarget = comparingDialects[target.dialect];
  const reading = readingDialects[source.dialect];
  const catalog = await readSourceCatalog({ connection: source, dialect: reading, mapping }, schemaSuffix, false);
  const relations = relationsOfSource(reading, catalog);
  const views = relationsOfViews(await ofTarget.reportingOf(target), mapping, model);
  const { keepsSecondFractions } = valueRulesOf(model.effectiveSchema.relationalMappingVersion);
  const secondDigits = keepsSecondFractions ? 6 : 0;
  const differences: TableDifference[] = [];
  let tables = 0;
  let rows = 0;
  for (const table of mapping.tables) {
    const own = comparedQuery({ dialect: ofSource, relations, others: views }, mapping, table, secondDigits);
    const other = comparedQuery(
      { dialect: ofTarget, relations: views, others: relations },
      mapping,
      table,
      secondDigits,
    );
    if (own === undefined || other === undefined) continue;
    onTable?.(tableLabel(table));
    const [before, after] = await Promise.all([
      rowsOf<RangeHash>(source, ofSource.ranges(own.text)),
      rowsOf<RangeHash>(target, ofTarget.ranges(other.text)),
    ]);
    const sum = (ranges: readonly RangeHash[]) => ranges.reduce((total, each) => total + Number(each.rows), 0);
    tables += 1;
    rows += sum(before);
    const texts = (ranges: readonly RangeHash[]) =>
      new Map(ranges.map((each) => [each.range, `${each.rows} ${each.hash}`]));
    const left = texts(before);
    const right = texts(after);
    const different = [...new Set([...left.keys(), ...right.keys()])]
      .filter((range) => left.get(range) !== right.get(range))
      .sort((a, b) => a - b);
    if (different.length === 0) continue;
    const looked = different.slice(0, shownRanges);
    const [sourceRows, targetRows] = await Promise.all([
      rowsOf<KeyedRow>(source, ofSource.rows(own.text, looked)),
      rowsOf<KeyedRow>(target, ofTarget.rows(other.text, looked)),
    ]);
    differences.push({
      table: tableLabel(table),
      sourceRows: sum(before),
      targetRows: sum(after),
      rows: differencesOf(own.key, sourceRows, targetRows).slice(0, mostExamples),
    });
  }
  return { tables, rows, differences };
}

/** Relations of an ODS. */
function relationsOfSource(dialect: ReadingDialect, { tables }: SourceCatalog): ComparedRelations {
  return new Map([...tables].map(([label, { name, columns }]) => [label, { text: dialect.from(name), columns }]));
}

/** The relations of a database with our tables: the queries of its reporting views, which need not exist. */
function relationsOfViews(
  reporting: ReportingDialect,
  mapping: OdsMapping,
  model: RelationalModelSet,
): ComparedRelations {
  return new Map(
    reportingViews(mapping, model, usualOptions).map((view) => {
      const columns = view.table.columns.map((column): [string, { name: string; type: string }] => [
        column.name,
        { name: reporting.columnName(column), type: '' },
      ]);
      return [
        tableLabel(view.table),
        {
          text: reporting.rules.sql`(${joined(viewQuery(reporting, view, usualOptions))})`,
          columns: new Map(columns),
        },
      ];
    }),
  );
}

/** One of the two databases, and the tables of the other. */
interface ComparedSide {
  readonly dialect: ComparingDialect;
  readonly relations: ComparedRelations;
  readonly others: ComparedRelations;
}

/** The columns of `Descriptor` that identify a descriptor. */
const descriptorKey = ['Namespace', 'CodeValue'];

/** The columns of `Descriptor` that no document holds, or that hold numbers of the database. */
const leftOfDescriptors = ['DescriptorId', 'PriorDescriptorId', 'Uri', 'Discriminator'];

/**
 * Query for the rows of a table as texts that do not depend on the database: `key` and `row`, each of several texts
 * joined into one.
 */
interface ComparedRowsQuery {
  readonly text: PlainSql;
  /** The names of the columns in `key`. */
  readonly key: readonly string[];
}

/**
 * Query for the compared rows of a table: descriptors by their texts and persons by their unique ids, because each
 * database has its own numbers for them; without `Id`, times and other columns that no document holds. Undefined if one
 * of the databases lacks the table.
 */
function comparedQuery(
  { dialect, relations, others }: ComparedSide,
  mapping: OdsMapping,
  table: OdsTable,
  secondDigits?: SecondDigits,
): ComparedRowsQuery | undefined {
  const own = relations.get(tableLabel(table));
  const other = others.get(tableLabel(table));
  const base = mapping.tables.find(({ kind }) => kind === 'descriptorBase');
  const descriptors = base && relations.get(tableLabel(base));
  if (own === undefined || other === undefined || descriptors === undefined) return undefined;
  const { sql, id } = dialect.rules;
  const joins: PlainSql[] = [];
  const nameIn = (relation: ComparedRelation, column: string) => id(relation.columns.get(column)?.name ?? column);
  const joinedRow = (relation: ComparedRelation, column: string, value: PlainSql) => {
    const alias = id(`j${joins.length}`);
    joins.push(sql`LEFT JOIN ${relation.text} ${alias} ON ${alias}.${nameIn(relation, column)} = ${value}`);
    return (name: string) =>
      dialect.text(sql`${alias}.${nameIn(relation, name)}`, 'string', relation.columns.get(name)?.type ?? '');
  };
  // loaders trim the texts of descriptors (design 14a §4.2)
  const descriptorText = (column: OdsColumn, text: PlainSql) => {
    const trimmed = dialect.trimmed(text);
    return column.name === 'ShortDescription' ? sql`COALESCE(${trimmed}, ${ownText('CodeValue')})` : trimmed;
  };
  const ownText = (name: string) =>
    dialect.trimmed(dialect.text(sql`t.${nameIn(own, name)}`, 'string', own.columns.get(name)?.type ?? ''));
  const comparedValue = (column: OdsColumn): PlainSql | undefined => {
    const storedColumn = own.columns.get(column.name);
    if (storedColumn === undefined || !other.columns.has(column.name) || column.content.kind === 'fixed')
      return undefined;
    const expression = sql`t.${id(storedColumn.name)}`;
    if (column.content.kind === 'descriptor' || table.kind === 'descriptor') {
      const of = joinedRow(descriptors, 'DescriptorId', expression);
      return dialect.uri(dialect.trimmed(of('Namespace')), dialect.trimmed(of('CodeValue')));
    }
    const person = findPerson(mapping, column);
    const persons = person && relations.get(tableLabel(person.table));
    if (person !== undefined && persons !== undefined)
      return joinedRow(persons, person.number.name, expression)(person.uniqueId.name);
    if (table.kind === 'descriptorBase' && leftOfDescriptors.includes(column.name)) return undefined;
    const text = dialect.text(expression, column.type.kind, storedColumn.type, secondDigits);
    return table.kind === 'descriptorBase' && column.type.kind === 'string' ? descriptorText(column, text) : text;
  };
  const values = new Map(
    table.columns.flatMap((column) => {
      const value = comparedValue(column);
      return value === undefined ? [] : [[column.name, value] as const];
    }),
  );
  const key = (table.kind === 'descriptorBase' ? descriptorKey : table.key).filter((name) => values.has(name));
  const keyText = dialect.joined(key.map((name) => mustExist(values.get(name), `the value of the key column ${name}`)));
  const rowText = dialect.joined([...values.values()]);
  const text = sql`SELECT ${keyText} AS "key", ${rowText} AS "row" FROM ${own.text} t ${join(joins, ' ')}`;
  return { text, key };
}

const keyText = ({ key }: RowDifference) =>
  Object.entries(key)
    .map(([name, value]) => `${name} ${value ?? 'NULL'}`)
    .join(', ');

/** The differences of two sets of rows, by key. */
function differencesOf(
  names: readonly string[],
  source: readonly KeyedRow[],
  target: readonly KeyedRow[],
): RowDifference[] {
  const byKey = new Map<string, { readonly source: string[]; readonly target: string[] }>();
  const of = ({ key }: KeyedRow) => {
    const known = byKey.get(key) ?? { source: [], target: [] };
    byKey.set(key, known);
    return known;
  };
  for (const each of source) of(each).source.push(each.row);
  for (const each of target) of(each).target.push(each.row);
  return [...byKey].flatMap(([text, found]): RowDifference[] => {
    const values = separated(text);
    const key = Object.fromEntries(names.map((name, index) => [name, values[index] ?? null]));
    if (found.target.length < found.source.length) return [{ kind: 'missing', key }];
    if (found.target.length > found.source.length) return [{ kind: 'added', key }];
    const isEqual = JSON.stringify(found.source.sort()) === JSON.stringify(found.target.sort());
    return isEqual ? [] : [{ kind: 'changed', key }];
  });
}

const kindTexts: Readonly<Record<RowDifference['kind'], string>> = {
  missing: 'only in the ODS',
  added: 'only in the target',
  changed: 'different',
};

/** Diagnostics of the tables that differ: `ODS_TARGET_DIFFERS`. */
export function differenceDiagnostics({ differences }: RowComparison): readonly Diagnostic[] {
  return differences.map(({ table, sourceRows, targetRows, rows }) => {
    const shown = rows.slice(0, 3).map((row) => `${kindTexts[row.kind]}: ${keyText(row)}`);
    const text = `${table} has ${counted(sourceRows, 'row')} in the ODS and ${targetRows} in the target, and they are not the same; ${shown.join('; ')}.`;
    return diagnostic(
      'ODS_TARGET_DIFFERS',
      text,
      {},
      { table, sourceRows, targetRows, rows: rows.map((row) => ({ ...row })) },
    );
  });
}

/** A table of a mapping in one database: its text after FROM, and the columns that exist there. */
interface ComparedRelation {
  readonly text: PlainSql;
  /** The name of a column and its type, by the name in the mapping. */
  readonly columns: ReadonlyMap<string, { readonly name: string; readonly type: string }>;
}

/** The tables of a mapping in one database, by label. */
type ComparedRelations = ReadonlyMap<string, ComparedRelation>;
