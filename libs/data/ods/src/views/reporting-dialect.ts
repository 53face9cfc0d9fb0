import type { MarkedView, ViewLayer } from '@dms/databases';
import { shellWord } from '@dms/diagnostics';
import { type DbTableName, readShape } from '@dms/model';
import { type Dialect, dialectOf, join, type PlainSql, type SqlDialect, textOf, trusted } from '@dms/sql';
import * as z from 'zod/mini';
import { mssqlTextCast } from '../earlier/mssql-text-casts.ts';
import { textCast } from '../earlier/text-casts.ts';
import type { OdsTable, OdsType } from '../mapping/ods-mapping.ts';
import type { ViewColumn, ViewType } from './view.ts';

/** Options of the reporting views (design 19 §8). */
export interface ReportingOptions extends ViewOptions {
  /** The suffix of the schemas with views; empty if views are in the schemas of the tables. */
  readonly schemaSuffix: string;
}

/** Options of the views of any layer. */
export interface ViewOptions {
  /** Whether views have the columns of later ODS scripts. */
  readonly changeColumns: boolean;
  /** Whether values get the types of an ODS, at the cost of indexes. */
  readonly exactTypes: boolean;
  /** Whether `Descriptor` is a table, so that foreign keys can refer to it. */
  readonly descriptorTable: boolean;
  /** Roles that may read the views. */
  readonly grants: readonly string[];
}

export const usualViewOptions: ViewOptions = {
  changeColumns: false,
  exactTypes: false,
  descriptorTable: false,
  grants: [],
};

export const usualOptions: ReportingOptions = { schemaSuffix: '', ...usualViewOptions };

/** The option of a command that puts the views of a layer into other schemas. */
export const suffixOptions: Readonly<Record<ViewLayer, string>> = {
  own: '--schema-suffix',
  earlier: '--earlier-suffix',
};

/** The parts of the text of views that depend on the dialect. */
export interface ReportingDialect {
  readonly rules: Dialect;
  /** Whether views are in another database than the tables (design 19 §7). */
  readonly isInOwnDatabase: boolean;
  /** Whether both columns of a foreign key must have the same type: the table of descriptors then has those of an ODS. */
  readonly hasExactKeys: boolean;
  readonly createView: PlainSql;
  /** The name of the view for a table. */
  viewName(table: Pick<OdsTable, 'schema' | 'name' | 'pgsqlName'>, options: ReportingOptions): DbTableName;
  columnName(column: ViewColumn): string;
  /** The name of a table of ours in the FROM of a view. */
  sourceName(table: DbTableName): PlainSql;
  typeName(type: ViewType): PlainSql;
  /** A moment without its time zone. */
  utc(moment: PlainSql): PlainSql;
  joinedTexts(...texts: readonly PlainSql[]): PlainSql;
  /** A boolean as a constant. */
  boolean(is: boolean): PlainSql;
  /** Whether rows can be compared with one operator. */
  readonly comparesRows: boolean;
  /** The first row of a sorted select. */
  first(column: PlainSql, rest: PlainSql): PlainSql;
  /** Casts a value to another type; NULL if the type does not have the value. */
  cast(value: PlainSql, from: 'text' | 'other', to: OdsType): PlainSql;
  /** A script with the name of the other database in place of its variable ({@link sourceDatabase}). */
  withDatabase(script: string, database: string): string;
  /** The error codes of the engine for views that other objects depend on. */
  readonly dependencyErrors: readonly string[];
}

const { mssql, pgsql } = dialectOf;

const decimalType = ({ precision, scale }: { readonly precision: number; readonly scale: number }): PlainSql =>
  trusted(`decimal(${precision}, ${scale})`);

/** SQL without quotes means names in lower case (design 19 §7). */
export const pgsqlReporting: ReportingDialect = {
  rules: pgsql,
  isInOwnDatabase: false,
  hasExactKeys: false,
  createView: pgsql.sql`CREATE OR REPLACE VIEW`,
  viewName: ({ schema, pgsqlName }, { schemaSuffix }) => ({
    schema: `${schema}${schemaSuffix}`,
    name: pgsqlName.toLowerCase(),
  }),
  columnName: ({ pgsqlName }) => pgsqlName.toLowerCase(),
  sourceName: (table) => pgsql.sql`${table}`,
  typeName(type) {
    switch (type.kind) {
      case 'string':
        return trusted(`varchar(${type.maxLength})`);
      case 'decimal':
        return decimalType(type);
      case 'bytes':
        return pgsql.sql`bytea`;
      default:
        return trusted(type.kind);
    }
  },
  utc: (moment) => pgsql.sql`(${moment} AT TIME ZONE 'UTC')`,
  joinedTexts: (...texts) => pgsql.sql`(${join(texts, ' || ')})`,
  boolean: pgsql.literal,
  comparesRows: true,
  first: (column, rest) => pgsql.sql`SELECT ${column} ${rest} LIMIT 1`,
  cast: (value, from, to) => textCast(value, from, to, pgsqlReporting.typeName(to)),
  withDatabase: (script) => script,
  // the columns of a view cannot change, and an object that others depend on cannot be dropped
  dependencyErrors: ['42P16', '2BP01', '0A000'],
};

