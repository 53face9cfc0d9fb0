import type { GenerationBodies, IdentityTexts } from '../../body-renderer.ts';
import { noIdentityPropagation } from '../../no-propagation.ts';
import { abstractIdentityBody } from '../../pgsql/abstract-identity.ts';
import { literal } from '../../pgsql/body-text.ts';
import { calendarTexts } from '../../pgsql/identity-text.ts';
import { uuidv5Body } from '../../pgsql/uuidv5.ts';
import { hierarchyOfStatement } from './auth-hierarchy.ts';
import { documentJournalBody } from './document-journal.ts';
import { documentStampingBody } from './document-stamping.ts';
import { referentialIdentityBody } from './referential-identity.ts';

const identityTexts: IdentityTexts = { ...calendarTexts, time: (value) => `to_char(${value}, ${literal('HH24:MI:SS')})` };

export const pgsqlBodiesV1: GenerationBodies = {
  coreTrigger: documentJournalBody,
  documentStamping: documentStampingBody,
  referentialIdentity: (source) => referentialIdentityBody(source, identityTexts),
  abstractIdentity: abstractIdentityBody,
  authHierarchy: hierarchyOfStatement,
  identityPropagation: noIdentityPropagation,
  // the catalog expects pgcrypto in its usual schema
  routine: () => uuidv5Body('public'),
  identityTexts,
};
