import {
  descriptorKeyError,
  descriptorValues,
  type ExpressionLeaves,
  mirrorColumns,
  printExpression,
  type TableDefinition,
} from '@dms/catalog';
import type { DocumentStampingTrigger, TrackedChangeTable } from '@dms/inventory';
import { core, qualified as joined } from '@dms/model';
import { documentTable, isUnchanged, literal, nextVersion, q, qualified } from '../../pgsql/body-text.ts';
import { enclosed, indented, listed, setClause } from '../../statement-lines.ts';
import { columnOf, stampKey, type TriggerSource } from '../../trigger-source.ts';
import { findTrackedTable, sourcedValues, valueText } from '../tracked-values.ts';
import { childStampingBody, deferOwnReferences } from './child-stamping.ts';

type Source = TriggerSource<DocumentStampingTrigger>;

const id = q('DocumentId');
const resourceKey = q('ResourceKeyId');

/** Reads the document of the new row. */
const readDocument = (columns: readonly string[], variables: readonly string[]) => [
  `SELECT ${columns.map((name) => `d.${name}`).join(', ')}`,
  `INTO ${variables.join(', ')}`,
  `FROM ${documentTable} AS d`,
  `WHERE d.${id} = NEW.${id};`,
];

/** The rules for a table whose rows mirror the stamps of their documents. */
interface MirrorRules {
  readonly declarations: readonly string[];
  /** The columns whose change is a change of the document. */
  readonly values: readonly string[];
  /** The columns that are read from the document of an inserted row besides its stamps, and the variables for them. */
  readonly read: readonly (readonly [column: string, variable: string])[];
  /** Statements that refuse an inserted row after its document was read. */
  readonly checkInsert: readonly string[];
  /** Statements that refuse an updated row. */
  readonly checkUpdate: readonly string[];
}

const mismatch = `${descriptorKeyError.begins} % ${descriptorKeyError.says}, which has %.`;

/** A descriptor must have the resource key of its document. */
const checkResource = [
  `IF resource_key <> NEW.${resourceKey} THEN`,
  `    RAISE EXCEPTION ${literal(mismatch)}, NEW.${resourceKey}, resource_key;`,
  'END IF;',
];

/** The table of all descriptors (design 16 §6.6): only its values count as changes. */
const descriptorRules: MirrorRules = {
  declarations: ['resource_key smallint;'],
  values: ['DocumentId', ...descriptorValues],
  read: [[resourceKey, 'resource_key']],
  checkInsert: checkResource,
  checkUpdate: [
    ...enclosed('IF NOT (', isUnchanged(['DocumentId', 'ResourceKeyId']), ') THEN'),
    ...indented([...readDocument([resourceKey], ['resource_key']), ...checkResource]),
    'END IF;',
  ],
};

/** The body of a stamping trigger, which depends on whether its table mirrors the stamps (design 16 §6.2, §6.6). */
export function documentStampingBody(source: Source): string[] {
  const { table, mirrorStampTargetTable: target } = source.trigger;
  if (target === null || joined(target) !== joined(table)) return childStampingBody(source);
  stampKey(source);
  return mirroredStampingBody(source, joined(table) === joined(core.descriptor) ? descriptorRules : rootRules(source));
}

/**
 * Keeps a row and its document in step (design 16 §6.2, §6.6): the row takes its mirrors before it is written, and a
 * real change stamps the document at once. The comparison comes first, so a change of the mirrors alone ends there.
 */
function mirroredStampingBody(source: Source, rules: MirrorRules): string[] {
  return [
    'DECLARE',
    ...indented([
      'version bigint;',
      'modified timestamp with time zone;',
      ...(findTrackedTable(source) ? ['document_uuid pg_catalog.uuid;'] : []),
      ...rules.declarations,
    ]),
    'BEGIN',
    ...indented([
      "IF TG_OP = 'INSERT' THEN",
      ...indented([...insertion(rules), 'RETURN NEW;']),
      'END IF;',
      "IF TG_OP = 'DELETE' THEN",
      ...indented([...deferOwnReferences(source, source.table), ...deletion(source), 'RETURN OLD;']),
      'END IF;',
      ...rules.checkUpdate,
      ...enclosed('IF ', isUnchanged(rules.values), ' THEN'),
      '    RETURN NEW;',
      'END IF;',
      ...change(source),
      'RETURN NEW;',
    ]),
    'END',
  ];
}
const version = q('ContentVersion');
const modified = q('ContentLastModifiedAt');

/** Gives the new row the stamps of its document; without a document the foreign key refuses it. */
const insertion = ({ read, checkInsert }: MirrorRules) => [
  ...readDocument(
    [...read.map(([column]) => column), version, modified],
    [...read.map(([, variable]) => variable), 'version', 'modified'],
  ),
  'IF FOUND THEN',
  ...indented([...checkInsert, `NEW.${version} := version;`, `NEW.${modified} := modified;`]),
  'END IF;',
];

