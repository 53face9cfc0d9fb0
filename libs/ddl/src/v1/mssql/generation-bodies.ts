import type { GenerationBodies } from '../../body-renderer.ts';
import { uuidv5Definition } from '../../mssql/uuidv5.ts';
import { documentJournalBody } from './document-journal.ts';
import { documentStampingBody } from './document-stamping.ts';
import { identityPropagationBody } from './identity-propagation.ts';

export const mssqlBodiesV1: GenerationBodies = {
  coreTrigger: documentJournalBody,
  documentStamping: documentStampingBody,
  identityPropagation: identityPropagationBody,
  routine: uuidv5Definition,
  identityTexts: { time: (value) => `CONVERT(nvarchar(8), ${value}, 108)` },
};
