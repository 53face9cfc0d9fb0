import { lifecycleStates } from '@dms/catalog';
import { coreV2 } from '@dms/model';
import { changedRows, documentTable, literal, q, qualified } from '../../pgsql/body-text.ts';
import { indented, listed } from '../../statement-lines.ts';

const id = q('DocumentId');
const required = q('RequiredContentVersion');
const lastEnqueued = q('LastEnqueuedAt');
const stateTable = qualified(coreV2.documentCacheState);
const states = lifecycleStates.map(literal).join(', ');

const stateName = `${coreV2.documentCacheState.schema}.${coreV2.documentCacheState.name}`;

/**
 * Queues the documents of a statement that have a new content version, unless the projection is off (design 16 §2.5). A
 * server checks for parts of this text before it starts (design 16 §11.4).
 */
export function projectionEnqueueBody(event: 'INSERT' | 'UPDATE'): string[] {
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
      `    RAISE EXCEPTION ${literal(`${stateName} has no row, so documents cannot be queued.`)};`,
      'END IF;',
      `IF state <> ALL (ARRAY[${states}]) THEN`,
      `    RAISE EXCEPTION ${literal(`${stateName} has the unknown state %.`)}, state;`,
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
export function documentCacheUuidBody(): string[] {
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
      `    RAISE EXCEPTION ${literal('Document % has the UUID %; its cached form has the UUID %.')},`,
      `        NEW.${id}, _canonical_document_uuid, NEW.${uuid};`,
      'END IF;',
      'RETURN NEW;',
    ]),
    'END',
  ];
}
