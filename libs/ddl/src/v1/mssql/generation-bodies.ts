import type { GenerationBodies, IdentityTexts } from '../../body-renderer.ts';
import { abstractIdentityBody } from '../../mssql/abstract-identity.ts';
import { authHierarchyBody } from '../../mssql/auth-hierarchy.ts';
import { calendarTexts } from '../../mssql/identity-text.ts';
import { referentialIdentityBody } from '../../mssql/referential-identity.ts';
import { uuidv5Definition } from '../../mssql/uuidv5.ts';
import { documentJournalBody } from './document-journal.ts';
import { documentStampingBody } from './document-stamping.ts';
import { identityPropagationBody } from './identity-propagation.ts';

const identityTexts: IdentityTexts = { ...calendarTexts, time: (value) => `CONVERT(nvarchar(8), ${value}, 108)` };

export const mssqlBodiesV1: GenerationBodies = {
  coreTrigger: documentJournalBody,
  documentStamping: documentStampingBody,
  referentialIdentity: (source) => referentialIdentityBody(source, identityTexts),
  abstractIdentity: (source) => abstractIdentityBody(source),
  authHierarchy: authHierarchyBody,
  identityPropagation: identityPropagationBody,
  routine: uuidv5Definition,
  identityTexts,
};
