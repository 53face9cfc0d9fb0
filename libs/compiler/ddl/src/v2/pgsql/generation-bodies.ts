import { lifecycleStates, type RoutineDefinition, serverErrors } from '@dms/catalog';
import { core, coreV2 } from '@dms/model';
import { dialectOf, group, type PlainLines } from '@dms/sql';
import type { GenerationBodies, IdentityTexts } from '../../ddl-generation.ts';
import { changedRows } from '../../pgsql/body-text.ts';
import { usualUuidv5Body, valueTexts } from '../../pgsql/identity-rows.ts';
import { documentStampingBody } from './document-stamping.ts';

const { sql, lines, literal, literals } = dialectOf.pgsql;

/** The functions of schema `dms` that are not the body of a trigger (design 16 §2.4). */
const routineBodies: Readonly<Record<RoutineDefinition['kind'], PlainLines>> = {
  uuidv5: usualUuidv5Body,
  getMaxChangeVersion: lines`
    BEGIN
        RETURN (SELECT s.last_value FROM ${core.changeVersionSequence} AS s);
    END`,
  throwError: lines`
    BEGIN
        RAISE EXCEPTION USING ERRCODE = code, MESSAGE = msg;
    END`,
};

/** A server stores the ends of time as infinity (design 16 §6.4). */
const withEnds =
  (text: IdentityTexts['Date'], first: string, last: string): IdentityTexts['Date'] =>
  (value, type) =>
    sql`CASE ${value} WHEN '-infinity' THEN ${literal(first)} WHEN 'infinity' THEN ${literal(last)} ELSE ${text(value, type)} END`;

const identityTexts: IdentityTexts = {
  ...valueTexts,
  Date: withEnds(valueTexts.Date, '0001-01-01', '9999-12-31'),
  // with a fraction, as in a document
  Time: (value) => sql`${value}::pg_catalog.text`,
  DateTime: withEnds(valueTexts.DateTime, '0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z'),
};

/**
 * Queues the documents of a statement that have a new content version, unless the projection is off (design 16 §2.5). A
 * server checks for parts of this text before it starts (design 16 §11.4).
 */
const projectionEnqueueBody = (changed: PlainLines) => lines`
  DECLARE
      state pg_catalog.text;
  BEGIN
      SELECT s."ProjectionLifecycleState" INTO state
      FROM ${coreV2.documentCacheState} AS s
      WHERE s."StateId" = 1;
      IF NOT FOUND THEN
          RAISE EXCEPTION ${literal(serverErrors.stateMissing)};
      END IF;
      IF state <> ALL (ARRAY[${literals(lifecycleStates)}]) THEN
          RAISE EXCEPTION ${literal(`${serverErrors.stateUnknown} %.`)}, state;
      END IF;
      IF state = ${literal(lifecycleStates[0])} THEN
          RETURN NULL;
      END IF;
      INSERT INTO ${coreV2.documentProjectionWork} AS work (
          "DocumentId",
          "RequiredContentVersion",
          "FirstEnqueuedAt",
          "LastEnqueuedAt"
      )
      SELECT
          c."DocumentId",
          pg_catalog.max(c."ContentVersion"),
          pg_catalog.statement_timestamp(),
          pg_catalog.statement_timestamp()
      ${changed}
      GROUP BY c."DocumentId"
      ON CONFLICT ("DocumentId") DO UPDATE
      SET "RequiredContentVersion" = EXCLUDED."RequiredContentVersion",
          "LastEnqueuedAt" = EXCLUDED."LastEnqueuedAt"
      WHERE work."RequiredContentVersion" < EXCLUDED."RequiredContentVersion";
      RETURN NULL;
  END`;

const enqueueBodies = {
  INSERT: projectionEnqueueBody(group(sql`FROM new_rows AS c`)),
  UPDATE: projectionEnqueueBody(changedRows(['DocumentId', 'ContentVersion'], ['new_rows', 'old_rows'])),
} as const;

const wrongUuid = literal(`${serverErrors.cacheUuid}: the UUID of the document % is %, in its cached form %.`);

/** Refuses a cached document with a UUID other than its own (design 16 §2.5). */
const documentCacheUuidBody = lines`
  DECLARE
      _canonical_document_uuid pg_catalog.uuid;
  BEGIN
      SELECT d."DocumentUuid" INTO _canonical_document_uuid
      FROM ${core.document} AS d
      WHERE d."DocumentId" = NEW."DocumentId";
      IF _canonical_document_uuid <> NEW."DocumentUuid" THEN
          RAISE EXCEPTION ${wrongUuid},
              NEW."DocumentId", _canonical_document_uuid, NEW."DocumentUuid";
      END IF;
      RETURN NEW;
  END`;

export const pgsqlBodiesV2: GenerationBodies = {
  coreTrigger: ({ kind }, events) =>
    kind === 'DocumentCacheUuid' ? documentCacheUuidBody : enqueueBodies[events[0] === 'INSERT' ? 'INSERT' : 'UPDATE'],
  documentStamping: documentStampingBody(true),
  propagatesIdentities: false,
  leaveUnwritten: () => group(),
  routine: (kind) => routineBodies[kind],
  identityTexts,
};
