import { core, coreV2 } from '@dms/model';
import { keyCollation } from '@dms/sql';
import type { CatalogRules, DialectObjects, ShapeMark } from '../catalog-rules.ts';
import { catalogRulesV2 } from '../v2/catalog-rules.ts';
import { coreTablesV2Natural, descriptorKey, documentKey, uriIndexName } from './core-tables.ts';

/** The objects of `v2` without those that compute or carry referential ids (design 22 §2). */
const withoutIds = (objects: DialectObjects): DialectObjects => ({
  ...objects,
  extensions: [],
  routines: objects.routines.filter(({ kind }) => kind !== 'uuidv5'),
  tableTypes: objects.tableTypes.filter(({ name }) => name !== coreV2.uniqueIdentifierTable.name),
});

const { pgsql, mssql } = catalogRulesV2.objects;

/** Found in every database of this shape and in none of `v2` (design 16 §1.1). */
const marks: readonly ShapeMark[] = [
  { kind: 'unique', table: core.document.name, name: documentKey.name, isPrepared: true },
  { kind: 'index', table: core.descriptor.name, name: uriIndexName },
  { kind: 'foreignKey', table: core.descriptor.name, name: descriptorKey.name },
];

/** The second generation without referential ids (design 22). */
export const catalogRulesV2Natural: CatalogRules = {
  ...catalogRulesV2,
  coreTables: coreTablesV2Natural,
  objects: { pgsql: withoutIds(pgsql), mssql: withoutIds(mssql) },
  marks,
  identityCollation: keyCollation,
  uriFolding: { oldestPgsql: 170_000 },
  fileFormat: 3,
};