/** Stamps the document of a deleted row if it still exists, and records the delete. */
function deletion(source: Source): string[] {
  const tracked = findTrackedTable(source);
  if (!tracked) return stamp(`OLD.${id}`, stampTo(nextVersion));
  return [
    ...stamp(`OLD.${id}`, stampTo(nextVersion), `d.${version}, d.${q('DocumentUuid')} INTO version, document_uuid`),
    'IF FOUND THEN',
    ...indented(tombstone(tracked, 'version', 'document_uuid')),
    'END IF;',
  ];
}

/** Stamps a document; `returning` names the values to read from it. */
const stamp = (document: string, assignments: readonly string[], returning = '') =>
  enclosed(
    '',
    [
      `UPDATE ${documentTable} AS d`,
      ...setClause(assignments),
      `WHERE d.${id} = ${document}`,
      ...(returning === '' ? [] : [`RETURNING ${returning}`]),
    ],
    ';',
  );

const stampTo = (value: string) => [`${version} = ${value}`, `${modified} = pg_catalog.now()`];

const textOf = valueText({ q, qualified });

/** Records the delete of the row `OLD`, with the current version of its document (design 16 §7.3). */
function tombstone(tracked: TrackedChangeTable, version: string, uuid: string): string[] {
  const values = sourcedValues(tracked);
  const discriminator = tracked.systemColumns
    .filter(({ role }) => role === 'Discriminator')
    .map(({ column }) => column);
  return insertRow(
    tracked,
    [...values.map(({ oldColumn }) => oldColumn), ...discriminator],
    [...values.map(({ source }) => textOf(source, ofOldRow)), ...discriminator.map(ofOldRow), uuid, version],
  );
}

/** Inserts a row of a tracked-change table; the document's uuid and the version are expressions. */
const insertRow = ({ table }: TrackedChangeTable, columns: readonly string[], values: readonly string[]) => [
  `INSERT INTO ${qualified(table)} (`,
  ...indented(listed([...columns, 'Id', 'ChangeVersion'].map(q))),
  ')',
  'VALUES (',
  ...indented(listed(values)),
  ');',
];

const ofOldRow = (name: string) => `OLD.${q(name)}`;
const identityStamp = [`${q('IdentityVersion')} = ${nextVersion}`, `${q('IdentityLastModifiedAt')} = pg_catalog.now()`];

/**
 * Stamps the document of a row that really changed; a new identity is stamped too, and its old and new key are
 * recorded.
 */
function change(source: Source): string[] {
  const { identityProjectionColumns: projection } = source.trigger;
  const tracked = findTrackedTable(source);
  const content = stamp(`NEW.${id}`, stampTo('version'));
  const both = [...stampTo('version'), ...identityStamp];
  const renamed =
    // a subclass row may be found under a different key, but must be the same row
    tracked?.kind === 'Resource'
      ? [
          ...stamp(`NEW.${id}`, both, `d.${q('DocumentUuid')} INTO document_uuid`),
          `IF NEW.${id} = OLD.${id} THEN`,
          ...indented(keyChange(tracked, source.table, 'version', 'document_uuid')),
          'END IF;',
        ]
      : stamp(`NEW.${id}`, both);
  return [
    `version := ${nextVersion};`,
    ...(projection.length === 0
      ? content
      : [
          ...enclosed('IF ', isUnchanged(['DocumentId', ...projection]), ' THEN'),
          ...indented(content),
          'ELSE',
          ...indented(renamed),
          'END IF;',
        ]),
    // a row that is reassigned to another document also changes its former document
    `IF NEW.${id} <> OLD.${id} THEN`,
    ...indented(stamp(`OLD.${id}`, stampTo(nextVersion))),
    'END IF;',
    `NEW.${version} := version;`,
    `NEW.${modified} := pg_catalog.now();`,
  ];
}

/** Records the old and new values of a row whose identity changes, with the version of this change (design 16 §7.3). */
function keyChange(tracked: TrackedChangeTable, table: TableDefinition, version: string, uuid: string): string[] {
  const values = sourcedValues(tracked);
  const ofNew = ofNewRow(table);
  return insertRow(
    tracked,
    values.flatMap(({ oldColumn, newColumn }) => [oldColumn, newColumn]),
    [...values.flatMap(({ source }) => [textOf(source, ofOldRow), textOf(source, ofNew)]), uuid, version],
  );
}

const newLeaves: ExpressionLeaves = {
  column: (name) => `NEW.${q(name)}`,
  text: literal,
  true: 'true',
  nextValue: () => nextVersion,
  function: (name) => `pg_catalog.${name}`,
};

/**
 * A column of the new row, or its expression if it is generated: a row does not have its generated columns before it is
 * written.
 */
const ofNewRow = (table: TableDefinition) => (name: string) => {
  const { generated } = columnOf(table, name);
  return generated ? printExpression(generated, newLeaves) : newLeaves.column(name);
};

const rootRules = ({ table }: Source): MirrorRules => ({
  declarations: [],
  values: table.columns
    .filter(({ name, generated }) => generated === null && !mirrorColumns.includes(name))
    .map(({ name }) => name),
  read: [],
  checkInsert: [],
  checkUpdate: [],
});
