import type { GenerationBodies, IdentityTexts } from '../../body-renderer.ts';
import { abstractIdentityBody } from '../../mssql/abstract-identity.ts';
import { authHierarchyBody } from '../../mssql/auth-hierarchy.ts';
import { leaveUnwritten } from '../../mssql/body-text.ts';
import { calendarTexts, trimmedZeros } from '../../mssql/identity-text.ts';
import { referentialIdentityBody } from '../../mssql/referential-identity.ts';
import { noIdentityPropagation } from '../../no-propagation.ts';
import { documentStampingBody } from './document-stamping.ts';
import { documentCacheUuidBody, projectionEnqueueBody } from './projection-queue.ts';
import { routineDefinition } from './routines.ts';

const identityTexts: IdentityTexts = {
  ...calendarTexts,
  // with its fraction, as in a document; style 121 always writes seven digits
  time: (value) => trimmedZeros(`CONVERT(nvarchar(16), ${value}, 121)`),
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
