import { dialectRules } from '@dms/sql';
import type { BodyRenderer } from '../body-renderer.ts';
import { viewBody } from '../view-body.ts';
import { abstractIdentityBody } from './abstract-identity.ts';
import { authHierarchyBody } from './auth-hierarchy.ts';
import { qualified } from './body-text.ts';
import { documentJournalBody } from './document-journal.ts';
import { documentStampingBody } from './document-stamping.ts';
import { identityPropagationBody } from './identity-propagation.ts';
import { referentialIdentityBody } from './referential-identity.ts';
import { uuidv5Definition } from './uuidv5.ts';

const viewDialect = {
  rules: dialectRules.mssql,
  cast: (expression: string, type: string) => `CAST(${expression} AS ${type})`,
};

/** What the server keeps of a module: all that follows its name. */
export const mssqlBodies: BodyRenderer = {
  documentJournal: documentJournalBody,
  documentStamping: documentStampingBody,
  referentialIdentity: referentialIdentityBody,
  abstractIdentity: abstractIdentityBody,
  identityPropagation: identityPropagationBody,
  authHierarchy: authHierarchyBody,
  triggerText: (table, events, body) => [`ON ${qualified(table)}`, `AFTER ${events.join(', ')}`, 'AS', ...body],
  view: (view, tables) => ['AS', ...viewBody(viewDialect, view, tables)],
  uuidFunction: uuidv5Definition,
};
