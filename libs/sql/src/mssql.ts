import type { DialectRules, LogicalType } from './dialect.ts';

function typeName(type: LogicalType): string {
  switch (type.kind) {
    case 'String':
      return type.maxLength === null ? 'nvarchar(max)' : `nvarchar(${type.maxLength})`;
    case 'Int32':
      return 'int';
    case 'Int64':
      return 'bigint';
    case 'Decimal':
      return type.decimal === null ? 'decimal' : `decimal(${type.decimal.precision},${type.decimal.scale})`;
    case 'Boolean':
      return 'bit';
    case 'Date':
      return 'date';
    case 'DateTime':
      return 'datetime2(7)';
    case 'Time':
      return 'time(7)';
  }
}

/** SQL Server: a name is a sysname of at most 128 UTF-16 code units (design 03 §6). */
export const mssql: DialectRules = {
  name: 'mssql',
  identifierLimit: 128,
  identifierLength: (identifier) => identifier.length,
  identifierPrefix: (identifier, length) => identifier.slice(0, length),
  quote: (identifier) => `[${identifier.replaceAll(']', ']]')}]`,
  stringLiteral: (text) => `N'${text.replaceAll("'", "''")}'`,
  booleanLiteral: (value) => (value ? '1' : '0'),
  binaryLiteral: (bytes) => `0x${Buffer.from(bytes).toString('hex').toUpperCase()}`,
  typeName,
};
