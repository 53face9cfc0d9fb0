import type { GenerationBodies } from '../../body-renderer.ts';
import { noIdentityPropagation } from '../../no-propagation.ts';
import { documentStampingBody } from './document-stamping.ts';
import { documentCacheUuidBody, projectionEnqueueBody } from './projection-queue.ts';
import { routineBody } from './routines.ts';

export const pgsqlBodiesV2: GenerationBodies = {
  coreTrigger: ({ kind }, events) =>
    kind === 'DocumentCacheUuid'
      ? documentCacheUuidBody()
      : projectionEnqueueBody(events[0] === 'INSERT' ? 'INSERT' : 'UPDATE'),
  documentStamping: documentStampingBody,
  identityPropagation: noIdentityPropagation,
  routine: routineBody,
  // with its fraction, as in a document
  identityTexts: { time: (value) => `${value}::text` },
};
