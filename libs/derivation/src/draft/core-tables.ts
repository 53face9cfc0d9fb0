import { rootPath } from '@dms/api-schema';
import { core } from '@dms/model';
import { int64Type } from '../input/scalar-type.ts';
import { DraftTable } from './draft-table.ts';

/** A table of the core schema as the target of foreign keys; derivation knows only its key. */
function coreTable({ schema, name }: { readonly schema: string; readonly name: string }): DraftTable {
  const table = new DraftTable({
    table: { schema, name },
    scope: rootPath,
    origin: { defaultName: name, label: schema, path: '$' },
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

export const documentTable = coreTable(core.document);
export const descriptorTable = coreTable(core.descriptor);
