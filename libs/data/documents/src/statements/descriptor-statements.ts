import type { Row, Statement } from '@dms/databases';
import { core, mustExist } from '@dms/model';
import { mssqlName, pgsqlName, type SqlDialect } from '@dms/sql';
import { chunk } from 'es-toolkit/array';
import { finiteText } from '../values/dates-and-times.ts';
import { type Descriptor, descriptorUri } from '../writing/descriptor.ts';
import { among, coreTypes, listLimit, lockDocuments, tuples } from './mssql-lists.ts';
import { arrayOf } from './pgsql-statements.ts';
import { command, type ScanRange, type StatementPart } from './statement.ts';

/** An identity of a descriptor with its row, if there is one. */
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

/** Rows of descriptors with dates in the form for documents. */
export const existingDescriptors = (rows: readonly Row[]): readonly ExistingDescriptor[] =>
  (rows as unknown as readonly ExistingDescriptor[]).map((row) => ({
    ...row,
    EffectiveBeginDate: finiteDate(row.EffectiveBeginDate),
    EffectiveEndDate: finiteDate(row.EffectiveEndDate),
  }));

const finiteDate = (date: string | null) => date && finiteText(date, 'Date');

/** The range of a scan of descriptors by document id. */
export interface DescriptorScan extends Omit<ScanRange, 'before'> {
  readonly resourceKeyId: number;
  /** Whether the row mirrors the content version of its document. */
  readonly hasVersion: boolean;
}

export interface DescriptorDocument {
  readonly documentId: string;
  readonly descriptor: Descriptor;
}

/**
 * The columns that an update of a descriptor writes: all except namespace and code value, with a stamp of the document;
 * or all including the URI, if a trigger stamps the document.
 */
export type DescriptorUpdate = 'variable fields' | 'all fields';

/** The update of rows of `dms.Descriptor`, which has no plans. */
type UpdateDescriptors = (rows: readonly DescriptorDocument[], update: DescriptorUpdate) => readonly Statement[];

type Texts = readonly (string | null)[];

interface UpdatedColumn {
  readonly name: string;
  /** The type on PostgreSQL. */
  readonly type: 'text' | 'date';
  readonly mssqlType: string;
  of(descriptor: Descriptor): string | null;
}

const variableColumns: readonly UpdatedColumn[] = [
  { name: 'ShortDescription', type: 'text', mssqlType: 'nvarchar(75)', of: ({ shortDescription }) => shortDescription },
  { name: 'Description', type: 'text', mssqlType: 'nvarchar(1024)', of: ({ description }) => description },
  { name: 'EffectiveBeginDate', type: 'date', mssqlType: 'date', of: ({ effectiveBeginDate }) => effectiveBeginDate },
  { name: 'EffectiveEndDate', type: 'date', mssqlType: 'date', of: ({ effectiveEndDate }) => effectiveEndDate },
];

const updatedColumns: Readonly<Record<DescriptorUpdate, readonly UpdatedColumn[]>> = {
  'variable fields': variableColumns,
  'all fields': [
    ...variableColumns,
    { name: 'Namespace', type: 'text', mssqlType: 'nvarchar(255)', of: ({ namespace }) => namespace },
    { name: 'CodeValue', type: 'text', mssqlType: 'nvarchar(50)', of: ({ codeValue }) => codeValue },
    { name: 'Uri', type: 'text', mssqlType: 'nvarchar(306)', of: descriptorUri },
  ],
};

/** The rows of an update, with their document ids first; letters are the names of the columns of the row set. */
function updatedRows(rows: readonly DescriptorDocument[], update: DescriptorUpdate) {
  const columns = updatedColumns[update].map((column, index) => ({
    ...column,
    letter: mustExist('abcdefg'[index], `the letter of ${column.name}`),
  }));
  const values = rows.map(
    ({ documentId, descriptor }): Texts => [documentId, ...columns.map(({ of }) => of(descriptor))],
  );
  return { columns, values };
}

/** The columns of {@link ExistingDescriptor} that are in `dms.Descriptor`. */
export const existingColumns = [
  'Namespace',
  'CodeValue',
  'ShortDescription',
  'Description',
  'EffectiveBeginDate',
  'EffectiveEndDate',
] as const;

/** Rows as one array for each column. */
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

const stampPgsql = (documentIds: readonly string[]) => [
  command(
    `UPDATE ${pgsqlName(core.document)} SET "ContentVersion" = nextval('${pgsqlName(core.changeVersionSequence)}'), "ContentLastModifiedAt" = now() WHERE "DocumentId" = ANY (`,
    ...arrayOf(documentIds, 'bigint'),
    ')',
  ),
];

const pgsql: UpdateDescriptors = (rows, update) => {
  const { columns, values } = updatedRows(rows, update);
  const set = columns.map(({ name, letter }) => `"${name}" = n.${letter}`).join(', ');
  const letters = columns.map(({ letter }) => letter).join(', ');
  return [
    command(
      `UPDATE ${pgsqlName(core.descriptor)} s SET ${set} FROM `,
      ...columnsOf(values, ['bigint', ...columns.map(({ type }) => type)]),
      ` AS n (id, ${letters}) WHERE s."DocumentId" = n.id`,
    ),
    ...(update === 'all fields' ? [] : stampPgsql(rows.map(({ documentId }) => documentId))),
  ];
};

/** `VALUES` of rows, split into statements by the parameter limit. */
function valueLists(
  rows: readonly Texts[],
  types: readonly string[],
  statement: (values: readonly StatementPart[]) => Statement,
): Statement[] {
  const width = rows[0]?.length ?? 1;
  return chunk(rows, Math.floor(listLimit / width)).map((piece) => statement(tuples(piece, types)));
}

const stampMssql = (documentIds: readonly string[]) =>
  chunk(documentIds, listLimit).map((piece) =>
    command(
      `UPDATE ${mssqlName(core.document)} SET [ContentVersion] = NEXT VALUE FOR ${mssqlName(core.changeVersionSequence)}, [ContentLastModifiedAt] = sysutcdatetime() WHERE [DocumentId] IN `,
      ...among(piece, coreTypes.documentId),
      ';',
    ),
  );

const mssql: UpdateDescriptors = (rows, update) => {
  const { columns, values } = updatedRows(rows, update);
  const set = columns.map(({ name, letter }) => `[${name}] = n.[${letter}]`).join(', ');
  const letters = columns.map(({ letter }) => `[${letter}]`).join(', ');
  const documentIds = rows.map(({ documentId }) => documentId);
  const types = [coreTypes.documentId, ...columns.map(({ mssqlType }) => mssqlType)];
  return [
    ...lockDocuments({
      select: `SELECT [DocumentId] FROM ${mssqlName(core.document)} WHERE [DocumentId]`,
      values: documentIds,
      type: coreTypes.documentId,
    }),
    ...valueLists(values, types, (tuples) =>
      command(
        `UPDATE s SET ${set} FROM ${mssqlName(core.descriptor)} s INNER JOIN (VALUES `,
        ...tuples,
        `) AS n ([id], ${letters}) ON s.[DocumentId] = n.[id];`,
      ),
    ),
    ...(update === 'all fields' ? [] : stampMssql(documentIds)),
  ];
};

export const updateDescriptors: Readonly<Record<SqlDialect, UpdateDescriptors>> = { pgsql, mssql };
