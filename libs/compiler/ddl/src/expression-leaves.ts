import { type CheckExpression, type ExpressionLeaves, printExpression } from '@dms/catalog';
import { dialectOf, type PlainSql, type SqlDialect, textOf, trusted } from '@dms/sql';

const { pgsql, mssql } = dialectOf;

/** How each dialect writes the leaves of an expression. */
export const expressionLeaves: Readonly<Record<SqlDialect, ExpressionLeaves>> = {
  pgsql: {
    column: (name) => textOf(pgsql.id(name)),
    text: (value) => textOf(pgsql.literal(value)),
    true: textOf(pgsql.literal(true)),
    nextValue: (sequence) => textOf(pgsql.sql`pg_catalog.nextval(${pgsql.nameLiteral(sequence)})`),
    function: (name) => `pg_catalog.${name}`,
    collation: (name) => textOf(pgsql.sql`pg_catalog.${pgsql.id(name)}`),
  },
  mssql: {
    column: (name) => textOf(mssql.id(name)),
    text: (value) => textOf(mssql.asciiLiteral(value)),
    true: textOf(mssql.literal(true)),
    nextValue: (sequence) => textOf(mssql.sql`NEXT VALUE FOR ${sequence}`),
    function: (name) => name,
    collation: (name) => name,
  },
};

/** An expression of the catalog as SQL. */
export const printed = (expression: CheckExpression, leaves: ExpressionLeaves): PlainSql =>
  trusted(printExpression(expression, leaves));
