import { dialectRules, qualifiedName } from '@dms/sql';
import type { ReportingDialect } from './reporting-dialect.ts';

const rules = dialectRules.pgsql;

/** Names in lower case are what SQL without quotes means (design 19 §7). */
export const pgsqlReporting: ReportingDialect = {
  rules,
  isInOwnDatabase: false,
  createView: 'CREATE OR REPLACE VIEW',
  viewName: ({ schema, pgsqlName }, { schemaSuffix }) => ({
    schema: `${schema}${schemaSuffix}`,
    name: pgsqlName.toLowerCase(),
  }),
  columnName: ({ pgsqlName }) => pgsqlName.toLowerCase(),
  sourceName: (table) => qualifiedName(rules, table),
  typeName(type) {
    switch (type.kind) {
      case 'string':
        return `varchar(${type.maxLength})`;
      case 'decimal':
        return `decimal(${type.precision}, ${type.scale})`;
      case 'bytes':
        return 'bytea';
      default:
        return type.kind;
    }
  },
  cast: (expression, type) => `${expression}::${type}`,
  utc: (expression) => `(${expression} AT TIME ZONE 'UTC')`,
  concatenated: (...expressions) => `(${expressions.join(' || ')})`,
};
