import type { Table } from '@dms/model';

/** Whether the rows of a table are items of an array, which keep their ids between writes (design 17). */
export function isMergeTable({ identity: { tableKind } }: Table): boolean {
  return tableKind === 'Collection' || tableKind === 'ExtensionCollection';
}

/**
 * The columns that an update of a row does not change: row identity, root locator, parent locator. A column may have
 * several of these roles.
 */
export function structuralColumns({ identity: { rowIdentity, rootLocator, parentLocator } }: Table): readonly string[] {
  return [...new Set([...rowIdentity, ...rootLocator, ...parentLocator])];
}
