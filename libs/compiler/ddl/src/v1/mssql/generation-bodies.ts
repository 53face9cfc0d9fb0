import { core, coreV1, qualified } from '@dms/model';
import { dialectOf, group, type SqlWriter } from '@dms/sql';
import type { Expectation, GenerationBodies } from '../../ddl-generation.ts';
import { uuidv5Definition, valueTexts } from '../../mssql/identity-rows.ts';
import { disarming } from '../../mssql/script-frame.ts';
import { documentStampingBody } from './document-stamping.ts';

const { sql, lines, literal } = dialectOf.mssql;

/**
 * Adds every new content version of a document to the journal as an event (design 06 §5.2). An insert always writes new
 * versions, even if UPDATE() is false.
 */
const documentJournalBody = lines`
  BEGIN
      SET NOCOUNT ON;
      IF NOT EXISTS (SELECT 1 FROM inserted) RETURN;
      IF EXISTS (SELECT 1 FROM deleted) AND NOT UPDATE("ContentVersion") RETURN;
      INSERT INTO ${coreV1.documentChangeEvent} ("ChangeVersion", "DocumentId", "ResourceKeyId", "CreatedAt")
      SELECT i."ContentVersion", i."DocumentId", i."ResourceKeyId", sysutcdatetime()
      FROM inserted AS i
      LEFT JOIN deleted AS d ON d."DocumentId" = i."DocumentId"
      WHERE d."DocumentId" IS NULL
          OR d."ContentVersion" <> i."ContentVersion";
  END;`;

export const mssqlBodiesV1: GenerationBodies = {
  coreTrigger: () => documentJournalBody,
  documentStamping: documentStampingBody,
  propagatesIdentities: true,
  leaveUnwritten: () => group(),
  routine: () => uuidv5Definition,
  identityTexts: valueTexts,
};

/** Refuses a database that was made for another schema (design 06 §6.1). */
export function mssqlGuardsV1(writer: SqlWriter, { effectiveSchemaHash }: Expectation): void {
  const hash = literal(effectiveSchemaHash);
  writer
    .write(lines`
      -- Preflight: fail fast if database is provisioned for a different schema hash
      IF OBJECT_ID(${literal(qualified(core.effectiveSchema))}, N'U') IS NOT NULL
      BEGIN
          DECLARE @preflight_stored_hash nvarchar(64);
          SELECT @preflight_stored_hash = "EffectiveSchemaHash"
          FROM ${core.effectiveSchema}
          WHERE "EffectiveSchemaSingletonId" = 1;
          IF @preflight_stored_hash <> ${hash}
          BEGIN
              DECLARE @preflight_message nvarchar(500) = N'EffectiveSchemaHash mismatch: database has ''' + @preflight_stored_hash + N''' but expected ''' + ${hash} + N'''';
              ${disarming(sql`RAISERROR(N'%s', 16, 1, @preflight_message)`)}
          END
      END
      GO`)
    .blank();
}
