import type { DocumentStampingTrigger } from '@dms/inventory';
import { columnOf, stampKey, type TriggerSource } from '../trigger-source.ts';
import { anyDistinct, bodyLines, documentSet, documentTable, nextVersion, q } from './body-text.ts';

function stamp(version: string, time: string, documents: string): string[] {
  return [
    'UPDATE d',
    `SET ${q(version)} = ${nextVersion}, ${q(time)} = sysutcdatetime()`,
    `FROM ${documentTable} AS d`,
    `INNER JOIN ${documents} AS c ON c.${q('DocumentId')} = d.${q('DocumentId')};`,
  ];
}

/**
 * Stamps the content of every touched document once per statement, then the identity of those whose projection changed
 * (design 07 §9.1). The ids are collected first: NEXT VALUE FOR does not go with UNION.
 */
export function documentStampingBody(source: TriggerSource<DocumentStampingTrigger>): string[] {
  const key = q(stampKey(source));
  const projection = source.trigger.identityProjectionColumns.map((name) => columnOf(source.table, name));
  const identity =
    projection.length === 0
      ? []
      : [
          documentSet('@changed'),
          `INSERT INTO @changed (${q('DocumentId')})`,
          `SELECT i.${key}`,
          'FROM inserted AS i',
          `INNER JOIN deleted AS d ON d.${key} = i.${key}`,
          `WHERE ${anyDistinct(projection, 'd', 'i')};`,
          ...stamp('IdentityVersion', 'IdentityLastModifiedAt', '@changed'),
        ];
  return bodyLines(
    [
      documentSet('@documents'),
      `INSERT INTO @documents (${q('DocumentId')})`,
      `SELECT i.${key} FROM inserted AS i`,
      'UNION',
      `SELECT d.${key} FROM deleted AS d;`,
      'IF NOT EXISTS (SELECT 1 FROM @documents) RETURN;',
    ],
    stamp('ContentVersion', 'ContentLastModifiedAt', '@documents'),
    identity,
  );
}
