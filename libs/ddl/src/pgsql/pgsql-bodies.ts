import { fail } from '@dms/diagnostics';
import { dialectRules } from '@dms/sql';
import type { BodyRenderer } from '../body-renderer.ts';
import { viewBody } from '../view-body.ts';
import { abstractIdentityBody } from './abstract-identity.ts';
import { authHierarchyBody } from './auth-hierarchy.ts';
import { documentJournalBody } from './document-journal.ts';
import { documentStampingBody } from './document-stamping.ts';
import { referentialIdentityBody } from './referential-identity.ts';
import { uuidv5Body } from './uuidv5.ts';

const viewDialect = { rules: dialectRules.pgsql, cast: (expression: string, type: string) => `${expression}::${type}` };

/** What stands between the dollar tags of a function, or behind the AS of a view. */
export const pgsqlBodies: BodyRenderer = {
  documentJournal: documentJournalBody,
  documentStamping: documentStampingBody,
  referentialIdentity: referentialIdentityBody,
  abstractIdentity: abstractIdentityBody,
  identityPropagation({ trigger: { name } }) {
    // every key cascades here
    return fail('DDL_PROPAGATION_DIALECT', `The pgsql model has the propagation trigger ${name}.`, {}, { trigger: name });
  },
  authHierarchy: authHierarchyBody,
  triggerText: (_table, _events, body) => body,
  view: (view, tables) => viewBody(viewDialect, view, tables),
  // the catalog expects pgcrypto where it is installed normally
  uuidFunction: () => uuidv5Body('public'),
};
