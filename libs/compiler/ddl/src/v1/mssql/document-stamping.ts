import type { DocumentStampingTrigger } from '@dms/inventory';
import {
  bodyLines,
  byKey,
  changed,
  documentSet,
  documentTable,
  images,
  leaveWhenEmpty,
  nextVersion,
  q,
} from '../../mssql/body-text.ts';
import { enclosed, setClause } from '../../statement-lines.ts';
import { columnOf, stampKey, type TriggerSource } from '../../trigger-source.ts';

/**
 * Stamps the content of every touched document once per statement, then the identity of each document whose projection
 * changed (design 07 §9.1). The ids are collected first, because NEXT VALUE FOR is not allowed with UNION.
 */
export function documentStampingBody(source: TriggerSource<DocumentStampingTrigger>): string[] {
  const key = q(stampKey(source));
  const projection = source.trigger.identityProjectionColumns.map((name) => columnOf(source.table, name));
  const insert = (documents: string) => [...documentSet(documents), `INSERT INTO ${documents} (${q('DocumentId')})`];
  const identity =
    projection.length === 0
      ? []
      : [
          ...insert('@renamed'),
          `SELECT i.${key}`,
          ...images,
          ...enclosed('WHERE ', changed(projection, 'd', 'i'), ';'),
          leaveWhenEmpty,
          ...stamp('IdentityVersion', 'IdentityLastModifiedAt', '@renamed'),
        ];
  return bodyLines(
    [
      ...insert('@documents'),
      `SELECT i.${key} FROM inserted AS i`,
      'UNION',
      `SELECT d.${key} FROM deleted AS d;`,
      leaveWhenEmpty,
    ],
    stamp('ContentVersion', 'ContentLastModifiedAt', '@documents'),
    identity,
  );
}

function stamp(version: string, time: string, documents: string): string[] {
  return [
    'UPDATE d',
    ...setClause([`${q(version)} = ${nextVersion}`, `${q(time)} = sysutcdatetime()`]),
    `FROM ${documents} AS c`,
    `${byKey(documentTable, 'd', 'DocumentId', `c.${q('DocumentId')}`)};`,
  ];
}
