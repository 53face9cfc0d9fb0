import type { Column, Table, TableIdentity, TableKind } from '@dms/model';
import { handMade, path } from '@dms/testing';

/* Tables of the second generation made by hand: rows have ids, and columns for their document and their parent. */

const { column, ordinal, scalarType, tableNamed } = handMade;

const locator = (name: string) => column(name, 'ParentKeyPart');

const mirrored: readonly Column[] = [
  column('ContentLastModifiedAt', 'MirroredContentLastModifiedAt', {
    scalarType: scalarType('DateTime'),
    isWritable: false,
  }),
  column('ContentVersion', 'MirroredContentVersion', { isWritable: false }),
];

type SecondGenerationParts = Partial<Pick<Table, 'keyUnificationClasses'>>;

function table(
  name: string,
  scope: string,
  identity: Omit<TableIdentity, 'semanticIdentity' | 'semanticIdentitySource'> & Partial<TableIdentity>,
  columns: readonly Column[],
  parts: SecondGenerationParts = {},
): Table {
  const [key = ''] = identity.rowIdentity;
  const role = key === 'DocumentId' ? 'DocumentId' : 'CollectionItemId';
  return {
    table: tableNamed(name),
    jsonScope: path(scope),
    key: {
      constraintName: `PK_${tableNamed(name).name}`,
      columns: [{ name: key, kind: key === 'CollectionItemId' ? 'CollectionKey' : 'ParentKeyPart', role }],
    },
    identity: { semanticIdentity: [], semanticIdentitySource: 'Unspecified', ...identity },
    columns,
    constraints: [],
    keyUnificationClasses: [],
    ...parts,
  };
}

export function rootOf(name: string, columns: readonly Column[] = [], parts: SecondGenerationParts = {}): Table {
  const identity = {
    tableKind: 'Root',
    rowIdentity: ['DocumentId'],
    rootLocator: ['DocumentId'],
    parentLocator: [],
  } as const;
  return table(name, '$', identity, [locator('DocumentId'), ...mirrored, ...columns], parts);
}

/** A table of an extension of a root. */
export function rootExtension(name: string, scope: string, columns: readonly Column[] = []): Table {
  const only = ['DocumentId'];
  const identity = { tableKind: 'RootExtension', rowIdentity: only, rootLocator: only, parentLocator: only } as const;
  return table(name, scope, identity, [locator('DocumentId'), ...columns]);
}

/** A table of an extension of the items of an array. */
export function aligned(name: string, scope: string, document: string, columns: readonly Column[] = []): Table {
  const base = ['BaseCollectionItemId'];
  const identity = {
    tableKind: 'CollectionExtensionScope',
    rowIdentity: base,
    rootLocator: [document],
    parentLocator: base,
  } as const;
  return table(name, scope, identity, [locator('BaseCollectionItemId'), locator(document), ...columns]);
}

export interface ElementPlace {
  /** The column with the document id. */
  readonly document: string;
  /** The column with the key of the enclosing row; default: `document`. */
  readonly parent?: string;
  readonly tableKind?: Extract<TableKind, 'Collection' | 'ExtensionCollection'>;
  /** The relative path and column of each value that distinguishes items. */
  readonly identity?: readonly (readonly [string, string])[];
}

/** A table with the items of an array. */
export function elements(
  name: string,
  scope: string,
  { document, parent = document, tableKind = 'Collection', identity = [] }: ElementPlace,
  columns: readonly Column[] = [],
  parts: SecondGenerationParts = {},
): Table {
  const stored = new Map(
    [column('CollectionItemId', 'CollectionKey'), locator(document), locator(parent), ordinal()].map((each) => [
      each.name,
      each,
    ]),
  );
  const [key, ...others] = [...stored.values()];
  return table(
    name,
    scope,
    {
      tableKind,
      rowIdentity: ['CollectionItemId'],
      rootLocator: [document],
      parentLocator: [parent],
      semanticIdentity: identity.map(([relativePath, name]) => ({ relativePath: path(relativePath), column: name })),
      semanticIdentitySource: identity.length > 0 ? 'ArrayUniquenessConstraint' : 'Unspecified',
    },
    // sorted by name, as in a derived model
    [key as Column, ...others.sort((a, b) => (a.name < b.name ? -1 : 1)), ...columns],
    parts,
  );
}
