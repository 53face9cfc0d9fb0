import { lifecycleStates, type RoutineDefinition, serverErrors } from '@dms/catalog';
import { core, coreV2 } from '@dms/model';
import { castText } from '@dms/sql';
import type { GenerationBodies, IdentityTexts } from '../../ddl-generation.ts';
import { changedRows, documentTable, literal, q, qualified } from '../../pgsql/body-text.ts';
import { uuidv5Body, valueTexts } from '../../pgsql/identity-rows.ts';
import { indented, listed } from '../../statement-lines.ts';
import { documentStampingBody } from './document-stamping.ts';

const bodies: Readonly<Record<RoutineDefinition['kind'], () => string[]>> = {
  // the catalog expects pgcrypto in its usual schema
  uuidv5: () => uuidv5Body('public'),
  getMaxChangeVersion: () => [
    'BEGIN',
    `    RETURN (SELECT s.last_value FROM ${qualified(core.changeVersionSequence)} AS s);`,
    'END',
  ],
  throwError: () => ['BEGIN', '    RAISE EXCEPTION USING ERRCODE = code, MESSAGE = msg;', 'END'],
};

/** The functions of schema `dms` that are not the body of a trigger (design 16 §2.4). */
const routineBody = (kind: RoutineDefinition['kind']): string[] => bodies[kind]();

const id = q('DocumentId');

/** A server stores the ends of time as infinity (design 16 §6.4). */
const withEnds =
  (text: IdentityTexts['Date'], first: string, last: string): IdentityTexts['Date'] =>
  (value, type) =>
    `CASE ${value} WHEN '-infinity' THEN ${literal(first)} WHEN 'infinity' THEN ${literal(last)} ELSE ${text(value, type)} END`;

const identityTexts: IdentityTexts = {
  ...valueTexts,
  Date: withEnds(valueTexts.Date, '0001-01-01', '9999-12-31'),
  // with a fraction, as in a document
  Time: castText,
  DateTime: withEnds(valueTexts.DateTime, '0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z'),
};

export const pgsqlBodiesV2: GenerationBodies = {
  coreTrigger: ({ kind }, events) =>
    kind === 'DocumentCacheUuid'
      ? documentCacheUuidBody()
      : projectionEnqueueBody(events[0] === 'INSERT' ? 'INSERT' : 'UPDATE'),
  documentStamping: documentStampingBody,
  propagatesIdentities: false,
  leaveUnwritten: () => [],
  images: [],
  routine: routineBody,
  identityTexts,
};

const required = q('RequiredContentVersion');
const lastEnqueued = q('LastEnqueuedAt');
const stateTable = qualified(coreV2.documentCacheState);
const states = lifecycleStates.map(literal).join(', ');

/**
 * Queues the documents of a statement that have a new content version, unless the projection is off (design 16 §2.5). A
 * server checks for parts of this text before it starts (design 16 §11.4).
 */
function projectionEnqueueBody(event: 'INSERT' | 'UPDATE'): string[] {
  const columns = ['DocumentId', 'ContentVersion'];
  const rows = event === 'INSERT' ? ['FROM new_rows AS c'] : changedRows(columns, ['new_rows', 'old_rows']);
  return [
    'DECLARE',
    '    state pg_catalog.text;',
    'BEGIN',
    ...indented([
      `SELECT s.${q('ProjectionLifecycleState')} INTO state`,
      `FROM ${stateTable} AS s`,
      `WHERE s.${q('StateId')} = 1;`,
      'IF NOT FOUND THEN',
      `    RAISE EXCEPTION ${literal(serverErrors.stateMissing)};`,
      'END IF;',
      `IF state <> ALL (ARRAY[${states}]) THEN`,
      `    RAISE EXCEPTION ${literal(`${serverErrors.stateUnknown} %.`)}, state;`,
      'END IF;',
      `IF state = ${literal(lifecycleStates[0])} THEN`,
      '    RETURN NULL;',
      'END IF;',
      `INSERT INTO ${qualified(coreV2.documentProjectionWork)} AS work (`,
      ...indented(listed([id, required, q('FirstEnqueuedAt'), lastEnqueued])),
      ')',
      'SELECT',
      ...indented(
        listed([
          `c.${id}`,
          `pg_catalog.max(c.${q('ContentVersion')})`,
          'pg_catalog.statement_timestamp()',
          'pg_catalog.statement_timestamp()',
        ]),
      ),
      ...rows,
      `GROUP BY c.${id}`,
      `ON CONFLICT (${id}) DO UPDATE`,
      `SET ${required} = EXCLUDED.${required},`,
      `    ${lastEnqueued} = EXCLUDED.${lastEnqueued}`,
      `WHERE work.${required} < EXCLUDED.${required};`,
      'RETURN NULL;',
    ]),
    'END',
  ];
}

/** Refuses a cached document with a UUID other than its own (design 16 §2.5). */
function documentCacheUuidBody(): string[] {
  const uuid = q('DocumentUuid');
  return [
    'DECLARE',
    '    _canonical_document_uuid pg_catalog.uuid;',
    'BEGIN',
    ...indented([
      `SELECT d.${uuid} INTO _canonical_document_uuid`,
      `FROM ${documentTable} AS d`,
      `WHERE d.${id} = NEW.${id};`,
      `IF _canonical_document_uuid <> NEW.${uuid} THEN`,
      `    RAISE EXCEPTION ${literal(`${serverErrors.cacheUuid}: the UUID of the document % is %, in its cached form %.`)},`,
      `        NEW.${id}, _canonical_document_uuid, NEW.${uuid};`,
      'END IF;',
      'RETURN NEW;',
    ]),
    'END',
  ];
}
