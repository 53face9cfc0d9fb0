import { core } from '@dms/model';
import { isEmpty, join, type PlainSql, type QualifiedName, type SqlDialect, textOf } from '@dms/sql';
import { parameter } from '../parameter-names.ts';
import { type PlanDialect, planDialects } from '../plan-dialect.ts';
import { descriptorJoin, documentColumns, documentList, isDescriptor, uriType } from '../probes/probe-sql.ts';

/*
 * The statements that a program sends besides those of plans: for the rows of `dms` that belong to a document (design
 * 08 §11.6, 17 §7.2).
 */

/** A statement with its parameters in the order of their first use, without `@`, and the columns that it returns. */
export interface CoreStatement {
  readonly name: CoreStatementName;
  readonly sql: string;
  readonly parameters: readonly string[];
  readonly columns: readonly string[];
}

/** The rules of a generation for the rows of `dms`. */
export interface CoreStatementRules {
  /** Whether documents are found by referential ids. */
  readonly storesReferentialIds: boolean;
  /** Whether the row of a descriptor repeats the resource key of its document. */
  readonly descriptorsRepeatResourceKey: boolean;
  /** Whether a trigger stamps the document of a changed descriptor, so that an update may write all its values. */
  readonly descriptorsAreStamped: boolean;
  /** Whether rows of collections have their own ids. */
  readonly rowsHaveIds: boolean;
  /** Whether the root row, or the row of a descriptor, is deleted before its document. */
  readonly deletesRootsFirst: boolean;
}

export const coreStatementNames = [
  'fingerprint',
  'findIdentity',
  'lockByIdentity',
  'findDescriptors',
  'lockDescriptor',
  'lockByUuid',
  'findByUuid',
  'insertDocument',
  'contentVersion',
  'deleteDocument',
  'reserveRowIds',
  'createKeyset',
  'insertIntoKeyset',
  'dropKeyset',
  'readDescriptor',
  'insertDescriptor',
  'insertDescriptorIdentity',
  'updateDescriptor',
  'stampDescriptor',
  'deleteDescriptor',
] as const;

export type CoreStatementName = (typeof coreStatementNames)[number];

/** The values of a descriptor that may change without changing its identity. */
const variableValues = ['ShortDescription', 'Description', 'EffectiveBeginDate', 'EffectiveEndDate'] as const;
const identifyingValues = ['Namespace', 'CodeValue', 'Uri'] as const;

const namePattern = /@([A-Za-z_]\w*)/g;

