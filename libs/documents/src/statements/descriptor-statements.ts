import type { Statement } from '@dms/databases';
import type { SqlDialect } from '@dms/sql';
import type { Descriptor } from '../writing/descriptor.ts';
import { among, chunks, coreTypes, countType, list, listLimit } from './mssql-lists.ts';
import { lockDocuments } from './mssql-locks.ts';
import { arrayOf } from './pgsql-statements.ts';
import { command, query, type StatementPart, value } from './statement.ts';

/** A row of `dms.ReferentialIdentity` with the descriptor behind it, if there is one. */
export interface ExistingDescriptor {
  readonly ReferentialId: string;
  readonly ResourceKeyId: number;
  readonly DocumentId: string;
  readonly Namespace: string | null;
  readonly CodeValue: string | null;
  readonly ShortDescription: string | null;
  readonly Description: string | null;
  readonly EffectiveBeginDate: string | null;
  readonly EffectiveEndDate: string | null;
}

/** Descriptors by document id. */
export interface DescriptorScan {
  readonly resourceKeyId: number;
  readonly after: string;
  readonly since: string;
  readonly limit: number;
}

/** A descriptor and the document that it is. */
export interface DescriptorDocument {
  readonly documentId: string;
  readonly descriptor: Descriptor;
}

/** The statements about `dms.Descriptor`, which has no plans. */
export interface DescriptorStatements {
  /** {@link ExistingDescriptor}s. */
  find(referentialIds: readonly string[]): readonly Statement[];
  /** {@link ExistingDescriptor}s of one resource, in the order of their documents. */
  scan(scan: DescriptorScan): Statement;
  /** Everything but namespace and code value; nothing else stamps the document. */
  update(rows: readonly DescriptorDocument[]): readonly Statement[];
}

type Texts = readonly (string | null)[];

const updated = ({ documentId, descriptor }: DescriptorDocument): Texts => [
  documentId,
  descriptor.shortDescription,
  descriptor.description,
  descriptor.effectiveBeginDate,
  descriptor.effectiveEndDate,
];

const descriptorColumns = [
  'Namespace',
  'CodeValue',
  'ShortDescription',
  'Description',
  'EffectiveBeginDate',
  'EffectiveEndDate',
] as const;

/** Rows as one array per column. */
function columnsOf(rows: readonly Texts[], types: readonly string[]): StatementPart[] {
  return types.flatMap((type, index) => [
    index === 0 ? 'unnest(' : ', ',
    ...arrayOf(
      rows.map((row) => row[index] ?? null),
      type,
    ),
    ...(index === types.length - 1 ? [')'] : []),
  ]);
}

const selectPgsql = `SELECT i."ReferentialId"::text AS "ReferentialId", i."ResourceKeyId", i."DocumentId"::text AS "DocumentId", ${descriptorColumns
  .map((name) => `s."${name}"::text AS "${name}"`)
  .join(', ')} FROM "dms"."ReferentialIdentity" i`;

const pgsql: DescriptorStatements = {
  find: (ids) => [
    query(
      `${selectPgsql} LEFT JOIN "dms"."Descriptor" s ON s."DocumentId" = i."DocumentId" WHERE i."ReferentialId" = ANY (`,
      ...arrayOf(ids, 'uuid'),
      ')',
    ),
  ],
  scan: ({ resourceKeyId, after, since, limit }) =>
    query(
      `${selectPgsql} JOIN "dms"."Descriptor" s ON s."DocumentId" = i."DocumentId" JOIN "dms"."Document" d ON d."DocumentId" = i."DocumentId" AND d."ResourceKeyId" = i."ResourceKeyId" WHERE d."ResourceKeyId" = `,
      value(resourceKeyId),
      ' AND d."DocumentId" > ',
      value(after),
      ' AND d."ContentVersion" > ',
      value(since),
      ' ORDER BY d."DocumentId" LIMIT ',
      value(limit),
    ),
  update: (rows) => [
    command(
      'UPDATE "dms"."Descriptor" s SET "ShortDescription" = n.a, "Description" = n.b, "EffectiveBeginDate" = n.c, "EffectiveEndDate" = n.d FROM ',
      ...columnsOf(rows.map(updated), ['bigint', 'text', 'text', 'date', 'date']),
      ' AS n (id, a, b, c, d) WHERE s."DocumentId" = n.id',
    ),
    command(
      'UPDATE "dms"."Document" SET "ContentVersion" = nextval(\'"dms"."ChangeVersionSequence"\'), "ContentLastModifiedAt" = now() WHERE "DocumentId" = ANY (',
      ...arrayOf(
        rows.map(({ documentId }) => documentId),
        'bigint',
      ),
      ')',
    ),
  ],
};

