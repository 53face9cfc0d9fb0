import { qualified, type ResourceModel, type Table, type TableConstraint } from '@dms/model';
import type { ConstraintMeaning } from './description.ts';

/**
 * The meaning of the constraints of a table for the sender of a document (design 08 §11.6). Only a program that writes
 * wrong rows can violate the other constraints.
 */
export const constraintMeanings = (
  resource: ResourceModel,
  table: Table,
  identityPaths: readonly string[],
): ConstraintMeaning[] =>
  table.constraints.flatMap((constraint) => {
    switch (constraint.kind) {
      case 'ForeignKey':
        return foreignKeyMeaning(resource, table, constraint);
      case 'Unique':
        return uniqueMeaning(resource, table, constraint, identityPaths);
      default:
        return [];
    }
  });

function foreignKeyMeaning(
  { documentReferenceBindings }: ResourceModel,
  { table, columns }: Table,
  { name, columns: own }: Extract<TableConstraint, { readonly kind: 'ForeignKey' }>,
): ConstraintMeaning[] {
  const reference = documentReferenceBindings.find(
    (binding) => own.includes(binding.fkColumn) && qualified(binding.table) === qualified(table),
  );
  if (reference) return [{ name, meaning: 'reference', paths: [reference.referenceObjectPath.canonical] }];
  // several members of a document may share one stored column
  const paths = columns.flatMap(({ name: column, kind, sourcePath, storage }) => {
    const stored = storage.kind === 'Stored' ? column : storage.canonicalColumn;
    return kind === 'DescriptorFk' && sourcePath !== null && own.includes(stored) ? [sourcePath.canonical] : [];
  });
  return paths.length === 0 ? [] : [{ name, meaning: 'descriptor', paths: [...new Set(paths)] }];
}

function uniqueMeaning(
  { naturalKey, documentReferenceBindings }: ResourceModel,
  { table, identity, columns }: Table,
  { name, columns: own }: Extract<TableConstraint, { readonly kind: 'Unique' }>,
  identityPaths: readonly string[],
): ConstraintMeaning[] {
  if (identity.tableKind === 'Root')
    return sameColumns(own, naturalKey.columns) ? [{ name, meaning: 'identity', paths: identityPaths }] : [];
  const paths = columns.flatMap(({ name: column, kind, sourcePath, storage }) => {
    const stored = storage.kind === 'Stored' ? column : storage.canonicalColumn;
    if (!own.includes(stored)) return [];
    if (kind === 'DocumentFk') {
      const binding = documentReferenceBindings.find(
        (each) => each.fkColumn === column && qualified(each.table) === qualified(table),
      );
      return binding ? [binding.referenceObjectPath.canonical] : [];
    }
    return sourcePath === null ? [] : [sourcePath.canonical];
  });
  return paths.length === 0 ? [] : [{ name, meaning: 'element', paths: [...new Set(paths)] }];
}

const sameColumns = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((name) => b.includes(name));
