import { core, coreV1, qualified as joined } from '@dms/model';
import type { SqlWriter } from '@dms/sql';
import type { Expectation, GenerationBodies } from '../../ddl-generation.ts';
import { bodyLines, images, literal, q, qualified } from '../../mssql/body-text.ts';
import { uuidv5Definition, valueTexts } from '../../mssql/identity-rows.ts';
import { batchSeparator, disarming } from '../../mssql/script-frame.ts';
import { indented } from '../../statement-lines.ts';
import { documentStampingBody } from './document-stamping.ts';

/** Adds every new content version of a document to the journal as an event (design 06 §5.2). */
function documentJournalBody(): string[] {
  const version = q('ContentVersion');
  const document = q('DocumentId');
  const resourceKey = q('ResourceKeyId');
  const columns = [q('ChangeVersion'), document, resourceKey, q('CreatedAt')].join(', ');
  return bodyLines([
    'IF NOT EXISTS (SELECT 1 FROM inserted) RETURN;',
    // an insert always writes new versions, even if UPDATE() is false
    `IF EXISTS (SELECT 1 FROM deleted) AND NOT UPDATE(${version}) RETURN;`,
    `INSERT INTO ${qualified(coreV1.documentChangeEvent)} (${columns})`,
    `SELECT i.${version}, i.${document}, i.${resourceKey}, sysutcdatetime()`,
    'FROM inserted AS i',
    `LEFT JOIN deleted AS d ON d.${document} = i.${document}`,
    `WHERE d.${document} IS NULL`,
    `    OR d.${version} <> i.${version};`,
  ]);
}

export const mssqlBodiesV1: GenerationBodies = {
  coreTrigger: documentJournalBody,
  documentStamping: documentStampingBody,
  propagatesIdentities: true,
  leaveUnwritten: () => [],
  images,
  routine: uuidv5Definition,
  identityTexts: valueTexts,
};

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
