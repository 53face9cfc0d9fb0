import { core, qualified as joined } from '@dms/model';
import type { SqlWriter } from '@dms/sql';
import type { Expectation } from '../../ddl-generation.ts';
import { literal, q, qualified } from '../../mssql/body-text.ts';
import { batchSeparator, disarming } from '../../mssql/script-frame.ts';
import { indented } from '../../statement-lines.ts';

/** Refuses a database that was made for another schema (design 06 §6.1). */
export function mssqlGuardsV1(writer: SqlWriter, { effectiveSchemaHash: hash }: Expectation): void {
  writer
    .linesOf([
      '-- Preflight: fail fast if database is provisioned for a different schema hash',
      `IF OBJECT_ID(N'${joined(core.effectiveSchema)}', N'U') IS NOT NULL`,
      'BEGIN',
      '    DECLARE @preflight_stored_hash nvarchar(64);',
      `    SELECT @preflight_stored_hash = ${q('EffectiveSchemaHash')}`,
      `    FROM ${qualified(core.effectiveSchema)}`,
      `    WHERE ${q('EffectiveSchemaSingletonId')} = 1;`,
      `    IF @preflight_stored_hash <> ${literal(hash)}`,
      '    BEGIN',
      `        DECLARE @preflight_message nvarchar(500) = N'EffectiveSchemaHash mismatch: database has ''' + @preflight_stored_hash + N''' but expected ''' + ${literal(hash)} + N'''';`,
      ...indented(indented(disarming("RAISERROR(N'%s', 16, 1, @preflight_message)"))),
      '    END',
      'END',
    ])
    .line(batchSeparator)
    .blank();
}
