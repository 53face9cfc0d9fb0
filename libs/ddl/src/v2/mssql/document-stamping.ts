import { descriptorValues, mirrorColumns } from '@dms/catalog';
import type { DocumentStampingTrigger } from '@dms/inventory';
import { core, qualified as joined } from '@dms/model';
import {
  bodyLines,
  byKey,
  changed,
  documentTable,
  images,
  leaveUnwritten,
  leaveWhenEmpty,
  literal,
  nextVersion,
  q,
  qualified,
  tableVariable,
} from '../../mssql/body-text.ts';
import { enclosed, indented, setClause } from '../../statement-lines.ts';
import { columnOf, stampKey, type TriggerSource } from '../../trigger-source.ts';
import { trackedTableOf } from '../tracked-table.ts';
import { collectChangedRows, fromStamped, repeatStamps, stampDocuments } from './stamped-documents.ts';
import { keyChanges, tombstones } from './tracked-rows.ts';

type Source = TriggerSource<DocumentStampingTrigger>;

const id = q('DocumentId');
const resourceKey = q('ResourceKeyId');

/** The stored columns whose change is a change of the document: all except the mirrors of its stamps. */
const valueColumns = ({ table }: Source) =>
  table.columns.filter(({ name, generated }) => generated === null && !mirrorColumns.includes(name));

/** Gives a new row the stamps of its document. */
const takeStamps = (table: string) => [
  'IF NOT EXISTS (SELECT 1 FROM deleted)',
  'BEGIN',
  ...indented([
    'IF NOT EXISTS (SELECT 1 FROM inserted) RETURN;',
    'UPDATE t',
    ...setClause(mirrorColumns.map((name) => `${q(name)} = d.${q(name)}`)),
    'FROM inserted AS i',
    byKey(documentTable, 'd', 'DocumentId', `i.${id}`),
    `${byKey(table, 't', 'DocumentId', `i.${id}`)};`,
    'RETURN;',
  ]),
  'END;',
];

/** Stamps the identity of the documents whose projection changed, and records their old and new keys. */
function identityChange(source: Source, projection: readonly string[]): string[] {
  if (projection.length === 0) return [];
  const tracked = trackedTableOf(source);
  const columns = projection.map((name) => columnOf(source.table, name));
  return [
    ...tableVariable('@renamed', [`${id} bigint NOT NULL PRIMARY KEY`]),
    `INSERT INTO @renamed (${id})`,
    `SELECT i.${id}`,
    ...images,
    ...enclosed('WHERE ', changed(columns, 'd', 'i'), ';'),
    leaveWhenEmpty,
    'UPDATE d',
    ...setClause([`${q('IdentityVersion')} = ${nextVersion}`, `${q('IdentityLastModifiedAt')} = sysutcdatetime()`]),
    'FROM @renamed AS c',
    `${byKey(documentTable, 'd', 'DocumentId', `c.${id}`)};`,
    // a subclass row may be found under a different key, but must be the same row
    ...(tracked?.kind === 'Resource' ? keyChanges(tracked) : []),
  ];
}

/** A descriptor must have the resource of its document (design 16 §6.6). */
const checkResource = [
  'IF EXISTS (',
  ...indented([
    'SELECT 1',
    'FROM inserted AS i',
    byKey(documentTable, 'd', 'DocumentId', `i.${id}`),
    `WHERE d.${resourceKey} <> i.${resourceKey}`,
  ]),
  ')',
  'BEGIN',
  `    THROW 50000, ${literal(`${joined(core.descriptor)}.ResourceKeyId diverges from the owning ${joined(core.document)} row.`)}, 1;`,
  'END;',
];

/** Keeps rows with mirrors in step with their documents (design 16 §6.2, §6.6). */
function mirroredStampingBody(source: Source): string[] {
  const { trigger, table } = source;
  const isDescriptor = joined(table) === joined(core.descriptor);
  const values = isDescriptor
    ? ['DocumentId', ...descriptorValues].map((name) => columnOf(table, name))
    : valueColumns(source);
  const name = qualified(table);
  const tracked = trackedTableOf(source);
  return bodyLines(
    isDescriptor ? checkResource : [],
    takeStamps(name),
    leaveUnwritten(values.map((column) => column.name)),
    collectChangedRows('@documents', 'DocumentId', values),
    [leaveWhenEmpty],
    stampDocuments('@documents'),
    [
      'IF NOT EXISTS (SELECT 1 FROM inserted)',
      'BEGIN',
      ...indented([...(tracked ? tombstones(tracked) : []), 'RETURN;']),
      'END;',
    ],
    repeatStamps(name, fromStamped),
    identityChange(source, trigger.identityProjectionColumns),
  );
}

/**
 * Stamps the documents of a table below a root, and mirrors the stamps in their root rows (design 16 §6.2). Root rows
 * are locked first, because a write of a root row also locks it before its document. A document whose root row was
 * deleted is not stamped here.
 */
function childStampingBody(source: Source, root: string): string[] {
  return bodyLines(
    collectChangedRows('@changed', stampKey(source), valueColumns(source)),
    [leaveWhenEmpty],
    tableVariable('@documents', [`${id} bigint NOT NULL PRIMARY KEY`]),
    [
      `INSERT INTO @documents (${id})`,
      `SELECT t.${id}`,
      'FROM @changed AS c',
      `INNER LOOP JOIN ${root} AS t WITH (FORCESEEK, UPDLOCK) ON t.${id} = c.${id};`,
      leaveWhenEmpty,
    ],
    stampDocuments('@documents'),
    repeatStamps(root, fromStamped),
  );
}

/** The body of a stamping trigger, which depends on whether its table mirrors the stamps (design 16 §6.2, §6.6). */
export function documentStampingBody(source: Source): string[] {
  const { trigger } = source;
  const target = trigger.mirrorStampTargetTable;
  if (target === null) throw new Error(`${trigger.name} has no table that repeats its stamps`);
  stampKey(source);
  return joined(target) === joined(trigger.table)
    ? mirroredStampingBody(source)
    : childStampingBody(source, qualified(target));
}
