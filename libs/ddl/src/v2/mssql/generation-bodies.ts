import type { RoutineDefinition } from '@dms/catalog';
import { core } from '@dms/model';
import type { GenerationBodies, IdentityTexts } from '../../ddl-generation.ts';
import { abstractIdentityBody } from '../../mssql/abstract-identity.ts';
import { authHierarchyBody } from '../../mssql/auth-hierarchy.ts';
import { leaveUnwritten, literal } from '../../mssql/body-text.ts';
import { referentialIdentityBody, trimmedZeros, valueTexts } from '../../mssql/referential-identity.ts';
import { uuidv5Definition } from '../../mssql/uuidv5.ts';
import { noIdentityPropagation } from '../../trigger-source.ts';
import { documentStampingBody } from './document-stamping.ts';
import { documentCacheUuidBody, projectionEnqueueBody } from './projection-queue.ts';

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
  // with its fraction, as in a document; style 121 always writes seven digits
  Time: (value) => trimmedZeros(`CONVERT(nvarchar(16), ${value}, 121)`),
};

export const mssqlBodiesV2: GenerationBodies = {
  coreTrigger: ({ kind }) => (kind === 'DocumentCacheUuid' ? documentCacheUuidBody() : projectionEnqueueBody()),
  documentStamping: documentStampingBody,
  referentialIdentity: (source) =>
    referentialIdentityBody(source, identityTexts, leaveUnwritten(source.trigger.identityProjectionColumns)),
  abstractIdentity: (source) => abstractIdentityBody(source, leaveUnwritten(source.trigger.identityProjectionColumns)),
  authHierarchy: authHierarchyBody,
  identityPropagation: noIdentityPropagation,
  routine: routineDefinition,
  identityTexts,
};
