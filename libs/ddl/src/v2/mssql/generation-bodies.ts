import type { GenerationBodies } from '../../body-renderer.ts';
import { trimmedZeros } from '../../mssql/identity-text.ts';
import { noIdentityPropagation } from '../../no-propagation.ts';
import { documentStampingBody } from './document-stamping.ts';
import { documentCacheUuidBody, projectionEnqueueBody } from './projection-queue.ts';
import { routineDefinition } from './routines.ts';

export const mssqlBodiesV2: GenerationBodies = {
  coreTrigger: ({ kind }) => (kind === 'DocumentCacheUuid' ? documentCacheUuidBody() : projectionEnqueueBody()),
  documentStamping: documentStampingBody,
  identityPropagation: noIdentityPropagation,
  routine: routineDefinition,
  // with its fraction, as in a document; style 121 always writes seven digits
  identityTexts: { time: (value) => trimmedZeros(`CONVERT(nvarchar(16), ${value}, 121)`) },
};
