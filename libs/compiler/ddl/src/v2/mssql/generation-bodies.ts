import { lifecycleStates, type RoutineDefinition, serverErrors } from '@dms/catalog';
import { core, coreV2 } from '@dms/model';
import { trimmedZeros } from '@dms/sql';
import type { GenerationBodies, IdentityTexts } from '../../ddl-generation.ts';
import {
  bodyLines,
  byKey,
  documentTable,
  imagesWithMoved,
  leaveUnwritten,
  leaveWhenEmpty,
  literal,
  q,
  qualified,
  tableVariable,
} from '../../mssql/body-text.ts';
import { uuidv5Definition, valueTexts } from '../../mssql/identity-rows.ts';
import { indented } from '../../statement-lines.ts';
import { documentStampingBody } from './document-stamping.ts';

const { schema, name } = core.changeVersionSequence;

const definitions: Readonly<Record<RoutineDefinition['kind'], () => string[]>> = {
  uuidv5: uuidv5Definition,
  getMaxChangeVersion: () => [
    '()',
    'RETURNS bigint',
    'AS',
    'BEGIN',
    '    RETURN (',
    '        SELECT CONVERT(bigint, q.current_value)',
    '        FROM sys.sequences AS q',
    '        INNER JOIN sys.schemas AS s ON s.schema_id = q.schema_id',
    `        WHERE s.name = ${literal(schema)} AND q.name = ${literal(name)}`,
    '    );',
    'END;',
  ],
  throwError: () => {
    throw new Error('SQL Server has no function throw_error');
  },
};

/** The functions of schema `dms`, from their parameters on (design 16 §2.4). */
const routineDefinition = (kind: RoutineDefinition['kind']): string[] => definitions[kind]();

const identityTexts: IdentityTexts = {
  ...valueTexts,
  // with a fraction, as in a document; style 121 always writes seven digits
  Time: (value) => trimmedZeros(`CONVERT(nvarchar(16), ${value}, 121)`),
};

export const mssqlBodiesV2: GenerationBodies = {
  coreTrigger: ({ kind }) => (kind === 'DocumentCacheUuid' ? documentCacheUuidBody() : projectionEnqueueBody()),
  documentStamping: documentStampingBody,
  propagatesIdentities: false,
  leaveUnwritten,
  images: imagesWithMoved,
  routine: routineDefinition,
  identityTexts,
};

const id = q('DocumentId');
const required = q('RequiredContentVersion');
const firstEnqueued = q('FirstEnqueuedAt');
const lastEnqueued = q('LastEnqueuedAt');
const version = q('ContentVersion');
const queue = qualified(coreV2.documentProjectionWork);
const thrown = (message: string) => ['BEGIN', `    THROW 50000, ${literal(message)}, 1;`, 'END;'];

const isState = (state: string) => `@state COLLATE Latin1_General_100_BIN2 = '${state}'`;

/**
 * Queues the documents of a statement that have a new content version, unless the projection is off (design 16 §2.5). A
 * server checks for parts of this text before it starts (design 16 §11.4).
 */
function projectionEnqueueBody(): string[] {
  return bodyLines(
    ['IF NOT EXISTS (SELECT 1 FROM inserted) RETURN;', 'DECLARE @state varchar(16);'],
    [
      `SELECT @state = s.${q('ProjectionLifecycleState')}`,
      `FROM ${qualified(coreV2.documentCacheState)} AS s`,
      `WHERE s.${q('StateId')} = 1;`,
      'IF @state IS NULL',
      ...thrown(serverErrors.stateMissing),
      `IF NOT (${lifecycleStates.map(isState).join(' OR ')})`,
      ...thrown(`${serverErrors.stateUnknown}.`),
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
function documentCacheUuidBody(): string[] {
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
    ...thrown(`${serverErrors.cacheUuid}.`),
  ]);
}
