import { dialectRules, qualifiedName } from '@dms/sql';
import type { ReportingDialect } from './reporting-dialect.ts';

const rules = dialectRules.mssql;

/**
 * The database with our tables, as the script names it; sqlcmd replaces the variable, and so does `reporting apply`.
 */
export const sourceDatabaseVariable = '$(SourceDatabase)';

const typeNames = {
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

/** Names ignore case, so views are in a database of their own and select from three-part names (design 19 §7). */
export const mssqlReporting: ReportingDialect = {
  rules,
  isInOwnDatabase: true,
  createView: 'CREATE OR ALTER VIEW',
  viewName: ({ schema, name, pgsqlName }, { schemaSuffix }) => ({
    schema: `${schema}${schemaSuffix}`,
    name: rules.identifierLength(name) <= rules.identifierLimit ? name : pgsqlName,
  }),
  columnName: ({ name, pgsqlName }) => (rules.identifierLength(name) <= rules.identifierLimit ? name : pgsqlName),
  sourceName: (table) => `[${sourceDatabaseVariable}].${qualifiedName(rules, table)}`,
  typeName(type) {
    switch (type.kind) {
      case 'string':
        return rules.typeName({ kind: 'String', maxLength: type.maxLength, decimal: null });
      case 'decimal':
        return `decimal(${type.precision}, ${type.scale})`;
      default:
        return typeNames[type.kind];
    }
  },
  cast: (expression, type) => `CAST(${expression} AS ${type})`,
  // moments are stored in UTC, without a time zone
  utc: (expression) => expression,
  concatenated: (...expressions) => `CONCAT(${expressions.join(', ')})`,
};
