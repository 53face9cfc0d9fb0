import type { MappingVersion } from '@dms/api-schema';
import type { Column, Table } from '@dms/model';
import type { SqlDialect } from '@dms/sql';

/** The differences between the generations in the invariants of plans, written from design 08 §15 and 17 §12. */
export interface InvariantRules {
  /** Whether rows of collections are merged, and documents read one by one. */
  readonly merges: boolean;
  /** Whether a table holds the items of an array. */
  isArray(table: Table): boolean;
  isDeletedByParent(table: Table): boolean;
  parentColumns(table: Table): readonly string[];
  selected(table: Table): readonly Column[];
  order(table: Table): readonly string[];
  hasArmPerTable(dialect: SqlDialect): boolean;
}

const names = (columns: readonly { readonly name: string }[]) => columns.map(({ name }) => name);

const collections = ['Collection', 'ExtensionCollection'];

/** Rows have ids (design 17 §2). */
const rulesV2: InvariantRules = {
  merges: true,
  isArray: ({ identity }) => collections.includes(identity.tableKind),
  isDeletedByParent: ({ identity }) => ['RootExtension', 'CollectionExtensionScope'].includes(identity.tableKind),
  parentColumns: ({ identity }) => identity.parentLocator,
  selected: ({ columns }) => columns.filter(({ kind }) => !kind.startsWith('Mirrored')),
  order: ({ identity, columns }) => [
    ...new Set([
      ...identity.rootLocator,
      ...identity.parentLocator,
      ...names(columns.filter(({ kind }) => kind === 'Ordinal')),
    ]),
  ],
  hasArmPerTable: (dialect) => dialect === 'mssql',
};

export const invariantRules: Readonly<Record<MappingVersion, InvariantRules>> = {
  v1: {
    merges: false,
    isArray: ({ key }) => key.columns.some(({ kind }) => kind === 'Ordinal'),
    isDeletedByParent: ({ jsonScope }) => jsonScope.canonical !== '$',
    parentColumns: ({ key }) => names(key.columns.filter(({ kind }) => kind === 'ParentKeyPart')),
    selected: ({ columns }) => columns,
    order: ({ key }) => names(key.columns),
    hasArmPerTable: () => false,
  },
  v2: rulesV2,
  'v2-natural': rulesV2,
};
