import type { TrackedChangeTable } from '@dms/inventory';
import { documentTable, q, qualified, selectFrom } from '../../pgsql/body-text.ts';
import { enclosed, indented, listed } from '../../statement-lines.ts';
import { type SourcedValue, sourceColumns, sourcedValues, valueText } from '../tracked-values.ts';

const id = q('DocumentId');

const textOf = valueText({ q, qualified });

/** The head of an INSERT of some columns of a tracked-change table. */
const insertHead = ({ table }: TrackedChangeTable, columns: readonly string[]) => [
  `INSERT INTO ${qualified(table)} (`,
  ...indented(listed(columns.map(q))),
  ')',
];

/** Records the delete of the row `OLD`, with the current version of its document (design 16 §7.3). */
export function tombstone(tracked: TrackedChangeTable, version: string, uuid: string): string[] {
  const values = sourcedValues(tracked);
  const discriminator = tracked.systemColumns.filter(({ role }) => role === 'Discriminator').map(({ column }) => column);
  return [
    ...insertHead(tracked, [...values.map(({ oldColumn }) => oldColumn), ...discriminator, 'Id', 'ChangeVersion']),
    'VALUES (',
    ...indented(
      listed([
        ...values.map(({ source }) => textOf(source, (name) => `OLD.${q(name)}`)),
        ...discriminator.map((name) => `OLD.${q(name)}`),
        uuid,
        version,
      ]),
    ),
    ');',
  ];
}

/** The rows of each image that the other lacks, with a flag for the new ones. */
function side(columns: readonly string[], isNew: boolean): string[] {
  const [one, other] = isNew ? (['new_rows', 'old_rows'] as const) : (['old_rows', 'new_rows'] as const);
  return [
    `SELECT ${[...columns.map((name) => `i.${q(name)}`), String(isNew)].join(', ')}`,
    'FROM (',
    ...indented([...selectFrom(one, columns), 'EXCEPT ALL', ...selectFrom(other, columns)]),
    ') AS i',
  ];
}

/**
 * Records the old and new values of the documents in `changed` (design 16 §7.3). If one statement leaves several images of a
 * document, those between the first and the last cancel each other; the version is that of the last. Old and new rows are
 * grouped, not joined: a join would keep the plan of the first statement of the session, whatever its size.
 */
export function keyChanges(tracked: TrackedChangeTable): string[] {
  const values = sourcedValues(tracked);
  const columns = sourceColumns(values);
  const compared = [...new Set(['DocumentId', 'ContentVersion', ...columns])];
  const position = (name: string) => columns.indexOf(name) + 1;
  const ofSide = (prefix: 'o' | 'n') => (value: SourcedValue) => textOf(value.source, (name) => `c.${prefix}${position(name)}`);
  const names = ['document', ...compared.slice(1), 'is_new'].map((name, index) => (index === 0 ? name : q(name)));
  const filtered = (name: string, isNew: boolean) =>
    `(array_agg(r.${name === 'DocumentId' ? 'document' : q(name)}) FILTER (WHERE ${isNew ? '' : 'NOT '}r.${q('is_new')}))[1]`;
  return [
    ...insertHead(tracked, [...values.flatMap(({ oldColumn, newColumn }) => [oldColumn, newColumn]), 'Id', 'ChangeVersion']),
    'SELECT',
    ...indented(
      listed([
        ...values.flatMap((value) => [ofSide('o')(value), ofSide('n')(value)]),
        `(SELECT d.${q('DocumentUuid')} FROM ${documentTable} AS d WHERE d.${id} = c.document)`,
        'c.version',
      ]),
    ),
    'FROM (',
    ...indented([
      'SELECT',
      ...indented(
        listed([
          'r.document',
          `max(r.${q('ContentVersion')}) FILTER (WHERE r.${q('is_new')}) AS version`,
          ...columns.flatMap((name, index) => [
            `${filtered(name, false)} AS o${index + 1}`,
            `${filtered(name, true)} AS n${index + 1}`,
          ]),
        ]),
      ),
      'FROM (',
      ...indented([...side(compared, true), 'UNION ALL', ...side(compared, false)]),
      `) AS r (${names.join(', ')})`,
      'WHERE r.document = ANY (changed)',
      'GROUP BY r.document',
      `HAVING bool_or(r.${q('is_new')}) AND NOT bool_and(r.${q('is_new')})`,
    ]),
    ...enclosed('', [') AS c'], ';'),
  ];
}
