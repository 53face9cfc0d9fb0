import type { GenerationBodies, IdentityTexts } from '../../body-renderer.ts';
import { noIdentityPropagation } from '../../no-propagation.ts';
import { abstractIdentityBody } from '../../pgsql/abstract-identity.ts';
import { literal } from '../../pgsql/body-text.ts';
import { calendarTexts } from '../../pgsql/identity-text.ts';
import { hierarchyOfRow } from './auth-hierarchy.ts';
import { documentStampingBody } from './document-stamping.ts';
import { documentCacheUuidBody, projectionEnqueueBody } from './projection-queue.ts';
import { referentialIdentityBody } from './referential-identity.ts';
import { routineBody } from './routines.ts';

/** A server stores the ends of time as infinity (design 16 §6.4). */
const withEnds = (text: (value: string) => string, first: string, last: string) => (value: string) =>
  `CASE ${value} WHEN '-infinity' THEN ${literal(first)} WHEN 'infinity' THEN ${literal(last)} ELSE ${text(value)} END`;

const identityTexts: IdentityTexts = {
  date: withEnds(calendarTexts.date, '0001-01-01', '9999-12-31'),
  // with its fraction, as in a document
  time: (value) => `${value}::text`,
  dateTime: withEnds(calendarTexts.dateTime, '0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z'),
};

export const pgsqlBodiesV2: GenerationBodies = {
  coreTrigger: ({ kind }, events) =>
    kind === 'DocumentCacheUuid'
      ? documentCacheUuidBody()
      : projectionEnqueueBody(events[0] === 'INSERT' ? 'INSERT' : 'UPDATE'),
  documentStamping: documentStampingBody,
  referentialIdentity: (source) => referentialIdentityBody(source, identityTexts),
  abstractIdentity: abstractIdentityBody,
  authHierarchy: hierarchyOfRow,
  identityPropagation: noIdentityPropagation,
  routine: routineBody,
  identityTexts,
};