/** The types of {@link updated} in SQL Server, in its order. */
const updatedTypes = [coreTypes.documentId, 'nvarchar(75)', 'nvarchar(1024)', 'date', 'date'];

const dateColumns: ReadonlySet<string> = new Set(['EffectiveBeginDate', 'EffectiveEndDate']);
const selectMssql = `SELECT LOWER(CONVERT(nvarchar(36), i.[ReferentialId])) AS [ReferentialId], i.[ResourceKeyId], CONVERT(nvarchar(20), i.[DocumentId]) AS [DocumentId], ${descriptorColumns
  .map((name) => (dateColumns.has(name) ? `CONVERT(nvarchar(10), s.[${name}], 23) AS [${name}]` : `s.[${name}]`))
  .join(', ')} FROM [dms].[ReferentialIdentity] i`;

/** `VALUES` of rows, in statements of as many as parameters allow. */
function valueLists(rows: readonly Texts[], statement: (values: readonly StatementPart[]) => Statement): Statement[] {
  const width = rows[0]?.length ?? 1;
  return chunks(rows, Math.floor(listLimit / width)).map((chunk) =>
    statement(chunk.flatMap((row, index) => [index === 0 ? '' : ', ', ...list(row, (column) => updatedTypes[column] ?? '')])),
  );
}

const mssql: DescriptorStatements = {
  find: (ids) =>
    chunks(ids, listLimit).map((chunk) =>
      query(
        `${selectMssql} LEFT JOIN [dms].[Descriptor] s ON s.[DocumentId] = i.[DocumentId] WHERE i.[ReferentialId] IN `,
        ...among(chunk, coreTypes.uuid),
        ';',
      ),
    ),
  scan: ({ resourceKeyId, after, since, limit }) =>
    query(
      `${selectMssql} INNER JOIN [dms].[Descriptor] s ON s.[DocumentId] = i.[DocumentId] INNER JOIN [dms].[Document] d ON d.[DocumentId] = i.[DocumentId] AND d.[ResourceKeyId] = i.[ResourceKeyId] WHERE d.[ResourceKeyId] = `,
      value(resourceKeyId, coreTypes.resourceKeyId),
      ' AND d.[DocumentId] > ',
      value(after, coreTypes.documentId),
      ' AND d.[ContentVersion] > ',
      value(since, coreTypes.version),
      ' ORDER BY d.[DocumentId] OFFSET 0 ROWS FETCH NEXT ',
      value(limit, countType),
      ' ROWS ONLY;',
    ),
  update: (rows) => [
    ...lockDocuments({
      select: 'SELECT [DocumentId] FROM [dms].[Document] WHERE [DocumentId]',
      values: rows.map(({ documentId }) => documentId),
      type: coreTypes.documentId,
    }),
    ...valueLists(rows.map(updated), (values) =>
      command(
        'UPDATE s SET [ShortDescription] = n.[a], [Description] = n.[b], [EffectiveBeginDate] = n.[c], [EffectiveEndDate] = n.[d] FROM [dms].[Descriptor] s INNER JOIN (VALUES ',
        ...values,
        ') AS n ([id], [a], [b], [c], [d]) ON s.[DocumentId] = n.[id];',
      ),
    ),
    ...chunks(
      rows.map(({ documentId }) => documentId),
      listLimit,
    ).map((chunk) =>
      command(
        'UPDATE [dms].[Document] SET [ContentVersion] = NEXT VALUE FOR [dms].[ChangeVersionSequence], [ContentLastModifiedAt] = sysutcdatetime() WHERE [DocumentId] IN ',
        ...among(chunk, coreTypes.documentId),
        ';',
      ),
    ),
  ],
};

export const descriptorStatements: Readonly<Record<SqlDialect, DescriptorStatements>> = { pgsql, mssql };
