import { lifecycleStates, type RoutineDefinition, serverErrors } from '@dms/catalog';
import { core, coreV2 } from '@dms/model';
import { dialectOf, join, type PlainLines, textOf, trimmedZeros, trusted } from '@dms/sql';
import type { GenerationBodies, IdentityTexts } from '../../ddl-generation.ts';
import { leaveUnwritten } from '../../mssql/body-text.ts';
import { uuidv5Definition, valueTexts } from '../../mssql/identity-rows.ts';
import { documentStampingBody } from './document-stamping.ts';

const { sql, lines, literal, asciiLiteral, exact } = dialectOf.mssql;

const { schema, name } = core.changeVersionSequence;

const maxChangeVersion = lines`
  ()
  RETURNS bigint
  AS
  BEGIN
      RETURN (
          SELECT CONVERT(bigint, q.current_value)
          FROM sys.sequences AS q
          INNER JOIN sys.schemas AS s ON s.schema_id = q.schema_id
          WHERE s.name = ${literal(schema)} AND q.name = ${literal(name)}
      );
  END;`;

/** The functions of schema `dms`, from their parameters on (design 16 §2.4). */
function routineDefinition(kind: RoutineDefinition['kind']): PlainLines {
  if (kind === 'throwError') throw new Error('SQL Server has no function throw_error');
  return kind === 'uuidv5' ? uuidv5Definition : maxChangeVersion;
}

const identityTexts: IdentityTexts = {
  ...valueTexts,
  // with a fraction, as in a document; style 121 always writes seven digits
  Time: (value) => trusted(trimmedZeros(textOf(sql`CONVERT(nvarchar(16), ${value}, 121)`))),
};

const isState = (state: string) => sql`${exact(sql`@state`)} = ${asciiLiteral(state)}`;

const thrown = (message: string) => lines`
  BEGIN
      THROW 50000, ${literal(message)}, 1;
  END;`;

/**
 * Queues the documents of a statement that have a new content version, unless the projection is off (design 16 §2.5). A
 * server checks for parts of this text before it starts (design 16 §11.4).
 */
const projectionEnqueueBody = lines`
  BEGIN
      SET NOCOUNT ON;
      IF NOT EXISTS (SELECT 1 FROM inserted) RETURN;
      DECLARE @state varchar(16);
      SELECT @state = s."ProjectionLifecycleState"
      FROM ${coreV2.documentCacheState} AS s
      WHERE s."StateId" = 1;
      IF @state IS NULL
      ${thrown(serverErrors.stateMissing)}
      IF NOT (${join(lifecycleStates.map(isState), ' OR ')})
      ${thrown(`${serverErrors.stateUnknown}.`)}
      IF ${isState(lifecycleStates[0])} RETURN;
      DECLARE @required TABLE (
          "DocumentId" bigint NOT NULL PRIMARY KEY,
          "RequiredContentVersion" bigint NOT NULL
      );
      INSERT INTO @required ("DocumentId", "RequiredContentVersion")
      SELECT i."DocumentId", MAX(i."ContentVersion")
      FROM inserted AS i
      WHERE NOT EXISTS (
          SELECT 1
          FROM deleted AS d
          WHERE d."DocumentId" = i."DocumentId"
              AND d."ContentVersion" = i."ContentVersion"
      )
      GROUP BY i."DocumentId";
      IF @@ROWCOUNT = 0 RETURN;
      DECLARE @now datetime2(7) = sysutcdatetime();
      UPDATE work
      SET work."RequiredContentVersion" = req."RequiredContentVersion",
          work."LastEnqueuedAt" = @now
      FROM @required AS req
      INNER LOOP JOIN ${coreV2.documentProjectionWork} AS work WITH (FORCESEEK, UPDLOCK, HOLDLOCK, ROWLOCK) ON work."DocumentId" = req."DocumentId"
      WHERE work."RequiredContentVersion" < req."RequiredContentVersion"
      OPTION (FORCE ORDER);
      INSERT INTO ${coreV2.documentProjectionWork} ("DocumentId", "RequiredContentVersion", "FirstEnqueuedAt", "LastEnqueuedAt")
      SELECT req."DocumentId", req."RequiredContentVersion", @now, @now
      FROM @required AS req
      WHERE NOT EXISTS (
          SELECT 1
          FROM ${coreV2.documentProjectionWork} AS work WITH (UPDLOCK, HOLDLOCK, ROWLOCK)
          WHERE work."DocumentId" = req."DocumentId"
      );
  END;`;

/** Refuses a cached document with a UUID other than its own (design 16 §2.5). */
const documentCacheUuidBody = lines`
  BEGIN
      SET NOCOUNT ON;
      IF EXISTS (
          SELECT 1
          FROM inserted AS i
          INNER LOOP JOIN ${core.document} AS d WITH (FORCESEEK) ON d."DocumentId" = i."DocumentId"
          WHERE d."DocumentUuid" <> i."DocumentUuid"
      )
      ${thrown(`${serverErrors.cacheUuid}.`)}
  END;`;

export const mssqlBodiesV2: GenerationBodies = {
  coreTrigger: ({ kind }) => (kind === 'DocumentCacheUuid' ? documentCacheUuidBody : projectionEnqueueBody),
  documentStamping: documentStampingBody(true),
  propagatesIdentities: false,
  leaveUnwritten,
  routine: routineDefinition,
  identityTexts,
};
