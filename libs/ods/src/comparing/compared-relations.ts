import { mustExist, type RelationalModelSet } from '@dms/model';
import { qualifiedName } from '@dms/sql';
import { type OdsColumn, type OdsMapping, type OdsTable, tableLabel } from '../mapping/ods-mapping.ts';
import type { SourceCatalog } from '../reading/source-catalog.ts';
import { personOf } from '../reading/table-nodes.ts';
import { usualOptions } from '../views/reporting-dialect.ts';
import { reportingViews } from '../views/reporting-views.ts';
import { viewQuery } from '../views/view-text.ts';
import type { ComparingDialect, SecondDigits } from './comparing-dialect.ts';

/** A table of a mapping in one database: what stands after FROM, and the columns that are there. */
interface Relation {
  readonly text: string;
  /** The name of a column and its type, by the name in the mapping. */
  readonly columns: ReadonlyMap<string, { readonly name: string; readonly type: string }>;
}

/** The tables of a mapping in one database, by label. */
export type Relations = ReadonlyMap<string, Relation>;

/** Those of an ODS. */
export function relationsOfSource({ reporting: { rules } }: ComparingDialect, { tables }: SourceCatalog): Relations {
  return new Map(
    [...tables].map(([label, { name, columns }]) => [label, { text: qualifiedName(rules, name), columns }]),
  );
}

/** Those of a database of ours: the queries of its reporting views, whether it has these views or not. */
export function relationsOfViews(
  { reporting }: ComparingDialect,
  mapping: OdsMapping,
  model: RelationalModelSet,
): Relations {
  return new Map(
    reportingViews(mapping, model, usualOptions).map((view) => {
      const columns = view.table.columns.map((column): [string, { name: string; type: string }] => [
        column.name,
        { name: reporting.columnName(column), type: '' },
      ]);
      return [
        tableLabel(view.table),
        { text: `(${viewQuery(reporting, view, usualOptions)})`, columns: new Map(columns) },
      ];
    }),
  );
}

/** The columns of `Descriptor` that identify a descriptor. */
const descriptorKey = ['Namespace', 'CodeValue'];

/** The columns of `Descriptor` that no document holds, or that hold numbers of the database. */
const leftOfDescriptors = ['DescriptorId', 'PriorDescriptorId', 'Uri', 'Discriminator'];

/**
 * The query of the rows of a table, as texts that do not depend on the database: `key` and `row`, which are several
 * texts as one.
 */
export interface ComparedQuery {
  readonly text: string;
  /** The names of the columns in `key`. */
  readonly key: readonly string[];
}

/**
 * How the rows of a table are compared: descriptors by their texts and persons by their unique ids, because each
 * database has numbers of its own; without `Id`, times and other columns that no document holds. Undefined if one of
 * the databases lacks the table.
 */
export function comparedQuery(
  dialect: ComparingDialect,
  mapping: OdsMapping,
  relations: Relations,
  others: Relations,
  table: OdsTable,
  secondDigits?: SecondDigits,
): ComparedQuery | undefined {
  const own = relations.get(tableLabel(table));
  const other = others.get(tableLabel(table));
  const base = mapping.tables.find(({ kind }) => kind === 'descriptorBase');
  const descriptors = base && relations.get(tableLabel(base));
  if (own === undefined || other === undefined || descriptors === undefined) return undefined;
  const { quote } = dialect.reporting.rules;
  const joins: string[] = [];
  const nameIn = (relation: Relation, column: string) => quote(relation.columns.get(column)?.name ?? column);
  const joined = (relation: Relation, column: string, value: string) => {
    const alias = quote(`j${joins.length}`);
    joins.push(`LEFT JOIN ${relation.text} ${alias} ON ${alias}.${nameIn(relation, column)} = ${value}`);
    return (name: string) =>
      dialect.text(`${alias}.${nameIn(relation, name)}`, 'string', relation.columns.get(name)?.type ?? '');
  };
  // loaders store the texts of descriptors so (design 09 §8.2)
  const descriptorText = (column: OdsColumn, text: string) => {
    const trimmed = dialect.trimmed(text);
    return column.name === 'ShortDescription' ? `COALESCE(${trimmed}, ${ownText('CodeValue')})` : trimmed;
  };
  const ownText = (name: string) =>
    dialect.trimmed(dialect.text(`t.${nameIn(own, name)}`, 'string', own.columns.get(name)?.type ?? ''));
  const comparedValue = (column: OdsColumn): string | undefined => {
    const found = own.columns.get(column.name);
    if (found === undefined || !other.columns.has(column.name) || column.content.kind === 'fixed') return undefined;
    const expression = `t.${quote(found.name)}`;
    if (column.content.kind === 'descriptor' || table.kind === 'descriptor') {
      const of = joined(descriptors, 'DescriptorId', expression);
      return dialect.uri(dialect.trimmed(of('Namespace')), dialect.trimmed(of('CodeValue')));
    }
    const person = personOf(mapping, column);
    const persons = person && relations.get(tableLabel(person.table));
    if (person !== undefined && persons !== undefined)
      return joined(persons, person.number.name, expression)(person.uniqueId.name);
    if (table.kind === 'descriptorBase' && leftOfDescriptors.includes(column.name)) return undefined;
    const text = dialect.text(expression, column.type.kind, found.type, secondDigits);
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
  const text = `SELECT ${keyText} AS ${quote('key')}, ${rowText} AS ${quote('row')} FROM ${own.text} t ${joins.join(' ')}`;
  return { text, key };
}
