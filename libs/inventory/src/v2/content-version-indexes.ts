import { allTables, core, type FullNames, type RelationalModelSet } from '@dms/model';
import type { NamedIndex } from '../derive-indexes.ts';

const explicit = (fullName: string, table: NamedIndex['table'], keyColumns: readonly string[]): NamedIndex => ({
  fullName,
  table,
  kind: 'Explicit',
  isUnique: false,
  keyColumns,
  includeColumns: [],
});

/** The indexes with which a server finds changes since a version (design 15 §10.1 step 4, §10.2). */
export function contentVersionIndexes(model: RelationalModelSet, names: FullNames): NamedIndex[] {
  const ofRoots = allTables(model).flatMap(({ table: { table, columns } }) =>
    columns
      .filter(({ kind }) => kind === 'MirroredContentVersion')
      .map(({ name }) => explicit(`IX_${names.table(table)}_${names.column(table, name)}`, table, [name])),
  );
  const hasDescriptors = model.resources.some(({ storageKind }) => storageKind === 'SharedDescriptorTable');
  const lists = [
    ['Discriminator', 'ContentVersion'],
    ['ResourceKeyId', 'ContentVersion', 'DocumentId'],
  ];
  const ofDescriptors = lists.map((columns) => explicit(`IX_Descriptor_${columns.join('_')}`, core.descriptor, columns));
  return hasDescriptors ? [...ofRoots, ...ofDescriptors] : ofRoots;
}
