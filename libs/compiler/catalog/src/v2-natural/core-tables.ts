import { core, descriptorLengths } from '@dms/model';
import { foldCollation } from '@dms/sql';
import type { CoreColumn, CoreForeignKey, CoreTable } from '../definition/core-tables.ts';
import { call, collate, column } from '../expression.ts';
import { coreTablesV2 } from '../v2/core-tables.ts';

const documentAndResource = ['DocumentId', 'ResourceKeyId'] as const;

/** The key to which rows refer that repeat the resource key of their document. */
export const documentKey = { name: 'UX_Document_DocumentId_ResourceKeyId', columns: documentAndResource } as const;

export const descriptorKey: CoreForeignKey = {
  name: 'FK_Descriptor_DocumentResourceKey',
  columns: documentAndResource,
  target: core.document.name,
  onDelete: 'CASCADE',
};

export const uriIndexName = 'UX_Descriptor_UriLowered_ResourceKeyId';

/** The texts by which a descriptor is found (design 22 §2.1, §2.3). */
const identityTexts: ReadonlySet<string> = new Set(['Namespace', 'CodeValue', 'Uri']);

/** SQL Server compares the URI in lower case by a computed column, PostgreSQL by the expression of the index. */
const uriLowered: CoreColumn = {
  name: 'UriLowered',
  type: `text(${descriptorLengths.uri})`,
  nullable: true,
  identityText: true,
  computed: call('LOWER', column('Uri')),
  only: 'mssql',
};

const foldedUri = call('lower', collate(column('Uri'), foldCollation.pgsql));

const descriptorTable = (table: CoreTable): CoreTable => ({
  ...table,
  columns: table.columns.flatMap((each): CoreColumn[] => {
    if (!identityTexts.has(each.name)) return [each];
    const marked: CoreColumn = { ...each, identityText: true };
    return each.name === 'Uri' ? [marked, uriLowered] : [marked];
  }),
  uniques: [],
  foreignKeys: [descriptorKey],
  indexes: [
    { name: uriIndexName, columns: [foldedUri, 'ResourceKeyId'], isUnique: true, only: 'pgsql' },
    { name: uriIndexName, columns: [uriLowered.name, 'ResourceKeyId'], isUnique: true, only: 'mssql' },
    ...(table.indexes ?? []),
  ],
});

const documentTable = (table: CoreTable): CoreTable => ({
  ...table,
  uniques: [...(table.uniques ?? []), documentKey],
});

const changed: Readonly<Record<string, (table: CoreTable) => CoreTable>> = {
  [core.descriptor.name]: descriptorTable,
  [core.document.name]: documentTable,
};

/** The tables of `v2` without that of referential ids (design 22 §2, §2.1). */
export const coreTablesV2Natural: readonly CoreTable[] = coreTablesV2
  .filter(({ name }) => name !== core.referentialIdentity.name)
  .map((table) => changed[table.name]?.(table) ?? table);
