import type { DocumentStampingTrigger, TrackedChangeTable } from '@dms/inventory';
import { assignArray, changedRows, documentTable, nextVersion, q, qualified } from '../../pgsql/body-text.ts';
import { enclosed, indented } from '../../statement-lines.ts';
import type { TriggerSource } from '../../trigger-source.ts';
import { trackedTableOf } from '../tracked-table.ts';
import { keyChanges, tombstone } from './tracked-rows.ts';

const id = q('DocumentId');
const version = q('ContentVersion');
const modified = q('ContentLastModifiedAt');

/** A block that runs for one event and level, and ends the function. */
const branch = (condition: string, lines: readonly string[], result: string) => [
  `IF ${condition} THEN`,
  ...indented([...lines, `RETURN ${result};`]),
  'END IF;',
];

/** Gives the row the stamps of its document; without a document the foreign key refuses it. */
export const takeStamps = (checks: readonly string[] = []) => [
  'IF FOUND THEN',
  ...indented([...checks, `NEW.${version} := version;`, `NEW.${modified} := modified;`]),
  'END IF;',
];

/** Reads the document of the new row. */
export const readDocument = (columns: readonly string[] = [], variables: readonly string[] = []) => [
  `SELECT ${[...columns, version, modified].map((name) => `d.${name}`).join(', ')}`,
  `INTO ${[...variables, 'version', 'modified'].join(', ')}`,
  `FROM ${documentTable} AS d`,
  `WHERE d.${id} = NEW.${id};`,
];

/** Draws a new version in the row; its document follows after the statement. */
export const newVersion = [`NEW.${version} := ${nextVersion};`, `NEW.${modified} := now();`];

const contentStamp = (document: string) => [
  `UPDATE ${documentTable}`,
  `SET ${version} = ${nextVersion},`,
  `    ${modified} = now()`,
  `WHERE ${id} = ${document}`,
];

/** Stamps the document of a deleted row if it still exists, and records the delete. */
function deletion(tracked: TrackedChangeTable | undefined): string[] {
  const stamp = contentStamp(`OLD.${id}`);
  if (!tracked) return enclosed('', stamp, ';');
  return [
    ...stamp,
    `RETURNING ${version}, ${q('DocumentUuid')} INTO version, document_uuid;`,
    'IF FOUND THEN',
    ...indented(tombstone(tracked, 'version', 'document_uuid')),
    'END IF;',
  ];
}

/**
 * The documents of the new rows take the stamps of their rows if these are newer. Most statements change one row: two plain statements by
 * key take half as long as the statement for several rows, and every write of a child row runs this code.
 */
function passOn(table: string): string[] {
  const ofRow = (columns: string) => `SELECT ${columns} FROM ${table} AS t WHERE t.${id} = d.${id}`;
  return [
    ...assignArray('documents', [`SELECT n.${id} FROM new_rows AS n`]),
    'IF cardinality(documents) = 0 THEN',
    '    RETURN NULL;',
    'END IF;',
    'IF cardinality(documents) = 1 THEN',
    ...indented([
      `SELECT t.${version}, t.${modified}`,
      'INTO version, modified',
      `FROM ${table} AS t`,
      `WHERE t.${id} = documents[1];`,
      `UPDATE ${documentTable}`,
      `SET ${version} = version,`,
      `    ${modified} = modified`,
      `WHERE ${id} = documents[1]`,
      `    AND ${version} < version;`,
    ]),
    'ELSE',
    ...indented([
      `UPDATE ${documentTable} AS d`,
      `SET (${version}, ${modified}) = (${ofRow(`t.${version}, t.${modified}`)})`,
      `WHERE d.${id} = ANY (documents)`,
      `    AND d.${version} < (${ofRow(`t.${version}`)});`,
    ]),
    'END IF;',
  ];
}

/** Stamps the identity of the documents whose projection changed, and records their old and new keys. */
function identityChange(projection: readonly string[], tracked: TrackedChangeTable | undefined): string[] {
  const columns = [...new Set(['DocumentId', ...projection])];
  return [
    ...assignArray('changed', [`SELECT c.${id}`, ...changedRows(columns, ['new_rows', 'old_rows'])]),
    'IF cardinality(changed) > 0 THEN',
    ...indented([
      `UPDATE ${documentTable}`,
      `SET ${q('IdentityVersion')} = ${nextVersion},`,
      `    ${q('IdentityLastModifiedAt')} = now()`,
      `WHERE ${id} = ANY (changed);`,
      // a subclass row may be found under a different key, but must be the same row
      ...(tracked?.kind === 'Resource' ? keyChanges(tracked) : []),
    ]),
    'END IF;',
  ];
}

/** The differences between the two kinds of tables that mirror the stamps of their documents. */
export interface MirroredTable {
  readonly declarations: readonly string[];
  /** The statements for a row before it is inserted. */
  readonly insert: readonly string[];
  /** The statements for a row before it is updated, if it changes. */
  readonly update: readonly string[];
  /** The columns whose change is a change of the identity; empty if it never changes. */
  readonly projection: readonly string[];
}

/** A row that is reassigned to another document also changes its former document. */
export const leaveDocument = [
  `IF NEW.${id} <> OLD.${id} THEN`,
  ...indented(enclosed('', contentStamp(`OLD.${id}`), ';')),
  'END IF;',
];

/** A root table (design 16 §6.2). */
export const rootTable = (trigger: DocumentStampingTrigger): MirroredTable => ({
  declarations: [],
  insert: [...readDocument(), ...takeStamps()],
  update: [...newVersion, ...leaveDocument],
  projection: trigger.identityProjectionColumns,
});

/**
 * Keeps a row with mirrors in step with its document (design 16 §6.2, §6.6): the row draws a new version before it is written,
 * and the document gets it after the statement. By then the table also has the changes of nested statements.
 */
export function mirroredStampingBody(source: TriggerSource<DocumentStampingTrigger>, mirrored: MirroredTable): string[] {
  const tracked = trackedTableOf(source);
  const { declarations, insert, update, projection } = mirrored;
  return [
    'DECLARE',
    ...indented([
      'version bigint;',
      'modified timestamp with time zone;',
      ...(tracked ? ['document_uuid uuid;'] : []),
      'documents bigint[];',
      ...(projection.length > 0 ? ['changed bigint[];'] : []),
      ...declarations,
    ]),
    'BEGIN',
    ...indented([
      ...branch("TG_OP = 'INSERT'", insert, 'NEW'),
      ...branch("TG_OP = 'DELETE'", deletion(tracked), 'OLD'),
      ...branch("TG_LEVEL = 'ROW'", update, 'NEW'),
      ...passOn(qualified(source.table)),
      ...(projection.length > 0 ? identityChange(projection, tracked) : []),
      'RETURN NULL;',
    ]),
    'END',
  ];
}
