import { type ColumnDefinition, descriptorKeyError, descriptorValues, mirrorColumns } from '@dms/catalog';
import type { DocumentStampingTrigger, TrackedChangeTable } from '@dms/inventory';
import { core, qualified as joined } from '@dms/model';
import {
  bodyLines,
  byKey,
  changed,
  comparedColumn,
  documentTable,
  leaveUnwritten,
  leaveWhenEmpty,
  literal,
  nextVersion,
  q,
  qualified,
  tableVariable,
} from '../../mssql/body-text.ts';
import { enclosed, indented, listed, setClause } from '../../statement-lines.ts';
import { columnOf, stampKey, type TriggerSource } from '../../trigger-source.ts';
import { findTrackedTable, sourcedValues, valueText } from '../tracked-values.ts';

type Source = TriggerSource<DocumentStampingTrigger>;

const id = q('DocumentId');
const resourceKey = q('ResourceKeyId');

/** A descriptor must have the resource key of its document (design 16 §6.6). */
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
  `    THROW 50000, ${literal(`${descriptorKeyError.begins} ${descriptorKeyError.says}.`)}, 1;`,
  'END;',
];

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

const fromStamped = 'FROM @stamped AS c';

/** Keeps the mirrors of rows equal to the stamps of their documents (design 16 §6.2, §6.6). */
function mirroredStampingBody(source: Source): string[] {
  const { trigger, table } = source;
  const isDescriptor = joined(table) === joined(core.descriptor);
  const values = isDescriptor
    ? ['DocumentId', ...descriptorValues].map((name) => columnOf(table, name))
    : valueColumns(source);
  const name = qualified(table);
  const tracked = findTrackedTable(source);
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

/** Fills `variable` with the documents of the rows that were inserted, deleted or really changed (design 16 §6.2). */
const collectChangedRows = (variable: string, key: string, columns: readonly ColumnDefinition[]): string[] => [
  ...tableVariable(variable, [`${id} bigint NOT NULL PRIMARY KEY`]),
  `INSERT INTO ${variable} (${id})`,
  ...enclosed('', [...selectRows('inserted', key, columns), 'UNION', ...selectRows('deleted', key, columns)], ';'),
];

/**
 * The rows of one image of the statement that the other lacks, as a source of a query; `key` names the column with the
 * document of a row.
 */
function selectRows(own: 'inserted' | 'deleted', key: string, columns: readonly ColumnDefinition[]): string[] {
  const select = (image: 'inserted' | 'deleted') => {
    const alias = image === 'inserted' ? 'i' : 'd';
    const values = columns.flatMap(({ name, scalarType }) => comparedColumn(`${alias}.${q(name)}`, scalarType));
    return [
      'SELECT',
      ...indented(
        listed([`${alias}.${q(key)} AS [document]`, ...values.map((value, index) => `${value} AS c${index + 1}`)]),
      ),
      `FROM ${image} AS ${alias}`,
    ];
  };
  const other = own === 'inserted' ? 'deleted' : 'inserted';
  return ['SELECT o.[document]', 'FROM (', ...indented([...select(own), 'EXCEPT', ...select(other)]), ') AS o'];
}

const version = q('ContentVersion');
const modified = q('ContentLastModifiedAt');

/**
 * Stamps the content of the documents in a table variable and keeps the stamps in `@stamped`, so that the document and
 * the row that mirrors it get the same value.
 */
const stampDocuments = (variable: string): string[] => [
  ...tableVariable('@stamped', [
    `${id} bigint NOT NULL PRIMARY KEY`,
    `${version} bigint NOT NULL`,
    `${modified} datetime2(7) NOT NULL`,
    `${q('DocumentUuid')} uniqueidentifier NOT NULL`,
  ]),
  'DECLARE @now datetime2(7) = sysutcdatetime();',
  'UPDATE d',
  ...setClause([`${version} = ${nextVersion}`, `${modified} = @now`]),
  `OUTPUT inserted.${id}, inserted.${version}, inserted.${modified}, inserted.${q('DocumentUuid')}`,
  `INTO @stamped (${id}, ${version}, ${modified}, ${q('DocumentUuid')})`,
  `FROM ${variable} AS c`,
  `${byKey(documentTable, 'd', 'DocumentId', `c.${id}`)};`,
  // an UPDATE of zero rows still runs triggers
  'IF NOT EXISTS (SELECT 1 FROM @stamped) RETURN;',
];

const textOf = valueText({ q, qualified });

const stamped = [`c.${q('DocumentUuid')}`, `c.${q('ContentVersion')}`];

/**
 * Records the deleted rows whose documents are stamped, with the current version of these documents (design 16 §7.3).
 */
function tombstones(tracked: TrackedChangeTable): string[] {
  const values = sourcedValues(tracked);
  const discriminator = tracked.systemColumns
    .filter(({ role }) => role === 'Discriminator')
    .map(({ column }) => column);
  return insertRows(
    tracked,
    [...values.map(({ oldColumn }) => oldColumn), ...discriminator, 'Id', 'ChangeVersion'],
    [
      ...values.map(({ source }) => textOf(source, ofRow('o'))),
      ...discriminator.map((name) => `o.${q(name)}`),
      ...stamped,
    ],
    [fromStamped, `INNER JOIN deleted AS o ON o.${id} = c.${id}`],
  );
}

function insertRows(
  { table }: TrackedChangeTable,
  columns: readonly string[],
  values: readonly string[],
  from: readonly string[],
): string[] {
  return [
    `INSERT INTO ${qualified(table)} (`,
    ...indented(listed(columns.map(q))),
    ')',
    'SELECT',
    ...indented(listed(values)),
    ...enclosed('', from, ';'),
  ];
}

/** A column of the row set with an alias. */
const ofRow = (alias: string) => (name: string) => `${alias}.${q(name)}`;

/** Gives the rows of a table the stamps of their documents, from the source `c`. */
const repeatStamps = (table: string, source: string): string[] => [
  'UPDATE t',
  ...setClause([`${version} = c.${version}`, `${modified} = c.${modified}`]),
  source,
  `${byKey(table, 't', 'DocumentId', `c.${id}`)};`,
];

/** Stamps the identity of the documents whose projection changed, and records their old and new keys. */
function identityChange(source: Source, projection: readonly string[]): string[] {
  if (projection.length === 0) return [];
  const tracked = findTrackedTable(source);
  const columns = projection.map((name) => columnOf(source.table, name));
  return [
    ...tableVariable('@renamed', [`${id} bigint NOT NULL PRIMARY KEY`]),
    `INSERT INTO @renamed (${id})`,
    `SELECT i.${id}`,
    'FROM inserted AS i',
    `LEFT JOIN deleted AS d ON d.${id} = i.${id}`,
    // a row that was reassigned to another document has no old row of this document
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

/** Records the old and new values of the documents in `@renamed` (design 16 §7.3). */
function keyChanges(tracked: TrackedChangeTable): string[] {
  const values = sourcedValues(tracked);
  return insertRows(
    tracked,
    [...values.flatMap(({ oldColumn, newColumn }) => [oldColumn, newColumn]), 'Id', 'ChangeVersion'],
    [...values.flatMap(({ source }) => [textOf(source, ofRow('o')), textOf(source, ofRow('n'))]), ...stamped],
    [
      fromStamped,
      `INNER JOIN @renamed AS k ON k.${id} = c.${id}`,
      `INNER JOIN inserted AS n ON n.${id} = c.${id}`,
      `INNER JOIN deleted AS o ON o.${id} = c.${id}`,
    ],
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
