import type { AuthEdOrgEntity, AuthHierarchyTrigger } from '@dms/inventory';
import { coreV1 } from '@dms/model';
import type { GenerationBodies, IdentityTexts } from '../../ddl-generation.ts';
import { abstractIdentityBody } from '../../pgsql/abstract-identity.ts';
import {
  assignArray,
  bodyLines,
  changedRows,
  leaveWhen,
  literal,
  perEvent,
  q,
  qualified,
} from '../../pgsql/body-text.ts';
import { authHierarchyBody, parentsOf } from '../../pgsql/hierarchy-closure.ts';
import { valueTexts } from '../../pgsql/referential-ids.ts';
import { uuidv5Body } from '../../pgsql/uuidv5.ts';
import { enclosed, indented, listed } from '../../statement-lines.ts';
import { noIdentityPropagation, type TriggerSource } from '../../trigger-source.ts';
import { documentStampingBody } from './document-stamping.ts';
import { referentialIdentityBody } from './referential-identity.ts';

/** The ids of the organizations whose id or parents the statement changed. */
function collectChanged(entity: AuthEdOrgEntity, events: readonly string[]): string[] {
  const id = q(entity.identityColumn);
  const columns = [entity.identityColumn, ...parentsOf(entity)];
  const changed = (...images: Parameters<typeof changedRows>[1]) => [
    `SELECT c.${id}::bigint`,
    ...changedRows(columns, images),
  ];
  const queries: Readonly<Record<string, readonly string[]>> = {
    INSERT: [`SELECT n.${id}::bigint FROM new_rows AS n`],
    UPDATE: [...changed('new_rows', 'old_rows'), 'UNION ALL', ...changed('old_rows', 'new_rows')],
    DELETE: [`SELECT o.${id}::bigint FROM old_rows AS o`],
  };
  return perEvent(events.map((event) => [event, assignArray('changed', queries[event] ?? [])]));
}

/** Keeps the closure of the education organizations, once per statement (design 07 §9.6). */
const hierarchyOfStatement = (source: TriggerSource<AuthHierarchyTrigger>): string[] =>
  authHierarchyBody(source, [
    ...collectChanged(source.trigger.entity, source.events),
    ...leaveWhen('pg_catalog.cardinality(changed) = 0'),
  ]);

const versioned = ['ContentVersion', 'DocumentId', 'ResourceKeyId'];

function insertEvents(alias: string, from: readonly string[]): string[] {
  return [
    `INSERT INTO ${qualified(coreV1.documentChangeEvent)} (`,
    ...indented(listed(['ChangeVersion', 'DocumentId', 'ResourceKeyId', 'CreatedAt'].map(q))),
    ')',
    'SELECT',
    ...indented(listed([...versioned.map((column) => `${alias}.${q(column)}`), 'pg_catalog.now()'])),
    ...enclosed('', from, ';'),
  ];
}

/** Adds every new content version of a document to the journal as an event (design 06 §5.2). */
function documentJournalBody(): string[] {
  return bodyLines(
    [],
    leaveWhen('NOT EXISTS (SELECT 1 FROM new_rows)'),
    perEvent([
      ['INSERT', insertEvents('n', ['FROM new_rows AS n'])],
      ['UPDATE', insertEvents('c', changedRows(versioned, ['new_rows', 'old_rows']))],
    ]),
  );
}

const identityTexts: IdentityTexts = {
  ...valueTexts,
  Time: (value) => `pg_catalog.to_char(${value}, ${literal('HH24:MI:SS')})`,
};

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
