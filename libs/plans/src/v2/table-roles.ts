import type { Table } from '@dms/model';

/** Whether the rows of a table are elements of an array, which keep their ids from one write to the next (design 17). */
export function isMergeTable({ identity: { tableKind } }: Table): boolean {
  return tableKind === 'Collection' || tableKind === 'ExtensionCollection';
}

/** Row identity, root locator, parent locator: what an update of a row leaves alone. A column may have several of these roles. */
export function structuralColumns({ identity: { rowIdentity, rootLocator, parentLocator } }: Table): readonly string[] {
  return [...new Set([...rowIdentity, ...rootLocator, ...parentLocator])];
}
