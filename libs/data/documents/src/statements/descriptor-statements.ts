import { command, type Row, type Statement } from '@dms/databases';
import { core, mustExist } from '@dms/model';
import { type Dialect, dialectOf, join, type PlainSql } from '@dms/sql';
import { chunk } from 'es-toolkit/array';
import { finiteText } from '../values/dates-and-times.ts';
import { type Descriptor, descriptorUri } from '../writing/descriptor.ts';
import { among, coreTypes, listLimit, lockDocuments, tuples } from './mssql-lists.ts';
import { arrayOf, arraysOf } from './pgsql-statements.ts';
import type { ResourceRange } from './statement.ts';

/** An identity of a descriptor with its row, if there is one. */
export interface ExistingDescriptor {
  /** Absent where the database stores none. */
  readonly ReferentialId?: string;
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
export interface DescriptorScan extends Omit<ResourceRange, 'before'> {
  /** Whether the row mirrors the content version of its document. */
  readonly hasVersion: boolean;
}

export interface DescriptorDocument {
  readonly documentId: string;
  readonly descriptor: Descriptor;
}

/** How the row of a descriptor is updated. */
export interface DescriptorUpdate {
  /** Whether it gets the letter case of the URI that is written; otherwise the stored one stays. */
  readonly writesUri: boolean;
  /** Whether the update also stamps the document, because no trigger does. */
  readonly stampsDocument: boolean;
}

/** The update of rows of `dms.Descriptor`, which has no plans. */
export type UpdateDescriptors = (rows: readonly DescriptorDocument[], update: DescriptorUpdate) => readonly Statement[];

type DescriptorValues = readonly (string | null)[];

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

const allColumns: readonly UpdatedColumn[] = [
  ...variableColumns,
  { name: 'Namespace', type: 'text', mssqlType: 'nvarchar(255)', of: ({ namespace }) => namespace },
  { name: 'CodeValue', type: 'text', mssqlType: 'nvarchar(50)', of: ({ codeValue }) => codeValue },
  { name: 'Uri', type: 'text', mssqlType: 'nvarchar(306)', of: descriptorUri },
];

/** The rows of an update, with their document ids first; letters are the names of the columns of the row set. */
function updatedRows(rows: readonly DescriptorDocument[], { writesUri }: DescriptorUpdate) {
  const columns = (writesUri ? allColumns : variableColumns).map((column, index) => ({
    ...column,
    letter: mustExist('abcdefg'[index], `the letter of ${column.name}`),
  }));
  const values = rows.map(
    ({ documentId, descriptor }): DescriptorValues => [documentId, ...columns.map(({ of }) => of(descriptor))],
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

const dateColumns: ReadonlySet<string> = new Set(['EffectiveBeginDate', 'EffectiveEndDate']);

/** The existing columns of the rows `s`; dates are read as text. */
export const existingList = ({ sql, id, text }: Dialect): PlainSql =>
  join(
    existingColumns.map((name) => {
      const column = sql`s.${id(name)}`;
      return dateColumns.has(name) ? sql`${text(column, 'date')} AS ${id(name)}` : column;
    }),
  );

/** The assignments of an update from the rows `n`. */
const assignments = ({ sql, id }: Dialect, columns: readonly { name: string; letter: string }[]): PlainSql =>
  join(columns.map(({ name, letter }) => sql`${id(name)} = n.${id(letter)}`));

/** Stamps the documents. */
const stamped = ({ sql, next, now }: Dialect): PlainSql =>
  sql`UPDATE ${core.document} SET "ContentVersion" = ${next(core.changeVersionSequence)}, "ContentLastModifiedAt" = ${now} WHERE "DocumentId"`;

export const pgsqlUpdate: UpdateDescriptors = (rows, update) => {
  const { sql, ids } = dialectOf.pgsql;
  const { columns, values } = updatedRows(rows, update);
  const documentIds = arrayOf(
    rows.map(({ documentId }) => documentId),
    'bigint',
  );
  const from = arraysOf(values, ['bigint', ...columns.map(({ type }) => type)]);
  const letters = ids(columns.map(({ letter }) => letter));
  return [
    command(
      sql`UPDATE ${core.descriptor} s SET ${assignments(dialectOf.pgsql, columns)} FROM ${from} AS n (id, ${letters}) WHERE s."DocumentId" = n.id`,
    ),
    ...(update.stampsDocument ? [command(sql`${stamped(dialectOf.pgsql)} = ANY (${documentIds})`)] : []),
  ];
};

export const mssqlUpdate: UpdateDescriptors = (rows, update) => {
  const { sql, ids } = dialectOf.mssql;
  const { columns, values } = updatedRows(rows, update);
  const documentIds = rows.map(({ documentId }) => documentId);
  const types = [coreTypes.documentId, ...columns.map(({ mssqlType }) => mssqlType)];
  const letters = ids(columns.map(({ letter }) => letter));
  const stamps = chunk(documentIds, listLimit).map((piece) =>
    command(sql`${stamped(dialectOf.mssql)} IN ${among(piece, coreTypes.documentId)};`),
  );
  return [
    ...lockDocuments({
      select: sql`SELECT "DocumentId" FROM ${core.document} WHERE "DocumentId"`,
      values: documentIds,
      type: coreTypes.documentId,
    }),
    ...chunk(values, Math.floor(listLimit / types.length)).map((piece) =>
      command(
        sql`UPDATE s SET ${assignments(dialectOf.mssql, columns)} FROM ${core.descriptor} s INNER JOIN (VALUES ${tuples(piece, types)}) AS n ("id", ${letters}) ON s."DocumentId" = n."id";`,
      ),
    ),
    ...(update.stampsDocument ? stamps : []),
  ];
};
