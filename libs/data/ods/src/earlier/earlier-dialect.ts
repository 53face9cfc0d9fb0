import type { SqlDialect } from '@dms/sql';
import type { OdsType } from '../mapping/ods-mapping.ts';
import { mssqlReporting, pgsqlReporting, type ReportingDialect } from '../views/reporting-dialect.ts';
import { mssqlTextCast } from './mssql-text-casts.ts';
import { textCast } from './text-casts.ts';

/** The parts of the text of earlier views that depend on the dialect. */
export interface EarlierDialect {
  readonly reporting: ReportingDialect;
  /** A boolean as a constant. */
  boolean(is: boolean): string;
  /** Whether rows compare as a whole. */
  readonly comparesRows: boolean;
  /** The first row of a sorted select: before its columns, and at its end. */
  readonly first: { readonly before: string; readonly after: string };
  /** Casts a value to another type; NULL if the type does not have the value. */
  cast(value: string, from: 'text' | 'other', to: OdsType): string;
}

const bit = (is: boolean) => `CAST(${is ? '1' : '0'} AS bit)`;

export const earlierDialects: Readonly<Record<SqlDialect, EarlierDialect>> = {
  pgsql: {
    reporting: pgsqlReporting,
    boolean: String,
    comparesRows: true,
    first: { before: '', after: ' LIMIT 1' },
    cast: (value, from, to) => textCast(value, from, to, pgsqlReporting.typeName(to)),
  },
  mssql: {
    reporting: mssqlReporting,
    boolean: bit,
    comparesRows: false,
    first: { before: 'TOP 1 ', after: '' },
    cast: (value, from, to) => mssqlTextCast(value, from, to, mssqlReporting.typeName(to)),
  },
};
