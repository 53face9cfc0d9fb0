import { compareOrdinal } from '@dms/canonical-json';
import type { DbTableName, TableConstraint } from '@dms/model';

const documentIdSuffix = '_DocumentId';
const descriptorIdSuffix = '_DescriptorId';

export function documentFkColumn(referenceBaseName: string): string {
  return referenceBaseName + documentIdSuffix;
}

/** The reference base name that an FK column `{B}_DocumentId` carries. */
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

/** Composite keys say `_RefKey`; a key of the document id alone does not. */
export function referenceForeignKeyName(table: string, referenceBaseName: string, columnCount: number): string {
  return columnCount > 1 ? `FK_${table}_${referenceBaseName}_RefKey` : `FK_${table}_${referenceBaseName}`;
}

export function descriptorForeignKeyName(table: string, storageColumn: string): string {
  const base = storageColumn.endsWith(descriptorIdSuffix) ? storageColumn.slice(0, -descriptorIdSuffix.length) : storageColumn;
  return `FK_${table}_${base}`;
}

/** The tokens of an array-uniqueness name: prefixes in order, each followed by its suffixes (design 03 §5.2). */
export function arrayUniquenessTokens(columns: readonly string[]): string[] {
  const suffixesByPrefix = new Map<string, string[]>();
  for (const column of columns) {
    const cut = column.lastIndexOf('_');
    const isPlain = cut <= 0 || cut === column.length - 1;
    const prefix = isPlain ? '' : column.slice(0, cut);
    const suffix = isPlain ? column : column.slice(cut + 1);
    suffixesByPrefix.set(prefix, [...(suffixesByPrefix.get(prefix) ?? []), suffix]);
  }
  return [...suffixesByPrefix]
    .sort(([a], [b]) => compareOrdinal(a, b))
    .flatMap(([prefix, suffixes]) => [...(prefix === '' ? [] : [prefix]), ...suffixes.sort(compareOrdinal)]);
}

/** `UX_{Table}_{tokens}`; independent of the order of the columns. */
export function arrayUniquenessName(table: string, columns: readonly string[]): string {
  return `UX_${table}_${arrayUniquenessTokens(columns).join('_')}`;
}

const qualified = (table: DbTableName) => `${table.schema}.${table.name}`;

/**
 * The semantic signature of a constraint in full names: equal signatures mean equal constraints, and the hash of a shortened
 * constraint name is made of it (design 03 §5.4, §6.3).
 */
export function constraintSignature(table: DbTableName, constraint: TableConstraint): string {
  switch (constraint.kind) {
    case 'Unique':
      return `Unique|${qualified(table)}|${constraint.columns.join(',')}`;
    case 'ForeignKey':
      return [
        'ForeignKey',
        qualified(table),
        constraint.columns.join(','),
        qualified(constraint.targetTable),
        constraint.targetColumns.join(','),
        constraint.onDelete,
        constraint.onUpdate,
      ].join('|');
    case 'AllOrNoneNullability':
      return `AllOrNone|${qualified(table)}|${constraint.fkColumn}|${constraint.dependentColumns.join(',')}`;
    case 'NullOrTrue':
      return `NullOrTrue|${qualified(table)}|${constraint.column}`;
  }
}

export function primaryKeySignature(table: DbTableName, columns: readonly string[]): string {
  return `PrimaryKey|${qualified(table)}|${columns.join(',')}`;
}
