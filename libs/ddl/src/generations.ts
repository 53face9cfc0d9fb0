import type { MappingVersion } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import type { DdlGeneration, SingletonTable } from './ddl-generation.ts';
import type { DerivedRows } from './derived-row-statements.ts';
import { mssqlDerivedRows } from './mssql/derived-rows.ts';
import { pgsqlDerivedRows } from './pgsql/derived-rows.ts';
import { ddlGenerationV1 } from './v1/ddl-generation.ts';
import { ddlGenerationV2 } from './v2/ddl-generation.ts';

export const generations: Readonly<Record<MappingVersion, DdlGeneration>> = {
  v1: ddlGenerationV1,
  v2: ddlGenerationV2,
};

/**
 * The tables besides `dms.EffectiveSchema` in which a complete database of a generation has exactly one row (design 16
 * §5.2).
 */
export const singletonTables = (version: MappingVersion): readonly SingletonTable[] =>
  generations[version].singletonTables;

const dialects = { pgsql: pgsqlDerivedRows, mssql: mssqlDerivedRows };

/** The statements of a generation and dialect. */
export function derivedRows(version: MappingVersion, dialect: SqlDialect): DerivedRows {
  return dialects[dialect](generations[version].bodies[dialect].identityTexts);
}
