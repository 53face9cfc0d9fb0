import { type FullName, mustExist } from '@dms/model';
import { compareOrdinal, groupBy } from '@dms/values';
import type { DraftConstraint, DraftForeignKey, DraftTable } from '../draft/draft-table.ts';

const documentIdSuffix = '_DocumentId';
const descriptorIdSuffix = '_DescriptorId';

/** The full-length name of a constraint, by its purpose (design 03 §5). */
export function constraintName({ table }: DraftTable, constraint: DraftConstraint): FullName {
  switch (constraint.kind) {
    case 'Unique':
      if (constraint.purpose === 'NaturalKey') return naturalKeyName(table.name);
      if (constraint.purpose === 'ReferenceKey') return referenceKeyName(table.name);
      return arrayUniquenessName(
        table.name,
        constraint.columns.map(({ name }) => name),
      );
    case 'ForeignKey':
      return foreignKeyName(table.name, constraint);
    case 'AllOrNoneNullability':
      return allOrNoneName(table.name, referenceBaseNameOf(constraint.fkColumn.name));
    case 'NullOrTrue':
      return nullOrTrueName(table.name, constraint.column.name);
  }
}

function foreignKeyName(table: string, { purpose, columns, target }: DraftForeignKey): FullName {
  switch (purpose.kind) {
    case 'Document':
      return documentForeignKeyName(table);
    case 'DocumentResource':
      return `FK_${table}_DocumentResourceKey`;
    case 'Parent':
      return parentForeignKeyName(table, target.table.name);
    case 'Descriptor':
      return descriptorForeignKeyName(table, mustExist(columns[0], `the column of a descriptor of ${table}`).name);
    case 'Reference':
      return referenceForeignKeyName(table, referenceBaseNameOf(purpose.fkColumn.name), columns.length);
  }
}

export function documentFkColumn(referenceBaseName: string): string {
  return referenceBaseName + documentIdSuffix;
}

/** The base name of the reference with the FK column `{B}_DocumentId`. */
export function referenceBaseNameOf(fkColumn: string): string {
  return fkColumn.endsWith(documentIdSuffix) ? fkColumn.slice(0, -documentIdSuffix.length) : fkColumn;
}

export function descriptorColumn(baseName: string): string {
  return baseName + descriptorIdSuffix;
}

export const primaryKeyName = (table: string) => `PK_${table}`;
export const naturalKeyName = (table: string) => `UX_${table}_NK`;
export const referenceKeyName = (table: string) => `UX_${table}_RefKey`;
export const documentForeignKeyName = (table: string) => `FK_${table}_Document`;
export const parentForeignKeyName = (table: string, parent: string) => `FK_${table}_${parent}`;
export const allOrNoneName = (table: string, referenceBaseName: string) => `CK_${table}_${referenceBaseName}_AllNone`;
export const nullOrTrueName = (table: string, column: string) => `CK_${table}_${column}_NullOrTrue`;

/** Composite keys end in `_RefKey`; a key over the document id alone does not. */
export function referenceForeignKeyName(table: string, referenceBaseName: string, columnCount: number): string {
  return columnCount > 1 ? `FK_${table}_${referenceBaseName}_RefKey` : `FK_${table}_${referenceBaseName}`;
}

export function descriptorForeignKeyName(table: string, storageColumn: string): string {
  const base = storageColumn.endsWith(descriptorIdSuffix)
    ? storageColumn.slice(0, -descriptorIdSuffix.length)
    : storageColumn;
  return `FK_${table}_${base}`;
}

/** The tokens of an array-uniqueness name: prefixes in order, each followed by its suffixes (design 03 §5.2). */
export function arrayUniquenessTokens(columns: readonly string[]): string[] {
  const parts = columns.map((column) => {
    const cut = column.lastIndexOf('_');
    const isPlain = cut <= 0 || cut === column.length - 1;
    return isPlain ? { prefix: '', suffix: column } : { prefix: column.slice(0, cut), suffix: column.slice(cut + 1) };
  });
  return [...groupBy(parts, ({ prefix }) => prefix)]
    .sort(([a], [b]) => compareOrdinal(a, b))
    .flatMap(([prefix, group]) => [
      ...(prefix === '' ? [] : [prefix]),
      ...group.map(({ suffix }) => suffix).sort(compareOrdinal),
    ]);
}

/** `UX_{Table}_{tokens}`; independent of the order of the columns. */
export function arrayUniquenessName(table: string, columns: readonly string[]): string {
  return `UX_${table}_${arrayUniquenessTokens(columns).join('_')}`;
}
