import type { GenerationBodies } from '../../body-renderer.ts';
import { noIdentityPropagation } from '../../no-propagation.ts';
import { literal } from '../../pgsql/body-text.ts';
import { uuidv5Body } from '../../pgsql/uuidv5.ts';
import { documentJournalBody } from './document-journal.ts';
import { documentStampingBody } from './document-stamping.ts';

export const pgsqlBodiesV1: GenerationBodies = {
  coreTrigger: documentJournalBody,
  documentStamping: documentStampingBody,
  identityPropagation: noIdentityPropagation,
  // the catalog expects pgcrypto in its usual schema
  routine: () => uuidv5Body('public'),
  identityTexts: { time: (value) => `to_char(${value}, ${literal('HH24:MI:SS')})` },
};
