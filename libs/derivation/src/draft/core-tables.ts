import { rootPath } from '@dms/api-schema';
import { coreSchema } from '@dms/model';
import { int64Type } from '../input/scalar-type.ts';
import { DraftTable } from './draft-table.ts';

/** A table of the core schema as the target of foreign keys; derivation knows only its key. */
function coreTable(name: string): DraftTable {
  const table = new DraftTable({
    table: { schema: coreSchema, name },
    scope: rootPath,
    origin: { defaultName: name, label: coreSchema, path: '$' },
    collectionNames: [],
    shape: {
      kind: 'Unspecified',
      columns: [{ name: 'DocumentId', defaultName: 'DocumentId', kind: 'ParentKeyPart', scalarType: int64Type }],
      key: [{ name: 'DocumentId', role: 'DocumentId' }],
      rowIdentity: [],
      rootLocator: [],
      parentLocator: [],
    },
  });
  Object.freeze(table);
  return table;
}

export const documentTable = coreTable('Document');
export const descriptorTable = coreTable('Descriptor');