/** The statements of a generation in a dialect, in the order of {@link coreStatementNames}. */
export function coreStatements(dialectName: SqlDialect, rules: CoreStatementRules): readonly CoreStatement[] {
  const planDialect = planDialects[dialectName];
  const { sql, id, ids, text, next, now, keysetTable, rowLock, insertedId, rowIds, createTemporary } = planDialect;
  const insert = (into: QualifiedName, columns: readonly string[]) =>
    sql`INSERT INTO ${into} (${ids(columns)}) VALUES (${join(columns.map(parameterOf))})`;
  const document = sql`SELECT ${documentList(planDialect)}`;
  const { referentialIdentity: identity } = core;
  const byUuid = sql`WHERE d."DocumentUuid" = @documentUuid`;
  const byId = sql`WHERE "DocumentId" = @documentId`;
  const locked = (where: PlainSql) =>
    inOneLine(sql`${document} FROM ${core.document} d${rowLock.hint} ${where}`, rowLock.clause(sql`d`));
  const descriptorValues = ['Namespace', 'CodeValue', ...variableValues];
  const descriptorColumns = ['DocumentId', ...descriptorValues, 'Discriminator', 'Uri'];
  const { storesReferentialIds } = rules;
  // a descriptor that is found without regard to case keeps its stored text
  const writesIdentity = rules.descriptorsAreStamped && storesReferentialIds;
  const changed = writesIdentity ? [...variableValues, ...identifyingValues] : [...variableValues];
  const keyset = id(keysetTable.tempTableName);
  const texts: Readonly<Record<CoreStatementName, readonly [sql: PlainSql, columns?: readonly string[]] | null>> = {
    fingerprint: [sql`SELECT "EffectiveSchemaHash" FROM ${core.effectiveSchema}`, ['EffectiveSchemaHash']],
    findIdentity: storesReferentialIds
      ? [
          sql`SELECT "DocumentId", "ResourceKeyId" FROM ${identity} WHERE "ReferentialId" = @referentialId`,
          ['DocumentId', 'ResourceKeyId'],
        ]
      : null,
    lockByIdentity: storesReferentialIds
      ? [
          locked(
            sql`INNER JOIN ${identity} i ON i."DocumentId" = d."DocumentId" AND i."ResourceKeyId" = d."ResourceKeyId" WHERE i."ReferentialId" = @referentialId`,
          ),
          documentColumns,
        ]
      : null,
    findDescriptors: storesReferentialIds ? null : findDescriptors(planDialect),
    lockDescriptor: storesReferentialIds
      ? null
      : [
          locked(
            sql`INNER JOIN ${core.descriptor} x ON x."DocumentId" = d."DocumentId" WHERE ${isDescriptor(
              planDialect,
              sql`x`,
              planDialect.typedParameter('uri', uriType),
              parameter('resourceKeyId'),
            )}`,
          ),
          documentColumns,
        ],
    lockByUuid: [locked(byUuid), documentColumns],
    findByUuid: [sql`${document} FROM ${core.document} d ${byUuid}`, documentColumns],
    insertDocument: [sql`${insert(core.document, ['DocumentUuid', 'ResourceKeyId'])}${insertedId}`, ['DocumentId']],
    contentVersion: [sql`SELECT "ContentVersion" FROM ${core.document} ${byId}`, ['ContentVersion']],
    deleteDocument: [sql`DELETE FROM ${core.document} ${byId}`],
    reserveRowIds: rules.rowsHaveIds ? [rowIds, ['CollectionItemId']] : null,
    createKeyset: [
      sql`${createTemporary} ${keyset} (${id(keysetTable.documentIdColumnName)} bigint NOT NULL PRIMARY KEY)`,
    ],
    insertIntoKeyset: [sql`INSERT INTO ${keyset} (${id(keysetTable.documentIdColumnName)}) VALUES (@documentId)`],
    dropKeyset: [sql`DROP TABLE ${keyset}`],
    readDescriptor: [
      sql`SELECT ${join(
        descriptorValues.map((name) => (isDate(name) ? sql`${text(id(name), 'date')} AS ${id(name)}` : id(name))),
      )} FROM ${core.descriptor} ${byId}`,
      descriptorValues,
    ],
    insertDescriptor: [
      insert(core.descriptor, [...descriptorColumns, ...(rules.descriptorsRepeatResourceKey ? ['ResourceKeyId'] : [])]),
    ],
    insertDescriptorIdentity: storesReferentialIds
      ? [insert(identity, ['ReferentialId', 'DocumentId', 'ResourceKeyId'])]
      : null,
    updateDescriptor: [
      sql`UPDATE ${core.descriptor} SET ${join(changed.map((name) => sql`${id(name)} = ${parameterOf(name)}`))} ${byId}`,
    ],
    stampDescriptor: rules.descriptorsAreStamped
      ? null
      : [
          sql`UPDATE ${core.document} SET "ContentVersion" = ${next(core.changeVersionSequence)}, "ContentLastModifiedAt" = ${now} ${byId}`,
        ],
    deleteDescriptor: rules.deletesRootsFirst ? [sql`DELETE FROM ${core.descriptor} ${byId}`] : null,
  };
  return coreStatementNames.flatMap((name) => {
    const statement = texts[name];
    if (statement === null) return [];
    const [own, columns = []] = statement;
    const written = textOf(own);
    const parameters = [...new Set([...written.matchAll(namePattern)].map(([, each = '']) => each))];
    return [{ name, sql: `${written};`, parameters, columns }];
  });
}

/** Finds the descriptors of sent URIs and resource keys. */
function findDescriptors(dialect: PlanDialect): readonly [sql: PlainSql, columns: readonly string[]] {
  const { sql, sentName } = dialect;
  const keys = dialect.sentKeys([
    ['k0', uriType],
    ['k1', 'smallint'],
  ]);
  const statement = inOneLine(
    sql`SELECT ${sentName('o')} AS "Ordinal", d0."DocumentId", d0."ResourceKeyId"`,
    sql`FROM ${keys}`,
    descriptorJoin(dialect, sql`d0`, sentName('k0'), sentName('k1')),
    dialect.inOrderOfText,
  );
  return [statement, ['Ordinal', 'DocumentId', 'ResourceKeyId']];
}

/** The parts that the dialect has, with blanks between them. */
const inOneLine = (...parts: readonly PlainSql[]): PlainSql =>
  join(
    parts.filter((part) => !isEmpty(part)),
    ' ',
  );

const parameterOf = (column: string) => parameter(column.charAt(0).toLowerCase() + column.slice(1));
const isDate = (name: string) => name.startsWith('Effective');