const mssqlTypeNames = {
  boolean: 'bit',
  int: 'int',
  bigint: 'bigint',
  smallint: 'smallint',
  money: 'money',
  date: 'date',
  time: 'time(7)',
  timestamp: 'datetime2(7)',
  uuid: 'uniqueidentifier',
  bytes: 'varbinary(max)',
} as const;

/**
 * The other database of a script as an identifier and as a text: a variable in the two forms that `reporting apply`
 * replaces. It is the database with our tables, or with the views of the later set.
 */
export const sourceDatabase = {
  id: trusted('[$(SourceDatabase)]'),
  literal: trusted("N'$(SourceDatabase)'"),
} as const;

/** Names ignore case, so views are in a database of their own and select from three-part names (design 19 §7). */
export const mssqlReporting: ReportingDialect = {
  rules: mssql,
  isInOwnDatabase: true,
  hasExactKeys: true,
  createView: mssql.sql`CREATE OR ALTER VIEW`,
  viewName: ({ schema, name, pgsqlName }, { schemaSuffix }) => ({
    schema: `${schema}${schemaSuffix}`,
    name: mssql.identifierLength(name) <= mssql.identifierLimit ? name : pgsqlName,
  }),
  columnName: ({ name, pgsqlName }) => (mssql.identifierLength(name) <= mssql.identifierLimit ? name : pgsqlName),
  sourceName: (table) => mssql.sql`${sourceDatabase.id}.${table}`,
  typeName(type) {
    switch (type.kind) {
      case 'string':
        return trusted(mssql.typeName({ kind: 'String', maxLength: type.maxLength, decimal: null }));
      case 'decimal':
        return decimalType(type);
      default:
        return trusted(mssqlTypeNames[type.kind]);
    }
  },
  // moments are stored in UTC, without a time zone
  utc: (moment) => moment,
  joinedTexts: (...texts) => mssql.sql`CONCAT(${join(texts)})`,
  boolean: (is) => mssql.sql`CAST(${mssql.literal(is)} AS bit)`,
  comparesRows: false,
  first: (column, rest) => mssql.sql`SELECT TOP 1 ${column} ${rest}`,
  cast: (value, from, to) => mssqlTextCast(value, from, to, mssqlReporting.typeName(to)),
  withDatabase: (script, database) =>
    script
      .replaceAll(textOf(sourceDatabase.id), () => textOf(mssql.id(database)))
      .replaceAll(textOf(sourceDatabase.literal), () => textOf(mssql.literal(database))),
  dependencyErrors: ['3729', '3726'],
};

export const reportingDialects: Readonly<Record<SqlDialect, ReportingDialect>> = {
  pgsql: pgsqlReporting,
  mssql: mssqlReporting,
};

/** The members of {@link ViewOptions} in the mark of a view. */
export const viewOptionsFormat = {
  changeColumns: z._default(z.boolean(), usualViewOptions.changeColumns),
  exactTypes: z._default(z.boolean(), usualViewOptions.exactTypes),
  descriptorTable: z._default(z.boolean(), usualViewOptions.descriptorTable),
  grants: z._default(z.array(z.string()), []),
};

const optionsFormat = z.strictObject({
  schemaSuffix: z._default(z.string(), usualOptions.schemaSuffix),
  ...viewOptionsFormat,
});

/** JSON of the options that differ from the usual ones, in the order of those. */
export function chosenOptions<Options extends ViewOptions>(options: Options, usual: Options): string {
  const names = Object.keys(usual) as (keyof Options)[];
  const chosen = names.filter((name) => JSON.stringify(options[name]) !== JSON.stringify(usual[name]));
  return JSON.stringify(Object.fromEntries(chosen.map((name) => [name, options[name]])));
}

/** The options of a run as in the marks of its views. */
export const markedOptions = (options: ReportingOptions): string => chosenOptions(options, usualOptions);

/** The options of a mark; the defaults for a mark that others wrote. */
export function optionsOfMark(made: MarkedView['made']): ReportingOptions {
  const read = readShape(optionsFormat, made?.options ?? {});
  return 'found' in read ? usualOptions : read.value;
}

/** `dms-ddl reporting apply` with the options of a run. */
export function applyCommand({ schemaSuffix, changeColumns, exactTypes, descriptorTable, grants }: ReportingOptions) {
  return [
    'dms-ddl reporting apply',
    ...(schemaSuffix === '' ? [] : [`${suffixOptions.own} ${shellWord(schemaSuffix)}`]),
    ...(changeColumns ? ['--change-columns'] : []),
    ...(exactTypes ? ['--exact-types'] : []),
    ...(descriptorTable ? ['--descriptor-table'] : []),
    ...grants.map((role) => `--grant ${shellWord(role)}`),
  ].join(' ');
}
