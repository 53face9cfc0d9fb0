import { lifecycleStates } from '@dms/catalog';
import { coreV2 } from '@dms/model';
import {
  bodyLines,
  byKey,
  documentTable,
  leaveWhenEmpty,
  literal,
  q,
  qualified,
  tableVariable,
} from '../../mssql/body-text.ts';
import { indented } from '../../statement-lines.ts';

const id = q('DocumentId');
const required = q('RequiredContentVersion');
const firstEnqueued = q('FirstEnqueuedAt');
const lastEnqueued = q('LastEnqueuedAt');
const version = q('ContentVersion');
const queue = qualified(coreV2.documentProjectionWork);
const stateName = `${coreV2.documentCacheState.schema}.${coreV2.documentCacheState.name}`;

const thrown = (message: string) => ['BEGIN', `    THROW 50000, ${literal(message)}, 1;`, 'END;'];

const isState = (state: string) => `@state COLLATE Latin1_General_100_BIN2 = '${state}'`;

/**
 * Queues the documents of a statement that have a new content version, unless the projection is off (design 16 §2.5). A
 * server checks for parts of this text before it starts (design 16 §11.4).
 */
export function projectionEnqueueBody(): string[] {
  return bodyLines(
    ['IF NOT EXISTS (SELECT 1 FROM inserted) RETURN;', 'DECLARE @state varchar(16);'],
    [
      `SELECT @state = s.${q('ProjectionLifecycleState')}`,
      `FROM ${qualified(coreV2.documentCacheState)} AS s`,
      `WHERE s.${q('StateId')} = 1;`,
      'IF @state IS NULL',
      ...thrown(`${stateName} has no row, so documents cannot be queued.`),
      `IF NOT (${lifecycleStates.map(isState).join(' OR ')})`,
      ...thrown(`${stateName} has an unknown state.`),
      `IF ${isState(lifecycleStates[0])} RETURN;`,
    ],
    tableVariable('@required', [`${id} bigint NOT NULL PRIMARY KEY`, `${required} bigint NOT NULL`]),
    [
      `INSERT INTO @required (${id}, ${required})`,
      `SELECT i.${id}, MAX(i.${version})`,
      'FROM inserted AS i',
      'WHERE NOT EXISTS (',
      ...indented(['SELECT 1', 'FROM deleted AS d', `WHERE d.${id} = i.${id}`, `    AND d.${version} = i.${version}`]),
      ')',
      `GROUP BY i.${id};`,
      leaveWhenEmpty,
      'DECLARE @now datetime2(7) = sysutcdatetime();',
      'UPDATE work',
      `SET work.${required} = req.${required},`,
      `    work.${lastEnqueued} = @now`,
      'FROM @required AS req',
      `INNER LOOP JOIN ${queue} AS work WITH (FORCESEEK, UPDLOCK, HOLDLOCK, ROWLOCK) ON work.${id} = req.${id}`,
      `WHERE work.${required} < req.${required}`,
      'OPTION (FORCE ORDER);',
      `INSERT INTO ${queue} (${[id, required, firstEnqueued, lastEnqueued].join(', ')})`,
      `SELECT req.${id}, req.${required}, @now, @now`,
      'FROM @required AS req',
      'WHERE NOT EXISTS (',
      ...indented([
        'SELECT 1',
        `FROM ${queue} AS work WITH (UPDLOCK, HOLDLOCK, ROWLOCK)`,
        `WHERE work.${id} = req.${id}`,
      ]),
      ');',
    ],
  );
}

/** Refuses a cached document with a UUID other than its own (design 16 §2.5). */
export function documentCacheUuidBody(): string[] {
  const uuid = q('DocumentUuid');
  return bodyLines([
    'IF EXISTS (',
    ...indented([
      'SELECT 1',
      'FROM inserted AS i',
      byKey(documentTable, 'd', 'DocumentId', `i.${id}`),
      `WHERE d.${uuid} <> i.${uuid}`,
    ]),
    ')',
    ...thrown('The cached form of a document has another UUID than the document.'),
  ]);
}
